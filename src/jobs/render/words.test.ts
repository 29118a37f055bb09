import { expect, it } from "vitest";
import { READING } from "../reading.ts";
import { tidyText, wordsFrom } from "./words.ts";

it("leaves out the margin, trailing blanks and empty lines, and keeps the columns", () => {
  expect(tidyText("\n\n    Toner   9.99  \r\n\r\n\r\n\r\n      Paper   1\f")).toBe("Toner   9.99\n\n  Paper   1");
  expect(tidyText("  \n \n")).toBe("");
});

it("gives Unicode and no more than a page may have, in time that grows with the length", () => {
  expect(tidyText("\ud800x")).toBe("\ufffdx");
  const begun = performance.now();
  expect(tidyText(`x${" ".repeat(1e6)}y\n`.repeat(3)).length).toBeLessThanOrEqual(READING.pageText);
  expect(tidyText(`${"a\n".repeat(1e5)}${"\n".repeat(1e5)}b`).length).toBeLessThanOrEqual(READING.pageText);
  expect(performance.now() - begun).toBeLessThan(2000);
});

it.each([
  ["", "none"],
  [" \n", "none"],
  ["words", "stream"],
  ["\u0001\u0002\u0003a", "glyphs"],
  ["\ue001\ue002", "glyphs"],
  ["mostly words \ufffd", "stream"],
])("tells where %j is from", (text, from) => {
  expect(wordsFrom(text)).toBe(from);
});
