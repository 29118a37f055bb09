/** Captured paper in words and measures. */

/** Millimetres by name, portrait (ISO 216; ANSI and North American office sizes; ISO 269 envelopes). */
const SIZES: readonly (readonly [name: string, width: number, height: number])[] = [
  ["A3", 297, 420],
  ["A4", 210, 297],
  ["A5", 148, 210],
  ["A6", 105, 148],
  ["B5", 176, 250],
  ["JIS B5", 182, 257],
  ["Letter", 215.9, 279.4],
  ["Legal", 215.9, 355.6],
  ["Tabloid", 279.4, 431.8],
  ["Executive", 184.2, 266.7],
  ["Statement", 139.7, 215.9],
  ["DL envelope", 110, 220],
  ["C5 envelope", 162, 229],
];
/** A sheet that is cut or drawn a little differently keeps its name. */
const ABOUT_MM = 2;

/** `A4`, `Letter, landscape`, else `80 by 200 mm`. */
export function paperName(widthMm: number, heightMm: number): string {
  const [short, long] = [Math.min(widthMm, heightMm), Math.max(widthMm, heightMm)];
  const near = (a: number, b: number) => Math.abs(a - b) <= ABOUT_MM;
  const known = SIZES.find(([, width, height]) => near(short, width) && near(long, height));
  if (known) return widthMm > heightMm ? `${known[0]}, landscape` : known[0];
  return `${Math.round(widthMm)} by ${Math.round(heightMm)}\u00a0mm`;
}

export interface Measures {
  width: number;
  height: number;
}

const A4: Measures = { width: 210, height: 297 };
/** Small paper is drawn larger than an A4 page beside it, but not larger than this, relative to it. */
const ENLARGED = 2.5;
/** The narrow side of a strip stays this wide, in CSS pixels, so that there is something to see. */
const NARROWEST = 40;

/**
 * CSS pixels of a sheet in true proportions among others: an A4 page is `width` wide, a landscape one as wide as fits
 * the column, and a label keeps being smaller than a page. Paper of unknown size is A4.
 */
export function sheetSize(width: number, widthMm: number | null, heightMm: number | null): Measures {
  const paper = widthMm && heightMm ? { width: widthMm, height: heightMm } : A4;
  const perMm = width / A4.width;
  const most = { width: width * 1.28, height: (width * A4.height) / A4.width };
  const scale = Math.min(most.width / paper.width, most.height / paper.height, perMm * ENLARGED);
  const fits = (side: number) => Math.round(Math.max(NARROWEST, side * scale));
  return { width: fits(paper.width), height: fits(paper.height) };
}

/** A language by its ISO 639-3 code: `eng` is English. */
export function spokenName(code: string): string {
  try {
    return new Intl.DisplayNames(["en"], { type: "language", fallback: "none" }).of(code) ?? code;
  } catch {
    return code;
  }
}

/** That language as HTML names it: `eng` is en; undefined for what is none. */
export function spokenTag(code: string | null): string | undefined {
  try {
    return code === null ? undefined : new Intl.Locale(code).language;
  } catch {
    return undefined;
  }
}

/** A hash in groups that can be compared by eye, four in a line. */
export const hashLines = (hash: string): string[] =>
  (hash.match(/.{1,32}/g) ?? []).map((line) => (line.match(/.{1,8}/g) ?? []).join(" "));
