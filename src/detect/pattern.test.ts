import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compilePattern } from "./pattern.ts";

/** Pieces of patterns that do not stand for themselves, with what they match. */
const SAMPLES: Record<string, string> = {
  "xyz?": "xy",
  "(?:one|two)": "two",
  "[a-f]+": "fa",
  "\\d{2}": "07",
  "q*": "",
  "\\.": ".",
  "w+": "ww",
};

describe("patterns", () => {
  it.each([
    ["^DELIMITER[0-9]{1,5}$", "DELIMITER"],
    ["(?i)JOBMEDIA\\s*=\\s*OFF", "jobmedia"],
    ["a+bcd?efgh*", "efg"],
    ["\\x1bE\\x41\\.cfg(x|y)", ".cfg"],
    ["(never|mind)then [abc]some words", "some words"],
    ["\\p{Greek}abc", "abc"],
  ])("%s contains %s", (source, literal) => {
    expect(compilePattern(source).literals).toEqual([literal]);
  });

  it.each(["one|another", "ab", "[a\\]bcd]", "x{3}y?z", "\\x41\\x42\\x43"])(
    "%s needs literals to be named",
    (source) => {
      expect(() => compilePattern(source)).toThrow("name `literals`");
      expect(compilePattern(source, ["x"]).literals).toEqual(["x"]);
    },
  );

  it("refuses what is no RE2 syntax", () => {
    expect(() => compilePattern("(?<=abc)def", ["def"])).toThrow();
    expect(() => compilePattern("(abc", ["abc"])).toThrow();
  });

  it("never loses a match to a literal that was found out", () => {
    const parts = fc.constantFrom("abc", ...Object.keys(SAMPLES));
    fc.assert(
      fc.property(fc.array(parts, { minLength: 1, maxLength: 5 }), fc.string(), (pieces, noise) => {
        const source = pieces.join("");
        const sample = pieces.map((piece) => SAMPLES[piece] ?? piece).join("");
        let pattern;
        try {
          pattern = compilePattern(source);
        } catch {
          return;
        }
        const text = `${noise}${sample}${noise}`;
        expect(pattern.find(text)).toBeDefined();
        expect(pattern.literals.some((literal) => text.includes(literal))).toBe(true);
      }),
    );
  });

  it("stays linear on text made to be slow", () => {
    const pattern = compilePattern("(x+x+)+y", ["x"]);
    const begin = performance.now();
    expect(pattern.find("x".repeat(4096))).toBeUndefined();
    expect(performance.now() - begin).toBeLessThan(1_000);
  });
});
