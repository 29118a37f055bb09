import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { byteCell, csvCell, csvLine } from "./csv.ts";

describe("CSV", () => {
  it.each([
    ["=1+1", `"'=1+1"`],
    ["+1", `"'+1"`],
    ["-1", `"'-1"`],
    ["@SUM(A1)", `"'@SUM(A1)"`],
    ["\t=1", `"'\t=1"`],
    ["\r=1", `"'\r=1"`],
    ["  =1", `"'  =1"`],
    ["\uFF1D1", `"'\uFF1D1"`],
    ['say "hi", you', `"say ""hi"", you"`],
    ["plain", `"plain"`],
  ])("writes %j as %s", (text, cell) => {
    expect(csvCell(text)).toBe(cell);
  });

  it("leaves numbers and nothing as they are", () => {
    expect(csvLine([1, -2, null, undefined, true])).toBe("1,-2,,,true\r\n");
  });

  it("keeps byte text on one line, and its formula seen", () => {
    expect(byteCell("a\r\nb\x1b[2J")).toBe("a<CR><LF>b<ESC>[2J");
    expect(csvCell(byteCell("\x09=cmd"))).toBe(`"'<HT>=cmd"`);
    expect(byteCell(null)).toBeNull();
  });

  it("never begins a cell of text with a formula, and is read again as it was written", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const cell = csvCell(text);
        expect(cell).not.toMatch(/^"[=+\-@\t\r]/);
        const read = cell.slice(1, -1).replaceAll('""', '"');
        expect([text, `'${text}`]).toContain(read);
        expect(cell.slice(1, -1).replaceAll('""', "")).not.toContain('"');
      }),
    );
  });
});
