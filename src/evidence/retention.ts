/** Keeping evidence within its time and space: the oldest segments of the log go first, and the jobs only they speak of. */
import { opendir, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import { type Segment, segments } from "./folder.ts";
import type { LogReader } from "./reader.ts";
import { jobsOnlyInOldest, listFile, removeBodies } from "./references.ts";

export interface RetentionLimits {
  /** Milliseconds. */
  age: number;
  /** Of log and bodies, and what else counts. */
  bytes: number;
}

/** What a run of {@link retain} removed. */
export interface Retained {
  why: "age" | "bytes";
  segments: number;
  jobs: number;
  bytes: number;
  /** Log position and time (milliseconds since 1970) of the oldest record that is left. */
  position: number;
  time: number;
}

/** Bytes of all files below a folder. */
export async function folderBytes(folder: string): Promise<number> {
  const directory = await opendir(folder, { recursive: true }).catch(() => undefined);
  if (!directory) return 0;
  let bytes = 0;
  for await (const entry of directory) {
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name)).catch(() => ({ size: 0 }))).size;
  }
  return bytes;
}

/**
 * Removes the oldest segments until the limits hold, or only the one that is being written is left. One segment at a
 * time with everything asynchronous, so that whoever shares the process has its turns.
 * `now`: milliseconds since 1970 by the clock of the records. `otherBytes` are counted and not touched.
 */
export async function retain(
  evidence: string,
  reader: LogReader,
  limits: RetentionLimits,
  now: number,
  otherBytes = 0,
): Promise<Retained | undefined> {
  let total = (await folderBytes(evidence)) + otherBytes;
  let result: Retained | undefined;
  for (;;) {
    const [oldest, next] = await segments(evidence);
    if (!oldest || !next) return result;
    const first = await reader.at(next.position);
    // A segment that was begun and holds nothing yet ends nothing.
    if (!first) return result;
    const old = first.time < now - limits.age || (await allBefore(reader, oldest, next, now - limits.age));
    if (!old && total <= limits.bytes) return result;
    const removed = await removeOldest(evidence, reader, oldest);
    total -= removed.bytes;
    result = {
      why: old ? "age" : "bytes",
      segments: (result?.segments ?? 0) + 1,
      jobs: (result?.jobs ?? 0) + removed.jobs,
      bytes: (result?.bytes ?? 0) + removed.bytes,
      position: next.position,
      time: first.time,
    };
  }
}

/** Whether all records of a segment were written before a time. */
async function allBefore(reader: LogReader, segment: Segment, next: Segment, time: number): Promise<boolean> {
  for (let position = segment.position; position < next.position;) {
    const { records, next: after } = await reader.read(position, next.position);
    if (records.length === 0) return true;
    if (records.some((record) => record.time >= time)) return false;
    position = after;
  }
  return true;
}

/** Bodies first: when this is cut short, the segment still names those that are left. */
async function removeOldest(evidence: string, reader: LogReader, segment: Segment) {
  const only = await jobsOnlyInOldest(evidence, reader);
  const newest = (await segments(evidence)).at(-1)!;
  const { jobs, bytes } = await removeBodies(evidence, reader, only, newest.position);
  const { size } = await stat(segment.path);
  await reader.close();
  await unlink(listFile(segment)).catch(() => {});
  await unlink(segment.path);
  return { jobs, bytes: bytes + size };
}
