/**
 * The one log of a sensor and the bodies of its jobs, made safe together.
 *
 * Everything is appended in memory and committed by one loop, at most every COMMIT_MS: first the bytes of jobs, then
 * the records that speak of them, then both are synchronised, then finished jobs get their names, then the safe
 * position is published. So nothing below the published position can be missing, and a record never speaks of bytes
 * that are not there.
 *
 * When the disk refuses, or less than the reserve is free, capturing stops and is taken up again when there is space.
 * In between only events that end what was begun are kept: of sessions that are in the log, and of the sensor itself.
 */
import { constants } from "node:fs";
import { type FileHandle, mkdir, open } from "node:fs/promises";
import {
  logFolder,
  partFolder,
  type Safe,
  safeFile,
  safeText,
  SEGMENT_BYTES,
  SEGMENT_JOB_BYTES,
  segmentFile,
  syncFolder,
} from "./folder.ts";
import { Body, type JobBody, writeAll } from "./job-body.ts";
import { HEADER, KIND, type LogRecord, writeRecord } from "./record.ts";
import { ASIDE, freeBytes, giveBack, putAside } from "./space.ts";

const COMMIT_MS = 20;
const CHUNK = 256 * 1024;
/** Above this much uncommitted data visitors are made to wait. */
const FULL = 2 * 1024 * 1024;
/** While capturing is stopped: how often space is looked for, and how many bytes of events are kept. */
const WATCH_MS = 500;
const LAST_WORDS = ASIDE - 2 * FULL;
/** More than the reserve has to be free before capturing is taken up again. */
const ENOUGH = 1.25;
const DAY_MS = 86_400_000;

export interface WriterOptions {
  evidence: string;
  epoch: number;
  /** Where the log goes on: a position after the last whole record. */
  position: number;
  /** Bytes of the disk that are left free; 0 stops only when the disk refuses. */
  reserveBytes?: number;
}

/** Capturing has stopped or goes on. Listeners may append. */
export type CaptureChange =
  | { stopped: true; why: "space" | "error"; freeBytes: number; error?: Error }
  | { stopped: false; freeBytes: number; lost: Lost };

/** What was not kept while capturing was stopped. */
export interface Lost {
  records: number;
  /** In both directions, in the log and in jobs. */
  bytes: number;
  /** Sessions of which nothing was kept. */
  sessions: number;
}

export class EvidenceWriter {
  readonly #options: WriterOptions;
  readonly #reserve: number;
  #segment!: { position: number; handle: FileHandle; day: number | undefined; jobBytes: number };
  #safeHandle!: FileHandle;
  #chunks: Buffer[] = [];
  #chunk = Buffer.allocUnsafe(CHUNK);
  #used = 0;
  #position: number;
  /** Up to where the log's file is written and synchronised. */
  #logged: number;
  /** Day of the newest record. */
  #day = 0;
  #safe: Safe;
  readonly #jobs = new Set<Body>();
  readonly #open = new Map<number, number>();
  #pending = 0;
  /** The last commit failed. */
  #failing = false;
  #stopped: { lost: Lost; lastWords: number } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #watch: NodeJS.Timeout | undefined;
  #committing: Promise<void> | undefined;
  #waiting: (() => void)[] = [];
  readonly #listeners: ((safe: Safe) => void)[] = [];
  readonly #captureListeners: ((change: CaptureChange) => void)[] = [];

  private constructor(options: WriterOptions) {
    this.#options = options;
    this.#reserve = options.reserveBytes ?? 0;
    this.#position = options.position;
    this.#logged = options.position;
    this.#safe = { epoch: options.epoch, position: options.position, low: options.position };
  }

  static async open(options: WriterOptions): Promise<EvidenceWriter> {
    await mkdir(logFolder(options.evidence), { recursive: true });
    await mkdir(partFolder(options.evidence), { recursive: true });
    const writer = new EvidenceWriter(options);
    writer.#safeHandle = await open(safeFile(options.evidence), constants.O_RDWR | constants.O_CREAT);
    await writer.#roll(options.position);
    await writer.#publish();
    await putAside(options.evidence).catch(() => {});
    writer.#lookAgain(0);
    return writer;
  }

  /** Position the next record will have. */
  get position(): number {
    return this.#position;
  }

  get safe(): Safe {
    return this.#safe;
  }

  /** Where the segment begins that is being written. */
  get segment(): number {
    return this.#segment.position;
  }

  /** Whether capturing is stopped: what comes is answered and not kept. */
  get failing(): boolean {
    return this.#stopped !== undefined;
  }

  /** Whether visitors should wait for {@link room} before they send more. Never while capturing is stopped: answering goes on. */
  get full(): boolean {
    return this.#pending > FULL && !this.#stopped;
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

  onCapture(listener: (change: CaptureChange) => void): void {
    this.#captureListeners.push(listener);
  }

  /** Appends a record and returns its position, 0 where it could not be kept. */
  append(record: Omit<LogRecord, "position">): number {
    const length = HEADER + record.payload.length;
    if (this.#stopped && !this.#lastWord(record, length)) return 0;
    if (length > this.#chunk.length - this.#used) {
      if (this.#used > 0) this.#chunks.push(this.#chunk.subarray(0, this.#used));
      this.#chunk = Buffer.allocUnsafe(Math.max(CHUNK, length));
      this.#used = 0;
    }
    this.#used += writeRecord(this.#chunk, this.#used, record);
    const position = this.#position;
    this.#position += length;
    this.#pending += length;
    this.#day = Math.max(this.#day, Math.floor(record.time / DAY_MS));
    this.#segment.day ??= this.#day;
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
    const body = new Body(job, {
      take: (bytes) => {
        if (this.#stopped && bytes > 0) return false;
        this.#pending += bytes;
        this.#schedule();
        return true;
      },
      lose: (bytes) => {
        if (this.#stopped) this.#stopped.lost.bytes += bytes;
      },
    });
    this.#jobs.add(body);
    return body;
  }

  /** Commits what is there and closes all files. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    clearTimeout(this.#watch);
    await this.#committing;
    await this.#commit();
    clearTimeout(this.#watch);
    for (const body of this.#jobs) await body.close();
    await this.#segment.handle.close();
    await this.#safeHandle.close();
  }

  /** Whether a record is kept although capturing is stopped. Counts it where it is not. */
  #lastWord({ kind, session, previous, payload }: Omit<LogRecord, "position">, length: number): boolean {
    const stopped = this.#stopped!;
    const ends = kind === KIND.event && (session === 0 || this.#open.has(session));
    if (ends && stopped.lastWords + length <= LAST_WORDS) {
      stopped.lastWords += length;
      return true;
    }
    stopped.lost.records++;
    if (kind === KIND.inbound || kind === KIND.outbound) stopped.lost.bytes += payload.length;
    // A session whose beginning was not kept begins again and again with a record that has none before it.
    if (kind === KIND.event && previous === 0 && OPENS.test(payload.toString("latin1", 0, 32))) stopped.lost.sessions++;
    return false;
  }

  #schedule(): void {
    if (this.#timer || this.#committing) return;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        this.#committing = this.#commit().then(() => {
          this.#committing = undefined;
          if (this.#pending > 0 || this.#waiting.length > 0) this.#schedule();
        });
      },
      this.#failing ? WATCH_MS : COMMIT_MS,
    );
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
    const segment = this.#segment;
    try {
      for (const body of bodies) segment.jobBytes += await body.flush(this.#options.evidence);
      await writeAll(segment.handle, chunks, this.#logged - segment.position);
      chunks = [];
      this.#logged = to;
      for (const body of ended) {
        await body.name(this.#options.evidence);
        this.#jobs.delete(body);
      }
      this.#safe = { epoch: this.#options.epoch, position: to, low };
      await this.#publish();
      this.#pending -= pending;
      this.#failing = false;
      // A segment that cannot be begun now is begun later; until then the old one grows.
      if (this.#segmentEnds(to)) await this.#roll(to).catch(() => {});
    } catch (error) {
      this.#chunks = [...chunks, ...this.#chunks];
      this.#failing = true;
      await this.#stop("error", error as Error);
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

  async #stop(why: "space" | "error", error?: Error): Promise<void> {
    if (why === "error") await giveBack(this.#options.evidence);
    if (this.#stopped) return;
    this.#stopped = { lost: { records: 0, bytes: 0, sessions: 0 }, lastWords: 0 };
    const free = await freeBytes(this.#options.evidence).catch(() => 0);
    this.#tell({ stopped: true, why, freeBytes: free, ...(error ? { error } : {}) });
  }

  #lookAgain(ms: number): void {
    this.#watch = setTimeout(() => {
      void this.#look()
        .catch(() => {})
        .then(() => this.#lookAgain(WATCH_MS));
    }, ms);
    this.#watch.unref();
  }

  /** Stops capturing where too little of the disk is free, and takes it up again where enough is. */
  async #look(): Promise<void> {
    const { evidence } = this.#options;
    const free = await freeBytes(evidence);
    if (!this.#stopped) {
      if (free < this.#reserve) await this.#stop("space");
      return;
    }
    if (this.#failing || free < this.#reserve * ENOUGH) return;
    await putAside(evidence);
    if (this.#failing) return;
    const { lost } = this.#stopped;
    this.#stopped = undefined;
    this.#tell({ stopped: false, freeBytes: free, lost });
  }

  #tell(change: CaptureChange): void {
    for (const listener of this.#captureListeners) listener(change);
  }

  async #publish(): Promise<void> {
    await this.#safeHandle.write(safeText(this.#safe), 0);
  }

  #segmentEnds(position: number): boolean {
    const segment = this.#segment;
    if (position === segment.position) return false;
    return (
      position - segment.position >= SEGMENT_BYTES || segment.jobBytes >= SEGMENT_JOB_BYTES || this.#day !== segment.day
    );
  }

  async #roll(position: number): Promise<void> {
    const flags = constants.O_RDWR | constants.O_CREAT;
    const handle = await open(segmentFile(this.#options.evidence, position), flags);
    await syncFolder(logFolder(this.#options.evidence));
    const before = this.#segment as { handle: FileHandle } | undefined;
    this.#segment = { position, handle, day: before && this.#day, jobBytes: 0 };
    await before?.handle.close();
  }
}

/** How the first event of a session begins, see sensor/stamp.ts. */
const OPENS = /^\{"type":"session\.open"/;
