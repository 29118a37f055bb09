/**
 * Letters for our own interpreters: the base-14 fonts in MuPDF, as masks at a page's resolution. What they lack is taken from
 * MuPDF's fallback font; the lines and blocks of PC character sets are drawn here, so that boxes close.
 */
import { lineDrawing } from "./linedraw.ts";
import type { Mask, Quarter } from "./page.ts";
import { loadMupdf } from "./wasm.ts";

export type Family = "courier" | "helvetica" | "times" | "symbol" | "dingbats";

export interface Face {
  family: Family;
  bold: boolean;
  italic: boolean;
}

/** Size of a letter on the page, dots: the em's height, and how much wider than usual. */
export interface LetterSize {
  height: number;
  stretch: number;
  turn: Quarter;
}

type Mupdf = typeof import("mupdf");
type Font = InstanceType<Mupdf["Font"]>;

const NAMES: Record<Family, readonly [string, string, string, string]> = {
  courier: ["Courier", "Courier-Bold", "Courier-Oblique", "Courier-BoldOblique"],
  helvetica: ["Helvetica", "Helvetica-Bold", "Helvetica-Oblique", "Helvetica-BoldOblique"],
  times: ["Times-Roman", "Times-Bold", "Times-Italic", "Times-BoldItalic"],
  symbol: ["Symbol", "Symbol", "Symbol", "Symbol"],
  dingbats: ["ZapfDingbats", "ZapfDingbats", "ZapfDingbats", "ZapfDingbats"],
};
/** Has Greek, Cyrillic, Chinese, Japanese, Korean. */
const FALLBACK = "zh-Hans";
/** Masks kept, and the bytes of all of them. */
const KEPT = 2000;
const KEPT_BYTES = 16 * 1024 * 1024;
/** Letters are not drawn larger than this, dots. */
const LARGEST_LETTER = 2000;

/** Right and down of a letter, as the page has them. */
const DIRECTIONS = [
  [1, 0, 0, 1],
  [0, -1, 1, 0],
  [-1, 0, 0, -1],
  [0, 1, -1, 0],
] as const;

export class Fonts {
  readonly #mupdf: Mupdf;
  readonly #fonts = new Map<string, Font>();
  readonly #masks = new Map<string, Mask | undefined>();
  #bytes = 0;

  constructor(mupdf: Mupdf) {
    this.#mupdf = mupdf;
  }

  /** Width of a letter in parts of the em; undefined where no font has it. `code`: Unicode. */
  advance(face: Face, code: number): number | undefined {
    const found = this.#find(face, code);
    if (!found && lineDrawing(code, 1, 1)) return 0.6;
    return found && found.font.advanceGlyph(found.glyph, 0);
  }

  /** What a letter covers, from the beginning of its baseline; undefined where there is nothing to draw. */
  mask(face: Face, code: number, size: LetterSize): Mask | undefined {
    if (!(size.height > 0) || size.height > LARGEST_LETTER) return undefined;
    const height = Math.round(size.height * 4) / 4;
    const key = [nameOf(face), code, height, size.stretch.toFixed(3), size.turn].join();
    if (this.#masks.has(key)) return this.#masks.get(key);
    const mask = this.#draw(face, code, { ...size, height });
    this.#bytes += mask?.cover.length ?? 0;
    if (this.#masks.size >= KEPT || this.#bytes > KEPT_BYTES) {
      this.#masks.clear();
      this.#bytes = 0;
    }
    this.#masks.set(key, mask);
    return mask;
  }

  #draw(face: Face, code: number, { height, stretch, turn }: LetterSize): Mask | undefined {
    const [xx, xy, yx, yy] = DIRECTIONS[turn];
    const lines = lineDrawing(code, 0.6 * height * stretch, height);
    if (lines) return turned(lines, turn);
    const found = this.#find(face, code);
    if (!found) return undefined;
    const { Text, Pixmap, ColorSpace, DrawDevice } = this.#mupdf;
    const text = new Text();
    // Fonts have their y upwards.
    const wide = height * stretch;
    text.showGlyph(found.font, [wide * xx, wide * xy, -height * yx, -height * yy, 0, 0], found.glyph, code);
    const reach = Math.ceil(1.3 * Math.max(height, wide));
    const pixmap = new Pixmap(ColorSpace.DeviceGray, [-reach, -reach, reach, reach], false);
    pixmap.clear(255);
    const device = new DrawDevice([1, 0, 0, 1, 0, 0], pixmap);
    device.fillText(text, [1, 0, 0, 1, 0, 0], ColorSpace.DeviceGray, [0], 1);
    device.close();
    const mask = trimmed(pixmap.getPixels(), pixmap.getStride(), reach);
    for (const one of [device, pixmap, text]) one.destroy();
    return mask;
  }

  #find(face: Face, code: number): { font: Font; glyph: number } | undefined {
    for (const name of [nameOf(face), FALLBACK]) {
      const font = this.#font(name);
      const glyph = font.encodeCharacter(code);
      if (glyph > 0) return { font, glyph };
    }
    return undefined;
  }

  #font(name: string): Font {
    const known = this.#fonts.get(name);
    if (known) return known;
    const font = new this.#mupdf.Font(name);
    this.#fonts.set(name, font);
    return font;
  }

  /** Gives the fonts' memory back. */
  close(): void {
    for (const font of this.#fonts.values()) font.destroy();
    this.#fonts.clear();
    this.#masks.clear();
  }
}

/** Loads MuPDF when the first page needs it. */
export async function loadFonts(): Promise<Fonts> {
  return new Fonts(await loadMupdf());
}

function nameOf({ family, bold, italic }: Face): string {
  return NAMES[family][(bold ? 1 : 0) + (italic ? 2 : 0)]!;
}

/** The part of a white picture, `reach` dots to every side of its middle, that has ink. */
function trimmed(dots: Uint8ClampedArray, stride: number, reach: number): Mask | undefined {
  const size = reach * 2;
  let [left, right, top, bottom] = [size, 0, size, 0];
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      if (dots[y * stride + x] === 255) continue;
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
      top = Math.min(top, y);
      bottom = y + 1;
    }
  }
  if (right <= left) return undefined;
  const [width, height] = [right - left, bottom - top];
  const cover = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) cover[y * width + x] = 255 - dots[(top + y) * stride + left + x]!;
  }
  return { width, height, left: left - reach, top: top - reach, cover };
}

function turned(mask: Mask, turn: Quarter): Mask {
  let { width, height, left, top, cover } = mask;
  for (let i = 0; i < turn; i++) {
    const next = new Uint8Array(cover.length);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) next[(width - 1 - x) * height + y] = cover[y * width + x]!;
    }
    [width, height, left, top, cover] = [height, width, top, -left - width, next];
  }
  return { width, height, left, top, cover };
}
