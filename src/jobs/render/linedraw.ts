/** The lines and blocks of PC character sets (Unicode 2500 to 259F), drawn to fill their cell so that boxes close. */
import type { Mask } from "./page.ts";

/**
 * Strength of the arms of a box character: left, up, right, down; 1 is a single line, 2 a double one.
 * Only those of PC-8 (code page 437); heavy and dashed ones are drawn by their nearest.
 */
const ARMS: Record<string, string> = {
  "─": "1010",
  "│": "0101",
  "┌": "0011",
  "┐": "1001",
  "└": "0110",
  "┘": "1100",
  "├": "0111",
  "┤": "1101",
  "┬": "1011",
  "┴": "1110",
  "┼": "1111",
  "═": "2020",
  "║": "0202",
  "╒": "0021",
  "╓": "0012",
  "╔": "0022",
  "╕": "2001",
  "╖": "1002",
  "╗": "2002",
  "╘": "0120",
  "╙": "0210",
  "╚": "0220",
  "╛": "2100",
  "╜": "1200",
  "╝": "2200",
  "╞": "0121",
  "╟": "0212",
  "╠": "0222",
  "╡": "2101",
  "╢": "1202",
  "╣": "2202",
  "╤": "2021",
  "╥": "1012",
  "╦": "2022",
  "╧": "2120",
  "╨": "1210",
  "╩": "2220",
  "╪": "2121",
  "╫": "1212",
  "╬": "2222",
};

/** Blocks: left, top, right, bottom in parts of the cell, and how dark, 0 to 255. */
const BLOCKS: Record<string, readonly [number, number, number, number, number]> = {
  "█": [0, 0, 1, 1, 255],
  "▀": [0, 0, 1, 0.5, 255],
  "▄": [0, 0.5, 1, 1, 255],
  "▌": [0, 0, 0.5, 1, 255],
  "▐": [0.5, 0, 1, 1, 255],
  "░": [0, 0, 1, 1, 64],
  "▒": [0, 0, 1, 1, 128],
  "▓": [0, 0, 1, 1, 192],
  "■": [0, 0.3, 1, 0.8, 255],
};
/** How much of a cell lies above the baseline. */
const ABOVE = 0.75;

/** What such a character covers in a cell of this size, dots; undefined for all others. */
export function lineDrawing(code: number, width: number, height: number): Mask | undefined {
  if (code < 0x2500 || code > 0x25a0) return undefined;
  const letter = String.fromCharCode(code);
  const [arms, block] = [ARMS[letter], BLOCKS[letter]];
  if (arms === undefined && block === undefined) return undefined;
  const [w, h] = [Math.max(1, Math.round(width)), Math.max(1, Math.round(height))];
  const cover = new Uint8Array(w * h);
  const fill = (left: number, top: number, right: number, bottom: number, dark: number) => {
    for (let y = Math.round(top); y < Math.round(bottom); y++)
      cover.fill(dark, y * w + Math.round(left), y * w + Math.round(right));
  };
  if (block) fill(block[0] * w, block[1] * h, block[2] * w, block[3] * h, block[4]);
  else drawArms(arms!, w, h, fill);
  return { width: w, height: h, left: 0, top: -Math.round(h * ABOVE), cover };
}

type Fill = (left: number, top: number, right: number, bottom: number, dark: number) => void;

function drawArms(arms: string, w: number, h: number, fill: Fill): void {
  const thick = Math.max(1, Math.round(w / 10));
  const gap = thick * 2;
  const [left, up, right, down] = Array.from(arms, Number) as [number, number, number, number];
  const [x, y] = [Math.floor((w - thick) / 2), Math.floor((h - thick) / 2)];
  const offsets = (strength: number) => (strength === 2 ? [-gap / 2, gap / 2] : strength === 1 ? [0] : []);
  /** How far beyond the middle an arm goes, so that it meets the lines that cross it. */
  const reach = Math.max(left, right, up, down) === 2 ? gap / 2 : 0;
  for (const by of offsets(left)) fill(0, y + by, x + thick + reach, y + by + thick, 255);
  for (const by of offsets(right)) fill(x - reach, y + by, w, y + by + thick, 255);
  for (const by of offsets(up)) fill(x + by, 0, x + by + thick, y + thick + reach, 255);
  for (const by of offsets(down)) fill(x + by, y - reach, x + by + thick, h, 255);
}
