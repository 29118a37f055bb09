/** Forgetting records of a log: the one thing that may change what was written. */
import { type FileHandle, open, unlink } from "node:fs/promises";
import { type Segment, segments } from "./folder.ts";
import type { LogReader } from "./reader.ts";
import { HEADER, KIND, type Kind, type LogRecord, writeRecord } from "./record.ts";
import { listFile } from "./references.ts";

/**
 * A record to be forgotten, with all that stays of it: position, length, kind, time, session, previous. Written down
 * before the first one is touched, it lets the work be done again when it was cut short in the middle of a record.
 */
export type Spot = [position: number, length: number, was: Kind, time: number, session: number, previous: number];

export function spotOf({ position, kind, was, time, session, previous, payload }: LogRecord): Spot {
  return [position, HEADER + payload.length, was ?? kind, time, session, previous];
}

/** All records of the session whose record stands at `last`, in no order. */
export async function spotsOfSession(reader: LogReader, last: number, wanted: (record: LogRecord) => boolean) {
  const spots: Spot[] = [];
  for (let position = last; position > 0;) {
    const record = await reader.at(position);
    if (!record) break;
    if (wanted(record)) spots.push(spotOf(record));
    position = record.previous;
  }
  return spots;
}

/** Writes zeroes over the records and makes that safe. Those in segments that are gone are gone. May be done again. */
export async function erase(evidence: string, spots: readonly Spot[]): Promise<void> {
  const all = await segments(evidence);
  const touched = new Map<Segment, FileHandle>();
  try {
    for (const spot of spots) {
      const segment = all.findLast((one) => one.position <= spot[0]);
      if (!segment) continue;
      let handle = touched.get(segment);
      if (!handle) touched.set(segment, (handle = await open(segment.path, "r+")));
      await handle.write(tombstone(spot), 0, spot[1], spot[0] - segment.position);
    }
    for (const [segment, handle] of touched) {
      await handle.datasync();
      await unlink(listFile(segment)).catch(() => {});
    }
  } finally {
    for (const handle of touched.values()) await handle.close();
  }
}

function tombstone([, length, was, time, session, previous]: Spot): Buffer {
  const bytes = Buffer.alloc(length);
  writeRecord(bytes, 0, { kind: KIND.forgotten, was, time, session, previous, payload: Buffer.alloc(length - HEADER) });
  return bytes;
}
