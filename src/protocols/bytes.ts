/** Small tools for codecs: they work on bytes that arrive in any cuts, and keep a bounded amount of them. */

/** `bytes` as a Buffer on the same memory. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * Finds a delimiter in a stream, wherever the stream is cut. Keeps nothing but a number: what it holds back
 * between two pieces is the beginning of the delimiter.
 */
export class DelimiterFinder {
  readonly #delimiter: Buffer;
  #held = 0;

  constructor(delimiter: Buffer) {
    this.#delimiter = delimiter;
  }

  /** How many bytes are held back: they were pushed, and are not yet known to be data or delimiter. */
  get held(): number {
    return this.#held;
  }

  /**
   * Looks for the next delimiter in `bytes` from `from` on.
   * `data`: what certainly comes before the delimiter, as views; `next`: where to go on; `found`: a delimiter ends there.
   */
  find(bytes: Buffer, from: number): { data: Buffer[]; next: number; found: boolean } {
    const delimiter = this.#delimiter;
    const data: Buffer[] = [];
    if (this.#held > 0) {
      const seam = Buffer.concat([
        delimiter.subarray(0, this.#held),
        bytes.subarray(from, from + delimiter.length - 1),
      ]);
      const at = seam.indexOf(delimiter);
      if (at >= 0) {
        const next = from + at + delimiter.length - this.#held;
        this.#held = 0;
        return { data: at > 0 ? [seam.subarray(0, at)] : data, next, found: true };
      }
      if (bytes.length - from < delimiter.length - 1) {
        this.#held = beginning(seam, delimiter);
        const sure = seam.subarray(0, seam.length - this.#held);
        return { data: sure.length > 0 ? [sure] : data, next: bytes.length, found: false };
      }
      data.push(delimiter.subarray(0, this.#held));
      this.#held = 0;
    }
    const at = bytes.indexOf(delimiter, from);
    if (at < 0) this.#held = beginning(bytes.subarray(from), delimiter);
    const stop = at < 0 ? bytes.length - this.#held : at;
    if (stop > from) data.push(bytes.subarray(from, stop));
    return { data, next: at < 0 ? bytes.length : at + delimiter.length, found: at >= 0 };
  }

  /** Gives up what is held back: it was data. */
  release(): Buffer {
    const bytes = this.#delimiter.subarray(0, this.#held);
    this.#held = 0;
    return bytes;
  }
}

/** How many bytes at the end of `bytes` are a beginning of `delimiter`, all of it excluded. */
function beginning(bytes: Buffer, delimiter: Buffer): number {
  const first = delimiter[0]!;
  let at = bytes.indexOf(first, Math.max(0, bytes.length - delimiter.length + 1));
  while (at >= 0) {
    if (bytes.compare(delimiter, 0, bytes.length - at, at) === 0) return bytes.length - at;
    at = bytes.indexOf(first, at + 1);
  }
  return 0;
}

/** Collects the bytes of one line or token. Keeps the first `limit` of them and counts the rest. */
export class Collector {
  readonly #limit: number;
  #kept = Buffer.alloc(0);
  #length = 0;
  #total = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** How many bytes came since the last `clear`, kept or not. */
  get total(): number {
    return this.#total;
  }

  /** Whether bytes came that are not kept. */
  get overflowed(): boolean {
    return this.#total > this.#limit;
  }

  append(bytes: Uint8Array): void {
    this.#total += bytes.length;
    const count = Math.min(bytes.length, this.#limit - this.#length);
    if (count <= 0) return;
    if (this.#length + count > this.#kept.length) {
      const grown = Buffer.allocUnsafeSlow(Math.min(this.#limit, Math.max(64, 2 * (this.#length + count))));
      this.#kept.copy(grown, 0, 0, this.#length);
      this.#kept = grown;
    }
    this.#kept.set(count === bytes.length ? bytes : bytes.subarray(0, count), this.#length);
    this.#length += count;
  }

  /** The bytes kept, as a view that the next `append` may overwrite. */
  view(): Buffer {
    return this.#kept.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
    this.#total = 0;
  }
}
