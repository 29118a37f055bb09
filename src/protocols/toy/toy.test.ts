import { describe, expect, it } from "vitest";
import { checkCodec, decode } from "../../../test/support/codec.ts";
import { MAX_LINE, ToyDecoder } from "./codec.ts";

const messages = (text: string) => decode(new ToyDecoder(), [Buffer.from(text, "latin1")]);

describe("toy codec", () => {
  it("reads greetings, many in one piece", () => {
    expect(messages("HELLO ann\r\nHELLO bob\r\n")).toEqual([
      { kind: "hello", name: "ann", at: [0, 11] },
      { kind: "hello", name: "bob", at: [11, 22] },
    ]);
  });

  it("calls everything else odd", () => {
    const long = "x".repeat(MAX_LINE + 50);
    expect(messages(`hello ann\r\n${long}\r\nHELLO`)).toEqual([
      { kind: "odd", what: "not a greeting", text: "hello ann", at: [0, 11] },
      { kind: "odd", what: "line too long", text: "x".repeat(MAX_LINE), at: [11, 13 + long.length] },
      { kind: "odd", what: "unfinished line", text: "HELLO", at: [13 + long.length, 18 + long.length] },
    ]);
  });

  it("keeps the laws of every codec", () => {
    checkCodec({
      open: () => new ToyDecoder(),
      samples: ["HELLO ann\r\nHELLO bob\r\n", "HELLO\r\n", `${"x".repeat(1000)}\r\n`],
      words: ["HELLO", " ", "\r", "\n", "\r\n", "ann"],
      runs: 300,
    });
  });
});
