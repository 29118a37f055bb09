/** Visitor text as the console shows it: cut, decoded and boxed by a pure function. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { byteTextOf, escaped, pieces, plain } from "../web/app/visitor-text.ts";

const shown = (bytes: string, max?: number) => plain(bytes, max ?? bytes.length);
const bytes = (...codes: number[]) => String.fromCharCode(...codes);

describe("visitor text", () => {
  it.each([
    ["terminal escape", "\x1b]0;owned\x07\x1b[2J", "<ESC>]0;owned<BEL><ESC>[2J"],
    ["right-to-left override", byteTextOf("invoice\u202efdp.exe"), "invoice<RLO>fdp.exe"],
    ["markup", "<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"],
    ["bytes that are not text", bytes(0x16, 0x03, 0x01, 0xfc, 0x80, 0xff), "<SYN><ETX><SOH><FC><80><FF>"],
    ["invisible letters", byteTextOf("ad\u200bmin\ufeff"), "ad<ZWSP>min<BOM>"],
    ["line ends", "GET / HTTP/1.1\r\nHost: x\n", "GET / HTTP/1.1<CR><LF>Host: x<LF>"],
    ["UTF-8", byteTextOf("Grüße, 世界 🖨"), "Grüße, 世界 🖨"],
    ["tags and format characters", byteTextOf("a\u{e0041}b\u2064c"), "a<U+E0041>b<U+2064>c"],
    ["a no-break space and a tab", byteTextOf("a\u00a0b\tc"), "a<NBSP>b<HT>c"],
    ["overlong UTF-8", bytes(0xc0, 0xaf, 0xe0, 0x80, 0xaf), "<C0><AF><E0><80><AF>"],
    ["a surrogate in UTF-8", bytes(0xed, 0xa0, 0x80), "<ED><A0><80>"],
    ["past the end of Unicode", bytes(0xf4, 0x90, 0x80, 0x80), "<F4><90><80><80>"],
    ["a sequence cut off", bytes(0x41, 0xe4, 0xb8), "A<E4><B8>"],
    ["piled accents", byteTextOf(`e${"\u0301".repeat(4)}`), "e\u0301\u0301<U+0301><U+0301>"],
  ])("%s", (_, sent, expected) => expect(shown(sent)).toBe(expected));

  it("loses no byte, whatever comes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.integer({ min: 1, max: 200 }), (sent, max) => {
        const text = bytes(...sent);
        const whole = pieces(text).reduce(
          (sum, piece) => sum + (piece.kind === "text" ? byteTextOf(piece.text).length : 0),
          0,
        );
        expect(whole).toBeLessThanOrEqual(text.length);
        const cut = pieces(text, { max });
        const left = cut.reduce((sum, piece) => sum + (piece.kind === "cut" ? piece.bytes : 0), 0);
        expect(text.length - left).toBeLessThanOrEqual(max + 3);
        if (text.length <= max) expect(left).toBe(0);
      }),
    );
  });

  it("shows nothing that hides, steers or reorders as it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 100 }), (text) => {
        for (const piece of pieces(byteTextOf(text)))
          if (piece.kind === "text") expect(piece.text).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/u);
      }),
    );
  });

  it("cuts in the middle and says how much", () => {
    const sent = `@PJL SET USERNAME="${"A".repeat(10_000)}"\r\n`;
    const found = pieces(sent, { max: 80 });
    expect(found.map((piece) => piece.kind)).toEqual(["text", "cut", "text", "box", "box"]);
    expect(found[1]).toEqual({ kind: "cut", bytes: sent.length - 80 });
  });

  it("keeps the mark where it is cut", () => {
    const sent = `${"x".repeat(500)}HERE${"y".repeat(500)}`;
    const found = pieces(sent, { max: 100, marks: [{ from: 500, to: 504, number: 3 }] });
    const marked = found.filter((piece) => piece.kind === "text" && piece.mark);
    expect(marked).toEqual([{ kind: "text", text: "HERE", mark: { from: 500, to: 504, number: 3 } }]);
  });

  it("takes a token of a megabyte at once", () => {
    const sent = "A".repeat(1_000_000);
    const begin = performance.now();
    pieces(sent, { max: 160 });
    expect(performance.now() - begin).toBeLessThan(50);
  });

  it("copies as text that does nothing", () => {
    expect(escaped('\x1b%-12345X@PJL "\\"\r\n\xff')).toBe('\\x1b%-12345X@PJL "\\\\"\\r\\n\\xff');
  });
});
