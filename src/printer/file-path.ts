/**
 * Names of files as PJL gives them: a volume, and items parted by backslashes (`0:\dir\name`).
 * PJL Technical Reference Manual, chapter 9, FSAPPEND. That a slash parts items too is what tools find on these devices.
 */

/** A refusal: the status 32xxx without its 32. PJL Technical Reference Manual, appendix D. */
export interface FileError {
  error: number;
}

export const FILE_ERROR = {
  noVolume: 1,
  full: 2,
  notFound: 3,
  exists: 6,
  illegalName: 7,
  deletesRoot: 8,
  isDirectory: 9,
  isFile: 10,
  readOnly: 12,
  notEmpty: 14,
  invalidParameter: 17,
  writeProtected: 26,
  noName: 27,
  volumeRange: 54,
} as const;

export interface FilePath {
  /** With its colon. */
  volume: string;
  /** `.` and `..` as they came; the volume's root has none. */
  items: readonly string[];
}

const [MAX_NAME, MAX_ITEM, MAX_ITEMS] = [255, 100, 9];
/** The first and last character of an item are neither a space nor character 229. */
const BAD_ITEM = /^[ \xe5]|[ \xe5]$/;

export function refused(reason: keyof typeof FILE_ERROR): FileError {
  return { error: FILE_ERROR[reason] };
}

/** `name`: byte text. `volumes`: those the device has. */
export function parsePath(name: string, volumes: readonly string[]): FilePath | FileError {
  if (name === "") return refused("noName");
  const [, volume, rest = ""] = /^([0-9A-Za-z]:)([^]*)$/.exec(name) ?? [];
  if (volume === undefined || name.length > MAX_NAME) return refused("illegalName");
  if (!volumes.includes(volume)) return refused(/^[0-2]/.test(volume) ? "noVolume" : "volumeRange");
  const items = rest.split(/[\\/]+/).filter((item) => item !== "");
  const legal = items.length <= MAX_ITEMS && items.every((item) => item.length <= MAX_ITEM && !BAD_ITEM.test(item));
  return legal ? { volume, items } : refused("illegalName");
}
