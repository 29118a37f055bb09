import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { checkCodec, growth } from "../../../test/support/codec.ts";
import { RequestDecoder } from "./codec.ts";
import { joinBodies, SAMPLES, WORDS } from "../../../test/support/http-samples.ts";

// What a push leaves to be collected is more than what is measured here, so collect before measuring.
setFlagsFromString("--expose-gc");
globalThis.gc = runInNewContext("gc") as NodeJS.GCFunction;

it("http codec: 10,000 random and mutated inputs", () => {
  checkCodec({ open: () => new RequestDecoder(), samples: SAMPLES, words: WORDS, join: joinBodies, runs: 10_000 });
});

it.each([
  ["a request line without end", "", "x"],
  ["a header without end", "GET / HTTP/1.1\r\n", "x"],
  ["headers without end", "GET / HTTP/1.1\r\n", "A: b\r\n"],
  ["folds without end", "GET / HTTP/1.1\r\nA: b\r\n", " c\r\n"],
  ["a body without end", "POST / HTTP/1.1\r\nContent-Length: 999999999999\r\n\r\n", "x"],
  ["chunks without end", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n"],
  ["trailers without end", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "A: b\r\n"],
])("http codec: %s costs no memory", (_name, first, again) => {
  const piece = Buffer.alloc(64 * 1024 - ((64 * 1024) % again.length), again);
  const left = growth(() => {
    const decoder = new RequestDecoder();
    decoder.push(Buffer.from(first));
    for (let i = 0; i < 1000; i++) decoder.push(piece);
    return decoder;
  });
  expect(left).toBeLessThan(2 * 1024 * 1024);
});
