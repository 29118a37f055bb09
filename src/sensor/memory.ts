/**
 * The memories of sources on disk: one file for each source that changed something, named by the hash of its key. Written within
 * a moment of the change, whole or not at all; read when the source connects again; the least recent goes when there are too many.
 */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, stat, unlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readJournal, writeJournal } from "../printer/journal.ts";
import type { Memories } from "../printer/memories.ts";
import type { Logger } from "../util/log.ts";

export interface StoredLimits {
  sources: number;
  bytes: number;
}

export const STORED_LIMITS: StoredLimits = { sources: 10_000, bytes: 512 * 2 ** 20 };

/** How long a change waits to be written, together with what comes after it. */
const WRITE_MS = 500;
/** Files written at once. */
const WRITERS = 8;

/** Where the devices of a sensor keep what sources changed, one folder for each persona. */
export const memoryFolder = (sensorFolder: string, persona: string) => join(sensorFolder, "sources", persona);

/** The file of a source in a memory folder. */
export function memoryFile(folder: string, key: string): string {
  return join(folder, nameOf(key));
}

const nameOf = (key: string) => `${createHash("sha256").update(key).digest("hex")}.json`;

export class StoredMemories {
  readonly #folder: string;
  readonly #limits: StoredLimits;
  readonly #log: Logger;
  /** Files there are, least recent first, with their bytes. */
  readonly #files: Map<string, number>;
  #bytes = 0;
  readonly #changed = new Set<string>();
  readonly #loading = new Map<string, Promise<void>>();
  #memories: Memories | undefined;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  /** A write failed; told once until one succeeds. */
  #failing = false;

  private constructor(folder: string, limits: StoredLimits, log: Logger, files: Map<string, number>) {
    this.#folder = folder;
    this.#limits = limits;
    this.#log = log;
    this.#files = files;
    for (const bytes of files.values()) this.#bytes += bytes;
  }

  static async open(folder: string, log: Logger, limits: StoredLimits = STORED_LIMITS): Promise<StoredMemories> {
    await mkdir(folder, { recursive: true });
    const found: { name: string; bytes: number; time: number }[] = [];
    for (const name of await readdir(folder)) {
      if (name.endsWith(".new")) await unlink(join(folder, name)).catch(() => {});
      if (!name.endsWith(".json")) continue;
      const { size, mtimeMs } = await stat(join(folder, name));
      found.push({ name, bytes: size, time: mtimeMs });
    }
    found.sort((a, b) => a.time - b.time);
    return new StoredMemories(folder, limits, log, new Map(found.map(({ name, bytes }) => [name, bytes])));
  }

  /** Whose memories these are; to be said before anything else is asked. */
  attach(memories: Memories): void {
    this.#memories = memories;
  }

  /** A source's memory has to be written. */
  changed(key: string): void {
    this.#changed.add(key);
    this.#timer ??= setTimeout(() => void this.flush(), WRITE_MS);
  }

  /** Something to wait for before the source is talked to, or undefined when its memory is at hand. */
  load(key: string): Promise<void> | undefined {
    const memories = this.#memories!;
    const known = this.#loading.get(key);
    if (known) return known;
    if (memories.peek(key)) return undefined;
    const name = nameOf(key);
    if (!this.#files.has(name)) return undefined;
    const loading = this.#read(key, name).finally(() => this.#loading.delete(key));
    this.#loading.set(key, loading);
    return loading;
  }

  /** Resolves when all changes up to now are on disk. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writing.then(() => this.#writeAll());
    return this.#writing;
  }

  async #read(key: string, name: string): Promise<void> {
    const path = join(this.#folder, name);
    try {
      const text = await readFile(path, "utf8");
      let fault: string | undefined;
      this.#memories!.restore(key, (memory) => (fault = readJournal(text, key, memory)));
      if (fault === undefined) {
        this.#recent(name, this.#files.get(name) ?? 0);
        const now = new Date();
        await utimes(path, now, now).catch(() => {});
        return;
      }
      this.#log.warn({ file: path, fault }, "what a source changed cannot be read; the file is set aside");
    } catch (error) {
      this.#log.warn({ file: path, err: error }, "what a source changed cannot be read; the file is set aside");
    }
    this.#forget(name);
    await rename(path, `${path}.damaged`).catch(() => {});
  }

  async #writeAll(): Promise<void> {
    const keys = [...this.#changed];
    this.#changed.clear();
    const writers = Array.from({ length: Math.min(WRITERS, keys.length) }, async () => {
      for (let key = keys.pop(); key !== undefined; key = keys.pop()) await this.#write(key);
    });
    await Promise.all(writers);
    await this.#makeRoom();
  }

  async #write(key: string): Promise<void> {
    const memory = this.#memories!.peek(key);
    if (!memory) return;
    const name = nameOf(key);
    const path = join(this.#folder, name);
    const { revision } = memory;
    try {
      const text = writeJournal(key, memory);
      await writeFile(`${path}.new`, text, { mode: 0o600 });
      await rename(`${path}.new`, path);
      this.#recent(name, Buffer.byteLength(text));
      this.#failing = false;
      if (!this.#memories!.saved(key, revision)) this.changed(key);
    } catch (error) {
      if (!this.#failing) this.#log.error({ err: error }, "what a source changed cannot be written");
      this.#failing = true;
      this.changed(key);
    }
  }

  async #makeRoom(): Promise<void> {
    for (const name of this.#files.keys()) {
      if (this.#files.size <= this.#limits.sources && this.#bytes <= this.#limits.bytes) return;
      this.#forget(name);
      await unlink(join(this.#folder, name)).catch(() => {});
    }
  }

  #recent(name: string, bytes: number): void {
    this.#forget(name);
    this.#files.set(name, bytes);
    this.#bytes += bytes;
  }

  #forget(name: string): void {
    this.#bytes -= this.#files.get(name) ?? 0;
    this.#files.delete(name);
  }
}
