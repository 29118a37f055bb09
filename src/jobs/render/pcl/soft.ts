/**
 * Fonts that the stream brings itself: bitmaps (header formats 0 and 20, characters of format 4, classes 1 and 2). Outline
 * fonts (Intellifont, TrueType) are not drawn: a built-in font takes their place where their codes are letters.
 * PCL 5 Technical Reference Manual, chapter 11 (soft font creation).
 */
import type { Page, Paint, Quarter } from "../page.ts";
import { UNIT } from "../page.ts";
import { Strip } from "../strip.ts";
import { knownSet, symbolSet, symbolSetId } from "./symbols.ts";
import type { SetFont, Wanted } from "./typeface.ts";

export const SOFT = { fonts: 256, bytes: 16 * 1024 * 1024, dots: 16 * 1024 * 1024 } as const;

interface SoftCharacter {
  width: number;
  height: number;
  /** From the cursor to the bitmap's top left: rightwards, upwards, dots. */
  left: number;
  top: number;
  /** To the next letter, quarters of a dot. */
  delta: number;
  bits: Uint8Array;
}

interface SoftFont {
  outline: boolean;
  fixed: boolean;
  symbolSet: string;
  dpi: number;
  /** Quarters of a dot. */
  pitch: number;
  height: number;
  style: number;
  weight: number;
  typeface: number;
  characters: Map<number, SoftCharacter>;
  /** Codes in the order in which they came. */
  order: number[];
  permanent: boolean;
}

/** Outlines numbered as they were needed: nobody knows what they look like. */
const UNKNOWN: SetFont = {
  hmi: UNIT / 10,
  fixed: false,
  height: UNIT / 6,
  unknown: true,
  advance: () => UNIT / 10,
  letter: () => "",
  draw: () => {},
};
/** Codes a font can have. */
const CODES = 256;

/** A whole font is brought code by code as well; fewer in one run are letters numbered as they were needed. */
const WHOLE_FONT = 90;

export class SoftFonts {
  readonly #fonts = new Map<number, SoftFont>();
  #bytes = 0;

  has(id: number): boolean {
    return this.#fonts.has(id);
  }

  /** ESC)s#W. An unknown form is left out. */
  header(id: number, data: Uint8Array): void {
    this.delete(id);
    if (data.length < 64 || this.#fonts.size >= SOFT.fonts) return;
    const view = new DataView(data.buffer, data.byteOffset, data.length);
    const format = data[2]!;
    this.#fonts.set(id, {
      outline: ![0, 5, 9, 12, 16, 20].includes(format),
      fixed: data[13] === 0,
      symbolSet: symbolSetId(view.getUint16(14)),
      dpi: format === 20 && data.length >= 68 ? Math.min(1200, Math.max(75, view.getUint16(64))) : 300,
      pitch: view.getUint16(16),
      height: view.getUint16(18),
      style: (data[4]! << 8) | data[23]!,
      weight: view.getInt8(24),
      typeface: (data[26]! << 8) | data[25]!,
      characters: new Map(),
      order: [],
      permanent: false,
    });
  }

  /** ESC(s#W: one character of a font. Continued blocks and other forms are left out. */
  character(id: number, code: number, data: Uint8Array): void {
    const font = this.#fonts.get(id);
    if (!font || data.length < 2 || data[1] !== 0) return;
    if (font.outline && font.order.length < CODES && !font.order.includes(code)) font.order.push(code);
    if (font.outline || data.length < 16 || data[0] !== 4) return;
    const character = readCharacter(data);
    if (!character || this.#bytes + character.bits.length > SOFT.bytes) return;
    this.#bytes += character.bits.length - (font.characters.get(code)?.bits.length ?? 0);
    if (!font.characters.has(code)) font.order.push(code);
    font.characters.set(code, character);
  }

  deleteCharacter(id: number, code: number): void {
    const font = this.#fonts.get(id);
    this.#bytes -= font?.characters.get(code)?.bits.length ?? 0;
    font?.characters.delete(code);
  }

  delete(id: number): void {
    for (const one of this.#fonts.get(id)?.characters.values() ?? []) this.#bytes -= one.bits.length;
    this.#fonts.delete(id);
  }

  /** All, or all that a reset ends. */
  deleteAll(alsoPermanent: boolean): void {
    for (const [id, font] of this.#fonts) if (alsoPermanent || !font.permanent) this.delete(id);
  }

  setPermanent(id: number, permanent: boolean): void {
    const font = this.#fonts.get(id);
    if (font) font.permanent = permanent;
  }

  /** The font with this id; undefined where it is none, or an outline whose codes are letters. */
  byId(id: number): SetFont | undefined {
    const font = this.#fonts.get(id);
    if (!font?.outline) return font && setFont(font);
    return namesLetters(font) ? undefined : UNKNOWN;
  }

  /** What is known of a font with this id, as characteristics for a built-in one to take its place. */
  like(id: number, wanted: Wanted): Wanted {
    const font = this.#fonts.get(id);
    if (!font) return wanted;
    const { symbolSet, fixed, style, weight, typeface } = font;
    return { ...wanted, symbolSet, proportional: !fixed, style, weight, typeface };
  }

  /** A font that has all the characteristics wanted. */
  byCharacteristics(wanted: Wanted): SetFont | undefined {
    for (const font of this.#fonts.values()) {
      if (font.outline || font.symbolSet !== wanted.symbolSet || font.fixed === wanted.proportional) continue;
      if (font.typeface % 4096 !== wanted.typeface % 4096) continue;
      if (font.fixed && Math.abs((font.dpi * 4) / Math.max(1, font.pitch) - wanted.pitch) > 0.1) continue;
      if (Math.abs((font.height * 18) / font.dpi - wanted.height) > 0.5) continue;
      return setFont(font);
    }
    return undefined;
  }
}

function setFont(font: SoftFont): SetFont {
  const { characters, dpi, fixed } = font;
  const quarter = UNIT / (dpi * 4);
  const letters = namesLetters(font) ? symbolSet(font.symbolSet) : undefined;
  return {
    hmi: font.pitch * quarter,
    fixed,
    height: font.height * quarter,
    advance(code) {
      const character = characters.get(code);
      return character && (fixed ? font.pitch : character.delta) * quarter;
    },
    letter: (code) => (letters?.[code] ? String.fromCodePoint(letters[code]) : ""),
    draw(code, page, x, y, turn, paint) {
      const character = characters.get(code);
      if (character) drawCharacter(character, dpi, page, x, y, turn, paint);
    },
  };
}

/**
 * Whether the codes of a font are letters. Drivers number the letters as they need them: such a font grows by one code
 * after the other, or names no symbol set.
 */
function namesLetters({ symbolSet, order }: SoftFont): boolean {
  if (!knownSet(symbolSet)) return false;
  const numbered = order.every((code, i) => i === 0 || code === order[i - 1]! + 1);
  return !numbered || order.length >= WHOLE_FONT || order.length === 1;
}

function drawCharacter(
  { width, height, left, top, bits }: SoftCharacter,
  dpi: number,
  page: Page,
  x: number,
  y: number,
  turn: Quarter,
  paint: Paint,
): void {
  const dot = UNIT / dpi;
  const [across, down] = [left * dot, -top * dot];
  const offsets = [
    [across, down],
    [down, -across],
    [-across, -down],
    [-down, across],
  ] as const;
  const [dx, dy] = offsets[turn];
  const strip = new Strip(page, { x: x + dx, y: y + dy, turn, dpiX: dpi, dpiY: dpi });
  const stride = Math.ceil(width / 8);
  for (let row = 0; row < height; row++) strip.bits(bits.subarray(row * stride, (row + 1) * stride), width, paint);
  strip.end();
}

function readCharacter(data: Uint8Array): SoftCharacter | undefined {
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const [left, top, width, height, delta] = [
    view.getInt16(6),
    view.getInt16(8),
    view.getUint16(10),
    view.getUint16(12),
    view.getInt16(14),
  ];
  const stride = Math.ceil(width / 8);
  if (stride * height * 8 > SOFT.dots) return undefined;
  const raster = data.subarray(16);
  const bits = new Uint8Array(stride * height);
  if (data[3] === 1) bits.set(raster.subarray(0, bits.length));
  else if (data[3] === 2) unpackRuns(raster, bits, width, height);
  else return undefined;
  return { width, height, left, top, delta, bits };
}

/** Class 2: each row is how often it is repeated, then lengths of white and black in turn until it is full. */
function unpackRuns(data: Uint8Array, bits: Uint8Array, width: number, height: number): void {
  const stride = Math.ceil(width / 8);
  let at = 0;
  for (let row = 0; row < height && at < data.length;) {
    const again = data[at++]!;
    const line = bits.subarray(row * stride, (row + 1) * stride);
    let black = false;
    for (let x = 0; x < width && at < data.length; black = !black) {
      const end = Math.min(width, x + data[at++]!);
      if (black) for (let i = x; i < end; i++) line[i >> 3] = line[i >> 3]! | (0x80 >> (i & 7));
      x = end;
    }
    for (let i = 1; i <= again && row + i < height; i++) bits.set(line, (row + i) * stride);
    row += again + 1;
  }
}
