/**
 * Raster graphics: rows and planes as they come, put together and laid on the page.
 * PCL 5 Technical Reference Manual, chapter 15; PCL 5 Color manual, chapter 6; PCL 3 (DeskJet) planes.
 */
import type { Page, Paint, Quarter } from "../page.ts";
import { UNIT, WHITE } from "../page.ts";
import { Strip } from "../strip.ts";
import { bitsOf } from "./colour.ts";
import { DECODERS, adaptive } from "./compress.ts";
import type { Inks } from "./inks.ts";
import type { Frame } from "./layout.ts";
import { quarters } from "./layout.ts";
import { mix, usedBytes } from "./pixels.ts";
import type { Environment } from "./state.ts";

/** Bytes of a row, planes together. */
const ROW_BYTES = 256 * 1024;

/** What raster graphics need of the printer. */
interface Printer {
  environment: Environment;
  x: number;
  y: number;
  readonly page: Page;
  readonly frame: Frame;
  readonly leaves: { spend(work: number): void; lacks(what: string): void; readonly stopped: string };
  paint(): Paint;
}

export class Raster {
  readonly #machine: Printer;
  #strip: Strip | undefined;
  #active = false;
  #width = 0;
  #rowDpi = 75;
  #rows = Infinity;
  #planes: Uint8Array[] = [];
  #plane = 0;
  /** Bytes of the rows that were ever written: what is beyond is paper, not the colour 0. */
  #reach = 0;
  #colours = new Int32Array(0);
  /** Set by ESC*g#W: instead of a palette. */
  inks: Inks | undefined;

  constructor(machine: Printer) {
    this.#machine = machine;
  }

  get active(): boolean {
    return this.#active;
  }

  /** ESC*r#A. 0: from the logical page's left; 1: from the cursor; 2 and 3: the same, scaled. */
  start(value: number): void {
    if (this.#active) return;
    const machine = this.#machine;
    const { raster, layout, format } = machine.environment;
    const { page, frame } = machine;
    // Along the paper's width, however the text lies.
    const turned = raster.presentation === 3 ? quarters(-layout.orientation - layout.direction) : 0;
    const [x, y] = frame.place(...this.#beginning(turned, value % 2 === 1));
    const turn = quarters(frame.turn + turned);
    const [scaleX, scaleY] = this.#scale(value >= 2);
    const { dpiX, dpiY, rowDpi } = this.inks ?? { dpiX: raster.dpi, dpiY: raster.dpi, rowDpi: raster.dpi };
    this.#rowDpi = rowDpi;
    this.#strip = new Strip(page, { x, y, turn, dpiX: dpiX / scaleX, dpiY: dpiY / scaleY });
    const room = Math.ceil(((turn % 2 === 0 ? page.width : page.height) / page.dpi) * (dpiX / scaleX));
    const bits = this.inks || format.planes ? 1 : bitsOf(format);
    this.#width = Math.min(raster.width ?? room, Math.floor((ROW_BYTES * 8) / bits), room);
    this.#rows = raster.height ?? Infinity;
    const count = this.inks ? this.inks.slots.length : format.planes ? bitsOf(format) : 1;
    this.#planes = Array.from({ length: count }, () => new Uint8Array(Math.ceil((this.#width * bits) / 8)));
    this.#plane = this.#reach = 0;
    this.#active = true;
  }

  /** Where the first row begins: at the cursor, or at the edge of the logical page that lies to its left. */
  #beginning(turned: Quarter, atCursor: boolean): [number, number] {
    const { x, y, frame } = this.#machine;
    const edges: readonly [number, number][] = [
      [0, y],
      [x, frame.height],
      [frame.width, y],
      [x, 0],
    ];
    return atCursor ? [x, y] : edges[turned]!;
  }

  /** Dots to one of the source, from the sizes before and after. */
  #scale(wanted: boolean): [number, number] {
    const { dpi, width, height, toWidth, toHeight } = this.#machine.environment.raster;
    if (!wanted || !width || !height) return [1, 1];
    const by = (size: number, to: number | undefined) =>
      to ? Math.min(100, Math.max(0.01, ((to / UNIT) * dpi) / size)) : 1;
    return [by(width, toWidth), by(height, toHeight)];
  }

  /** ESC*b#V: one plane, the row goes on. */
  transferPlane(data: Uint8Array): void {
    if (!this.#active) this.start(0);
    this.#decode(data);
    this.#plane++;
  }

  /** ESC*b#W: the last plane of a row, or all of it. */
  transferRow(data: Uint8Array): void {
    if (!this.#active) this.start(0);
    const { compression } = this.#machine.environment.raster;
    if (compression === 5) {
      adaptive(data, this.#planes[0]!, (written) => {
        this.#reach = Math.max(this.#reach, written);
        return this.#give();
      });
      return;
    }
    this.#decode(data);
    this.#plane = 0;
    this.#give();
  }

  #decode(data: Uint8Array): void {
    const row = this.#planes[this.#plane];
    const { compression } = this.#machine.environment.raster;
    const decode = DECODERS.get(compression);
    this.#machine.leaves.spend(100 + data.length);
    if (!decode) this.#machine.leaves.lacks(`raster of compression ${compression}`);
    if (row && decode) this.#reach = Math.max(this.#reach, decode(data, row));
  }

  /** ESC*b#Y: leaves rows out; what a row is told by the one before begins anew. */
  offset(rows: number): void {
    if (!this.#active) this.start(0);
    const fine = this.inks?.rows ?? 1;
    const left = Math.min(rows, this.#rows, Math.ceil(this.#strip!.left / fine));
    this.#strip!.skip(left * fine);
    this.#rows -= left;
    this.#move(left);
    this.clearSeeds();
    this.#plane = 0;
  }

  clearSeeds(): void {
    for (const plane of this.#planes) plane.fill(0);
    this.#reach = 0;
  }

  /** The cursor follows the rows. */
  #move(rows: number): void {
    this.#machine.y += (rows * UNIT) / this.#rowDpi;
  }

  /** Ends the graphics; what is drawn next begins at the cursor again. */
  end(): void {
    this.#strip?.end();
    this.#strip = undefined;
    this.#active = false;
    this.#planes = [];
  }

  /** Draws the row that the planes hold. False when there is no room for another. */
  #give(): boolean {
    const strip = this.#strip!;
    const machine = this.#machine;
    if (this.#rows <= 0 || strip.left <= 0) return false;
    const { format, sourceOpaque } = machine.environment;
    machine.leaves.spend(50 + (this.#width >> 3));
    if (!this.inks && format.indexed && bitsOf(format) === 1 && !sourceOpaque) {
      strip.bits(this.#planes[0]!, this.#width, machine.paint());
    } else {
      const count = this.#used();
      if (this.#colours.length < count) this.#colours = new Int32Array(this.#width);
      for (let row = 0; row < (this.inks?.rows ?? 1); row++) {
        this.#mix(row, count);
        strip.colours(this.#colours, count);
      }
    }
    this.#rows--;
    this.#move(1);
    return machine.leaves.stopped === "";
  }

  /** Colours of the first pixels of the row. White leaves the paper alone unless it is opaque. */
  #mix(row: number, count: number): void {
    const { format, palette, sourceOpaque } = this.#machine.environment;
    const colours = this.#colours;
    if (this.inks) this.inks.mix(this.#planes, row, colours, count);
    else mix(format, this.#planes, palette, colours, count);
    if (!sourceOpaque) for (let x = 0; x < count; x++) if (colours[x] === WHITE) colours[x] = -1;
    this.#machine.leaves.spend(count * this.#planes.length);
  }

  /** Pixels of the row up to the last that is not white. */
  #used(): number {
    const { format, palette, sourceOpaque } = this.#machine.environment;
    const bits = this.inks || format.planes ? 1 : bitsOf(format);
    const written = Math.floor((this.#reach * 8) / bits);
    if (!this.inks && (sourceOpaque || !format.indexed || palette[0] !== WHITE)) return Math.min(this.#width, written);
    const finest = this.inks?.dpiX ?? 1;
    const ends = this.#planes.map((plane, i) => (usedBytes(plane) * 8 * finest) / ((this.inks?.dpiOf(i) ?? 1) * bits));
    return Math.min(this.#width, Math.ceil(Math.max(...ends)));
  }
}
