/**
 * Rows of DeskJets that were told by ESC*g#W, configure raster data: each ink has dots and levels of its own, so a row of
 * the coarsest ink is several planes, and several rows of the finest.
 */
import { WHITE } from "../page.ts";
import { inked } from "./colour.ts";

/** One plane of a row, in the order in which they come. */
interface Slot {
  ink: number;
  /** Which of the finer rows it belongs to, and which bit of the level it is. */
  row: number;
  bit: number;
}

interface Ink {
  dpiX: number;
  dpiY: number;
  bits: number;
}

export class Inks {
  /** Dots an inch of the finest ink; rows that are counted are those of the coarsest. */
  readonly dpiX: number;
  readonly dpiY: number;
  readonly rowDpi: number;
  readonly slots: readonly Slot[];
  readonly #inks: readonly Ink[];
  /** Of each ink, at each dot of a row: 0 to 1. */
  #amounts: Float32Array[];

  constructor(inks: readonly Ink[]) {
    this.#inks = inks;
    this.#amounts = inks.map(() => new Float32Array(0));
    this.dpiX = Math.max(...inks.map((one) => one.dpiX));
    this.dpiY = Math.max(...inks.map((one) => one.dpiY));
    this.rowDpi = Math.min(...inks.map((one) => one.dpiY));
    this.slots = inks.flatMap(({ dpiY, bits }, ink) =>
      Array.from({ length: bits * Math.round(dpiY / this.rowDpi) }, (_, i) => ({
        ink,
        row: Math.floor(i / bits),
        bit: i % bits,
      })),
    );
  }

  /** Rows of the finest ink in one of the coarsest. */
  get rows(): number {
    return Math.round(this.dpiY / this.rowDpi);
  }

  /** Dots an inch of a plane. */
  dpiOf(slot: number): number {
    return this.#inks[this.slots[slot]!.ink]!.dpiX;
  }

  /** Colours of one of those rows. */
  mix(planes: readonly Uint8Array[], row: number, colours: Int32Array, count: number): void {
    if (this.#amounts[0]!.length < count) this.#amounts = this.#inks.map(() => new Float32Array(count));
    for (const one of this.#amounts) one.fill(0, 0, count);
    this.slots.forEach((slot, i) => {
      const { dpiX, dpiY, bits } = this.#inks[slot.ink]!;
      if (Math.floor((row * dpiY) / this.dpiY) !== slot.row) return;
      add(planes[i]!, this.#amounts[slot.ink]!, this.dpiX / dpiX, 2 ** slot.bit / (2 ** bits - 1), count);
    });
    const inks = this.#amounts.map(() => 0);
    for (let x = 0; x < count; x++) {
      let any = 0;
      for (let i = 0; i < inks.length; i++) any += inks[i] = this.#amounts[i]![x]!;
      colours[x] = any === 0 ? WHITE : inked(inks);
    }
  }
}

/** Adds ink where a plane has bits, each as wide as so many of the finest dots. */
function add(plane: Uint8Array, amounts: Float32Array, width: number, weight: number, count: number): void {
  for (let i = 0; i < plane.length; i++) {
    const byte = plane[i]!;
    if (byte === 0) continue;
    for (let bit = 0; bit < 8; bit++) {
      if (!(byte & (0x80 >> bit))) continue;
      const from = Math.floor((i * 8 + bit) * width);
      const to = Math.min(count, Math.floor((i * 8 + bit + 1) * width));
      for (let x = from; x < to; x++) amounts[x] = amounts[x]! + weight;
    }
  }
}

/** Resolutions and levels a DeskJet may be told. */
const DPI = { least: 75, most: 1200 };

/**
 * ESC*g#W: format 2, number of inks, then for each (K, or C M Y, or K C M Y) dots across, dots down, levels. Undefined for
 * another form.
 */
export function configureRaster(data: Uint8Array): Inks | undefined {
  const count = data[1] ?? 0;
  if (data[0] !== 2 || ![1, 3, 4].includes(count) || data.length < 2 + count * 6) return undefined;
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const inks = Array.from({ length: count }, (_, i) => ({
    dpiX: view.getUint16(2 + i * 6),
    dpiY: view.getUint16(4 + i * 6),
    bits: Math.ceil(Math.log2(view.getUint16(6 + i * 6))),
  }));
  const known = inks.every(
    ({ dpiX, dpiY, bits }) =>
      [dpiX, dpiY].every((dpi) => dpi >= DPI.least && dpi <= DPI.most) && bits >= 1 && bits <= 8,
  );
  return known ? new Inks(inks) : undefined;
}
