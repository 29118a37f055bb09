/**
 * The record of a sensor's log: what is kept of every visit, in the form in which it is written, shipped and read again.
 *
 * Layout, little endian: length u32 (of the whole record), CRC-32 u32 (of all that follows), kind u8, was u8,
 * time u48 (ms since 1970), session u48 (number within the epoch, 0 for none), previous u48 (log position of the
 * session's record before this one, 0 for none), payload.
 * A record is never changed, but for one reason: what it says is to be forgotten. Then its payload becomes zeroes, its
 * kind `forgotten`, and `was` the kind it had; its length stays, so that every position stays what it was.
 *
 * A log position is the number of bytes before a record since the log began, plus one, so that 0 means none.
 */
import { crc32 } from "node:zlib";
import type { Event } from "../event/event.ts";

export const KIND = { event: 1, inbound: 2, outbound: 3, jobRange: 4, forgotten: 5 } as const;
export type Kind = (typeof KIND)[keyof typeof KIND];
export const HEADER = 28;
export const FIRST_POSITION = 1;
/** No record is larger; a visitor's bytes come in pieces far smaller. */
export const MAX_RECORD = 1 << 20;

export interface LogRecord {
  position: number;
  kind: Kind;
  time: number;
  session: number;
  previous: number;
  payload: Buffer;
  /** The kind a forgotten record had. */
  was?: Kind;
}

/** Writes a record at `offset` of `into`, which must have room for HEADER + payload. Returns the record's length. */
export function writeRecord(into: Buffer, offset: number, record: Omit<LogRecord, "position">): number {
  const length = HEADER + record.payload.length;
  into.writeUInt32LE(length, offset);
  into[offset + 8] = record.kind;
  into[offset + 9] = record.was ?? 0;
  into.writeUIntLE(record.time, offset + 10, 6);
  into.writeUIntLE(record.session, offset + 16, 6);
  into.writeUIntLE(record.previous, offset + 22, 6);
  record.payload.copy(into, offset + HEADER);
  into.writeUInt32LE(crc32(into.subarray(offset + 8, offset + length)), offset + 4);
  return length;
}

/**
 * The record at `offset`, or how many bytes it would need ("short"), or "bad" where the bytes are no record.
 * The payload is a view of `from`.
 */
export function readRecord(from: Buffer, offset: number, position: number): LogRecord | "short" | "bad" {
  if (from.length - offset < HEADER) return "short";
  const length = from.readUInt32LE(offset);
  if (length < HEADER || length > MAX_RECORD) return "bad";
  if (from.length - offset < length) return "short";
  if (crc32(from.subarray(offset + 8, offset + length)) !== from.readUInt32LE(offset + 4)) return "bad";
  const was = from[offset + 9]!;
  return {
    position,
    kind: from[offset + 8] as Kind,
    ...(was > 0 ? { was: was as Kind } : {}),
    time: from.readUIntLE(offset + 10, 6),
    session: from.readUIntLE(offset + 16, 6),
    previous: from.readUIntLE(offset + 22, 6),
    payload: from.subarray(offset + HEADER, offset + length),
  };
}

/** Payload of a `jobRange` record: these bytes of the visitor's stream lie in the body of a job. */
export interface JobRange {
  /** Number of the job within its session, from 1. */
  job: number;
  /** Offset in the visitor's stream. */
  at: number;
  /** Offset in the job's body. */
  offset: number;
  length: number;
}

export function jobRangePayload(range: JobRange): Buffer {
  const payload = Buffer.allocUnsafe(22);
  payload.writeUInt32LE(range.job, 0);
  payload.writeUIntLE(range.at, 4, 6);
  payload.writeUIntLE(range.offset, 10, 6);
  payload.writeUIntLE(range.length, 16, 6);
  return payload;
}

export function readJobRange(payload: Buffer): JobRange {
  return {
    job: payload.readUInt32LE(0),
    at: payload.readUIntLE(4, 6),
    offset: payload.readUIntLE(10, 6),
    length: payload.readUIntLE(16, 6),
  };
}

/** The event in an `event` record. */
export function readEvent(record: LogRecord): Event {
  return JSON.parse(record.payload.toString("utf8")) as Event;
}
