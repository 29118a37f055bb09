/**
 * Takes a PCL 5 stream apart: text, control codes, escape sequences with their binary data, HP-GL/2 in between.
 * Any bytes are taken, cut anywhere, and nothing throws: what is no sequence is dropped up to the byte that broke it.
 *
 * PCL 5 Printer Language Technical Reference Manual, chapter 2 (syntax), chapter 3 (UEL, display functions).
 */

/** A piece of the stream. `at` is where it began. A long text or plot may come as several pieces. */
export type Token =
  /** Codes from 32 on, as they came. */
  | { kind: "text"; at: number; bytes: Uint8Array }
  /** A code below 32 but ESC. */
  | { kind: "control"; at: number; code: number }
  /** Two-character sequence, by its second character: `E`, `9`, `=`. */
  | { kind: "escape"; at: number; final: string }
  | Command
  /** Between ESC%#B and the next escape sequence. */
  | { kind: "hpgl"; at: number; bytes: Uint8Array };

/** Parameterized sequence, one parameter each: ESC&l1o2A is two of them, `&lO` and `&lA`. */
export interface Command {
  kind: "command";
  at: number;
  /** Parameterized character, group character if any, and termination character in upper case. */
  name: string;
  value: number;
  /** A sign makes many values relative. */
  sign: "" | "+" | "-";
  data?: Uint8Array;
}

/** A value has no more digits than this that count. */
const DIGITS = 12;
/** Of a line of PJL, this many bytes are looked at. */
const LINE = 256;
const UEL = "\x1b%-12345X";
const ESC = 0x1b;

/** Sequences whose value is the number of bytes after it. All end in W, but not all that do are such. */
const CARRIES = /^(?:[()*].?W|&[bimnp]W|&pX|\*bV)$/;

type State =
  | "ground"
  | "escape"
  | "group"
  | "value"
  | "data"
  | "display" // everything is printed
  | "displayed-escape"
  | "job-control" // lines of PJL
  | "foreign"; // another language up to the next UEL

export class PclParser {
  readonly #emit: (token: Token) => void;
  #state: State = "ground";
  #plotting = false;
  /** Position of the byte looked at, and of the sequence under way. */
  #at = 0;
  #began = 0;
  #prefix = "";
  #sign: "" | "+" | "-" = "";
  #digits = "";
  #pending: Command | undefined;
  #last = false;
  #missing = 0;
  #pieces: Uint8Array[] = [];
  #line = "";

  constructor(emit: (token: Token) => void) {
    this.#emit = emit;
  }

  push(bytes: Uint8Array): void {
    const start = this.#at;
    let i = 0;
    while (i < bytes.length) {
      this.#at = start + i;
      if (this.#state === "data") i += this.#take(bytes, i);
      else if (this.#state === "ground" && bytes[i] !== ESC) i += this.#run(bytes, i);
      else if (this.#step(bytes[i]!)) i++;
    }
    this.#at = start + bytes.length;
  }

  /** Gives what was left unfinished: data cut short, a line that only looked like PJL. */
  end(): void {
    if (this.#state === "data") this.#finish();
    if (this.#state === "job-control") this.#leaveJobControl();
    this.#state = "ground";
  }

  /** A stretch of text, or one control code. Gives how many bytes it took. */
  #run(bytes: Uint8Array, from: number): number {
    let to = from;
    if (this.#plotting) {
      while (to < bytes.length && bytes[to] !== ESC) to++;
      this.#emit({ kind: "hpgl", at: this.#at, bytes: bytes.subarray(from, to) });
      return to - from;
    }
    while (to < bytes.length && bytes[to]! >= 0x20) to++;
    if (to > from) this.#emit({ kind: "text", at: this.#at, bytes: bytes.subarray(from, to) });
    else this.#emit({ kind: "control", at: this.#at, code: bytes[from]! });
    return Math.max(1, to - from);
  }

  /** Binary data of a sequence. Gives how many bytes it took. */
  #take(bytes: Uint8Array, from: number): number {
    const piece = bytes.subarray(from, from + this.#missing);
    this.#pieces.push(piece);
    this.#missing -= piece.length;
    if (this.#missing === 0) this.#finish();
    return piece.length;
  }

  #finish(): void {
    const command = this.#pending!;
    command.data = this.#pieces.length === 1 ? this.#pieces[0]! : joined(this.#pieces);
    this.#pieces = [];
    this.#state = this.#last ? "ground" : "value";
    this.#emit(command);
  }

  /** One byte of a sequence. False when it ended the sequence and does not belong to it. */
  #step(byte: number): boolean {
    switch (this.#state) {
      case "ground":
        return this.#begin("escape");
      case "escape":
        return this.#second(byte);
      case "group":
        this.#sign = this.#digits = "";
        this.#state = "value";
        if (byte < 0x60 || byte > 0x7e) return false;
        this.#prefix += String.fromCharCode(byte);
        return true;
      case "value":
        return this.#parameter(byte);
      case "display":
        if (byte === ESC) return this.#begin("displayed-escape");
        if (byte >= 0x20) this.#emit({ kind: "text", at: this.#at, bytes: Uint8Array.of(byte) });
        else if (byte === 0x0d) for (const code of [13, 10]) this.#emit({ kind: "control", at: this.#at, code });
        return true;
      case "displayed-escape":
        this.#state = byte === 0x5a ? "ground" : "display";
        return byte === 0x5a;
      case "job-control":
        return this.#jobControl(byte);
      case "foreign":
        return this.#foreign(byte);
      case "data":
        return true;
    }
  }

  #begin(state: State): true {
    this.#began = this.#at;
    this.#state = state;
    return true;
  }

  #second(byte: number): boolean {
    this.#prefix = String.fromCharCode(byte);
    this.#state = "ground";
    if (byte >= 0x21 && byte <= 0x2f) this.#state = "group";
    else if (byte >= 0x30 && byte <= 0x7e) this.#twoCharacters(this.#prefix);
    else return false;
    return true;
  }

  #twoCharacters(final: string): void {
    if (final === "E") this.#plotting = false;
    if (final === "Y") this.#state = "display";
    this.#emit({ kind: "escape", at: this.#began, final });
  }

  #parameter(byte: number): boolean {
    if ((byte >= 0x30 && byte <= 0x39) || byte === 0x2e) {
      if (this.#digits.length < DIGITS) this.#digits += String.fromCharCode(byte);
    } else if ((byte === 0x2b || byte === 0x2d) && this.#digits === "" && this.#sign === "") {
      this.#sign = byte === 0x2b ? "+" : "-";
    } else if (byte >= 0x40 && byte <= 0x7e && byte !== 0x5f) {
      this.#command(byte);
    } else {
      this.#state = "ground";
      return false;
    }
    return true;
  }

  #command(byte: number): void {
    const last = byte < 0x60;
    const name = this.#prefix + String.fromCharCode(last ? byte : byte - 0x20);
    const size = Number.parseFloat(this.#digits);
    const value = Number.isFinite(size) ? (this.#sign === "-" ? -size : size) : 0;
    const command: Command = { kind: "command", at: this.#began, name, value, sign: this.#sign };
    this.#sign = this.#digits = "";
    this.#state = last ? "ground" : "value";
    if (CARRIES.test(name) && value >= 1) {
      this.#pending = command;
      this.#last = last;
      this.#missing = Math.floor(value);
      this.#state = "data";
      return;
    }
    if (name === "%B") this.#plotting = true;
    if (name === "%A" || name === "%X") this.#plotting = false;
    if (name === "%X" && value === -12345) {
      this.#state = "job-control";
      this.#line = "";
    }
    this.#emit(command);
  }

  /** After a UEL: as long as lines begin with @PJL they are skipped; the language that one of them enters may be another. */
  #jobControl(byte: number): boolean {
    const blank = this.#line === "" && (byte === 0x0d || byte === 0x0a || byte === 0x20);
    if (blank) return true;
    if (this.#line.length < LINE) this.#line += String.fromCharCode(byte);
    if (!"@PJL".startsWith(this.#line.slice(0, 4).toUpperCase())) this.#leaveJobControl();
    else if (byte === 0x0a) {
      const entered = /^@PJL\s+ENTER\s+LANGUAGE\s*=\s*"?([\w-]+)/i.exec(this.#line)?.[1];
      this.#line = "";
      if (entered !== undefined) this.#state = /^(?:PCL\w*|AUTO)$/i.test(entered) ? "ground" : "foreign";
    }
    return true;
  }

  /** No PJL after all: what was held back is read as PCL. */
  #leaveJobControl(): void {
    const held = Uint8Array.from(this.#line, (one) => one.charCodeAt(0));
    this.#state = "ground";
    const at = this.#at;
    this.#at = at - held.length + 1;
    if (!/^@PJL/i.test(this.#line)) this.push(held);
    this.#line = "";
    this.#at = at;
  }

  #foreign(byte: number): boolean {
    const next = this.#line + String.fromCharCode(byte);
    this.#line = UEL.startsWith(next) ? next : byte === ESC ? "\x1b" : "";
    if (this.#line !== UEL) return true;
    this.#line = "";
    this.#state = "job-control";
    this.#emit({ kind: "command", at: this.#at - UEL.length + 1, name: "%X", value: -12345, sign: "-" });
    return true;
  }
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, one) => sum + one.length, 0));
  let at = 0;
  for (const one of pieces) {
    whole.set(one, at);
    at += one.length;
  }
  return whole;
}
