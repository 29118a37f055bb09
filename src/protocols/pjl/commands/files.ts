/**
 * Commands on the file system. PJL Technical Reference Manual, chapter 9; the numbers of FILEERROR, appendix D.
 * Those that write say nothing, but for unsolicited status where something is wrong; a command that lacks an option is ignored (LaserJet 4300dtn).
 */
import { type FileChange, Volumes } from "../../../printer/volume.ts";
import { type FileError, refused } from "../../../printer/file-path.ts";
import { optionValue } from "../parse.ts";
import type { Talk } from "../talk.ts";
import type { Body, Command, Reply } from "./command.ts";

/** The volume that DISKLOCK makes read-only. */
const LOCKED_VOLUME = "0:";

const fsQuery: Command = {
  name: "FSQUERY",
  asks: true,
  run(argument, talk) {
    const name = optionValue(argument, "NAME");
    const volumes = Volumes.of(talk.device, talk.visitor);
    if (name === undefined || !volumes) return undefined;
    const entry = volumes.query(name);
    return "error" in entry
      ? failed("FSQUERY", name, entry, talk)
      : talk.frame(`FSQUERY NAME="${name}"${kind(entry)}`, "");
  },
};

const fsDirList: Command = {
  name: "FSDIRLIST",
  asks: true,
  run(argument, talk) {
    const { lineEnd } = talk.knowledge;
    const [name, entry, count] = ["NAME", "ENTRY", "COUNT"].map((option) => optionValue(argument, option));
    const volumes = Volumes.of(talk.device, talk.visitor);
    if (name === undefined || entry === undefined || count === undefined || !volumes) return undefined;
    const list = volumes.list(name, integer(entry), integer(count));
    if ("error" in list) return failed("FSDIRLIST", name, list, talk);
    const lines = list.map((one) => `${one.name}${kind(one)}${lineEnd}`);
    return talk.frame(`FSDIRLIST NAME="${name}" ENTRY=${integer(entry)}`, lines.join(""));
  },
};

/** Its SIZE says how many bytes there really are; they are followed by a form feed. */
const fsUpload: Command = {
  name: "FSUPLOAD",
  asks: true,
  run(argument, talk): Reply | undefined {
    const [name, offset, size] = ["NAME", "OFFSET", "SIZE"].map((option) => optionValue(argument, option));
    const volumes = Volumes.of(talk.device, talk.visitor);
    if (name === undefined || offset === undefined || size === undefined || !volumes) return undefined;
    const read = volumes.read(name, integer(offset), integer(size));
    if ("error" in read) return failed("FSUPLOAD", name, read, talk);
    const head = `@PJL FSUPLOAD FORMAT:BINARY NAME="${name}" OFFSET=${integer(offset)} SIZE=${read.bytes}`;
    const pieces = read.pieces.map((piece) => (Buffer.isBuffer(piece) ? piece.toString("latin1") : piece));
    return [head + talk.knowledge.lineEnd, ...pieces, "\f"];
  },
};

const fsDownload: Command = { name: "FSDOWNLOAD", run: () => undefined, takes: store(false) };
const fsAppend: Command = { name: "FSAPPEND", run: () => undefined, takes: store(true) };

const fsMakeDirectory: Command = {
  name: "FSMKDIR",
  run: (argument, talk) => change(talk, optionValue(argument, "NAME"), (volumes, name) => volumes.makeDirectory(name)),
};

const fsDelete: Command = {
  name: "FSDELETE",
  run: (argument, talk) => change(talk, optionValue(argument, "NAME"), (volumes, name) => volumes.remove(name)),
};

/** Only a job that gave the password that is set may format. Chapter 5 of the manual, PJL job security. */
const fsInit: Command = {
  name: "FSINIT",
  run(argument, talk) {
    if (talk.environment.secure) {
      return change(talk, optionValue(argument, "VOLUME"), (volumes, name) => volumes.format(name));
    }
    return void talk.wrong(27003);
  },
};

export const FILE_COMMANDS = [fsQuery, fsDirList, fsUpload, fsDownload, fsAppend, fsMakeDirectory, fsDelete, fsInit];

/** INFO FILESYS: a line for each volume. Undefined for a device that has no file system. */
export function fileSystemTable(talk: Talk): { suffix: string; body: string } | undefined {
  const { lineEnd } = talk.knowledge;
  const rows = Volumes.of(talk.device, talk.visitor)
    ?.volumes()
    .map(({ name, size, free, location, label, readOnly }) => {
      const locked = readOnly || (name === LOCKED_VOLUME && diskLocked(talk));
      return [name, size, free, location, label, locked ? "READ-ONLY" : "READ-WRITE"];
    });
  if (!rows) return undefined;
  const table = [["VOLUME", "TOTAL SIZE", "FREE SPACE", "LOCATION", "LABEL", "STATUS"], ...rows];
  const body = table.map((row) => row.map((cell) => `\t${cell}`).join("") + lineEnd).join("");
  return { suffix: ` [${table.length} TABLE]`, body };
}

function store(append: boolean) {
  return (argument: string, body: Body, talk: Talk) => {
    change(talk, optionValue(argument, "NAME"), (volumes, name) => volumes.write(name, body, append));
  };
}

function change(
  talk: Talk,
  name: string | undefined,
  doIt: (volumes: Volumes, name: string) => FileChange | FileError | undefined,
): undefined {
  const volumes = Volumes.of(talk.device, talk.visitor);
  if (name === undefined || !volumes) return;
  const locked = diskLocked(talk) && name.startsWith(LOCKED_VOLUME[0]!);
  const changed = locked ? refused("writeProtected") : doIt(volumes, name);
  if (changed && "error" in changed) talk.wrong(32_000 + changed.error);
  else if (changed) talk.changes.push(changed);
}

function diskLocked({ knowledge, environment }: Talk): boolean {
  const lock = knowledge.variables.get("DISKLOCK");
  return lock !== undefined && environment.userDefault(lock) === "ON";
}

function failed(command: string, name: string, { error }: FileError, talk: Talk): string {
  return talk.frame(`${command} NAME="${name}"`, `FILEERROR=${error}${talk.knowledge.lineEnd}`);
}

function kind({ size }: { size: number | undefined }): string {
  return size === undefined ? " TYPE=DIR" : ` TYPE=FILE SIZE=${size}`;
}

/** NaN where it is none, or more than PJL counts. */
function integer(text: string): number {
  return /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
}
