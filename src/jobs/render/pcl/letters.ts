/** Sets text: letters, margins, wrap, underline. PCL 5 Technical Reference Manual, chapters 6 and 8. */
import { UNIT } from "../page.ts";
import type { Machine } from "./machine.ts";

/** A line below the letters: so far down, so thick. */
const UNDERLINE = { below: 5 * (UNIT / 300), thick: 3 * (UNIT / 300) };

/** Prints codes at the cursor. */
export function setText(machine: Machine, bytes: Uint8Array): void {
  machine.raster.end();
  if (machine.font.unknown) machine.leaves.lacks("fonts of outlines that the stream brings");
  let run = new Run(machine);
  for (let i = 0; i < bytes.length && machine.leaves.stopped === ""; i++) {
    const code = bytes[i]!;
    const advance = advanceOf(machine, code);
    if (advance === undefined) continue;
    // Whoever was put beyond the margin may go on to the edge of the page.
    const limit = machine.x <= machine.right ? machine.right : machine.frame.width;
    const crosses = machine.x + advance > limit + 1;
    if (crosses && machine.environment.wrap && machine.x > machine.left) {
      run.end();
      machine.at += i;
      machine.carriageReturn();
      machine.lineFeed();
      machine.at -= i;
      run = new Run(machine);
    } else if (crosses) {
      run.lose(code);
      machine.x = limit;
      continue;
    }
    run.add(code, advance);
  }
  run.end();
}

/** How far a code moves the cursor; undefined for one that is nothing at all. */
function advanceOf({ font, environment, hmi }: Machine, code: number): number | undefined {
  const own = font.advance(code);
  if (own === undefined) return code < 0x20 ? undefined : hmi;
  return environment.hmi !== undefined && (font.fixed || code === 0x20) ? environment.hmi : own;
}

/** Letters that follow each other. */
class Run {
  readonly #machine: Machine;
  readonly #x: number;
  #text = "";
  #letters = 0;
  #glyphs = 0;

  constructor(machine: Machine) {
    this.#machine = machine;
    this.#x = machine.x;
  }

  add(code: number, advance: number): void {
    const machine = this.#machine;
    const { font, page, frame } = machine;
    const [x, y] = frame.place(machine.x, machine.y);
    font.draw(code, page, x, y, frame.turn, machine.paint());
    machine.x += advance;
    machine.lastAdvance = advance;
    this.#hear(code);
  }

  /** A letter beyond the margin is not printed, but was meant. */
  lose(code: number): void {
    this.#hear(code);
  }

  #hear(code: number): void {
    const letter = this.#machine.font.letter(code);
    if (letter === "" && this.#machine.font.advance(code) !== undefined) this.#glyphs++;
    else if (letter.trim() !== "") this.#letters++;
    this.#text += letter;
  }

  end(): void {
    const machine = this.#machine;
    const { frame, page, font, environment } = machine;
    const width = machine.x - this.#x;
    if (environment.underline && width > 0) {
      machine.fill(this.#x, machine.y + UNDERLINE.below, width, UNDERLINE.thick, machine.paint());
    }
    machine.leaves.heard(this.#letters, this.#glyphs);
    machine.leaves.spend(this.#text.length * 100);
    if (this.#text.trim() === "") return;
    const [x, y] = frame.place(this.#x, machine.y);
    page.say({ text: this.#text, x, y, width, size: font.height, turn: frame.turn });
  }
}
