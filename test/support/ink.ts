/**
 * Whether two pictures of a page have their ink at the same places. Made for renderers: one page drawn by two programs never
 * has the same grey levels, but its dark pixels lie within two pixels of each other at 150 dpi.
 */
import type { Pixels } from "../../src/jobs/render/contract.ts";

/** Ink is what is darker than this, 0 to 255, by ITU-R BT.601. */
const DARK = 128;
/** Pixels by which ink may be off, in both directions. */
const NEAR = 2;

export interface InkMatch {
  /** Of our ink, what lies where theirs does. */
  precision: number;
  /** Of their ink, what lies where ours does. */
  recall: number;
}

/** The least that counts as the same page. */
export const SAME_INK = 0.9;

/** Compares a page with what it should be. Pictures of different sizes have nothing in common; one pixel is rounding. */
export function inkMatch(ours: Pixels, theirs: Pixels): InkMatch {
  if (Math.abs(ours.width - theirs.width) > 1 || Math.abs(ours.height - theirs.height) > 1) {
    return { precision: 0, recall: 0 };
  }
  const width = Math.min(ours.width, theirs.width);
  const height = Math.min(ours.height, theirs.height);
  const [a, b] = [inkOf(ours, width, height), inkOf(theirs, width, height)];
  return { precision: covered(a, spread(b, width, height)), recall: covered(b, spread(a, width, height)) };
}

export function sameInk({ precision, recall }: InkMatch): boolean {
  return precision >= SAME_INK && recall >= SAME_INK;
}

/** The same page moved to the right and down (or back), in pixels; what comes in is white. */
export function shifted({ width, height, data }: Pixels, x: number, y: number): Pixels {
  const moved = new Uint8Array(data.length).fill(255);
  const [from, to] = [Math.max(0, -x), Math.min(width, width - x)];
  for (let row = Math.max(0, y); row < Math.min(height, height + y); row++) {
    const source = (row - y) * width;
    moved.set(data.subarray((source + from) * 3, (source + to) * 3), (row * width + from + x) * 3);
  }
  return { width, height, data: moved };
}

export function whitePage({ width, height }: Pixels): Pixels {
  return { width, height, data: new Uint8Array(width * height * 3).fill(255) };
}

/** A page as Ghostscript's `ppmraw` has it (PPM, P6, 8 bits); several of them may follow each other. */
export function readPpm(bytes: Uint8Array): Pixels[] {
  const pages: Pixels[] = [];
  for (let at = 0; at < bytes.length;) {
    const head = /^P6\s(?:#.*\n)?(\d+)\s(\d+)\s255\s/.exec(
      Buffer.from(bytes.subarray(at, at + 200)).toString("latin1"),
    );
    if (!head) throw new Error(`no PPM page at byte ${at}`);
    const [width, height] = [Number(head[1]), Number(head[2])];
    const from = at + head[0].length;
    at = from + width * height * 3;
    pages.push({ width, height, data: bytes.subarray(from, at) });
  }
  return pages;
}

/** One byte a pixel: 1 for ink. */
function inkOf(pixels: Pixels, width: number, height: number): Uint8Array {
  const ink = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0, at = y * pixels.width * 3; x < width; x++, at += 3) {
      const luma = 0.299 * pixels.data[at]! + 0.587 * pixels.data[at + 1]! + 0.114 * pixels.data[at + 2]!;
      if (luma < DARK) ink[y * width + x] = 1;
    }
  }
  return ink;
}

/** Ink made broader by {@link NEAR} pixels to every side. */
function spread(ink: Uint8Array, width: number, height: number): Uint8Array {
  const across = new Uint8Array(ink.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!ink[y * width + x]) continue;
      across.fill(1, y * width + Math.max(0, x - NEAR), y * width + Math.min(width, x + NEAR + 1));
    }
  }
  const both = new Uint8Array(ink.length);
  for (let y = 0; y < height; y++) {
    for (let dy = Math.max(0, y - NEAR); dy <= Math.min(height - 1, y + NEAR); dy++) {
      for (let x = 0; x < width; x++) if (across[dy * width + x]) both[y * width + x] = 1;
    }
  }
  return both;
}

function covered(ink: Uint8Array, by: Uint8Array): number {
  let [all, hit] = [0, 0];
  for (let i = 0; i < ink.length; i++) {
    if (!ink[i]) continue;
    all++;
    if (by[i]) hit++;
  }
  return all === 0 ? 1 : hit / all;
}
