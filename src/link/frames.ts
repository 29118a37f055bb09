/**
 * What goes over a link, in both directions: length u32 little endian, kind u8, body.
 *
 *   sensor → collector   hello {sensor, evidence}      batch (see writeBatch)
 *                        status {…}                    now and then, and without a receipt
 *   collector → sensor   welcome {position}            receipt {position}
 *
 * `position` is a log position: everything before it is committed at the far end. The collector's word decides where
 * the sensor goes on, so either side may restart at any moment.
 */
import type { Event } from "../event/event.ts";
import { HEADER, type LogRecord, readEvent, readRecord, writeRecord } from "../evidence/record.ts";

export const FRAME = { hello: 1, welcome: 2, batch: 3, receipt: 4, status: 5 } as const;
const KNOWN: ReadonlySet<number> = new Set(Object.values(FRAME));
/** A batch holds at most one reading window of the log; anything larger is no frame of ours. */
const MAX_FRAME = 8 << 20;

export interface Hello {
  sensor: string;
  /** The sensor's evidence folder, where it can be read from here: bytes and jobs then stay where they are. */
  evidence: string;
}

/** What a sensor finds of itself when it says so. */
export interface SensorStatus {
  /** Milliseconds since 1970, by the sensor's clock. */
  started: number;
  doors: readonly { service: string; address: string; port: number; listening: boolean }[];
  /** Visitors connected. */
  visitors: number;
  /** False while the disk refuses what is recorded. */
  evidenceWritten: boolean;
}

export interface Position {
  position: number;
}

export interface Frame {
  kind: number;
  body: Buffer;
}

export function frame(kind: number, body: Buffer): Buffer[] {
  const head = Buffer.allocUnsafe(5);
  head.writeUInt32LE(body.length, 0);
  head[4] = kind;
  return [head, body];
}

export function jsonFrame(kind: number, value: Hello | Position | SensorStatus): Buffer {
  return Buffer.concat(frame(kind, Buffer.from(JSON.stringify(value))));
}

/** Cuts a stream into frames. Undefined means that the stream is not one of frames, and is no use any more. */
export class FrameReader {
  #rest: Buffer[] = [];
  #length = 0;

  push(chunk: Buffer): Frame[] | undefined {
    this.#rest.push(chunk);
    this.#length += chunk.length;
    const frames: Frame[] = [];
    while (this.#length >= 5) {
      if (this.#rest[0]!.length < 5) this.#rest = [Buffer.concat(this.#rest)];
      const length = this.#rest[0]!.readUInt32LE(0);
      const kind = this.#rest[0]![4]!;
      if (length > MAX_FRAME || !KNOWN.has(kind)) return undefined;
      if (this.#length < 5 + length) break;
      const all = this.#rest.length === 1 ? this.#rest[0]! : Buffer.concat(this.#rest);
      frames.push({ kind, body: all.subarray(5, 5 + length) });
      this.#rest = [all.subarray(5 + length)];
      this.#length -= 5 + length;
    }
    return frames;
  }
}

/** Records of a stretch of a log. Positions are kept, as records may be left out. */
export interface RecordBatch {
  from: number;
  to: number;
  records: readonly LogRecord[];
}

/** Body of a batch: from u48, to u48, then position u48 and the record, one after the other. */
export function writeBatch(batch: RecordBatch): Buffer {
  const size = batch.records.reduce((sum, record) => sum + 6 + HEADER + record.payload.length, 12);
  const body = Buffer.allocUnsafe(size);
  body.writeUIntLE(batch.from, 0, 6);
  body.writeUIntLE(batch.to, 6, 6);
  let offset = 12;
  for (const record of batch.records) {
    body.writeUIntLE(record.position, offset, 6);
    offset += 6;
    offset += writeRecord(body, offset, record);
  }
  return body;
}

/** The events of a batch with their positions, or undefined where the body is damaged. */
export function readBatch(
  body: Buffer,
): { from: number; to: number; events: { event: Event; position: number }[] } | undefined {
  if (body.length < 12) return undefined;
  const events: { event: Event; position: number }[] = [];
  for (let offset = 12; offset < body.length;) {
    if (offset + 6 > body.length) return undefined;
    const position = body.readUIntLE(offset, 6);
    const record = readRecord(body, offset + 6, position);
    if (typeof record === "string") return undefined;
    events.push({ event: readEvent(record), position });
    offset += 6 + HEADER + record.payload.length;
  }
  return { from: body.readUIntLE(0, 6), to: body.readUIntLE(6, 6), events };
}

export function readJson<T>(body: Buffer): T | undefined {
  try {
    return JSON.parse(body.toString("utf8")) as T;
  } catch {
    return undefined;
  }
}
