/**
 * Requests of HTTP/1 (RFC 9112) from a visitor, decoded as leniently as a small device reads them.
 *
 * What only bends the rules (LF alone, folded headers, a header without colon) is a message `odd` beside the request.
 * What breaks the framing is a message `odd` with `fatal`: nothing after it can be told apart, so the decoder says no more.
 */
import { asBuffer, Collector } from "../bytes.ts";
import type { Decoder } from "../contract.ts";
import { bodyFraming, parseHeader, parseRequestLine } from "./head.ts";

/** Bytes of one line, lines of one head, bytes of one head. More than these is a fatal `odd`. */
export const MAX_LINE = 8192;
export const MAX_HEADERS = 100;
export const MAX_HEAD = 32 * 1024;

type Range = [number, number];

/** A whole head. All text is byte text. */
export interface Request {
  kind: "request";
  method: string;
  target: string;
  /** As sent, such as `HTTP/1.1`; empty for a simple request of HTTP/0.9, which has no headers. */
  version: string;
  /** Tabs stand where the request line should have blanks. */
  tabs: boolean;
  /** In the order they came, names as spelled, values without the blanks around them. */
  headers: [string, string][];
  /** Declared bytes of the body; undefined when it is chunked. */
  length: number | undefined;
  at: Range;
}

/** A piece of the body, without its chunk framing. `bytes` is a view; `at` is where it began in the inbound stream. */
export interface BodyPiece {
  kind: "body";
  bytes: Uint8Array;
  at: number;
}

/** The end of a request. `complete` is false when the stream ended before the body did. `at` spans head and body. */
export interface RequestEnd {
  kind: "end";
  bodyBytes: number;
  complete: boolean;
  at: Range;
}

export interface Odd {
  kind: "odd";
  what: string;
  fatal: boolean;
  text: string;
  at: Range;
}

export type HttpMessage = Request | BodyPiece | RequestEnd | Odd;

type State = "start" | "headers" | "body" | "chunk-size" | "chunk-data" | "chunk-end" | "trailers" | "lost";

const LF = 0x0a;
/** A line with a control character is given up after so many bytes: enough to tell TLS and SOCKS, no wait for a line end. */
const BINARY = 3;

export class RequestDecoder implements Decoder<HttpMessage> {
  readonly #line = new Collector(MAX_LINE);
  #state: State = "start";
  /** Bytes pushed before the current piece. */
  #before = 0;
  #requestStart = 0;
  #lineStart = 0;
  #blankSeen = false;
  /** Place of the first control character in the request line. */
  #control = -1;
  #requestLine = "";
  /** Which rules this request was said to bend. */
  #told = new Set<string>();
  #headers: [string, string][] = [];
  #lines = 0;
  /** What is left of the body or of the chunk. */
  #left = 0;
  #bodyBytes = 0;
  #messages: HttpMessage[] = [];

  push(piece: Uint8Array): HttpMessage[] {
    const bytes = asBuffer(piece);
    for (let from = 0; from < bytes.length && this.#state !== "lost";) {
      const inBody = this.#state === "body" || this.#state === "chunk-data";
      from = inBody ? this.#readBody(bytes, from) : this.#readLine(bytes, from);
    }
    this.#before += bytes.length;
    return this.#taken();
  }

  end(): HttpMessage[] {
    if (this.#state === "start" && this.#line.total > 0) this.#lose("unfinished request", this.#before);
    if (this.#state === "headers") this.#loseHead("unfinished request", this.#before);
    if (this.#state !== "start" && this.#state !== "lost") this.#finish(this.#before, false);
    this.#state = "lost";
    return this.#taken();
  }

  #taken(): HttpMessage[] {
    const messages = this.#messages;
    this.#messages = [];
    return messages;
  }

  #readBody(bytes: Buffer, from: number): number {
    const next = Math.min(bytes.length, from + this.#left);
    this.#messages.push({ kind: "body", bytes: bytes.subarray(from, next), at: this.#before + from });
    this.#left -= next - from;
    this.#bodyBytes += next - from;
    if (this.#left === 0) {
      if (this.#state === "body") this.#finish(this.#before + next, true);
      else this.#expect("chunk-end", this.#before + next);
    }
    return next;
  }

  #readLine(bytes: Buffer, from: number): number {
    const found = bytes.indexOf(LF, from);
    const stop = found < 0 ? bytes.length : found;
    const part = bytes.subarray(from, Math.min(stop, from + MAX_LINE - this.#line.total));
    if (this.#state === "start" && this.#isBinary(part)) return bytes.length;
    this.#line.append(part);
    if (from + part.length < stop) {
      this.#lose("line too long", this.#lineStart + MAX_LINE + 1);
      return bytes.length;
    }
    if (found < 0) return bytes.length;
    const end = this.#before + found + 1;
    const line = this.#line.view();
    const length = line.length > 0 && line[line.length - 1] === 0x0d ? line.length - 1 : line.length;
    this.#take(line.toString("latin1", 0, length), end);
    if (this.#state !== "lost") this.#expectLine(end);
    return found + 1;
  }

  /** Gives up on a request line that is no text, at the same byte however it was cut. */
  #isBinary(part: Buffer): boolean {
    const length = this.#line.total;
    for (let i = 0; i < part.length && this.#control < 0; i++) {
      const byte = part[i]!;
      if ((byte < 0x20 && byte !== 0x09 && byte !== 0x0d) || byte === 0x7f) this.#control = length + i;
    }
    if (this.#control < 0) return false;
    const enough = Math.max(BINARY, this.#control + 1);
    if (length + part.length < enough) return false;
    this.#line.append(part.subarray(0, enough - length));
    const first = this.#line.view();
    this.#lose(first[0] === 0x16 && first[1] === 0x03 ? "TLS" : "binary", this.#lineStart + enough);
    return true;
  }

  #take(line: string, end: number): void {
    switch (this.#state) {
      case "start":
        return this.#takeRequestLine(line, end);
      case "headers":
        return line === "" ? this.#takeHead(end) : this.#takeHeader(line, end);
      case "chunk-size":
        return this.#takeChunkSize(line, end);
      case "chunk-end":
        return line === "" ? this.#expect("chunk-size", end) : this.#lose("chunk without end", end);
      case "trailers":
        if (line === "") this.#finish(end, true);
        else if (++this.#lines > MAX_HEADERS) this.#lose("too many headers", end);
    }
  }

  #takeRequestLine(line: string, end: number): void {
    // RFC 9112 2.2: an empty line before a request is ignored. One is; the devices do not take more.
    if (line === "" && !this.#blankSeen) {
      this.#blankSeen = true;
      return;
    }
    this.#requestStart = this.#lineStart;
    const parsed = parseRequestLine(line);
    if (!parsed) return this.#lose("request line", end);
    this.#requestLine = line;
    if (parsed.version !== "") return this.#expect("headers", end);
    this.#messages.push({ kind: "request", ...parsed, headers: [], length: 0, at: [this.#requestStart, end] });
    this.#finish(end, true);
    this.#state = "lost";
  }

  #takeHeader(line: string, end: number): void {
    if (++this.#lines > MAX_HEADERS) return this.#lose("too many headers", end);
    if (end - this.#requestStart > MAX_HEAD) return this.#lose("head too long", end);
    const { header, fold, odd } = parseHeader(line, this.#headers.length > 0);
    if (odd) this.#odd(odd, line, [this.#lineStart, end]);
    if (header) this.#headers.push(header);
    const last = this.#headers.at(-1);
    if (fold && last) last[1] += ` ${fold}`;
  }

  #takeHead(end: number): void {
    const framing = bodyFraming(this.#headers);
    if ("fault" in framing) return this.#loseHead(framing.fault, end);
    if (framing.odd) this.#odd(framing.odd, this.#requestLine, [this.#requestStart, end]);
    const { length } = framing;
    const { method, target, version, tabs } = parseRequestLine(this.#requestLine)!;
    const at: Range = [this.#requestStart, end];
    this.#messages.push({ kind: "request", method, target, version, tabs, headers: this.#headers, length, at });
    this.#left = length ?? 0;
    if (length === 0) this.#finish(end, true);
    else this.#expect(length === undefined ? "chunk-size" : "body", end);
  }

  /** RFC 9112 7.1: hexadecimal size, perhaps extensions after `;`. */
  #takeChunkSize(line: string, end: number): void {
    const size = /^[ \t]*([0-9a-f]{1,12})[ \t]*(?:;|$)/i.exec(line)?.[1];
    if (size === undefined) return this.#lose("chunk size", end);
    this.#left = Number.parseInt(size, 16);
    this.#lines = 0;
    this.#expect(this.#left > 0 ? "chunk-data" : "trailers", end);
  }

  #finish(end: number, complete: boolean): void {
    this.#messages.push({ kind: "end", bodyBytes: this.#bodyBytes, complete, at: [this.#requestStart, end] });
    this.#bodyBytes = 0;
    this.#blankSeen = false;
    this.#headers = [];
    this.#told.clear();
    this.#lines = 0;
    this.#expect("start", end);
  }

  #expect(state: State, at: number): void {
    this.#state = state;
    this.#expectLine(at);
  }

  #expectLine(at: number): void {
    this.#line.clear();
    this.#lineStart = at;
    this.#control = -1;
  }

  #odd(what: string, text: string, at: Range): void {
    if (this.#told.has(what)) return;
    this.#told.add(what);
    this.#messages.push({ kind: "odd", what, fatal: false, text, at });
  }

  /** From here on nothing can be told apart; the fault is in the line that is being read. */
  #lose(what: string, end: number): void {
    this.#giveUp(what, this.#line.view().toString("latin1").replace(/\r$/, ""), [this.#lineStart, end]);
  }

  /** As {@link #lose}, but the fault is in the head as a whole. */
  #loseHead(what: string, end: number): void {
    this.#giveUp(what, this.#requestLine, [this.#requestStart, end]);
  }

  #giveUp(what: string, text: string, at: Range): void {
    this.#messages.push({ kind: "odd", what, fatal: true, text, at });
    this.#line.clear();
    this.#headers = [];
    this.#state = "lost";
  }
}
