/**
 * The stream of port 9100: PJL lines, and between them the data of jobs.
 *
 * The printer reads PJL at the beginning of a connection and after each UEL (`ESC %-12345X`), as long as lines begin with `@PJL`.
 * Anything else, and everything after ENTER LANGUAGE, is data up to the next UEL or the end of the connection.
 * The lines of some commands are followed by binary data: as many bytes as their SIZE says, whatever they are.
 * White space, NUL and Ctrl-D between UEL, PJL lines and the end print nothing and are no message; before data they belong to it.
 * PJL Technical Reference Manual, chapters 2, 4 and 9.
 */
import { asBuffer, Collector, DelimiterFinder } from "../bytes.ts";
import type { Decoder } from "../contract.ts";
import { optionValue, parseLine } from "./parse.ts";

/** Bytes of a line that are kept. A longer line is swallowed to its end. */
export const MAX_LINE = 8192;
/** White space that may stand where PJL is expected; with more of it, it is data. */
export const MAX_BLANKS = 4096;

export const UEL = Buffer.from("\x1b%-12345X", "latin1");
const PJL = Buffer.from("@PJL", "latin1");
const [AT, LF, CR] = [0x40, 0x0a, 0x0d];
const BLANK = new Set([0x00, 0x04, 0x09, LF, CR, 0x20]);

type Range = [number, number];
/** Bytes that follow a line as its data; `uel`: all up to the next UEL. */
export type DataLength = number | "uel";
/** What ended a line: a line end, the UEL, the end of the stream, or a line end further on than a line may be long. */
export type LineEnd = "line end" | "uel" | "end" | "too long";

/** `at`: first and past-the-last byte in the inbound stream. */
export type PjlMessage =
  | { kind: "uel"; at: Range }
  /** `text`: byte text from `@PJL` on, without line end. `at` includes the line end, not a UEL. */
  /** `data`: binary data follows; a `data-end` comes for certain, even where there are no bytes. */
  | { kind: "line"; text: string; ended: LineEnd; at: Range; data?: DataLength }
  /** A piece of a job, a view of what was pushed or a copy. Pieces of a job follow each other without a gap. */
  | { kind: "data"; bytes: Buffer; at: Range }
  /** The job is over: a UEL follows, the stream ended, or it has its `size`. `at`: all of its bytes. */
  | { kind: "data-end"; by: "uel" | "end" | "size"; at: Range };

/** Commands that data follows. `sized`: only where the line has a SIZE; else without it all up to the UEL is data. */
const CARRIERS: ReadonlyMap<string, "sized" | "always"> = new Map([
  ["FSDOWNLOAD", "always"],
  ["FSAPPEND", "always"],
  ["UPGRADE", "sized"],
  ["LPROGRAMRIP", "sized"],
]);
const MAX_SIZE = 2 ** 31 - 1;

export class PjlDecoder implements Decoder<PjlMessage> {
  readonly #uel = new DelimiterFinder(UEL);
  /** A line, or the blanks before something yet unknown. */
  readonly #line = new Collector(MAX_LINE);
  readonly #blanks = new Collector(MAX_BLANKS);
  readonly #knows: (command: string) => boolean;
  #state: "between" | "line" | "data" | "sized" = "between";
  /** How many bytes of the data in hand are to come, in state `sized`. */
  #left = 0;
  /** ENTER LANGUAGE was read: `@PJL` is data as well until the next UEL. */
  #entered = false;
  /** How many bytes of which word stand at the end of what came between lines. */
  #word: Buffer = UEL;
  #matched = 0;
  /** Position of the piece's first byte, and where the line or job in hand began. */
  #base = 0;
  #start = 0;
  #out: PjlMessage[] = [];

  /** `knows`: whether the device knows a command, given in capitals. What it does not know has no data behind it. */
  constructor(knows: (command: string) => boolean = () => true) {
    this.#knows = knows;
  }

  push(piece: Uint8Array): PjlMessage[] {
    const bytes = asBuffer(piece);
    for (let from = 0; from < bytes.length;) {
      if (this.#state === "between") from = this.#between(bytes, from);
      else if (this.#state === "line") from = this.#inLine(bytes, from);
      else if (this.#state === "sized") from = this.#inSized(bytes, from);
      else from = this.#inData(bytes, from);
    }
    this.#base += bytes.length;
    return this.#take();
  }

  end(): PjlMessage[] {
    if (this.#state === "between" && this.#matched > 0) this.#beginData(this.#base);
    if (this.#state === "line") {
      this.#line.append(this.#uel.release());
      this.#endLine("end", this.#base);
    } else if (this.#state !== "between") {
      const rest = this.#uel.release();
      this.#data(rest, this.#base - rest.length);
      this.#endData("end", this.#base);
    }
    this.#state = "between";
    return this.#take();
  }

  #take(): PjlMessage[] {
    const out = this.#out;
    this.#out = [];
    return out;
  }

  /** Skips blanks up to a UEL or `@PJL`; anything else begins a job, with the blanks before it. */
  #between(bytes: Buffer, from: number): number {
    let i = from;
    if (this.#matched === 0) {
      while (i < bytes.length && BLANK.has(bytes[i]!) && this.#blanks.total + i - from < MAX_BLANKS) i++;
      this.#blanks.append(bytes.subarray(from, i));
      if (i === bytes.length) return i;
      this.#word = bytes[i] === AT && !this.#entered ? PJL : UEL;
    }
    while (i < bytes.length && this.#matched < this.#word.length && bytes[i] === this.#word[this.#matched]) {
      i++;
      this.#matched++;
    }
    if (this.#matched === this.#word.length) this.#begin(this.#base + i);
    else if (i < bytes.length) this.#beginData(this.#base + i);
    return i;
  }

  /** A UEL or `@PJL` is complete, before byte `end`. */
  #begin(end: number): void {
    this.#matched = 0;
    this.#blanks.clear();
    if (this.#word === UEL) return this.#uelAt(end);
    this.#state = "line";
    this.#start = end - PJL.length;
    this.#line.append(PJL);
  }

  #uelAt(end: number): void {
    this.#state = "between";
    this.#entered = false;
    this.#out.push({ kind: "uel", at: [end - UEL.length, end] });
  }

  /** What came since the last message is data after all. `end`: its end. */
  #beginData(end: number): void {
    const blanks = Buffer.from(this.#blanks.view());
    const word = this.#word.subarray(0, this.#matched);
    this.#state = "data";
    this.#start = end - word.length - blanks.length;
    this.#data(blanks, this.#start);
    this.#data(word, end - word.length);
    this.#blanks.clear();
    this.#matched = 0;
  }

  #data(bytes: Buffer, at: number): void {
    if (bytes.length > 0) this.#out.push({ kind: "data", bytes, at: [at, at + bytes.length] });
  }

  #inLine(bytes: Buffer, from: number): number {
    const lineEnd = bytes.indexOf(LF, from);
    const part = lineEnd < 0 ? bytes : bytes.subarray(0, lineEnd);
    const { data, next, found } = this.#uel.find(part, from);
    for (const piece of data) this.#line.append(piece);
    if (found) {
      this.#endLine("uel", this.#base + next - UEL.length);
      this.#uelAt(this.#base + next);
      return next;
    }
    if (lineEnd < 0) return next;
    this.#line.append(this.#uel.release());
    this.#endLine("line end", this.#base + lineEnd + 1);
    return lineEnd + 1;
  }

  /** The line in hand is over, before byte `end`. */
  #endLine(by: LineEnd, end: number): void {
    const bytes = this.#line.view();
    const ended = this.#line.overflowed ? "too long" : by;
    const length = ended === "line end" && bytes.at(-1) === CR ? bytes.length - 1 : bytes.length;
    const text = bytes.toString("latin1", 0, length);
    const data = ended === "line end" ? this.#dataLength(text) : undefined;
    this.#out.push({ kind: "line", text, ended, at: [this.#start, end], ...(data === undefined ? {} : { data }) });
    this.#line.clear();
    this.#state = "between";
    this.#entered = ended === "line end" && entersLanguage(text);
    if (data !== undefined) this.#beginBinary(data, end);
  }

  #dataLength(text: string): DataLength | undefined {
    const { command, argument } = parseLine(text);
    const carries = CARRIERS.get(command);
    if (carries === undefined || !this.#knows(command)) return undefined;
    const size = optionValue(argument, "SIZE") ?? "";
    if (/^\d{1,10}$/.test(size) && Number(size) <= MAX_SIZE) return Number(size);
    return carries === "always" ? "uel" : undefined;
  }

  #beginBinary(length: DataLength, at: number): void {
    this.#start = at;
    this.#state = length === "uel" ? "data" : "sized";
    this.#left = length === "uel" ? 0 : length;
    if (length === 0) this.#endData("size", at);
  }

  /** The data in hand is over, before byte `end`. */
  #endData(by: "uel" | "end" | "size", end: number): void {
    this.#out.push({ kind: "data-end", by, at: [this.#start, end] });
    this.#state = "between";
  }

  #inSized(bytes: Buffer, from: number): number {
    const next = Math.min(bytes.length, from + this.#left);
    this.#data(bytes.subarray(from, next), this.#base + from);
    this.#left -= next - from;
    if (this.#left === 0) this.#endData("size", this.#base + next);
    return next;
  }

  #inData(bytes: Buffer, from: number): number {
    const held = this.#uel.held;
    const { data, next, found } = this.#uel.find(bytes, from);
    let at = this.#base + from - held;
    for (const piece of data) {
      this.#data(piece, at);
      at += piece.length;
    }
    if (found) {
      this.#endData("uel", at);
      this.#uelAt(this.#base + next);
    }
    return next;
  }
}

function entersLanguage(line: string): boolean {
  const { command, argument } = parseLine(line);
  return command === "ENTER" && optionValue(argument, "LANGUAGE") !== undefined;
}
