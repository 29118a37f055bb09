/**
 * QR codes on a page (ISO/IEC 18004). A page is searched for the three squares in a code's corners first, which is quick and finds
 * several codes; only what lies between three that fit together is read.
 */
import jsqr from "jsqr";
import type { Pixels } from "./render/contract.ts";

/** Codes tried on one page: reading takes by far the longest. */
const TRIES = 4;
/** Squares that are looked at, the best seen first. */
const SQUARES = 24;
/** Pixels of a module below which a square is not believed, and to which a larger code is reduced before it is read. */
const SMALLEST = 1.3;
const ENOUGH = 4;
/** Modules of the quiet zone around a code. */
const QUIET = 6;
/** Lightness below which a pixel is dark. */
const DARK = 128;

interface Square {
  x: number;
  y: number;
  /** Pixels of a module. */
  module: number;
  /** Rows it was seen in. */
  seen: number;
}

/** The contents of the codes on a page, at most four, in no certain order. */
export function codesOn(pixels: Pixels): string[] {
  const { width, height, data } = pixels;
  if (data.length < 3 * width * height || Math.min(width, height) < 21) return [];
  const dark = darkOf(pixels);
  const corners = triples(squaresIn(dark, width, height));
  const found = new Set<string>();
  for (let tries = 0; tries < TRIES && corners.length > 0; tries++) {
    const three = corners.shift()!;
    const value = read(dark, width, height, three);
    if (value === undefined) continue;
    if (value !== "") found.add(value);
    for (let i = corners.length - 1; i >= 0; i--)
      if (corners[i]!.some((square) => three.includes(square))) corners.splice(i, 1);
  }
  return [...found];
}

function darkOf({ width, height, data }: Pixels): Uint8Array {
  const dark = new Uint8Array(width * height);
  for (let i = 0, at = 0; i < dark.length; i++, at += 3) {
    if (77 * data[at]! + 150 * data[at + 1]! + 29 * data[at + 2]! < DARK * 256) dark[i] = 1;
  }
  return dark;
}

/** Where dark and light follow each other as 1 : 1 : 3 : 1 : 1, across and down. */
function squaresIn(dark: Uint8Array, width: number, height: number): Square[] {
  const squares: Square[] = [];
  const runs = [0, 0, 0, 0, 0];
  for (let y = 0; y < height; y++) {
    runs.fill(0);
    const row = y * width;
    for (let x = 0, before = 0; x <= width; x++) {
      const now = x < width ? dark[row + x]! : 2;
      if (now === before) {
        runs[4]!++;
        continue;
      }
      // A dark run ends here: it may be the last of five.
      if (before === 1) {
        const module = fits(runs);
        if (module > 0) {
          const middle = x - runs[4]! - runs[3]! - runs[2]! / 2;
          add(squares, dark, width, height, middle, y, module);
        }
      }
      runs.shift();
      runs.push(1);
      before = now;
    }
  }
  return squares.sort((a, b) => b.seen - a.seen).slice(0, SQUARES);
}

/** Pixels of a module when five runs are those of a square, else 0. */
function fits(runs: readonly number[]): number {
  const [a, b, c, d, e] = runs as [number, number, number, number, number];
  const module = (a + b + c + d + e) / 7;
  if (module < SMALLEST || a === 0) return 0;
  const off = Math.max(1, module * 0.6);
  const right = [a, b, d, e].every((run) => Math.abs(run - module) <= off) && Math.abs(c - 3 * module) <= 3 * off;
  return right ? module : 0;
}

function add(
  squares: Square[],
  dark: Uint8Array,
  width: number,
  height: number,
  x: number,
  y: number,
  module: number,
): void {
  const known = squares.find((one) => Math.abs(one.x - x) <= 2 * one.module && Math.abs(one.y - y) <= 4 * one.module);
  if (known) {
    known.seen++;
    return;
  }
  const down = crossed(dark, width, height, Math.floor(x), y);
  if (!down || Math.abs(down.module - module) > 0.5 * module + 0.5 || squares.length >= 8 * SQUARES) return;
  squares.push({ x, y: down.middle, module: (module + down.module) / 2, seen: 1 });
}

/** The five runs down through a point, and where their middle is. */
function crossed(
  dark: Uint8Array,
  width: number,
  height: number,
  x: number,
  y: number,
): { middle: number; module: number } | undefined {
  const run = (from: number, step: number, colour: number) => {
    let at = from;
    while (at >= 0 && at < height && dark[at * width + x] === colour) at += step;
    return at;
  };
  if (dark[y * width + x] !== 1) return undefined;
  const up = [run(y, -1, 1)];
  const low = [run(y, 1, 1)];
  for (const colour of [0, 1]) {
    up.push(run(up.at(-1)!, -1, colour));
    low.push(run(low.at(-1)!, 1, colour));
  }
  const [u, l] = [up as [number, number, number], low as [number, number, number]];
  const module = fits([u[1] - u[2], u[0] - u[1], l[0] - u[0] - 1, l[1] - l[0], l[2] - l[1]]);
  return module > 0 ? { middle: (u[0] + l[0]) / 2, module } : undefined;
}

/** Three squares of one size in the corners of a square, the most regular first. */
function triples(squares: readonly Square[]): Square[][] {
  const found: { three: Square[]; off: number }[] = [];
  for (const corner of squares) {
    for (const [i, a] of squares.entries()) {
      for (const b of squares.slice(i + 1)) {
        if (a === corner || b === corner) continue;
        const [ab, ac] = [Math.hypot(a.x - corner.x, a.y - corner.y), Math.hypot(b.x - corner.x, b.y - corner.y)];
        const side = (ab + ac) / 2;
        const module = (corner.module + a.module + b.module) / 3;
        const sizes = Math.max(...[corner, a, b].map((one) => Math.abs(one.module - module))) / module;
        const angle = Math.abs((a.x - corner.x) * (b.x - corner.x) + (a.y - corner.y) * (b.y - corner.y)) / (ab * ac);
        const off = Math.abs(ab - ac) / side + angle + sizes;
        // Between the middles of two corners are 14 modules at least, and 170 in the largest code.
        if (off < 0.7 && side > 12 * module && side < 190 * module) found.push({ three: [corner, a, b], off });
      }
    }
  }
  return found.sort((a, b) => a.off - b.off).map(({ three }) => three);
}

function read(dark: Uint8Array, width: number, height: number, [corner, a, b]: readonly Square[]): string | undefined {
  const module = (corner!.module + a!.module + b!.module) / 3;
  const points = [corner!, a!, b!, { x: a!.x + b!.x - corner!.x, y: a!.y + b!.y - corner!.y }];
  const around = (3.5 + QUIET) * module;
  const left = Math.max(0, Math.floor(Math.min(...points.map(({ x }) => x)) - around));
  const top = Math.max(0, Math.floor(Math.min(...points.map(({ y }) => y)) - around));
  const right = Math.min(width, Math.ceil(Math.max(...points.map(({ x }) => x)) + around));
  const bottom = Math.min(height, Math.ceil(Math.max(...points.map(({ y }) => y)) + around));
  const by = Math.max(1, Math.floor(module / ENOUGH));
  const [wide, high] = [Math.floor((right - left) / by), Math.floor((bottom - top) / by)];
  const picture = new Uint8ClampedArray(4 * wide * high).fill(255);
  for (let y = 0, to = 0; y < high; y++) {
    for (let x = 0; x < wide; x++, to += 4) {
      if (dark[(top + y * by + (by >> 1)) * width + left + x * by + (by >> 1)]) picture.fill(0, to, to + 3);
    }
  }
  return decode(picture, wide, high);
}

/** The package is made for browsers: on some pictures it throws. */
function decode(picture: Uint8ClampedArray, width: number, height: number): string | undefined {
  try {
    return jsqr.default(picture, width, height, { inversionAttempts: "dontInvert" })?.data;
  } catch {
    return undefined;
  }
}
