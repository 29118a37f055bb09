/**
 * The print environment: what commands set, what a reset restores, what a called macro gives back.
 * PCL 5 Technical Reference Manual, chapter 3 (environments), chapter 12 (macros). Lengths in 1/7200 inch.
 */
import { UNIT } from "../page.ts";
import type { PixelFormat } from "./colour.ts";
import { MONOCHROME, monochromePalette } from "./colour.ts";
import type { Layout } from "./layout.ts";
import { DEFAULT_PAPER } from "./layout.ts";
import type { Wanted } from "./typeface.ts";
import { DEFAULT_FONT } from "./typeface.ts";

/** What fills: ESC*v#T and ESC*c#P name the same kinds in other numbers. */
export type Fill = "solid" | "white" | "shade" | "hatch" | "own";

export interface Environment {
  layout: Layout;
  /** From the logical page's top to the first line, and the height of the text below it; undefined for the default. */
  top: number;
  textLength: number | undefined;
  /** From the logical page's left. */
  left: number;
  right: number | undefined;
  /** Set by the stream; a change of font undoes it. */
  hmi: number | undefined;
  vmi: number;
  /** Of ESC*p#X, ESC*c#A. */
  unit: number;
  /** CR does LF as well, LF does CR, FF does CR. */
  returns: { cr: boolean; lf: boolean; ff: boolean };
  wrap: boolean;
  skipPerforation: boolean;
  underline: boolean;
  /** Primary and secondary, and which of them is used. */
  fonts: [Wanted, Wanted];
  active: 0 | 1;
  pattern: Fill;
  /** ESC*c#G: of rectangles, and as it was when ESC*v#T was given. */
  patternId: number;
  currentPattern: number;
  sourceOpaque: boolean;
  patternOpaque: boolean;
  palette: number[];
  format: PixelFormat;
  /** Under ESC*v#A, B, C: the colour that ESC*v#I will put into the palette. */
  primaries: [number, number, number];
  foreground: number;
  raster: RasterSettings;
}

export interface RasterSettings {
  dpi: number;
  compression: number;
  /** 0: along the orientation; 3: along the paper's width. */
  presentation: number;
  width: number | undefined;
  height: number | undefined;
  /** Size it is scaled to; undefined for none. */
  toWidth: number | undefined;
  toHeight: number | undefined;
}

/** Half an inch above, six lines an inch. */
const TOP = UNIT / 2;
export const LINE = UNIT / 6;

export function freshEnvironment(): Environment {
  return {
    layout: { paper: DEFAULT_PAPER, orientation: 0, direction: 0, shiftX: 0, shiftY: 0 },
    top: TOP,
    textLength: undefined,
    left: 0,
    right: undefined,
    hmi: undefined,
    vmi: LINE,
    unit: UNIT / 300,
    returns: { cr: false, lf: false, ff: false },
    wrap: false,
    skipPerforation: true,
    underline: false,
    fonts: [DEFAULT_FONT, DEFAULT_FONT],
    active: 0,
    pattern: "solid",
    patternId: 0,
    currentPattern: 0,
    sourceOpaque: false,
    patternOpaque: false,
    palette: monochromePalette(),
    format: MONOCHROME,
    primaries: [0, 0, 0],
    foreground: 0x000000,
    raster: {
      dpi: 75,
      compression: 0,
      presentation: 3,
      width: undefined,
      height: undefined,
      toWidth: undefined,
      toHeight: undefined,
    },
  };
}

/** Apart from the other in all that commands change in place. */
export function copyOf(environment: Environment): Environment {
  return {
    ...environment,
    layout: { ...environment.layout },
    fonts: [...environment.fonts],
    palette: [...environment.palette],
    primaries: [...environment.primaries],
    raster: { ...environment.raster },
  };
}

/** What a change of orientation or paper puts back: margins, length, spacing. */
export function defaultMargins(environment: Environment): void {
  environment.top = TOP;
  environment.textLength = undefined;
  environment.left = 0;
  environment.right = undefined;
}
