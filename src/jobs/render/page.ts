/**
 * The paper our own interpreters draw on. Positions and lengths are in {@link UNIT}ths of an inch from the top left of the
 * page as it is read; every resolution printers have divides that. Drawing happens at twice the dots of the picture, so that
 * a 300 dpi page keeps its dots, and is averaged down at the end.
 */
import type { Pixels } from "./contract.ts";
import { LARGEST } from "./contract.ts";
import type { Span } from "./lines.ts";

export const UNIT = 7200;
export const MM = UNIT / 25.4;

/** Quarter turns counterclockwise. A thing turned once has its right where the page has its top. */
export type Quarter = 0 | 1 | 2 | 3;

/** 0xRRGGBB, or a pattern: the colour at a dot of the page, -1 where it leaves the paper alone. */
export type Paint = number | ((x: number, y: number) => number);
export const WHITE = 0xffffff;

/** How much of each dot is covered, 0 to 255, as one picture; its corner lies at `left`, `top` from the origin, in dots. */
export interface Mask {
  width: number;
  height: number;
  left: number;
  top: number;
  cover: Uint8Array;
}

/** Above this many dots a page is drawn at the picture's own resolution. */
const FINE_DOTS = 20_000_000;
/** Dots that are copied as fast as one is mixed. */
const COPIED = 32;
/** More text of a page is not kept. */
const SPANS = 50_000;

export class Page {
  readonly widthMm: number;
  readonly heightMm: number;
  /** Dots of the drawing, across, down, and an inch. */
  readonly width: number;
  readonly height: number;
  readonly dpi: number;
  readonly spans: Span[] = [];
  /** Whether anything was drawn. */
  marked = false;
  /** Dots written so far: what drawing costs. */
  work = 0;
  readonly #fine: 1 | 2;
  readonly #dots: Uint8Array;

  /** `width`, `height`: of the paper, in units; what is larger than {@link LARGEST} is cut off. `dpi`: of the picture. */
  constructor(width: number, height: number, dpi: number) {
    const [w, h] = within(width, height);
    const dots = (size: number, fine: number) => Math.max(1, Math.round((size / UNIT) * dpi)) * fine;
    this.#fine = dots(w, 2) * dots(h, 2) <= FINE_DOTS ? 2 : 1;
    this.dpi = dpi * this.#fine;
    this.width = dots(w, this.#fine);
    this.height = dots(h, this.#fine);
    this.widthMm = w / MM;
    this.heightMm = h / MM;
    this.#dots = new Uint8Array(this.width * this.height * 3).fill(255);
  }

  /** Keeps what stands where. */
  say(span: Span): void {
    if (this.spans.length < SPANS) this.spans.push(span);
  }

  /** Fills a rectangle; what is not empty is at least one dot wide and high. */
  rectangle(x: number, y: number, width: number, height: number, paint: Paint): void {
    if (!(width > 0 && height > 0)) return;
    const k = this.dpi / UNIT;
    const left = Math.round(x * k);
    const top = Math.round(y * k);
    const right = Math.min(this.width, Math.max(left + 1, Math.round((x + width) * k)));
    const bottom = Math.min(this.height, Math.max(top + 1, Math.round((y + height) * k)));
    const [fromX, fromY] = [Math.max(0, left), Math.max(0, top)];
    if (fromX >= right || fromY >= bottom) return;
    const even = typeof paint === "number";
    for (let row = fromY; row < (even ? fromY + 1 : bottom); row++) {
      for (let column = fromX; column < right; column++) this.dot(row * this.width + column, paint, 1);
    }
    // Of one colour, all rows are as the first.
    const [first, end] = [(fromY * this.width + fromX) * 3, (fromY * this.width + right) * 3];
    for (let row = 1; even && row < bottom - fromY; row++) {
      this.#dots.copyWithin(first + row * this.width * 3, first, end);
    }
    this.work += 100 + ((right - fromX) * (bottom - fromY)) / (even ? COPIED : 1);
  }

  /** Lays a mask down with its origin at a place. */
  mask({ width, height, left, top, cover }: Mask, x: number, y: number, paint: Paint): void {
    const k = this.dpi / UNIT;
    const x0 = Math.round(x * k) + left;
    const y0 = Math.round(y * k) + top;
    const [fromX, toX] = [Math.max(0, -x0), Math.min(width, this.width - x0)];
    const [fromY, toY] = [Math.max(0, -y0), Math.min(height, this.height - y0)];
    for (let row = fromY; row < toY; row++) {
      const to = (y0 + row) * this.width + x0;
      for (let column = fromX; column < toX; column++) {
        const cover255 = cover[row * width + column]!;
        if (cover255 > 0) this.dot(to + column, paint, cover255 / 255);
      }
    }
    this.work += 100 + Math.max(0, toX - fromX) * Math.max(0, toY - fromY);
  }

  /** Mixes a colour into the dot with this number; `share` is how much of the dot it covers, 0 to 1. */
  dot(index: number, paint: Paint, share: number): void {
    const rgb = typeof paint === "number" ? paint : paint(index % this.width, (index / this.width) | 0);
    if (rgb < 0) return;
    this.marked = true;
    const dots = this.#dots;
    const at = index * 3;
    if (share >= 1) {
      dots[at] = rgb >> 16;
      dots[at + 1] = rgb >> 8;
      dots[at + 2] = rgb;
      return;
    }
    dots[at] = dots[at]! + ((rgb >> 16) - dots[at]!) * share + 0.5;
    dots[at + 1] = dots[at + 1]! + (((rgb >> 8) & 255) - dots[at + 1]!) * share + 0.5;
    dots[at + 2] = dots[at + 2]! + ((rgb & 255) - dots[at + 2]!) * share + 0.5;
  }

  /** The picture: dots averaged down to the resolution that was asked for. */
  pixels(): Pixels {
    if (this.#fine === 1) return { width: this.width, height: this.height, data: this.#dots };
    const dots = this.#dots;
    const [width, height, stride] = [this.width / 2, this.height / 2, this.width * 3];
    const data = new Uint8Array(width * height * 3);
    for (let y = 0, to = 0; y < height; y++) {
      for (let x = 0, from = y * 2 * stride; x < width; x++, from += 6) {
        for (let c = from; c < from + 3; c++, to++) {
          data[to] = (dots[c]! + dots[c + 3]! + dots[c + stride]! + dots[c + stride + 3]! + 2) >> 2;
        }
      }
    }
    return { width, height, data };
  }
}

/** A size cut down to the largest page there is, whichever way it lies. */
function within(width: number, height: number): [number, number] {
  const [short, long] = [LARGEST.widthIn * UNIT, LARGEST.heightIn * UNIT];
  const lies = width > height;
  return [Math.min(width, lies ? long : short), Math.min(height, lies ? short : long)];
}
