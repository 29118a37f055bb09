/**
 * The layout of a sensor's evidence folder. The sensor writes it; collector and command line only read it.
 *
 *   log/<position>.log   segments of the one log, named by the position of their first record
 *   log/safe             up to where the log is on disk for good, rewritten in place
 *   log/reserve          space put aside for the day when the disk is full
 *   jobs/<aa>/<sha256>   bodies of jobs, whole or partial, named by what they hold
 *   log/<position>.jobs  bodies that an ended segment speaks of, made when it is needed
 *   jobs/part/<job>      bodies that are still being received
 *   jobs/gone/<sha256>   bodies that are being removed
 */
import { open, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** A segment ends when it is this long, when it speaks of so many bytes of jobs, or when the day (UTC) ends. */
export const SEGMENT_BYTES = 64 * 1024 * 1024;
export const SEGMENT_JOB_BYTES = 256 * 1024 * 1024;

export const logFolder = (evidence: string) => join(evidence, "log");
export const partFolder = (evidence: string) => join(evidence, "jobs", "part");
export const goneFolder = (evidence: string) => join(evidence, "jobs", "gone");
export const partFile = (evidence: string, job: string) => join(partFolder(evidence), job);
export const jobFile = (evidence: string, sha256: string) => join(evidence, "jobs", sha256.slice(0, 2), sha256);
export const segmentFile = (evidence: string, position: number) =>
  join(logFolder(evidence), `${String(position).padStart(16, "0")}.log`);

/** What the sensor publishes after each commit. */
export interface Safe {
  epoch: number;
  /** Log position up to which records, and the job bytes they refer to, are on disk. */
  position: number;
  /** Position of the first record of the oldest session that was open then; recovery begins there. */
  low: number;
}

const SAFE_BYTES = 96;

export const reserveFile = (evidence: string) => join(logFolder(evidence), "reserve");
export const safeFile = (evidence: string) => join(logFolder(evidence), "safe");

/** One line of fixed length, so that rewriting it in place never leaves a longer old tail. */
export function safeText(safe: Safe): string {
  return `${JSON.stringify(safe).padEnd(SAFE_BYTES - 1)}\n`;
}

/** The published safe position, or undefined where none was ever published. */
export async function readSafe(evidence: string): Promise<Safe | undefined> {
  try {
    return JSON.parse(await readFile(safeFile(evidence), "utf8")) as Safe;
  } catch {
    return undefined;
  }
}

export interface Segment {
  position: number;
  path: string;
}

/** The log's segments, oldest first. */
export async function segments(evidence: string): Promise<Segment[]> {
  let names: string[];
  try {
    names = await readdir(logFolder(evidence));
  } catch {
    return [];
  }
  return names
    .filter((name) => /^\d{16}\.log$/.test(name))
    .map((name) => ({ position: Number(name.slice(0, 16)), path: join(logFolder(evidence), name) }))
    .sort((a, b) => a.position - b.position);
}

/** Makes what was renamed or created in a folder survive a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
