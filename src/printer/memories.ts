/** The memories of all sources, least recent first out. What is in use or not yet written down stays. */
import { BoundedMemory } from "./source-memory.ts";

export interface MemoryLimits {
  /** Sources remembered without looking them up. */
  sources: number;
  /** Bytes of all memories together; beyond, those not in use go. */
  bytes: number;
  /** Bytes beyond which nothing grows any more. */
  mostBytes: number;
}

export const MEMORY_LIMITS: MemoryLimits = { sources: 10_000, bytes: 64 * 2 ** 20, mostBytes: 256 * 2 ** 20 };

/** Memories looked at to make room for one; those that stay go to the end of the line. */
const LOOKS = 100;

interface Entry {
  memory: BoundedMemory;
  /** Conversations of the source that are open. */
  users: number;
  /** It has changed and is not written down. */
  unsaved: boolean;
}

export class Memories {
  readonly #limits: MemoryLimits;
  readonly #entries = new Map<string, Entry>();
  readonly #onChange: ((key: string) => void) | undefined;
  #bytes = 0;

  /** `onChange`: a memory has changed and has to be written down; {@link saved} is called when it has been. */
  constructor(limits: MemoryLimits, onChange?: (key: string) => void) {
    this.#limits = limits;
    this.#onChange = onChange;
  }

  get size(): number {
    return this.#entries.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The memory of a source, made when it has none. */
  get(key: string): BoundedMemory {
    return this.#touch(key).memory;
  }

  /** The memory of a source, or undefined when it has changed nothing. */
  peek(key: string): BoundedMemory | undefined {
    return this.#entries.get(key)?.memory;
  }

  /** A conversation with the source begins; its memory stays until {@link release}. */
  hold(key: string): void {
    this.#touch(key).users++;
  }

  release(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    entry.users = Math.max(0, entry.users - 1);
    if (entry.users === 0 && !entry.unsaved && entry.memory.empty) this.#drop(key, entry);
  }

  /** A memory is written down as it was at `revision`. False when it has changed since, and has to be written again. */
  saved(key: string, revision: number): boolean {
    const entry = this.#entries.get(key);
    if (entry && entry.memory.revision !== revision) return false;
    if (entry) entry.unsaved = false;
    return true;
  }

  /** Fills a memory from what was written down; `fill` changes it without that having to be written again. */
  restore(key: string, fill: (memory: BoundedMemory) => void): void {
    const entry = this.#touch(key);
    const { unsaved } = entry;
    entry.unsaved = true;
    fill(entry.memory);
    entry.unsaved = unsaved;
  }

  #touch(key: string): Entry {
    let entry = this.#entries.get(key);
    if (entry) this.#entries.delete(key);
    else entry = this.#make(key);
    this.#entries.set(key, entry);
    return entry;
  }

  #make(key: string): Entry {
    const memory = new BoundedMemory((bytes) => this.#grow(key, bytes));
    const entry: Entry = { memory, users: 0, unsaved: false };
    this.#bytes += memory.bytes;
    this.#makeRoom();
    return entry;
  }

  #grow(key: string, bytes: number): boolean {
    if (bytes > 0 && this.#bytes + bytes > this.#limits.mostBytes) return false;
    const entry = this.#entries.get(key);
    // A memory that was dropped while somebody still had it: it changes for itself alone.
    if (!entry) return true;
    this.#bytes += bytes;
    if (entry.unsaved || this.#onChange === undefined) return true;
    entry.unsaved = true;
    this.#onChange(key);
    return true;
  }

  #makeRoom(): void {
    const { sources, bytes } = this.#limits;
    if (this.#entries.size < sources && this.#bytes <= bytes) return;
    let looks = LOOKS;
    for (const [key, entry] of this.#entries) {
      if (looks-- === 0 || (this.#entries.size < sources && this.#bytes <= bytes)) return;
      if (entry.users === 0 && !entry.unsaved) this.#drop(key, entry);
      else {
        this.#entries.delete(key);
        this.#entries.set(key, entry);
      }
    }
  }

  #drop(key: string, entry: Entry): void {
    this.#entries.delete(key);
    this.#bytes -= entry.memory.bytes;
  }
}
