import { expect, it } from "vitest";
import { checkCodec, growth } from "../../../test/support/codec.ts";
import { PJL_LAWS } from "../../../test/support/pjl-codec.ts";
import { PjlDecoder } from "./codec.ts";

it("PJL codec: 10,000 random and mutated inputs", () => checkCodec({ ...PJL_LAWS, runs: 10_000 }));

it.each([
  ["a job", "x"],
  ["a line without end", "@PJL COMMENT "],
  ["beginnings of a UEL", "text\x1b%-12345"],
  ["blanks", " \r\n"],
  ["a file", "@PJL FSDOWNLOAD SIZE=2147483647\n"],
])("PJL codec: %s of 64 MiB costs no memory", (_, text) => {
  const piece = Buffer.from(text.repeat(Math.ceil((64 * 1024) / text.length)), "latin1");
  const left = growth(() => {
    const decoder = new PjlDecoder();
    decoder.push(Buffer.from(text, "latin1"));
    for (let i = 0; i < 1000; i++) decoder.push(piece);
    return decoder;
  });
  expect(left).toBeLessThan(8 * 1024 * 1024);
});
