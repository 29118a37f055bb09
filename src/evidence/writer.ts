/**
 * The one log of a sensor and the bodies of its jobs, made safe together.
 *
 * Everything is appended in memory and committed by one loop, at most every COMMIT_MS: first the bytes of jobs, then
 * the records that speak of them, then both are synchronised, then finished jobs get their names, then the safe
 * position is published. So nothing below the published position can be missing, and a record never speaks of bytes
 * that are not there.
 */
import { createHash, type Hash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, mkdir, open, rename, stat, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  jobFile,
  logFolder,
  partFile,
  partFolder,
  type Safe,
  safeFile,
  safeText,
  SEGMENT_BYTES,
  segmentFile,
  syncFolder,
} from "./folder.ts";
import { freeBuffers } from "./buffers.ts";
import { HEADER, type LogRecord, writeRecord } from "./record.ts";

const COMMIT_MS = 20;
const CHUNK = 256 * 1024;
/** A large job leaves its read buffers behind; they are let go each time so much of it has come. */
const FREE_EVERY = 4 * 1024 * 1024;
/** Above this much uncommitted data visitors are made to wait. */
const FULL = 2 * 1024 * 1024;

/** A job's body on its way to disk. */
export interface JobBody {
  readonly job: string;
  /** Bytes kept so far. */
  readonly bytes: number;
  /** Bytes that could not be kept, as the disk refuses them and memory is bounded. */
  readonly lost: number;
  write(bytes: Uint8Array): void;
  /** No more bytes. Returns the SHA-256 of all of them; the file gets its name with the next commit. */
  end(): string;
}

export interface WriterOptions {
  evidence: string;
  epoch: number;
  /** Where the log goes on: a position after the last whole record. */
  position: number;
  /** Called when commits begin to fail (with the error) and when they succeed again (with what was lost meanwhile). */
  onFailure: (error: Error) => void;
  onRecovery: (lost: { records: number; jobBytes: number }) => void;
}

export class EvidenceWriter {
  readonly #options: WriterOptions;
  #segment: { position: number; handle: FileHandle } | undefined;
  #safeHandle: FileHandle | undefined;
  #chunks: Buffer[] = [];
  #chunk = Buffer.allocUnsafe(CHUNK);
  #used = 0;
  #position: number;
  /** Up to where the log's file is written and synchronised. */
  #logged: number;
  #safe: Safe;
  readonly #jobs = new Set<Body>();
  readonly #open = new Map<number, number>();
  #pending = 0;
  #failing = false;
  #lost = { records: 0, jobBytes: 0 };
  #timer: NodeJS.Timeout | undefined;
  #committing: Promise<void> | undefined;
  #waiting: (() => void)[] = [];
  #listeners: ((safe: Safe) => void)[] = [];

  private constructor(options: WriterOptions) {
    this.#options = options;
    this.#position = options.position;
    this.#logged = options.position;
    this.#safe = { epoch: options.epoch, position: options.position, low: options.position };
  }

  static async open(options: WriterOptions): Promise<EvidenceWriter> {
    await mkdir(logFolder(options.evidence), { recursive: true });
    await mkdir(partFolder(options.evidence), { recursive: true });
    const writer = new EvidenceWriter(options);
    writer.#safeHandle = await open(safeFile(options.evidence), constants.O_RDWR | constants.O_CREAT);
    await writer.#roll();
    await writer.#publish();
    return writer;
  }

  /** Position the next record will have. */
  get position(): number {
    return this.#position;
  }

  get safe(): Safe {
    return this.#safe;
  }

  /** Whether visitors should wait for {@link room} before they send more. Never while the disk fails: answering goes on. */
  get full(): boolean {
    return this.#pending > FULL && !this.#failing;
  }

  /** While commits fail, memory holds FULL bytes for later and what comes on top of that is lost. */
  get #refusing(): boolean {
    return this.#failing && this.#pending > FULL;
  }

  /** Resolves when what was appended before the call is safe, or its commit has failed. */
  room(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#schedule();
    });
  }

  onSafe(listener: (safe: Safe) => void): void {
    this.#listeners.push(listener);
  }

  /** Appends a record and returns its position, 0 where it could not be kept. */
  append(record: Omit<LogRecord, "position">): number {
    const length = HEADER + record.payload.length;
    if (this.#refusing) {
      this.#lost.records++;
      return 0;
    }
    if (length > this.#chunk.length - this.#used) {
      if (this.#used > 0) this.#chunks.push(this.#chunk.subarray(0, this.#used));
      this.#chunk = Buffer.allocUnsafe(Math.max(CHUNK, length));
      this.#used = 0;
    }
    this.#used += writeRecord(this.#chunk, this.#used, record);
    const position = this.#position;
    this.#position += length;
    this.#pending += length;
    if (record.session > 0 && record.previous === 0) this.#open.set(record.session, position);
    this.#schedule();
    return position;
  }

  /** The session has written its last record: recovery need not look for it. */
  sessionClosed(session: number): void {
    this.#open.delete(session);
  }

  /** Begins the body of a job. */
  job(job: string): JobBody {
    const body = new Body(job, (bytes) => {
      if (this.#refusing) {
        this.#lost.jobBytes += bytes;
        return false;
      }
      this.#pending += bytes;
      this.#schedule();
      return true;
    });
    this.#jobs.add(body);
    return body;
  }

  /** Commits what is there and closes all files. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#committing;
    await this.#commit();
    for (const body of this.#jobs) await body.close();
    await this.#segment?.handle.close();
    await this.#safeHandle?.close();
  }

  #schedule(): void {
    if (this.#timer || this.#committing) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#committing = this.#commit().then(() => {
        this.#committing = undefined;
        if (this.#pending > 0 || this.#waiting.length > 0) this.#schedule();
      });
    }, COMMIT_MS);
  }

  async #commit(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    const pending = this.#pending;
    let chunks = this.#takeChunks();
    const to = this.#position;
    const low = this.#open.values().next().value ?? to;
    const bodies = [...this.#jobs].filter((body) => body.dirty);
    const ended = bodies.filter((body) => body.sha256 !== undefined);
    try {
      for (const body of bodies) await body.flush(this.#options.evidence);
      const { handle, position } = this.#segment!;
      await writeAll(handle, chunks, this.#logged - position);
      chunks = [];
      this.#logged = to;
      for (const body of ended) {
        await body.name(this.#options.evidence);
        this.#jobs.delete(body);
      }
      this.#safe = { epoch: this.#options.epoch, position: to, low };
      await this.#publish();
      if (to - position >= SEGMENT_BYTES) await this.#roll(to);
      this.#pending -= pending;
      this.#recovered();
    } catch (error) {
      this.#chunks = [...chunks, ...this.#chunks];
      if (!this.#failing) this.#options.onFailure(error as Error);
      this.#failing = true;
    }
    for (const resolve of waiting) resolve();
    for (const listener of this.#listeners) listener(this.#safe);
  }

  /** What was appended since the last commit; the rest of the current chunk goes on being filled. */
  #takeChunks(): Buffer[] {
    const chunks = this.#chunks;
    if (this.#used > 0) chunks.push(this.#chunk.subarray(0, this.#used));
    this.#chunks = [];
    this.#chunk = this.#chunk.subarray(this.#used);
    this.#used = 0;
    return chunks;
  }

  #recovered(): void {
    if (!this.#failing) return;
    this.#failing = false;
    const lost = this.#lost;
    this.#lost = { records: 0, jobBytes: 0 };
    this.#options.onRecovery(lost);
  }

  async #publish(): Promise<void> {
    await this.#safeHandle!.write(safeText(this.#safe), 0);
  }

  async #roll(position = this.#position): Promise<void> {
    await this.#segment?.handle.close();
    const handle = await open(segmentFile(this.#options.evidence, position), "a");
    this.#segment = { position, handle };
    await syncFolder(logFolder(this.#options.evidence));
  }
}

class Body implements JobBody {
  readonly job: string;
  bytes = 0;
  lost = 0;
  sha256: string | undefined;
  readonly #hash: Hash = createHash("sha256");
  /** Says whether there is room for so many more bytes. */
  readonly #grow: (bytes: number) => boolean;
  #chunks: Uint8Array[] = [];
  #written = 0;
  #handle: FileHandle | undefined;

  constructor(job: string, grow: (bytes: number) => boolean) {
    this.job = job;
    this.#grow = grow;
  }

  get dirty(): boolean {
    return this.#chunks.length > 0 || this.sha256 !== undefined;
  }

  write(bytes: Uint8Array): void {
    if (this.lost > 0 || !this.#grow(bytes.length)) {
      this.lost += bytes.length;
      return;
    }
    this.#hash.update(bytes);
    this.#chunks.push(bytes);
    if (this.bytes % FREE_EVERY > (this.bytes + bytes.length) % FREE_EVERY) freeBuffers();
    this.bytes += bytes.length;
  }

  end(): string {
    this.sha256 = this.#hash.digest("hex");
    this.#grow(0);
    return this.sha256;
  }

  async flush(evidence: string): Promise<void> {
    const chunks = this.#chunks;
    this.#chunks = [];
    try {
      this.#handle ??= await open(partFile(evidence, this.job), "a");
      this.#written += await writeAll(this.#handle, chunks, this.#written);
    } catch (error) {
      this.#chunks = [...chunks, ...this.#chunks];
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#handle?.close();
    this.#handle = undefined;
  }

  async name(evidence: string): Promise<void> {
    await this.close();
    await nameJob(evidence, this.job, this.sha256!, this.bytes);
  }
}

/** Appends all of `chunks` to a file of `length` bytes and synchronises it; a write that fell short leaves the file as it was. */
async function writeAll(handle: FileHandle, chunks: readonly Uint8Array[], length: number): Promise<number> {
  if (chunks.length === 0) return 0;
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  try {
    const { bytesWritten } = await handle.writev(chunks);
    if (bytesWritten < bytes) throw new Error(`only ${bytesWritten} of ${bytes} bytes were written`);
    await handle.datasync();
    return bytes;
  } catch (error) {
    await handle.truncate(length);
    throw error;
  }
}

/** Gives a finished body the name of what it holds. A body that is there already, whole, is kept instead of a second one. */
export async function nameJob(evidence: string, job: string, sha256: string, bytes: number): Promise<void> {
  const target = jobFile(evidence, sha256);
  const there = await stat(target).catch(() => undefined);
  if (there?.size === bytes) {
    await unlink(partFile(evidence, job));
    return;
  }
  await mkdir(dirname(target), { recursive: true });
  await rename(partFile(evidence, job), target);
  await syncFolder(dirname(target));
  await syncFolder(join(evidence, "jobs"));
}
