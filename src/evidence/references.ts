/** Which jobs a segment of the log speaks of, and the removal of bodies that no record speaks of any more. */
import { mkdir, readdir, readFile, rename, stat, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { goneFolder, jobFile, type Segment, segments } from "./folder.ts";
import type { LogReader } from "./reader.ts";
import { KIND, readEvent } from "./record.ts";

/** SHA-256 of the jobs that were captured in a stretch of the log, up to `to` or to its end on disk. */
export async function jobsBetween(reader: LogReader, from: number, to = Number.MAX_SAFE_INTEGER): Promise<Set<string>> {
  const found = new Set<string>();
  for (let position = from; position < to;) {
    const { records, next } = await reader.read(position, to);
    if (records.length === 0) break;
    for (const record of records) {
      if (record.kind !== KIND.event || !record.payload.includes(CAPTURED)) continue;
      const event = readEvent(record);
      if (event.type === "job.captured") found.add(event.data.sha256);
    }
    position = next;
  }
  return found;
}

const CAPTURED = Buffer.from('"job.captured"');

/** The list beside a segment that has ended, made when it is first asked for. */
export const listFile = (segment: Segment) => segment.path.replace(/\.log$/, ".jobs");

async function jobsOf(reader: LogReader, segment: Segment, next: Segment | undefined): Promise<Set<string>> {
  if (!next) return jobsBetween(reader, segment.position);
  const known = await readFile(listFile(segment), "utf8").catch(() => undefined);
  if (known !== undefined) return new Set(known.split("\n").filter((line) => line.length === 64));
  const found = await jobsBetween(reader, segment.position, next.position);
  // A list that cannot be written is made again the next time.
  await writeFile(`${listFile(segment)}.new`, [...found, ""].join("\n"))
    .then(() => rename(`${listFile(segment)}.new`, listFile(segment)))
    .catch(() => {});
  return found;
}

/** The jobs of the oldest segment that no later one speaks of. */
export async function jobsOnlyInOldest(evidence: string, reader: LogReader): Promise<Set<string>> {
  const [oldest, ...later] = await segments(evidence);
  if (!oldest) return new Set();
  const only = await jobsOf(reader, oldest, later[0]);
  for (let i = 0; i < later.length && only.size > 0; i++) {
    for (const sha256 of await jobsOf(reader, later[i]!, later[i + 1])) only.delete(sha256);
  }
  return only;
}

/**
 * Removes bodies. One that is captured anew at this very moment is kept: each is put aside, then the log is read from
 * `from` to its end for records that speak of it. Returns what was removed.
 */
export async function removeBodies(
  evidence: string,
  reader: LogReader,
  bodies: Iterable<string>,
  from: number,
): Promise<{ jobs: number; bytes: number }> {
  const removed = { jobs: 0, bytes: 0 };
  const aside: string[] = [];
  await mkdir(goneFolder(evidence), { recursive: true });
  for (const sha256 of bodies) {
    await rename(jobFile(evidence, sha256), join(goneFolder(evidence), sha256)).then(
      () => aside.push(sha256),
      () => {},
    );
  }
  if (aside.length === 0) return removed;
  const needed = await jobsBetween(reader, from);
  for (const sha256 of aside) {
    const path = join(goneFolder(evidence), sha256);
    if (needed.has(sha256)) {
      await putBack(evidence, sha256);
      continue;
    }
    removed.bytes += (await stat(path)).size;
    removed.jobs++;
    await unlink(path);
  }
  return removed;
}

/** Brings back bodies that were put aside when the process ended: whoever wanted to remove them begins again. */
export async function putBackAll(evidence: string): Promise<void> {
  for (const sha256 of await readdir(goneFolder(evidence)).catch(() => [] as string[])) await putBack(evidence, sha256);
}

async function putBack(evidence: string, sha256: string): Promise<void> {
  await rename(join(goneFolder(evidence), sha256), jobFile(evidence, sha256));
}
