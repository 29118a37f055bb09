/** Fingerprints, as hexadecimal digits: how far they are apart, and many of them side by side. */

/** Bits in which two fingerprints of the same length differ. */
export function distance(a: string, b: string): number {
  return apart(wordsOfPrint(a), wordsOfPrint(b));
}

/** {@link distance} of fingerprints as words. */
export function apart(a: Int32Array, b: Int32Array): number {
  let bits = 0;
  for (let i = 0; i < a.length; i++) bits += ones(a[i]! ^ b[i]!);
  return bits;
}

function ones(word: number): number {
  let w = word - ((word >>> 1) & 0x55555555);
  w = (w & 0x33333333) + ((w >>> 2) & 0x33333333);
  return Math.imul((w + (w >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Who has a key: nobody, one or several. Most keys have one owner, and that takes no set. */
export class Owners<T extends object> {
  readonly #of = new Map<string, T | Set<T>>();

  of(key: string): Iterable<T> {
    const owners = this.#of.get(key);
    return owners === undefined ? [] : owners instanceof Set ? owners : [owners];
  }

  /** Gives whether the key is new. */
  add(key: string, owner: T): boolean {
    const owners = this.#of.get(key);
    if (owners instanceof Set) owners.add(owner);
    else if (owners === undefined || owners === owner) this.#of.set(key, owner);
    else this.#of.set(key, new Set([owners, owner]));
    return owners === undefined;
  }

  /** Gives whether nobody has the key any more. */
  remove(key: string, owner: T): boolean {
    const owners = this.#of.get(key);
    const gone = owners === owner || (owners instanceof Set && owners.delete(owner) && owners.size === 0);
    if (gone) this.#of.delete(key);
    return gone;
  }
}

/** Fingerprints of one length, each with those who have it. */
export class Prints<T extends object> {
  readonly #width: number;
  readonly #owners = new Owners<T>();
  readonly #slots = new Map<string, number>();
  readonly #keys: string[] = [];
  #data: Int32Array;

  constructor(bits: number) {
    this.#width = bits / 32;
    this.#data = new Int32Array(1024 * this.#width);
  }

  add(print: string, owner: T): void {
    if (!this.#owners.add(print, owner)) return;
    const slot = this.#keys.push(print) - 1;
    this.#slots.set(print, slot);
    if ((slot + 1) * this.#width > this.#data.length) {
      const larger = new Int32Array(2 * this.#data.length);
      larger.set(this.#data);
      this.#data = larger;
    }
    this.#data.set(wordsOfPrint(print), slot * this.#width);
  }

  remove(print: string, owner: T): void {
    if (!this.#owners.remove(print, owner)) return;
    // The last one takes the place that is free.
    const slot = this.#slots.get(print)!;
    const last = this.#keys.length - 1;
    const moved = this.#keys[last]!;
    this.#data.copyWithin(slot * this.#width, last * this.#width, (last + 1) * this.#width);
    this.#keys[slot] = moved;
    this.#slots.set(moved, slot);
    this.#slots.delete(print);
    this.#keys.pop();
  }

  /** Calls with those who have a fingerprint within `limit` bits, nearest first. Gives the words compared. */
  near(print: string, limit: number, found: (owners: Iterable<T>, distance: number) => void): number {
    const wanted = wordsOfPrint(print);
    const width = this.#width;
    const data = this.#data;
    const end = this.#keys.length * width;
    const hits: [slot: number, distance: number][] = [];
    // Of unlike ones, half the words are enough to know it, and a loop of fixed length is fast.
    const half = width / 2;
    let words = 0;
    for (let base = 0; base < end; base += width) {
      let bits = 0;
      for (let i = 0; i < half; i++) bits += ones(data[base + i]! ^ wanted[i]!);
      words += half;
      if (bits > limit) continue;
      for (let i = half; i < width; i++) bits += ones(data[base + i]! ^ wanted[i]!);
      words += half;
      if (bits <= limit) hits.push([base / width, bits]);
    }
    hits.sort((a, b) => a[1] - b[1]);
    for (const [slot, bits] of hits) found(this.#owners.of(this.#keys[slot]!), bits);
    return words;
  }
}

/** A fingerprint as words of 32 bits. */
export function wordsOfPrint(print: string): Int32Array {
  return Int32Array.from(
    { length: print.length / 8 },
    (_, i) => Number.parseInt(print.slice(8 * i, 8 * i + 8), 16) | 0,
  );
}
