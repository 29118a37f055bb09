import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawPattern, matchesPattern, parsePattern, patternSize, type Pattern } from "./pattern.ts";
import { randomOf } from "./random.ts";

function pattern(text: string): Pattern {
  const parsed = parsePattern(text);
  if ("error" in parsed) throw new Error(parsed.error);
  return parsed.pattern;
}

describe("patterns", () => {
  it("stand for what they say", () => {
    const serial = pattern("VN[B-D9]@#<001-360>");
    expect(patternSize(serial)).toBe(4 * 26 * 10 * 360);
    expect(matchesPattern(serial, "VNCX7042")).toBe(true);
    for (const wrong of ["VNAX7042", "VNCX7361", "VNCX7000", "VNCX704", "VNCX70421", "VNCX7 42", ""]) {
      expect(matchesPattern(serial, wrong)).toBe(false);
    }
  });

  it.each(["<9-1>", "<9-", "[]", "[Z-A]", "[A-]", "[-A]", "a]"])("%s is none", (text) => {
    expect(parsePattern(text)).toHaveProperty("error");
  });

  it("match whatever is drawn from them", () => {
    const piece = fc.constantFrom("#", "@", "[A-F0-9]", "[XY]", "<007-365>", "Q", "-", "0");
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.string(), (pieces, seed) => {
        const parsed = pattern(pieces.join(""));
        expect(matchesPattern(parsed, drawPattern(parsed, randomOf(seed)))).toBe(true);
      }),
    );
  });
});
