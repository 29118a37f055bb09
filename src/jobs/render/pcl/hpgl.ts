/**
 * HP-GL/2 within PCL, the part that drivers and letterheads use: pens, lines, rectangles, polygons, circles, labels, scaling.
 * Encoded polylines, fill patterns and character sizes are left out.
 * PCL 5 Technical Reference Manual, chapters 17 to 23.
 */
import type { Paint } from "../page.ts";
import { MM, UNIT, WHITE } from "../page.ts";
import type { Point } from "../shapes.ts";
import { CORNERS, drawLine, fillArea } from "../shapes.ts";
import { setText } from "./letters.ts";
import type { Machine } from "./machine.ts";

/** Plotter units are 0.025 mm. */
const PLOTTER = MM * 0.025;
/** Of an instruction that goes on in the next piece, no more than this is kept. */
const PENDING = 256 * 1024;
const PEN = 0.35 * MM;
/** Ends a label unless another code was told to. */
const ETX = "\x03";
/** Chords of a circle. */
const CHORDS = 72;
const SHADE = 10;

type Instruction = (this: Plotter, values: readonly number[]) => void;

export class Plotter {
  readonly #machine: Machine;
  #pending = "";
  /** In user units. */
  #at: Point = [0, 0];
  #down = false;
  #relative = false;
  #pen = 1;
  #width = PEN;
  #shade = 100;
  #scale: readonly [number, number, number, number] | undefined;
  #rings: Point[][] = [[]];
  #polygon = false;
  #instruction = instructionBefore(ETX);
  /** Picture frame: top left, width and height on the logical page. */
  #frame: { x: number; y: number; width: number; height: number } | undefined;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** ESC*c#X and ESC*c#Y: size of the picture frame; ESC*c0T: its corner is the cursor. */
  setFrame(change: { width?: number; height?: number; anchor?: boolean }): void {
    const { x, y, width, height } = this.#box();
    const corner = change.anchor ? { x: this.#machine.x, y: this.#machine.y } : { x, y };
    this.#frame = { ...corner, width: change.width ?? width, height: change.height ?? height };
  }

  /** Forgets the frame with everything else. */
  reset(): void {
    this.#frame = undefined;
    this.#initialize();
  }

  #initialize(): void {
    this.#at = [0, 0];
    this.#down = this.#relative = this.#polygon = false;
    [this.#pen, this.#width, this.#shade, this.#scale] = [1, PEN, 100, undefined];
    this.#rings = [[]];
    this.#instruction = instructionBefore(ETX);
  }

  #box(): { x: number; y: number; width: number; height: number } {
    const machine = this.#machine;
    const { top } = machine.environment;
    return this.#frame ?? { x: 0, y: top, width: machine.frame.width, height: Math.max(1, machine.bottom - top) };
  }

  /** More of the plot; `last`: nothing follows. */
  push(bytes: Uint8Array, last: boolean): void {
    const piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
    const text = this.#pending + piece + (last ? ";" : "");
    let end = 0;
    for (let found = this.#next(text, 0); found; found = this.#next(text, end)) {
      end += found[0].length;
      this.#machine.leaves.spend(200 + found[0].length);
      if (this.#machine.leaves.stopped !== "") break;
      const [, words, terminator, name, values = ""] = found;
      if (words !== undefined) this.#label(words);
      else if (terminator !== undefined) this.#instruction = instructionBefore(terminator);
      else if (name !== undefined) INSTRUCTIONS[name.toUpperCase()]?.call(this, numbers(values));
    }
    this.#pending = last ? "" : text.slice(end).slice(-PENDING);
  }

  /** The whole instruction at this place. */
  #next(text: string, at: number): RegExpExecArray | null {
    this.#instruction.lastIndex = at;
    return this.#instruction.exec(text);
  }

  #place([x, y]: Point): Point {
    const box = this.#box();
    const [px, py] = this.#scale
      ? [
          ((x - this.#scale[0]) / (this.#scale[1] - this.#scale[0])) * box.width,
          ((y - this.#scale[2]) / (this.#scale[3] - this.#scale[2])) * box.height,
        ]
      : [x * PLOTTER, y * PLOTTER];
    return this.#machine.frame.place(box.x + px, box.y + box.height - py);
  }

  #paint(): Paint {
    if (this.#pen === 0) return WHITE;
    return this.#machine.environment.palette.length > 2
      ? (this.#machine.environment.palette[this.#pen % this.#machine.environment.palette.length] ?? 0)
      : this.#machine.environment.foreground;
  }

  #moves(values: readonly number[]): void {
    for (let i = 0; i + 1 < values.length; i += 2) {
      const [x, y] = [values[i]!, values[i + 1]!];
      this.#to(this.#relative ? [this.#at[0] + x, this.#at[1] + y] : [x, y]);
    }
  }

  #to(point: Point): void {
    if (this.#polygon) {
      if (this.#rings.length * 4 + this.#rings.at(-1)!.length < CORNERS) this.#rings.at(-1)!.push(point);
    } else if (this.#down) {
      drawLine(this.#machine.page, this.#place(this.#at), this.#place(point), this.#width, this.#paint());
    }
    this.#at = point;
  }

  #area(rings: readonly (readonly Point[])[]): void {
    const paint = this.#shade < 100 ? this.#machine.paintOf("shade", this.#shade) : this.#paint();
    fillArea(
      this.#machine.page,
      rings.map((ring) => ring.map((one) => this.#place(one))),
      paint,
    );
  }

  #outline(ring: readonly Point[]): void {
    ring.forEach((one, i) => {
      const next = ring[(i + 1) % ring.length]!;
      drawLine(this.#machine.page, this.#place(one), this.#place(next), this.#width, this.#paint());
    });
  }

  #corners(values: readonly number[], relative: boolean): Point[] {
    const [x, y] = this.#at;
    const [toX, toY] = [(values[0] ?? 0) + (relative ? x : 0), (values[1] ?? 0) + (relative ? y : 0)];
    return [
      [x, y],
      [toX, y],
      [toX, toY],
      [x, toY],
    ];
  }

  #circle(radius: number): Point[] {
    return Array.from({ length: CHORDS }, (_, i) => {
      const angle = (i * 2 * Math.PI) / CHORDS;
      return [this.#at[0] + radius * Math.cos(angle), this.#at[1] + radius * Math.sin(angle)];
    });
  }

  /** In the font of the stream, at the pen. */
  #label(words: string): void {
    const machine = this.#machine;
    const before: Point = [machine.x, machine.y];
    [machine.x, machine.y] = machine.frame.back(...this.#place(this.#at));
    setText(machine, Buffer.from(words.replace(/[\0-\x1f]/g, ""), "latin1"));
    [machine.x, machine.y] = before;
  }

  static readonly instructions: Readonly<Record<string, Instruction>> = {
    IN() {
      this.#initialize();
    },
    PU(values) {
      this.#down = false;
      this.#moves(values);
    },
    PD(values) {
      this.#down = true;
      this.#moves(values);
    },
    PA(values) {
      this.#relative = false;
      this.#moves(values);
    },
    PR(values) {
      this.#relative = true;
      this.#moves(values);
    },
    SP([pen = 0]) {
      this.#pen = Math.max(0, Math.floor(pen));
    },
    PW([width = 0.35]) {
      this.#width = Math.min(Math.abs(width), 100) * MM;
    },
    SC([left, right, bottom, top]) {
      const given = [left, right, bottom, top].every((one) => one !== undefined) && left !== right && bottom !== top;
      this.#scale = given ? [left!, right!, bottom!, top!] : undefined;
    },
    FT([type = 1, percent = 50]) {
      this.#shade = type === SHADE ? percent : 100;
    },
    EA(values) {
      this.#outline(this.#corners(values, false));
    },
    ER(values) {
      this.#outline(this.#corners(values, true));
    },
    RA(values) {
      this.#area([this.#corners(values, false)]);
    },
    RR(values) {
      this.#area([this.#corners(values, true)]);
    },
    CI([radius = 0]) {
      this.#outline(this.#circle(radius));
    },
    PM([mode = 0]) {
      if (mode === 0) this.#rings = [[this.#at]];
      else if (mode === 1 && this.#rings.length < CORNERS / 4) this.#rings.push([]);
      this.#polygon = mode !== 2;
    },
    FP() {
      this.#area(this.#rings);
    },
    EP() {
      for (const ring of this.#rings) this.#outline(ring);
    },
  };

  /** Where the pen is, on the logical page: ESC%1A puts the cursor there. */
  get pen(): Point {
    return this.#machine.frame.back(...this.#place(this.#at));
  }
}

const INSTRUCTIONS = Plotter.instructions;

function numbers(values: string): number[] {
  return (values.match(/[-+]?\d*\.?\d+/g) ?? []).slice(0, CORNERS).map((one) => bounded(Number(one)));
}

function bounded(value: number): number {
  return Math.min(UNIT * UNIT, Math.max(-UNIT * UNIT, value));
}

/** A label with its words up to their terminator, a new terminator, or a name with its values. */
function instructionBefore(terminator: string): RegExp {
  const end = `\\x${terminator.charCodeAt(0).toString(16).padStart(2, "0")}`;
  return new RegExp(
    `[^A-Za-z]*(?:LB([^${end}]*)${end}|DT([^;])|PE[^;]*;|(?!LB|DT|PE)([A-Z]{2})([^A-Z;]*)(?=[A-Z;]))`,
    "iy",
  );
}
