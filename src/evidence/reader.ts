/** Reading a sensor's log: forwards for shipping and recovery, backwards for one session's conversation. */
import { type FileHandle, open } from "node:fs/promises";
import { type Segment, segments } from "./folder.ts";
import { HEADER, type LogRecord, MAX_RECORD, readRecord } from "./record.ts";

const WINDOW = MAX_RECORD + HEADER;

/** Records in log order, as far as one reading window reached. */
export interface Records {
  records: LogRecord[];
  /** Position after the last of them: where to read on. */
  next: number;
  /** Bytes that are no whole record where the log should go on: a torn tail, at `next`. */
  torn: number;
}

/** Opens files of one log as they are needed and keeps the last one open. */
export class LogReader {
  readonly #evidence: string;
  #segments: Segment[] = [];
  #open: { segment: Segment; handle: FileHandle } | undefined;

  constructor(evidence: string) {
    this.#evidence = evidence;
  }

  /**
   * Whole records from `from` on, below `limit`, at most about one megabyte of them.
   * A `from` that lies in a removed segment goes on at the oldest one that is left.
   */
  async read(from: number, limit = Number.MAX_SAFE_INTEGER): Promise<Records> {
    const segment = await this.#segmentAt(from);
    if (!segment) return { records: [], next: from, torn: 0 };
    const start = Math.max(from, segment.position);
    const handle = await this.#handle(segment);
    const bytes = await readAt(handle, start - segment.position, Math.min(WINDOW, Math.max(0, limit - start)));
    const records: LogRecord[] = [];
    let offset = 0;
    while (offset < bytes.length) {
      const record = readRecord(bytes, offset, start + offset);
      if (typeof record === "string") {
        if (records.length === 0) return this.#next(segment, start, limit, bytes.length);
        break;
      }
      records.push(record);
      offset += HEADER + record.payload.length;
    }
    if (records.length === 0) return this.#next(segment, start, limit, 0);
    return { records, next: start + offset, torn: 0 };
  }

  /** The record at exactly this position, or undefined when it is gone. */
  async at(position: number): Promise<LogRecord | undefined> {
    const segment = await this.#segmentAt(position);
    if (!segment || position < segment.position) return undefined;
    const handle = await this.#handle(segment);
    const offset = position - segment.position;
    const first = await readAt(handle, offset, 4096);
    if (first.length < HEADER) return undefined;
    const length = first.readUInt32LE(0);
    if (length > MAX_RECORD) return undefined;
    const bytes = length <= first.length ? first : await readAt(handle, offset, length);
    const record = readRecord(bytes, 0, position);
    return typeof record === "string" ? undefined : record;
  }

  /** All records of the session whose record stands at `last`, oldest first; at most `max` of them, the latest. */
  async session(last: number, max = 100_000): Promise<LogRecord[]> {
    const found: LogRecord[] = [];
    for (let position = last; position > 0 && found.length < max;) {
      const record = await this.at(position);
      if (!record) break;
      found.push(record);
      position = record.previous;
    }
    return found.reverse();
  }

  async close(): Promise<void> {
    await this.#open?.handle.close();
    this.#open = undefined;
  }

  /** Nothing whole at `start`: the next segment if there is one, else the end of the log, torn or not. */
  async #next(segment: Segment, start: number, limit: number, torn: number): Promise<Records> {
    this.#segments = await segments(this.#evidence);
    const later = this.#segments.find((s) => s.position > segment.position);
    if (later && later.position < limit) return this.read(later.position, limit);
    return { records: [], next: start, torn };
  }

  async #segmentAt(position: number): Promise<Segment | undefined> {
    const find = () => this.#segments.findLast((s) => s.position <= position) ?? this.#segments[0];
    const known = find();
    const newest = this.#segments.at(-1);
    if (known && newest && known !== newest) return known;
    this.#segments = await segments(this.#evidence);
    return find();
  }

  async #handle(segment: Segment): Promise<FileHandle> {
    if (this.#open?.segment.path === segment.path) return this.#open.handle;
    await this.close();
    this.#open = { segment, handle: await open(segment.path, "r") };
    return this.#open.handle;
  }
}

async function readAt(handle: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  const { bytesRead } = await handle.read(buffer, 0, length, offset);
  return buffer.subarray(0, bytesRead);
}
