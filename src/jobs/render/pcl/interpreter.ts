/**
 * Runs a stream: gives each piece to what it means, and keeps and plays macros.
 * PCL 5 Technical Reference Manual, chapter 12 (macros).
 */
import type { Commands } from "./commands/contract.ts";
import { CONTROLS, CURSOR_COMMANDS, ESCAPES } from "./commands/cursor.ts";
import { FONT_COMMANDS } from "./commands/font.ts";
import { GRAPHICS_COMMANDS } from "./commands/graphics.ts";
import { LAYOUT_COMMANDS } from "./commands/layout.ts";
import { Plotter } from "./hpgl.ts";
import { DECIPOINT } from "./layout.ts";
import { setText } from "./letters.ts";
import type { Machine } from "./machine.ts";
import type { Command, Token } from "./parse.ts";

const COMMANDS: ReadonlyMap<string, Commands[string]> = new Map(
  Object.entries({ ...LAYOUT_COMMANDS, ...CURSOR_COMMANDS, ...FONT_COMMANDS, ...GRAPHICS_COMMANDS }),
);
/** Macros kept, pieces of all of them, and how deep one may call another. */
const MACRO = { count: 256, tokens: 200_000, depth: 3 } as const;
/** Cost of reading one piece, against a dot drawn. */
const TOKEN_WORK = 100;

interface Macro {
  tokens: Token[];
  permanent: boolean;
}

export class Interpreter {
  readonly #machine: Machine;
  readonly #plotter: Plotter;
  readonly #macros = new Map<number, Macro>();
  #macroId = 0;
  #recording: Token[] | undefined;
  #kept = 0;
  #depth = 0;
  /** Macro that is played on every page. */
  #overlay: number | undefined;

  constructor(machine: Machine) {
    this.#machine = machine;
    this.#plotter = new Plotter(machine);
    machine.onEject = () => this.#playOverlay();
  }

  /** The stream's next piece. */
  take(token: Token): void {
    const machine = this.#machine;
    if (machine.leaves.stopped !== "") return;
    machine.at = token.at;
    if (this.#recording && !(token.kind === "command" && token.name === "&fX")) this.#record(token);
    else this.#run(token);
  }

  /** Prints what is left on the last page. */
  end(at: number): void {
    this.#machine.at = at;
    this.#machine.ejectIfMarked();
  }

  #run(token: Token): void {
    const machine = this.#machine;
    machine.leaves.spend(TOKEN_WORK);
    switch (token.kind) {
      case "text":
        return setText(machine, token.bytes);
      case "control":
        machine.raster.end();
        return CONTROLS[token.code]?.(machine);
      case "escape":
        if (token.final === "E") this.#reset();
        else ESCAPES[token.final]?.(machine);
        return;
      case "hpgl":
        machine.raster.end();
        return this.#plotter.push(token.bytes, false);
      case "command":
        this.#command(token);
    }
  }

  #command(command: Command): void {
    const own = this.#own[command.name];
    if (own) own(command);
    else COMMANDS.get(command.name)?.(this.#machine, command);
  }

  /** Macros, the plotter in the printer, and the end of it all. */
  readonly #own: Readonly<Record<string, (command: Command) => void>> = {
    "%X": () => this.#reset(),
    "&fY": ({ value }) => {
      this.#macroId = value;
    },
    "&fX": ({ value }) => this.#control(value),
    "%A": ({ value }) => {
      this.#plotter.push(new Uint8Array(), true);
      if (value === 1) this.#machine.moveTo(...this.#plotter.pen);
    },
    "*cT": () => this.#plotter.setFrame({ anchor: true }),
    "*cX": ({ value }) => this.#plotter.setFrame({ width: Math.max(1, value * DECIPOINT) }),
    "*cY": ({ value }) => this.#plotter.setFrame({ height: Math.max(1, value * DECIPOINT) }),
  };

  #reset(): void {
    this.#plotter.push(new Uint8Array(), true);
    this.#machine.reset();
    this.#plotter.reset();
    this.#overlay = undefined;
    this.#recording = undefined;
    this.#deleteAll(false);
  }

  #record(token: Token): void {
    if (this.#kept >= MACRO.tokens) return;
    this.#kept++;
    this.#recording!.push(token);
  }

  /** ESC&f#X, by its value. While a macro is taken down only its end counts. */
  #control(value: number): void {
    const id = this.#macroId;
    if (value === 1) this.#define(id);
    else if (!this.#recording) this.#controls[value]?.(id);
  }

  readonly #controls: Readonly<Record<number, (id: number) => void>> = {
    0: () => {
      if (this.#depth === 0) this.#recording = [];
    },
    2: (id) => this.#play(this.#macros.get(id), false),
    3: (id) => this.#play(this.#macros.get(id), true),
    4: (id) => {
      this.#overlay = id;
    },
    5: () => {
      this.#overlay = undefined;
    },
    6: () => this.#deleteAll(true),
    7: () => this.#deleteAll(false),
    8: (id) => this.#delete(id),
    9: (id) => this.#setPermanent(id, false),
    10: (id) => this.#setPermanent(id, true),
  };

  #deleteAll(alsoPermanent: boolean): void {
    for (const [id, { permanent }] of this.#macros) if (alsoPermanent || !permanent) this.#delete(id);
  }

  #setPermanent(id: number, permanent: boolean): void {
    const macro = this.#macros.get(id);
    if (macro) macro.permanent = permanent;
  }

  #define(id: number): void {
    const tokens = this.#recording;
    this.#recording = undefined;
    if (!tokens) return;
    this.#delete(id);
    if (this.#macros.size < MACRO.count) this.#macros.set(id, { tokens, permanent: false });
  }

  #delete(id: number): void {
    this.#kept -= this.#macros.get(id)?.tokens.length ?? 0;
    this.#macros.delete(id);
  }

  /** `called`: what it set is put back afterwards; an executed macro leaves it. */
  #play(macro: Macro | undefined, called: boolean): void {
    if (!macro || this.#depth >= MACRO.depth) return;
    const machine = this.#machine;
    const before = called ? machine.saved() : undefined;
    this.#depth++;
    for (const token of macro.tokens) {
      if (machine.leaves.stopped !== "") break;
      // A reset within a macro would end the page under it.
      if (token.kind !== "escape" || token.final !== "E") this.#run(token);
    }
    this.#depth--;
    if (before) machine.environment = before;
  }

  #playOverlay(): void {
    if (this.#overlay === undefined || this.#depth > 0) return;
    const { x, y } = this.#machine;
    this.#play(this.#macros.get(this.#overlay), true);
    [this.#machine.x, this.#machine.y] = [x, y];
  }
}
