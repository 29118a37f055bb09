import { expect, it } from "vitest";
import { checkCodec, growth } from "../../../test/support/codec.ts";
import { ToyDecoder } from "./codec.ts";

it("toy codec: 10,000 random and mutated inputs", () => {
  checkCodec({
    open: () => new ToyDecoder(),
    samples: ["HELLO ann\r\nHELLO bob\r\n", "HELLO\r\n", `${"x".repeat(1000)}\r\n`],
    words: ["HELLO", " ", "\r", "\n", "\r\n", "ann"],
    runs: 10_000,
  });
});

it("toy codec: a line without end costs no memory", () => {
  const piece = Buffer.alloc(64 * 1024, "x");
  const left = growth(() => {
    const decoder = new ToyDecoder();
    for (let i = 0; i < 1000; i++) decoder.push(piece);
    return decoder;
  });
  expect(left).toBeLessThan(4 * 1024 * 1024);
});
