/**
 * The printer's own state while it reads a stream: environment, cursor, fonts, page. Commands are functions on it.
 * Positions are in 1/7200 inch from the logical page's top left, in the print direction.
 */
import type { Fonts } from "../fonts.ts";
import type { Page, Paint } from "../page.ts";
import { WHITE } from "../page.ts";
import type { Frame, Layout } from "./layout.ts";
import { defaultMargins, copyOf, freshEnvironment } from "./state.ts";
import type { Environment, Fill } from "./state.ts";
import type { Leaves } from "./leaf.ts";
import type { Ink, Tile } from "./patterns.ts";
import { hatch, shade, tiled } from "./patterns.ts";
import { Raster } from "./raster.ts";
import { SoftFonts } from "./soft.ts";
import type { SetFont, Wanted } from "./typeface.ts";
import { builtIn } from "./typeface.ts";

/** Pushed cursors and palettes. */
const STACK = 20;
/** The first baseline lies this far down its line. */
const BASELINE = 0.75;

export class Machine {
  readonly fonts: Fonts;
  readonly leaves: Leaves;
  readonly soft = new SoftFonts();
  readonly tiles = new Map<number, Tile>();
  readonly raster: Raster;
  environment: Environment = freshEnvironment();
  x = 0;
  y = 0;
  /** Byte of the section that is being read, for the words of a page. */
  at = 0;
  /** Ids that *c#D and *c#E name, and pattern that *c#Q handles. */
  fontId = 0;
  characterCode = 0;
  patternOrigin: readonly [number, number] = [0, 0];
  readonly palettes: number[][] = [];
  /** Of ESC*c#A, B, H, V. */
  readonly rectangle: [number, number] = [0, 0];
  /** Called before a page is printed. */
  onEject: () => void = () => {};
  readonly #cursors: [number, number][] = [];
  readonly #set = new Map<string, SetFont>();
  /** How far the last letter went, for backspace. */
  lastAdvance = 0;

  constructor(fonts: Fonts, leaves: Leaves) {
    this.fonts = fonts;
    this.leaves = leaves;
    this.raster = new Raster(this);
    this.home();
  }

  get frame(): Frame {
    return this.leaves.frame(this.environment.layout);
  }

  get page(): Page {
    return this.leaves.page(this.environment.layout);
  }

  /** The font in use. */
  get font(): SetFont {
    const { fonts, active } = this.environment;
    return this.fontFor(fonts[active]);
  }

  fontFor(wanted: Wanted): SetFont {
    const key = JSON.stringify(wanted);
    const known = this.#set.get(key);
    if (known) return known;
    const { soft } = this;
    const own = wanted.id !== undefined ? soft.byId(wanted.id) : soft.byCharacteristics(wanted);
    const font = own ?? builtIn(wanted.id === undefined ? wanted : soft.like(wanted.id, wanted), this.fonts);
    if (this.#set.size > 256) this.#set.clear();
    this.#set.set(key, font);
    return font;
  }

  /** Must be called when fonts came or went. */
  forgetFonts(): void {
    this.#set.clear();
  }

  get hmi(): number {
    return this.environment.hmi ?? this.font.hmi;
  }

  get left(): number {
    return Math.min(this.environment.left, this.frame.width);
  }

  get right(): number {
    return Math.min(this.environment.right ?? this.frame.width, this.frame.width);
  }

  /** Where the text ends: below it a line feed begins a new page. */
  get bottom(): number {
    const { top, textLength } = this.environment;
    const most = this.frame.height;
    return textLength === undefined ? Math.max(top, most - 3600) : Math.min(most, top + textLength);
  }

  /** To the beginning of the first line. */
  home(): void {
    this.x = this.left;
    this.y = this.environment.top + BASELINE * this.environment.vmi;
  }

  /** Within the logical page, to the printer's own limits. */
  moveTo(x: number, y: number): void {
    this.x = Math.min(Math.max(0, x), this.frame.width);
    this.y = Math.min(Math.max(-this.environment.top, y), this.frame.height);
  }

  pushCursor(): void {
    if (this.#cursors.length < STACK) this.#cursors.push([this.x, this.y]);
  }

  popCursor(): void {
    const cursor = this.#cursors.pop();
    if (cursor) [this.x, this.y] = cursor;
  }

  carriageReturn(): void {
    this.x = this.left;
  }

  /** `lines` may be a half. Over the end of the text it goes on at the first line of the next page. */
  lineFeed(lines = 1): void {
    this.y += lines * this.environment.vmi;
    const { skipPerforation } = this.environment;
    if (this.y <= (skipPerforation ? this.bottom : this.frame.height)) return;
    this.formFeed();
  }

  formFeed(): void {
    this.eject();
    this.y = this.environment.top + BASELINE * this.environment.vmi;
  }

  eject(): void {
    this.raster.end();
    this.onEject();
    this.raster.end();
    this.leaves.eject(this.environment.layout, this.at);
  }

  ejectIfMarked(): void {
    this.raster.end();
    if (this.leaves.marked) this.eject();
  }

  /** A page of another kind: what was begun is printed, margins and cursor begin anew. */
  relayout(change: Partial<Layout>): void {
    this.ejectIfMarked();
    this.leaves.discard();
    this.environment.layout = { ...this.environment.layout, ...change, direction: 0 };
    defaultMargins(this.environment);
    this.home();
  }

  /** ESC E: prints what was begun and forgets what was set, except what was made permanent. */
  reset(): void {
    this.ejectIfMarked();
    this.environment = freshEnvironment();
    this.soft.deleteAll(false);
    this.forgetFonts();
    this.tiles.clear();
    this.palettes.length = 0;
    this.#cursors.length = 0;
    this.patternOrigin = [0, 0];
    this.home();
  }

  /** For macros: what it is now, to be put back later. */
  saved(): Environment {
    return copyOf(this.environment);
  }

  /** A rectangle of the logical page. */
  fill(x: number, y: number, width: number, height: number, paint: Paint): void {
    const { place } = this.frame;
    const page = this.page;
    const [a, b] = [this.frame.place(x, y), place(x + width, y + height)];
    const [left, top] = [Math.min(a[0], b[0]), Math.min(a[1], b[1])];
    page.rectangle(left, top, Math.abs(a[0] - b[0]), Math.abs(a[1] - b[1]), paint);
  }

  /** Colour of letters and of raster graphics. */
  paint(): Paint {
    return this.paintOf(this.environment.pattern, this.environment.currentPattern);
  }

  paintOf(fill: Fill, id: number): Paint {
    const { foreground } = this.environment;
    if (fill === "solid") return foreground;
    if (fill === "white") return WHITE;
    const ink = this.#ink();
    if (fill === "shade") return shade(id, ink);
    if (fill === "hatch") return hatch(id, ink);
    const tile = this.tiles.get(id);
    return tile ? tiled(tile, ink) : foreground;
  }

  #ink(): Ink {
    const { foreground, palette, patternOpaque } = this.environment;
    const dpi = this.page.dpi;
    const [x, y] = this.frame.place(...this.patternOrigin);
    const origin = [Math.round((x * dpi) / 7200), Math.round((y * dpi) / 7200)] as const;
    return { foreground, palette, transparent: !patternOpaque, dpi, origin };
  }
}
