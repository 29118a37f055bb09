/**
 * Lays rows of a bitmap on a page, one after the other, at any resolution and turn. Dots that share a dot of the page are
 * averaged once, when the page's row is complete, so that 600 dpi black stays black.
 */
import type { Page, Paint, Quarter } from "./page.ts";
import { UNIT } from "./page.ts";

export interface StripPlace {
  /** Where the outer corner of the first dot of the first row lies. */
  x: number;
  y: number;
  turn: Quarter;
  /** Dots of the bitmap an inch, along its rows and across them. */
  dpiX: number;
  dpiY: number;
}

/** One direction of the bitmap on the page: dots of the page from the edge where it begins. */
interface Axis {
  /** Distance of the bitmap's beginning from that edge, dots. */
  offset: number;
  /** Dots of the page for one of the bitmap. */
  scale: number;
  length: number;
  /** Number of the dot at that edge, and what to add for the next. */
  first: number;
  step: number;
}

export class Strip {
  readonly #page: Page;
  readonly #along: Axis;
  readonly #across: Axis;
  readonly #count: Float32Array;
  readonly #red: Float32Array;
  readonly #green: Float32Array;
  readonly #blue: Float32Array;
  /** First and past-the-last dot touched in the page's row under way. */
  #low = Infinity;
  #high = 0;
  #line = Number.NaN;
  #row = 0;
  #paint: Paint | undefined;

  constructor(page: Page, { x, y, turn, dpiX, dpiY }: StripPlace) {
    const k = page.dpi / UNIT;
    const side = (upright: boolean, back: boolean, dpi: number): Axis => {
      const length = upright ? page.height : page.width;
      const at = (upright ? y : x) * k;
      const step = upright ? page.width : 1;
      const edge = back
        ? { offset: length - at, first: (length - 1) * step, step: -step }
        : { offset: at, first: 0, step };
      return { ...edge, scale: page.dpi / dpi, length };
    };
    this.#page = page;
    this.#along = side(turn % 2 === 1, turn === 1 || turn === 2, dpiX);
    this.#across = side(turn % 2 === 0, turn === 2 || turn === 3, dpiY);
    const cells = () => new Float32Array(this.#along.length);
    [this.#count, this.#red, this.#green, this.#blue] = [cells(), cells(), cells(), cells()];
  }

  /** How many rows still fall on the page: what comes after them can be left out. */
  get left(): number {
    return Math.max(0, Math.ceil((this.#across.length - this.#across.offset) / this.#across.scale) - this.#row);
  }

  /** Leaves rows empty. */
  skip(rows: number): void {
    this.#row += rows;
  }

  /** A row of `count` bits, most significant first; ones are painted. */
  bits(row: Uint8Array, count: number, paint: Paint): void {
    this.#paint = paint;
    this.#open();
    for (let i = 0; i < row.length && i * 8 < count; i++) {
      const byte = row[i]!;
      if (byte === 0) continue;
      for (let bit = 0; bit < 8 && i * 8 + bit < count; bit++) {
        if (byte & (0x80 >> bit)) this.#add(i * 8 + bit, 0);
      }
    }
    this.#close();
    this.#page.work += row.length;
  }

  /** A row of `count` colours, 0xRRGGBB, -1 for what is not painted. */
  colours(row: Int32Array, count: number): void {
    this.#paint = undefined;
    this.#open();
    for (let i = 0; i < count; i++) {
      const rgb = row[i]!;
      if (rgb >= 0) this.#add(i, rgb);
    }
    this.#close();
    this.#page.work += count;
  }

  /** Must be called after the last row. */
  end(): void {
    this.#flush(this.#line);
    this.#line = Number.NaN;
  }

  #open(): void {
    const [line] = span(this.#across, this.#row);
    if (line === this.#line) return;
    this.#flush(this.#line);
    this.#line = line;
  }

  /** A row larger than a dot of the page is written as often as it is high. */
  #close(): void {
    const [from, to] = span(this.#across, this.#row);
    this.#row++;
    if (this.#across.scale < 1) return;
    const [low, high] = [this.#low, this.#high];
    for (let line = from; line < to; line++) {
      [this.#low, this.#high] = [low, high];
      this.#write(line);
    }
    this.#clear(low, high);
    this.#line = Number.NaN;
  }

  #add(index: number, rgb: number): void {
    const along = this.#along;
    const [from, to] = span(along, index);
    for (let cell = Math.max(0, from); cell < to && cell < along.length; cell++) {
      this.#count[cell] = this.#count[cell]! + 1;
      if (this.#paint === undefined) {
        this.#red[cell] = this.#red[cell]! + (rgb >> 16);
        this.#green[cell] = this.#green[cell]! + ((rgb >> 8) & 255);
        this.#blue[cell] = this.#blue[cell]! + (rgb & 255);
      }
      if (cell < this.#low) this.#low = cell;
      if (cell >= this.#high) this.#high = cell + 1;
    }
  }

  #flush(line: number): void {
    if (!Number.isNaN(line)) this.#write(line);
    this.#clear(this.#low, this.#high);
  }

  #write(line: number): void {
    if (line < 0 || line >= this.#across.length) return;
    const rows = dotsIn(this.#across, line);
    const start = this.#along.first + this.#across.first + line * this.#across.step;
    for (let cell = this.#low; cell < this.#high; cell++) {
      const count = this.#count[cell]!;
      if (count === 0) continue;
      const rgb =
        this.#paint ??
        (Math.round(this.#red[cell]! / count) << 16) |
          (Math.round(this.#green[cell]! / count) << 8) |
          Math.round(this.#blue[cell]! / count);
      this.#page.dot(start + cell * this.#along.step, rgb, count / (rows * dotsIn(this.#along, cell)));
    }
  }

  #clear(low: number, high: number): void {
    if (low < high) for (const cells of [this.#count, this.#red, this.#green, this.#blue]) cells.fill(0, low, high);
    this.#low = Infinity;
    this.#high = 0;
  }
}

/** Dots of the page that one of the bitmap takes: the one with its middle, or all between its rounded edges. */
function span({ offset, scale }: Axis, index: number): [number, number] {
  if (scale < 1) {
    const at = Math.floor(offset + (index + 0.5) * scale);
    return [at, at + 1];
  }
  return [Math.round(offset + index * scale), Math.round(offset + (index + 1) * scale)];
}

/** How many dots of the bitmap have their middle in this one of the page. */
function dotsIn({ offset, scale }: Axis, cell: number): number {
  if (scale >= 1) return 1;
  const first = (edge: number) => Math.ceil((edge - offset) / scale - 0.5);
  return Math.max(1, first(cell + 1) - first(cell));
}
