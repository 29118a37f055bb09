/** A page as Ghostscript's device `bmp16m` writes it: 24 bits a pixel, blue first, the lowest row first, rows of whole words. */
import { LARGEST, type Pixels } from "./contract.ts";

const HEADER_BYTES = 54;
const PIXELS_AT = 10;
const WIDTH_AT = 18;
const HEIGHT_AT = 22;
const DEPTH_AT = 28;

/** Takes what is written piece by piece, and keeps no more than the largest page has. */
export class BmpPage {
  #bytes = Buffer.alloc(HEADER_BYTES);
  #filled = 0;
  #pixels: { at: number; width: number; height: number; row: number } | null = null;

  /** Returns false when this is no such picture or larger than a page may be. */
  write(bytes: Uint8Array): boolean {
    let from = 0;
    while (from < bytes.length) {
      const piece = bytes.subarray(from, from + this.#bytes.length - this.#filled);
      // What follows the last row is left out.
      if (piece.length === 0) return true;
      this.#bytes.set(piece, this.#filled);
      this.#filled += piece.length;
      from += piece.length;
      if (this.#pixels === null && this.#filled === HEADER_BYTES && !this.#begin()) return false;
    }
    return true;
  }

  /** The picture; null when not all of it was written. */
  pixels(): Pixels | null {
    if (this.#pixels === null || this.#filled < this.#bytes.length) return null;
    const { at, width, height, row } = this.#pixels;
    const data = new Uint8Array(width * height * 3);
    for (let y = 0, to = 0; y < height; y++) {
      let from = at + (height - 1 - y) * row;
      for (const end = to + width * 3; to < end; to += 3, from += 3) {
        data[to] = this.#bytes[from + 2]!;
        data[to + 1] = this.#bytes[from + 1]!;
        data[to + 2] = this.#bytes[from]!;
      }
    }
    return { width, height, data };
  }

  #begin(): boolean {
    const header = this.#bytes;
    const at = header.readUInt32LE(PIXELS_AT);
    const [width, height] = [header.readInt32LE(WIDTH_AT), header.readInt32LE(HEIGHT_AT)];
    const right = header.toString("latin1", 0, 2) === "BM" && header.readUInt16LE(DEPTH_AT) === 24;
    if (!right || at < HEADER_BYTES || at > 4096 || width < 1 || height < 1) return false;
    if (width > 8000 || height > 8000 || width * height > LARGEST.pixels) return false;
    const row = (width * 3 + 3) & ~3;
    this.#bytes = Buffer.concat([header], at + row * height);
    this.#pixels = { at, width, height, row };
    return true;
  }
}
