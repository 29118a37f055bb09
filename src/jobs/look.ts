/**
 * What a page looks like, in 256 bits: the same page drawn by another language, at 75 to 600 dpi, with or without smoothing, moved by
 * millimetres or on the next paper size has nearly the same bits. Measured on 16 pages in ten renderings each by Debian's Ghostscript
 * and poppler: of one page 10 bits differ as a rule, 28 in one of ten pairs, 56 in the worst, and up to 75 where the page
 * is a single line; of two unlike pages never less than 94, and 123 as a rule. Pages of one layout lie between, from 33 on.
 *
 * The page is reduced to cells of ink, cut to where the ink is, and turned into waves; a bit says whether a wave begins dark or light.
 */
import type { Pixels } from "./render/contract.ts";

/** Cells across and down a page. */
const CELLS = 256;
/** Ink of a cell that does not count: tints, which some devices print as few dots and others as none. */
const TINT = 0.06;
/** Share of the ink outside each edge of what is looked at. */
const OUTSIDE = 0.005;
/** White left around that, and the least side that is looked at, so that a single line is not blown up to a page. */
const AROUND = 0.05;
const LEAST = 0.3 * CELLS;
/** Cells of the cut-out, and waves counted along one side of it. */
const GRID = 32;
const WAVES = 24;
/** Ink in whole cells with which a page is not empty: less than half a word. */
const SOMETHING = 0.5;

/** The 256 longest waves but the flat one: [across, down] numbers of half waves. */
const ORDER = Array.from({ length: WAVES * WAVES }, (_, i) => [i % WAVES, Math.floor(i / WAVES)] as const)
  .sort((a, b) => a[0] + a[1] - b[0] - b[1] || a[1] - b[1])
  .slice(1, 257);

const COSINES = Array.from({ length: WAVES }, (_, wave) =>
  Float64Array.from({ length: GRID }, (_, i) => Math.cos((Math.PI * wave * (2 * i + 1)) / (2 * GRID))),
);

/** 64 hexadecimal digits, or null for a page with nothing on it. */
export function lookOf(pixels: Pixels): string | null {
  const ink = inkOf(pixels);
  if (!ink) return null;
  const waves = wavesOf(cutOut(ink.cells, edges(ink.across, ink.total), edges(ink.down, ink.total)));
  let hex = "";
  for (let i = 0; i < ORDER.length; i += 4) {
    let digit = 0;
    for (const [across, down] of ORDER.slice(i, i + 4)) digit = 2 * digit + (waves[down * WAVES + across]! > 0 ? 1 : 0);
    hex += digit.toString(16);
  }
  return hex;
}

interface Ink {
  cells: Float64Array;
  /** Ink in each column and row of cells, and in all. */
  across: Float64Array;
  down: Float64Array;
  total: number;
}

/** How dark each cell is, 0 to 1, less what does not count. */
function inkOf({ width, height, data }: Pixels): Ink | null {
  if (width < 1 || height < 1 || data.length < 3 * width * height) return null;
  const column = Uint16Array.from({ length: width }, (_, x) => Math.floor((x * CELLS) / width));
  const wide = new Uint32Array(CELLS);
  for (const cell of column) wide[cell]!++;
  const sums = new Float64Array(CELLS * CELLS);
  const high = new Uint32Array(CELLS);
  for (let y = 0, at = 0; y < height; y++) {
    const row = Math.floor((y * CELLS) / height);
    const base = row * CELLS;
    high[row]!++;
    for (let x = 0; x < width; x++, at += 3) {
      const light = 77 * data[at]! + 150 * data[at + 1]! + 29 * data[at + 2]!;
      if (light < 65280) sums[base + column[x]!]! += 65280 - light;
    }
  }
  const ink: Ink = { cells: sums, across: new Float64Array(CELLS), down: new Float64Array(CELLS), total: 0 };
  for (let i = 0; i < sums.length; i++) {
    const [x, y] = [i % CELLS, Math.floor(i / CELLS)];
    const pixels = wide[x]! * high[y]!;
    const dark = pixels === 0 ? 0 : Math.max(0, sums[i]! / (65280 * pixels) - TINT);
    sums[i] = dark;
    ink.across[x]! += dark;
    ink.down[y]! += dark;
    ink.total += dark;
  }
  return ink.total < SOMETHING ? null : ink;
}

/** Where the ink begins and ends on one axis, in cells. */
function edges(sums: Float64Array, total: number): [number, number] {
  const outside = total * OUTSIDE;
  const from = walk(sums, outside);
  const to = CELLS - walk(sums.slice().reverse(), outside);
  const side = Math.max((to - from) * (1 + AROUND), LEAST);
  const middle = (from + to) / 2;
  return [middle - side / 2, middle + side / 2];
}

/** How far along the sums reach `amount`. */
function walk(sums: Float64Array, amount: number): number {
  let before = 0;
  for (let i = 0; i < sums.length; i++) {
    if (before + sums[i]! >= amount) return i + (sums[i]! > 0 ? (amount - before) / sums[i]! : 0);
    before += sums[i]!;
  }
  return sums.length;
}

/** The part of the page between the edges as a grid of mean ink; its root, so that a black bar does not outweigh all text. */
function cutOut(cells: Float64Array, [left, right]: [number, number], [top, bottom]: [number, number]): Float64Array {
  const side = CELLS + 1;
  const sums = new Float64Array(side * side);
  for (let y = 0; y < CELLS; y++) {
    for (let x = 0; x < CELLS; x++) {
      const at = (y + 1) * side + x + 1;
      sums[at] = cells[y * CELLS + x]! + sums[at - 1]! + sums[at - side]! - sums[at - side - 1]!;
    }
  }
  const upTo = (x: number, y: number) => {
    const [cx, cy] = [Math.min(CELLS, Math.max(0, x)), Math.min(CELLS, Math.max(0, y))];
    const [ix, iy] = [Math.min(CELLS - 1, Math.floor(cx)), Math.min(CELLS - 1, Math.floor(cy))];
    const [fx, fy] = [cx - ix, cy - iy];
    const at = iy * side + ix;
    const above = sums[at]! * (1 - fx) + sums[at + 1]! * fx;
    const below = sums[at + side]! * (1 - fx) + sums[at + side + 1]! * fx;
    return above * (1 - fy) + below * fy;
  };
  const [dx, dy] = [(right - left) / GRID, (bottom - top) / GRID];
  return Float64Array.from({ length: GRID * GRID }, (_, i) => {
    const [x, y] = [left + (i % GRID) * dx, top + Math.floor(i / GRID) * dy];
    const ink = upTo(x + dx, y + dy) - upTo(x, y + dy) - upTo(x + dx, y) + upTo(x, y);
    return Math.sqrt(Math.max(0, ink) / (dx * dy));
  });
}

/** The discrete cosine transform of the grid, its longest waves. */
function wavesOf(grid: Float64Array): Float64Array {
  const rows = new Float64Array(GRID * WAVES);
  for (let y = 0; y < GRID; y++) {
    for (let wave = 0; wave < WAVES; wave++) {
      let sum = 0;
      for (let x = 0; x < GRID; x++) sum += grid[y * GRID + x]! * COSINES[wave]![x]!;
      rows[y * WAVES + wave] = sum;
    }
  }
  const waves = new Float64Array(WAVES * WAVES);
  for (let down = 0; down < WAVES; down++) {
    for (let across = 0; across < WAVES; across++) {
      let sum = 0;
      for (let y = 0; y < GRID; y++) sum += rows[y * WAVES + across]! * COSINES[down]![y]!;
      waves[down * WAVES + across] = sum;
    }
  }
  return waves;
}
