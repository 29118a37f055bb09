/** The body of a job on its way to disk, and its name when it is there. */
import { createHash, type Hash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, mkdir, open, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { freeBuffers } from "./buffers.ts";
import { jobFile, partFile, syncFolder } from "./folder.ts";

/** A large job leaves its read buffers behind; they are let go each time so much of it has come. */
const FREE_EVERY = 4 * 1024 * 1024;

/** A job's body as a session sees it. */
export interface JobBody {
  readonly job: string;
  /** Bytes kept so far. */
  readonly bytes: number;
  /** Bytes that could not be kept, as capturing has stopped. After the first of them no more are kept. */
  readonly lost: number;
  write(bytes: Uint8Array): void;
  /** No more bytes. Returns the SHA-256 of all of them; the file gets its name with the next commit. */
  end(): string;
}

/** Whoever keeps bodies: whether it takes so many more bytes, and how many were lost. */
export interface Room {
  take(bytes: number): boolean;
  lose(bytes: number): void;
}

export class Body implements JobBody {
  readonly job: string;
  bytes = 0;
  lost = 0;
  sha256: string | undefined;
  readonly #hash: Hash = createHash("sha256");
  readonly #room: Room;
  #chunks: Uint8Array[] = [];
  #written = 0;
  #handle: FileHandle | undefined;

  constructor(job: string, room: Room) {
    this.job = job;
    this.#room = room;
  }

  get dirty(): boolean {
    return this.#chunks.length > 0 || this.sha256 !== undefined;
  }

  write(bytes: Uint8Array): void {
    if (this.lost > 0 || !this.#room.take(bytes.length)) {
      this.lost += bytes.length;
      this.#room.lose(bytes.length);
      return;
    }
    this.#hash.update(bytes);
    this.#chunks.push(bytes);
    if (this.bytes % FREE_EVERY > (this.bytes + bytes.length) % FREE_EVERY) freeBuffers();
    this.bytes += bytes.length;
  }

  end(): string {
    this.sha256 = this.#hash.digest("hex");
    this.#room.take(0);
    return this.sha256;
  }

  /** Puts on disk what was written so far, all of it or nothing. Returns how many bytes that were. */
  async flush(evidence: string): Promise<number> {
    const chunks = this.#chunks;
    this.#chunks = [];
    try {
      this.#handle ??= await open(partFile(evidence, this.job), constants.O_RDWR | constants.O_CREAT);
      const bytes = await writeAll(this.#handle, chunks, this.#written);
      this.#written += bytes;
      return bytes;
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
    await nameJob(evidence, this.job, this.sha256!);
  }
}

/**
 * Writes all of `chunks` at the end of a file of `length` bytes and synchronises it. Where that fails the file is cut
 * to its length again; bytes that even so stay behind are written over the next time.
 */
export async function writeAll(handle: FileHandle, chunks: readonly Uint8Array[], length: number): Promise<number> {
  if (chunks.length === 0) return 0;
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  try {
    const { bytesWritten } = await handle.writev(chunks, length);
    if (bytesWritten < bytes) throw new ShortWrite(`only ${bytesWritten} of ${bytes} bytes were written`);
    await handle.datasync();
    return bytes;
  } catch (error) {
    await handle.truncate(length).catch(() => {});
    throw error;
  }
}

/** What the system gives instead of an error when a disk is full before the last byte. */
class ShortWrite extends Error {
  readonly code = "ENOSPC";
}

/**
 * Gives a finished body the name of what it holds. It takes the place of one that has the name already, so that the
 * name is there afterwards whatever becomes of the older one.
 */
export async function nameJob(evidence: string, job: string, sha256: string): Promise<void> {
  const target = jobFile(evidence, sha256);
  await mkdir(dirname(target), { recursive: true });
  await rename(partFile(evidence, job), target);
  await syncFolder(dirname(target));
  await syncFolder(join(evidence, "jobs"));
}
