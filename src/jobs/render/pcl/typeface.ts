/**
 * Choosing a built-in font by its characteristics. Scalable faces of a LaserJet stand for all; the base-14 fonts stand for
 * them. PCL 5 Technical Reference Manual, chapter 8 (priorities of selection; typeface family values), in lengths of 1/7200 inch.
 */
import type { Face, Family, Fonts } from "../fonts.ts";
import type { Page, Paint, Quarter } from "../page.ts";
import { UNIT } from "../page.ts";
import { symbolSet } from "./symbols.ts";

/** What a stream asks for, in the order in which a printer weighs it. */
export interface Wanted {
  symbolSet: string;
  proportional: boolean;
  /** Letters an inch, for fixed pitch; points, for proportional. */
  pitch: number;
  height: number;
  /** Bits 0 and 1: upright or italic; 2 to 4: width. */
  style: number;
  weight: number;
  typeface: number;
  /** A font chosen by its id; undone by asking for any characteristic. */
  id?: number;
}

/** Courier, 10 letters an inch, PC-8: what a LaserJet wakes up with. */
export const DEFAULT_FONT: Wanted = {
  symbolSet: "10U",
  proportional: false,
  pitch: 10,
  height: 12,
  style: 0,
  weight: 0,
  typeface: 4099,
};

/** A font at a size. Lengths in 1/7200 inch. */
export interface SetFont {
  /** Distance from letter to letter (fixed pitch), or width of a space. */
  readonly hmi: number;
  readonly fixed: boolean;
  readonly height: number;
  /** Set where nobody knows what its letters look like. */
  readonly unknown?: true;
  /** How far this code moves on; undefined when it is no letter of the font. */
  advance(code: number): number | undefined;
  /** The letter that this code is; empty when that is not known. */
  letter(code: number): string;
  draw(code: number, page: Page, x: number, y: number, turn: Quarter, paint: Paint): void;
}

/** What is fixed about a typeface: its family, and for a fixed pitch the width of its letters in ems. */
interface Typeface {
  family: Family;
  em?: number;
  style?: "italic" | "bold";
}

/** Width of the letters that stand for all of fixed pitch, in ems. */
const COURIER_EM = 0.6;
const COURIER: Typeface = { family: "courier", em: COURIER_EM };
const HELVETICA: Typeface = { family: "helvetica" };
const TIMES: Typeface = { family: "times" };
/** A bitmap face of one size: 16.66 letters an inch, 8.5 points. */
const LINE_PRINTER: Typeface = { family: "courier", em: 0.51 };
const LINE_PRINTER_HEIGHT = 8.5 * (UNIT / 72);
const CONDENSED = 0.82;

/** By the lower twelve bits of the typeface family value: those above name the maker. */
const TYPEFACES: ReadonlyMap<number, Typeface> = new Map([
  [0, LINE_PRINTER],
  [1, COURIER], // Pica
  [2, COURIER], // Elite
  [3, COURIER],
  [4, HELVETICA],
  [5, TIMES], // CG Times
  [6, { family: "courier", em: 0.5 }], // Letter Gothic
  [8, COURIER], // Prestige
  [15, TIMES], // Palatino
  [17, HELVETICA], // CG Omega
  [20, { family: "times", style: "italic" }], // Coronet
  [31, HELVETICA], // ITC Avant Garde Gothic
  [43, { family: "dingbats" }],
  [44, { family: "times", style: "bold" }], // Clarendon
  [47, TIMES], // ITC Bookman
  [52, HELVETICA], // Univers
  [72, HELVETICA], // Antique Olive
  [101, TIMES], // Garamond
  [127, TIMES], // New Century Schoolbook
  [218, HELVETICA], // Arial
  [266, { family: "helvetica", style: "bold" }], // Albertus
  [302, { family: "symbol" }],
  [517, TIMES], // Times New Roman
]);

/** Nothing is set larger or smaller, points and letters an inch. */
const HEIGHT = { least: 0.25, most: 999.75 };
const PITCH = { least: 0.1, most: 576 };
const POINT = UNIT / 72;

/** The built-in font that comes nearest to what is wanted. */
export function builtIn(wanted: Wanted, fonts: Fonts): SetFont {
  const typeface = faceOf(wanted);
  const fixed = typeface.em !== undefined;
  const cell = UNIT / clamp(wanted.pitch, PITCH.least, PITCH.most);
  // Of a fixed pitch the height follows from it.
  const asked = clamp(wanted.height, HEIGHT.least, HEIGHT.most) * POINT;
  const height = typeface === LINE_PRINTER ? LINE_PRINTER_HEIGHT : fixed ? cell / typeface.em! : asked;
  const condensed = ((wanted.style >> 2) & 7) === 1;
  const stretch = fixed ? cell / (COURIER_EM * height) : condensed ? CONDENSED : 1;
  const face: Face = {
    family: typeface.family,
    bold: wanted.weight >= 2 || typeface.style === "bold",
    italic: (wanted.style & 1) === 1 || typeface.style === "italic",
  };
  const set = symbolSet(typeface.family === "symbol" ? "19M" : wanted.symbolSet);
  const width = (code: number) => (fixed ? cell : (fonts.advance(face, set[code]!) ?? 0) * height * stretch);
  return {
    hmi: fixed ? cell : width(32) || height / 3,
    fixed,
    height,
    advance: (code) => (set[code] ? width(code) : undefined),
    letter: (code) => (set[code] ? String.fromCodePoint(set[code]) : ""),
    draw(code, page, x, y, turn, paint) {
      const unicode = set[code];
      if (!unicode || unicode === 0x20 || unicode === 0xa0) return;
      const mask = fonts.mask(face, unicode, { height: (height * page.dpi) / UNIT, stretch, turn });
      if (mask) page.mask(mask, x, y, paint);
    },
  };
}

/** The symbol set is weighed first, then spacing; the typeface comes last. */
function faceOf({ symbolSet: set, proportional, typeface, pitch, height }: Wanted): Typeface {
  if (set === "19M") return { family: "symbol" };
  if (/^1[0-4]L$/.test(set)) return { family: "dingbats" };
  const found = TYPEFACES.get(typeface & 0xfff);
  if (proportional) return found && found.em === undefined ? found : TIMES;
  if (found === LINE_PRINTER) return Math.abs(pitch - 16.67) < 0.5 && height < 9 ? LINE_PRINTER : COURIER;
  return found?.em === undefined ? COURIER : found;
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
