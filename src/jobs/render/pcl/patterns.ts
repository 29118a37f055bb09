/**
 * What areas and letters are filled with: shades, hatches, patterns of the stream's own.
 * PCL 5 Technical Reference Manual, chapters 13 (print model) and 14 (rectangular areas).
 */
import type { Paint } from "../page.ts";
import { WHITE } from "../page.ts";

export const PATTERN = { count: 256, bytes: 4 * 1024 * 1024 } as const;

/** A tile of the stream's own. */
export interface Tile {
  width: number;
  height: number;
  dpi: number;
  /** Numbers of the palette, one a dot; of a monochrome tile 1 is the foreground. */
  dots: Uint8Array;
  monochrome: boolean;
}

export interface Ink {
  foreground: number;
  palette: readonly number[];
  /** Whether white dots of a pattern leave alone what lies below. */
  transparent: boolean;
  /** Dots of the page an inch, and where patterns begin. */
  dpi: number;
  origin: readonly [number, number];
}

/**
 * Eight shades, by per cent of ink: 1 to 2, 3 to 10, 11 to 20, 21 to 35, 36 to 55, 56 to 80, 81 to 99, 100. A printer sets
 * them in dots; from reading distance they are an even tint, which is what is drawn.
 */
const SHADES = [
  [2, 0.02],
  [10, 0.08],
  [20, 0.15],
  [35, 0.28],
  [55, 0.45],
  [80, 0.68],
  [99, 0.9],
] as const;

export function shade(percent: number, { foreground }: Ink): Paint {
  if (percent <= 0) return WHITE;
  const ink = SHADES.find(([most]) => percent <= most)?.[1] ?? 1;
  const channel = (shift: number) => Math.round(255 - (255 - ((foreground >> shift) & 255)) * ink) << shift;
  return channel(16) | channel(8) | channel(0);
}

/** Hatches repeat after this many dots at 300 dpi; lines are two dots wide. */
const HATCH = 20;
const LINE = 2;
/** Horizontal, vertical, rising, falling, and the two crosses: ESC*c#G 1 to 6. */
const HATCHES: readonly ((x: number, y: number) => boolean)[] = [
  (_, y) => y < LINE,
  (x) => x < LINE,
  (x, y) => (x + y) % HATCH < LINE,
  (x, y) => (x - y + HATCH) % HATCH < LINE,
  (x, y) => x < LINE || y < LINE,
  (x, y) => (x + y) % HATCH < LINE || (x - y + HATCH) % HATCH < LINE,
];

export function hatch(id: number, ink: Ink): Paint {
  const inside = HATCHES[id - 1];
  if (!inside) return ink.foreground;
  const [left, top] = ink.origin;
  const empty = ink.transparent ? -1 : WHITE;
  const at = (value: number) => remainder(Math.floor((value * 300) / ink.dpi), HATCH);
  return (x, y) => (inside(at(x - left), at(y - top)) ? ink.foreground : empty);
}

export function tiled({ width, height, dpi, dots, monochrome }: Tile, ink: Ink): Paint {
  const [left, top] = ink.origin;
  return (x, y) => {
    const column = remainder(Math.floor(((x - left) * dpi) / ink.dpi), width);
    const row = remainder(Math.floor(((y - top) * dpi) / ink.dpi), height);
    const dot = dots[row * width + column]!;
    const rgb = monochrome ? (dot ? ink.foreground : WHITE) : (ink.palette[dot] ?? 0);
    return rgb === WHITE && ink.transparent ? -1 : rgb;
  };
}

/**
 * ESC*c#W: a header of 8 bytes (12 with the format that names a resolution), then rows of 1 or 8 bits a dot.
 * Undefined where it is none or too large.
 */
export function readTile(data: Uint8Array): Tile | undefined {
  if (data.length < 8) return undefined;
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const [format, bits] = [data[0]!, data[2]!];
  const [height, width] = [view.getUint16(4), view.getUint16(6)];
  const named = format === 20 && data.length >= 12;
  const size = width * height;
  if (size === 0 || size > PATTERN.bytes || (bits !== 1 && bits !== 8)) return undefined;
  const rows = data.subarray(named ? 12 : 8);
  const stride = bits === 1 ? Math.ceil(width / 8) : width;
  const dots = new Uint8Array(size);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const byte = rows[y * stride + (bits === 1 ? x >> 3 : x)] ?? 0;
      dots[y * width + x] = bits === 1 ? (byte >> (7 - (x & 7))) & 1 : byte;
    }
  }
  const dpi = named ? Math.max(75, view.getUint16(8)) : 300;
  return { width, height, dpi, dots, monochrome: format !== 1 };
}

function remainder(value: number, by: number): number {
  return ((value % by) + by) % by;
}
