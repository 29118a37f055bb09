import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Collector, DelimiterFinder } from "./bytes.ts";

/** Splits `text` by `delimiter` through a finder that gets it in pieces. */
function split(delimiter: string, pieces: readonly string[]): string[] {
  const finder = new DelimiterFinder(Buffer.from(delimiter, "latin1"));
  const parts = [""];
  const add = (data: Buffer) => (parts[parts.length - 1] += data.toString("latin1"));
  for (const piece of pieces) {
    const bytes = Buffer.from(piece, "latin1");
    for (let from = 0; from < bytes.length;) {
      const { data, next, found } = finder.find(bytes, from);
      data.forEach(add);
      if (found) parts.push("");
      from = next;
    }
  }
  add(finder.release());
  return parts;
}

describe("DelimiterFinder", () => {
  it("finds a delimiter across a cut and gives back a false start", () => {
    expect(split("\r\n\r\n", ["a\r", "\n\r", "\nb"])).toEqual(["a", "b"]);
    expect(split("\r\n\r\n", ["a\r\n", "\rb"])).toEqual(["a\r\n\rb"]);
    expect(split("\r\n\r\n", ["a\r\r\n\r", "\n"])).toEqual(["a\r", ""]);
  });

  it("splits as String.split does, for any delimiter and any cuts", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 12 });
    const delimiter = fc.string({ unit: fc.constantFrom("a", "b"), minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(delimiter, fc.array(letters, { maxLength: 12 }), (delimiter, pieces) => {
        expect(split(delimiter, pieces)).toEqual(pieces.join("").split(delimiter));
      }),
      { numRuns: 1000 },
    );
  });
});

describe("Collector", () => {
  it("keeps the first bytes and counts all", () => {
    const collector = new Collector(100);
    for (let i = 0; i < 150; i++) collector.append(Buffer.from([i]));
    expect(collector.view()).toEqual(Buffer.from(Array.from({ length: 100 }, (_, i) => i)));
    expect([collector.total, collector.overflowed]).toEqual([150, true]);
    collector.clear();
    collector.append(Buffer.from("x"));
    expect([collector.view().toString(), collector.overflowed]).toEqual(["x", false]);
  });
});
