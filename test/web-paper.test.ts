/** Captured paper in words and measures, as the console says and draws it. */
import { describe, expect, it } from "vitest";
import { pagesWord, placesOf, searchHref, wordCount } from "../web/app/jobs.ts";
import { hashLines, paperName, sheetSize, spokenName, spokenTag } from "../web/app/paper.ts";

describe("paper", () => {
  it.each([
    [210, 297, "A4"],
    [297, 209.9, "A4, landscape"],
    [215.9, 279.4, "Letter"],
    [80, 200, "80 by 200\u00a0mm"],
  ])("of %d by %d mm has a name", (width, height, name) => {
    expect(paperName(width, height)).toBe(name);
  });

  it("is drawn in its proportions and within its column", () => {
    expect(sheetSize(148, 210, 297)).toEqual({ width: 148, height: 209 });
    expect(sheetSize(148, 297, 210)).toEqual({ width: 189, height: 134 });
    expect(sheetSize(148, null, null)).toEqual({ width: 148, height: 209 });
    const label = sheetSize(148, 60, 30);
    expect(label.width / label.height).toBeCloseTo(2, 1);
    expect(label.width).toBeLessThan(148);
    const strip = sheetSize(148, 80, 2000);
    expect(strip).toEqual({ width: 40, height: 209 });
  });

  it("is counted as far as it was drawn", () => {
    expect(pagesWord({ status: "ok", pages: 1 })).toBe("1\u00a0page");
    expect(pagesWord({ status: "partial", pages: 3 })).toBe("3 of ? pages");
    expect(pagesWord({ status: "failed", pages: 0 })).toBe("0 of ? pages");
    expect(pagesWord({ status: "unsupported", pages: 0 })).toBe("not drawn");
  });
});

describe("what stands beside it", () => {
  it("names languages, and leaves codes that are none", () => {
    expect(spokenName("deu")).toBe("German");
    expect(spokenName("eng")).toBe("English");
    expect(spokenName("<b>")).toBe("<b>");
    expect(["deu", "<b>", null].map(spokenTag)).toEqual(["de", undefined, undefined]);
  });

  it("groups hashes", () => {
    expect(hashLines("0123456789abcdef".repeat(4))).toEqual(Array(2).fill("01234567 89abcdef 01234567 89abcdef"));
  });

  it("searches for exactly what stands there", () => {
    const { searchParams } = new URL(searchHref("indicator", 'a "b" \\c'), "http://x");
    expect(searchParams.get("q")).toBe('indicator:"a \\"b\\" \\\\c"');
  });

  it("counts words as readings do", () => {
    expect(wordCount("Call today: 555-0100, offer 12")).toBe(6);
    expect(wordCount("打印机 ok")).toBe(4);
    expect(wordCount("\x1b ---")).toBe(0);
  });

  it("finds a name by the bytes of the text", () => {
    expect(placesOf("Laser 1", "für LASER 1, laser 1")).toEqual([
      { from: 5, to: 12 },
      { from: 14, to: 21 },
    ]);
    expect(placesOf(null, "x")).toEqual([]);
    expect(placesOf("", "x")).toEqual([]);
  });
});
