/** A session's bytes as they went over the wire: the records of the log, with job bodies put back where they were. */
import { type FileHandle, open } from "node:fs/promises";
import { jobFile, partFile } from "./folder.ts";
import type { LogReader } from "./reader.ts";
import { jobId } from "./recover.ts";
import { type JobRange, KIND, readEvent, readJobRange } from "./record.ts";

/** Bytes that went in one direction at one time. */
export interface Piece {
  /** Milliseconds since 1970. Never before the piece that came before. */
  time: number;
  direction: "in" | "out";
  /** Offset of its first byte in the stream of its direction. More than the end of the piece before: bytes were not kept. */
  at: number;
  length: number;
  /** Undefined where the body that held them is no longer there, or they were forgotten. */
  bytes: Buffer | undefined;
}

/** A long run of a job's body is given in pieces of this size. */
const PIECE = 1 << 20;
/** Records of one session that are looked at: what a visitor can write in the longest session. */
const RECORDS = 4_000_000;

/**
 * Pieces of the session `session` (a sensor's id of it), whose last record stands at `logEnd`, in the order in which
 * they were recorded. Memory does not grow with the length of the session's bytes.
 */
export async function* wire(
  reader: LogReader,
  evidence: string,
  session: string,
  logEnd: number,
): AsyncGenerator<Piece, void, undefined> {
  const { positions, bodies } = await outline(reader, logEnd);
  const jobs = new JobBodies(evidence, session, bodies);
  const next = { in: 0, out: 0 };
  let time = 0;
  try {
    for (const position of positions) {
      const record = await reader.at(position);
      if (!record) continue;
      time = Math.max(time, record.time);
      if (record.kind === KIND.jobRange) {
        for await (const piece of jobs.read(readJobRange(record.payload))) yield { time, direction: "in", ...piece };
        const { at, length } = readJobRange(record.payload);
        next.in = at + length;
      } else {
        const forgotten = record.kind === KIND.forgotten;
        const direction = (forgotten ? record.was : record.kind) === KIND.inbound ? "in" : "out";
        const { length } = record.payload;
        yield { time, direction, at: next[direction], length, bytes: forgotten ? undefined : record.payload };
        next[direction] += length;
      }
    }
  } finally {
    await jobs.close();
  }
}

/** Positions of the records that hold bytes, oldest first, and the SHA-256 of each job by its number. */
async function outline(reader: LogReader, logEnd: number) {
  const positions: number[] = [];
  const bodies = new Map<number, string>();
  for (let position = logEnd, n = 0; position > 0 && n < RECORDS; n++) {
    const record = await reader.at(position);
    if (!record) break;
    if (record.kind === KIND.event) {
      const event = readEvent(record);
      if (event.type === "job.captured") bodies.set(Number(event.data.job.split(".").at(-1)), event.data.sha256);
    } else if ((record.was ?? record.kind) in HOLDS_BYTES) positions.push(position);
    position = record.previous;
  }
  return { positions: positions.reverse(), bodies };
}

const HOLDS_BYTES = { [KIND.inbound]: true, [KIND.outbound]: true, [KIND.jobRange]: true };

/** The bodies of one session's jobs. Keeps the last one open. */
class JobBodies {
  readonly #evidence: string;
  readonly #session: string;
  readonly #sha256: ReadonlyMap<number, string>;
  #open: { job: number; handle: FileHandle | undefined } | undefined;

  constructor(evidence: string, session: string, sha256: ReadonlyMap<number, string>) {
    this.#evidence = evidence;
    this.#session = session;
    this.#sha256 = sha256;
  }

  async *read({ job, at, offset, length }: JobRange): AsyncGenerator<Pick<Piece, "at" | "length" | "bytes">> {
    const handle = await this.#handle(job);
    for (let done = 0; done < length; done += PIECE) {
      const size = Math.min(PIECE, length - done);
      const buffer = Buffer.allocUnsafe(handle ? size : 0);
      const got = handle ? (await handle.read(buffer, 0, size, offset + done)).bytesRead : 0;
      yield { at: at + done, length: size, bytes: got === size ? buffer : undefined };
    }
  }

  async close(): Promise<void> {
    await this.#open?.handle?.close();
    this.#open = undefined;
  }

  async #handle(job: number): Promise<FileHandle | undefined> {
    if (this.#open?.job === job) return this.#open.handle;
    await this.close();
    const sha256 = this.#sha256.get(job);
    const path =
      sha256 === undefined ? partFile(this.#evidence, jobId(this.#session, job)) : jobFile(this.#evidence, sha256);
    const handle = await open(path, "r").catch(() => undefined);
    this.#open = { job, handle };
    return handle;
  }
}
