/** What one source has changed, with an end to how much it may change. */
import type { Attention, Restart, SourceMemory, WrittenFile } from "./device.ts";

/** Bytes that the changes of one source take when they are written down; a change beyond is ignored, as by a device whose memory is full. */
export const SOURCE_LIMIT = 256 * 1024;
/** What the entries that are always there take, and one part of a written file, at most. */
const [BASE, PART] = [1024, 100];

/** Told of every change: by how many bytes the memory grows. False refuses a change that makes it grow. */
export type Grow = (bytes: number) => boolean;

export class BoundedMemory implements SourceMemory {
  readonly #grow: Grow;
  #bytes = BASE;
  #revision = 0;
  #readyMessage: string | undefined;
  #attention: Attention | undefined;
  #restart: Restart | undefined;
  #serial: string | undefined;
  #pageShift = 0;
  #jobsNow = 0;
  /** Moments that pass by themselves: they are written with the rest, and are no reason to write. */
  awakeAt = 0;
  busyUntil = 0;
  readonly defaults = new CountedMap<string>(written, (more) => this.#take(more));
  readonly files = new CountedMap<WrittenFile | "directory" | "deleted">(
    (file) => (typeof file === "string" ? 16 : 32 + file.parts.length * PART),
    (more) => this.#take(more),
  );

  constructor(grow: Grow = () => true) {
    this.#grow = grow;
  }

  /** What it takes when it is written down, at most. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Goes up with every change. */
  get revision(): number {
    return this.#revision;
  }

  /** Whether there is nothing in it that has to be remembered. */
  get empty(): boolean {
    const texts = this.#readyMessage ?? this.#attention ?? this.#restart ?? this.#serial;
    const numbers = this.#pageShift !== 0 || this.awakeAt > 0 || this.busyUntil > 0 || this.#jobsNow > 0;
    return texts === undefined && !numbers && this.defaults.size === 0 && this.files.size === 0;
  }

  get readyMessage(): string | undefined {
    return this.#readyMessage;
  }

  set readyMessage(message: string | undefined) {
    if (this.#take(written(message) - written(this.#readyMessage))) this.#readyMessage = message;
  }

  get attention(): Attention | undefined {
    return this.#attention;
  }

  set attention(attention: Attention | undefined) {
    if (this.#take(written(attention?.text) - written(this.#attention?.text))) this.#attention = attention;
  }

  get serial(): string | undefined {
    return this.#serial;
  }

  set serial(serial: string | undefined) {
    if (this.#take(written(serial) - written(this.#serial))) this.#serial = serial;
  }

  get restart(): Restart | undefined {
    return this.#restart;
  }

  set restart(restart: Restart | undefined) {
    if (this.#take(0)) this.#restart = restart;
  }

  get pageShift(): number {
    return this.#pageShift;
  }

  set pageShift(pages: number) {
    if (this.#take(0)) this.#pageShift = pages;
  }

  get jobsNow(): number {
    return this.#jobsNow;
  }

  set jobsNow(jobs: number) {
    this.#jobsNow = Math.max(0, jobs);
  }

  #take(more: number): boolean {
    if (more > 0 && this.#bytes + more > SOURCE_LIMIT) return false;
    if (!this.#grow(more)) return false;
    this.#bytes += more;
    this.#revision++;
    return true;
  }
}

/** Bytes of a text in JSON. */
function written(text: string | undefined): number {
  return text === undefined ? 0 : Buffer.byteLength(JSON.stringify(text));
}

/** A map that asks before it grows by so many bytes. */
class CountedMap<V> extends Map<string, V> {
  readonly #size: (value: V) => number;
  readonly #take: Grow;

  constructor(size: (value: V) => number, take: Grow) {
    super();
    this.#size = size;
    this.#take = take;
  }

  override set(key: string, value: V): this {
    const old = this.get(key);
    const more = this.#size(value) - (old === undefined ? -pair(key) : this.#size(old));
    if (this.#take(more)) super.set(key, value);
    return this;
  }

  override delete(key: string): boolean {
    const old = this.get(key);
    if (old !== undefined) this.#take(-pair(key) - this.#size(old));
    return super.delete(key);
  }

  override clear(): void {
    for (const key of this.keys()) this.delete(key);
  }
}

/** A key with the brackets and commas around it and its value. */
const pair = (key: string) => written(key) + 4;
