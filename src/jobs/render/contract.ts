/** What a renderer gets and gives. Renderers run in the jail, one per language, and know no file, clock or network. */
import type { Language } from "../language.ts";
import type { Claim, Outcome, Words } from "../reading.ts";

/** A picture: rows of RGB from the top left, three bytes a pixel, no padding. */
export interface Pixels {
  width: number;
  height: number;
  data: Uint8Array;
}

/** One finished page. */
export interface Sheet {
  pixels: Pixels;
  widthMm: number;
  heightMm: number;
  /** Who drew it, as people call it: `Ghostscript 10.06`. */
  by: string;
  /** What stands on it; absent when {@link Paper.words} brings it later. */
  words?: Omit<Words, "page">;
}

/** Where pages go, in order. */
export interface Paper {
  /** Takes a finished page; false when it was one too many and was not taken. The pixels are used before it returns. */
  sheet(sheet: Sheet): boolean;
  /** The words of a sheet given before, counted from 1 within this section. */
  words(sheet: number, words: Omit<Words, "page">): void;
  /** Something that only its renderer could read in a document. */
  claim?(claim: Claim): void;
}

export interface Drawing {
  language: Language;
  /** The section alone. */
  bytes: Uint8Array;
  /** What the section says more: the charset of a text. */
  more?: string;
  /** Dots per inch of the picture. */
  dpi: number;
}

/** Draws one section. Resolves with how far it came; whatever it throws counts as failed, with its message. */
export type Renderer = (drawing: Drawing, paper: Paper) => Promise<Outcome>;

/** Paper for what does not name its own: ISO A4. */
export const A4 = { widthMm: 210, heightMm: 297 } as const;
/** No page is larger than this, in inches and in pixels. */
export const LARGEST = { widthIn: 17, heightIn: 22, pixels: 12_000_000 } as const;
