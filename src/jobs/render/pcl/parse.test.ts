import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Token } from "./parse.ts";
import { PclParser } from "./parse.ts";

const bytes = (text: string) => Buffer.from(text, "latin1");

/** One line a token; text and plots in one piece however they came. */
function read(pieces: readonly Uint8Array[]): string[] {
  const tokens: Token[] = [];
  const parser = new PclParser((token) => tokens.push(token));
  for (const piece of pieces) parser.push(piece);
  parser.end();
  const lines: string[] = [];
  let last = "";
  for (const token of tokens) {
    const joins = (token.kind === "text" || token.kind === "hpgl") && last === token.kind;
    if (joins) lines[lines.length - 1] += shown(token.bytes);
    else lines.push(line(token));
    last = token.kind;
  }
  return lines;
}

function line(token: Token): string {
  switch (token.kind) {
    case "text":
    case "hpgl":
      return `${token.at} ${token.kind} ${shown(token.bytes)}`;
    case "control":
      return `${token.at} control ${token.code}`;
    case "escape":
      return `${token.at} ESC ${token.final}`;
    case "command":
      return `${token.at} ${token.name} ${token.sign === "+" ? "+" : ""}${token.value}${token.data ? ` [${shown(token.data)}]` : ""}`;
  }
}

function shown(some: Uint8Array): string {
  return JSON.stringify(Buffer.from(some).toString("latin1")).slice(1, -1);
}

/** What it is about, the stream, the pieces. */
const TRANSCRIPTS: [string, string, string[]][] = [
  ["text and controls", "Hi\r\n\tyou", ["0 text Hi", "2 control 13", "3 control 10", "4 control 9", "5 text you"]],
  ["two characters", "\x1bE\x1b9\x1b=", ["0 ESC E", "2 ESC 9", "4 ESC ="]],
  ["parameters", "\x1b&l26A\x1b*p-12.5X", ["0 &lA 26", "6 *pX -12.5"]],
  ["a sign", "\x1b&a+3C\x1b&a3C", ["0 &aC +3", "6 &aC 3"]],
  ["combined", "\x1b&l1o2e6D.", ["0 &lO 1", "0 &lE 2", "0 &lD 6", "9 text ."]],
  ["no group", "\x1b(8U\x1b)10Ux", ["0 (U 8", "4 )U 10", "9 text x"]],
  ["no value", "\x1b*rB\x1b(s0p@", ["0 *rB 0", "4 (sP 0", "4 (s@ 0"]],
  ["data", "\x1b*b3W\x1bE\nx", ["0 *bW 3 [\\u001bE\\n]", "8 text x"]],
  [
    "data within a combination",
    "\x1b*b2v\x01\x02w1Wz.",
    ["0 *bV 2 [\\u0001\\u0002]", "0 *bW 0", "0 *bW 1 [z]", "11 text ."],
  ],
  ["data cut short", "\x1b(s9Wabc", ["0 (sW 9 [abc]"]],
  ["W that carries nothing", "\x1b&k1Wabc", ["0 &kW 1", "5 text abc"]],
  ["transparent data", "\x1b&p2X\x0c\x1b", ["0 &pX 2 [\\f\\u001b]"]],
  ["a byte outside the grammar", "\x1b&l1\x1bE", ["4 ESC E"]],
  ["a byte outside the grammar, printed", "\x1b&l2 x", ["4 text  x"]],
  ["ESC and a control", "\x1b\nx", ["1 control 10", "2 text x"]],
  ["display functions", "\x1bYa\x1bE\rb\x1bZc", ["0 ESC Y", "2 text aE", "5 control 13", "5 control 10", "6 text bc"]],
  ["a plot", "\x1b%0BPU1,2;\x1b%0Ax", ["0 %B 0", "4 hpgl PU1,2;", "10 %A 0", "14 text x"]],
  ["job control", "\x1b%-12345X@PJL SET COPIES=2\r\n@PJL ENTER LANGUAGE = PCL\r\nHi", ["0 %X -12345", "55 text Hi"]],
  [
    "another language",
    "\x1b%-12345X@PJL ENTER LANGUAGE=POSTSCRIPT\n%!PS\n\x1b%-12345XHi",
    ["0 %X -12345", "45 %X -12345", "54 text Hi"],
  ],
  ["no job control", "\x1b%-12345X@PJaHi\x1b%-12345X", ["0 %X -12345", "9 text @PJaHi", "15 %X -12345"]],
];

describe("the PCL parser", () => {
  it.each(TRANSCRIPTS)("reads %s", (_, stream, expected) => {
    expect(read([bytes(stream)])).toEqual(expected);
  });

  it.each(TRANSCRIPTS)("reads %s byte by byte", (_, stream, expected) => {
    expect(read(Array.from(bytes(stream), (byte) => Uint8Array.of(byte)))).toEqual(expected);
  });

  it("reads the same however it is cut", () => {
    const noise = fc.uint8Array({ maxLength: 60 });
    const stream = fc.array(fc.oneof(fc.constantFrom(...TRANSCRIPTS.map((one) => bytes(one[1]))), noise), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(stream, fc.array(fc.nat(200), { maxLength: 8 }), (parts, cuts) => {
        const whole = Buffer.concat(parts);
        const at = [0, ...cuts.filter((one) => one < whole.length).sort((a, b) => a - b), whole.length];
        const pieces = at.slice(1).map((to, i) => whole.subarray(at[i], to));
        expect(read(pieces)).toEqual(read([whole]));
      }),
      { numRuns: 500 },
    );
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (noise) => {
        read([noise, bytes("\x1b*b99999999999W"), noise]);
      }),
    );
  });
});
