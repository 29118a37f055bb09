import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawn } from "../../../test/support/drawn.ts";
import type { Pixels } from "./contract.ts";
import { drawPcl, drawText } from "./pcl.ts";

const bytes = (text: string) => Buffer.from(text, "latin1");

async function pcl(stream: string) {
  return drawn(drawPcl, bytes(stream));
}

async function text(body: string | Buffer, more = "windows-1252") {
  return drawn(drawText, typeof body === "string" ? bytes(body) : body, { language: "text", more });
}

/** Share of dark pixels in a box given in inches. */
function dark({ width, data }: Pixels, x: number, y: number, w: number, h: number): number {
  let [all, found] = [0, 0];
  for (let row = Math.round(y * 150); row < Math.round((y + h) * 150); row++) {
    for (let column = Math.round(x * 150); column < Math.round((x + w) * 150); column++) {
      all++;
      if (data[(row * width + column) * 3 + 1]! < 128) found++;
    }
  }
  return found / all;
}

/** Colour of the pixel at a place in inches. */
function colour({ width, data }: Pixels, x: number, y: number): string {
  const at = (Math.round(y * 150) * width + Math.round(x * 150)) * 3;
  return Buffer.from(data.subarray(at, at + 3)).toString("hex");
}

/** To a place in dots of 300 an inch, from the left of a letter's logical page (1/4 inch) and its top margin (1/2 inch). */
const to = (x: number, y: number) => `\x1b*p${x}x${y}Y`;
const LETTER = "\x1bE\x1b&l2A";

describe("PCL text", () => {
  it("reads words in every built-in font and symbol set", async () => {
    const { sheets, outcome } = await pcl(
      `${LETTER}\x1b&k2GCourier\n\x1b(s1p18v3b4148THelvetica bold\n\x1b(s1s0b4101TTimes italic\n` +
        "\x1b(8U\x1b(s0p10h4099TRoman-8 \xd4\xb5\n\x1b(10UPC-8 \x84\x81\n\x1b(19UWindows \x80\xe9\n\x1b(1GGerman [~\n" +
        "\x1b(19MABG\x0f",
    );
    expect(outcome).toEqual({ status: "ok", why: "" });
    expect(sheets).toHaveLength(1);
    expect(sheets[0]!.words).toEqual({
      text: "Courier\nHelvetica bold\nTimes italic\nRoman-8 åç\nPC-8 äü\nWindows €é\nGerman Äß\nΑΒΓ",
      from: "stream",
    });
  });

  it("puts text where the cursor is", async () => {
    const { sheets } = await pcl(`${LETTER}${to(600, 600)}X\x1b&a7200h720VHere`);
    const { pixels, widthMm, heightMm } = sheets[0]!;
    expect([pixels.width, pixels.height, Math.round(widthMm), Math.round(heightMm)]).toEqual([1275, 1650, 216, 279]);
    // X: 2 inches from the logical page's left, its foot 2 inches below the top margin.
    expect(dark(pixels, 2.25, 2.38, 0.1, 0.12)).toBeGreaterThan(0.1);
    expect(dark(pixels, 2.25, 2.51, 0.1, 0.2)).toBe(0);
  });

  it("wraps only when told to", async () => {
    const long = "0123456789".repeat(9);
    const [cut, wrapped] = [await pcl(`${LETTER}${long}`), await pcl(`${LETTER}\x1b&s0C${long}`)];
    expect(cut.sheets[0]!.words!.text).toBe(long);
    expect(wrapped.sheets[0]!.words!.text.split("\n").map((line) => line.length)).toEqual([80, 10]);
    expect(dark(cut.sheets[0]!.pixels, 0.25, 0.68, 8, 0.15)).toBe(0);
    expect(dark(wrapped.sheets[0]!.pixels, 0.25, 0.68, 8, 0.15)).toBeGreaterThan(0);
  });

  it("turns pages and print directions", async () => {
    const { sheets } = await pcl(
      `${LETTER}\x1b&l1OLandscape\f\x1b&l0O${to(600, 900)}\x1b&a90PUpwards\x1b&a0P and level`,
    );
    expect(sheets.map(({ pixels }) => [pixels.width, pixels.height])).toEqual([
      [1650, 1275],
      [1275, 1650],
    ]);
    expect(sheets[1]!.words!.text).toBe(" and level\nUpwards");
    expect(dark(sheets[1]!.pixels, 2.1, 2.9, 0.15, 0.6)).toBeGreaterThan(0.1);
  });

  it("underlines, overstrikes, tabs, goes back", async () => {
    const { sheets } = await pcl(`${LETTER}\x1b&d0Dunder\x1b&d@\r\nbold\rbold\r\na\tb\r\nax\bb\r\n`);
    expect(sheets[0]!.words!.text).toBe("under\nbold\na b\naxb");
    expect(dark(sheets[0]!.pixels, 0.25, 0.645, 0.5, 0.006)).toBeGreaterThan(0.9);
  });

  it("prints sixty lines on a letter and goes on", async () => {
    const lines = Array.from({ length: 61 }, (_, i) => `line ${i}`);
    const { sheets } = await pcl(`${LETTER}${lines.join("\r\n")}`);
    expect(sheets.map((one) => one.words!.text.split("\n").length)).toEqual([60, 1]);
  });

  it("prints codes that are controls when they are transparent", async () => {
    const { sheets } = await pcl(`${LETTER}a\x1b&p4Xb\x0cc\x1bd`);
    expect(sheets).toHaveLength(1);
    expect(sheets[0]!.words!.text).toBe("abcd");
  });
});

/** A soft font of 300 dpi with characters of 10 by 10 dots, all black, each moving on by 20 dots. */
function softFont(symbolSet: number, codes: number[], compressed = false): string {
  const header = Buffer.alloc(64);
  header.writeUInt16BE(64, 0);
  header.set([0, 1], 2);
  header.set([1], 13);
  header.writeUInt16BE(symbolSet, 14);
  header.writeUInt16BE(80, 16);
  header.writeUInt16BE(200, 18);
  const character = Buffer.alloc(16);
  character.set([4, 0, 14, compressed ? 2 : 1], 0);
  character.writeInt16BE(0, 6);
  character.writeInt16BE(10, 8);
  character.writeUInt16BE(10, 10);
  character.writeUInt16BE(10, 12);
  character.writeInt16BE(80, 14);
  const raster = compressed ? Buffer.of(9, 0, 10) : Buffer.from("ffc0".repeat(10), "hex");
  const block = Buffer.concat([character, raster]);
  const characters = codes.map((code) => `\x1b*c${code}E\x1b(s${block.length}W${block.toString("latin1")}`);
  return `\x1b*c7D\x1b)s64W${header.toString("latin1")}${characters.join("")}\x1b(7X`;
}

describe("PCL soft fonts", () => {
  it.each([false, true])("draws their bitmaps, run lengths: %s", async (compressed) => {
    const { sheets } = await pcl(`${LETTER}${softFont(277, [65, 67, 66], compressed)}${to(301, 300)}AB`);
    const { pixels, words } = sheets[0]!;
    expect(words).toEqual({ text: "AB", from: "stream" });
    const foot = 0.5 + 1;
    expect(dark(pixels, 376 / 300, foot - 10 / 300, 10 / 300, 10 / 300)).toBe(1);
    expect(dark(pixels, 386 / 300, foot - 10 / 300, 10 / 300, 10 / 300)).toBe(0);
    expect(dark(pixels, 396 / 300, foot - 10 / 300, 10 / 300, 10 / 300)).toBe(1);
  });

  it("says when codes only number pictures of letters", async () => {
    const { sheets } = await pcl(`${LETTER}${softFont(277, [33, 34, 35, 36])}!"#$`);
    expect(sheets[0]!.words).toEqual({ text: "", from: "glyphs" });
    expect(dark(sheets[0]!.pixels, 0.25, 0.6, 0.3, 0.1)).toBeGreaterThan(0.05);
  });
});

describe("what is not drawn", () => {
  it("is said: outline fonts whose codes are numbers, compressions of fax", async () => {
    const header = Buffer.alloc(80);
    header.set([15, 11], 2);
    const codes = [33, 34, 35].map((code) => `\x1b*c${code}E\x1b(s8W\x0f\0\x02\x0f\0\x02\0\0`).join("");
    const font = await pcl(`${LETTER}\x1b*c9D\x1b)s80W${header.toString("latin1")}${codes}\x1b(9X!"#`);
    expect(font.outcome).toEqual({ status: "partial", why: "not drawn: fonts of outlines that the stream brings" });
    expect(font.sheets.map((one) => one.words)).toEqual([{ text: "", from: "glyphs" }]);
    const fax = await pcl(`${LETTER}x\x1b*r1A\x1b*b8M\x1b*b3Wabc`);
    expect(fax.outcome).toEqual({ status: "partial", why: "not drawn: raster of compression 8" });
  });
});

describe("PCL raster graphics", () => {
  const ROWS = 75;
  /** One inch by one inch at 75 dpi, black. */
  const square = "\x1b*t75R\x1b*r1A" + `\x1b*b1m2W\x0a\xff`.repeat(ROWS) + "\x1b*rC";

  it("lays rows at the cursor and moves it", async () => {
    const { pixels } = (await pcl(`${LETTER}${to(300, 300)}${square}${to(300, 900).replace("x900", "x+0")}|`))
      .sheets[0]!;
    expect(dark(pixels, 1.27, 1.52, 0.9, 0.9)).toBe(1);
    expect(dark(pixels, 1.0, 1.5, 0.24, 1)).toBe(0);
    expect(dark(pixels, 2.5, 1.5, 0.5, 1)).toBe(0);
  });

  it("mixes planes of colour", async () => {
    const row = (...planes: string[]) =>
      planes.map((p, i) => `\x1b*b1${i + 1 < planes.length ? "V" : "W"}${p}`).join("");
    const start = `\x1b*t75R\x1b*r1A`;
    const rows = (one: string) => one.repeat(8);
    const { pixels } = (
      await pcl(
        `${LETTER}${to(300, 300)}\x1b*r3U${start}${rows(row("\xff", "\0", "\0"))}\x1b*rC` +
          `${to(600, 300)}\x1b*r-3U${start}${rows(row("\xff", "\xff", "\0"))}\x1b*rC` +
          `${to(900, 300)}\x1b*r-4U${start}${rows(row("\0", "\0", "\0", "\xff"))}\x1b*rC` +
          `${to(1200, 300)}\x1b*v6W\0\x03\x08\x08\x08\x08${start}${rows("\x1b*b3W\x10\x20\x30")}\x1b*rC`,
      )
    ).sheets[0]!;
    expect([1.27, 2.27, 3.27, 4.255].map((x) => colour(pixels, x, 1.53))).toEqual([
      "ff0000",
      "0000ff",
      "ffff00",
      "102030",
    ]);
  });

  it("follows the paper in landscape, unless told to follow the page", async () => {
    const band = "\x1b*t75R\x1b*r1A" + "\x1b*b1m2W\x0a\xff".repeat(20) + "\x1b*rC";
    const [paper, page] = await Promise.all([
      pcl(`${LETTER}\x1b&l1O${to(1500, 900)}${band}`),
      pcl(`${LETTER}\x1b&l1O${to(1500, 900)}\x1b*r0F${band}`),
    ]);
    // The cursor is 5.2 inches from the left, 3.5 from the top; a band is 1.17 long and 0.27 high.
    expect(dark(page.sheets[0]!.pixels, 5.22, 3.52, 1.1, 0.23)).toBe(1);
    expect(dark(paper.sheets[0]!.pixels, 4.95, 3.52, 0.23, 1.1)).toBe(1);
  });

  it("draws nothing for zero rows and blank offsets, and survives wide and high claims", async () => {
    const { sheets, outcome } = await pcl(
      `${LETTER}\x1b*r65535s65535T\x1b*t2400R\x1b*r1A\x1b*b0W\x1b*b2000000000Y\x1b*b5m6W\x05\xff\xff\x04\xff\xff\x1b*rC`,
    );
    expect([sheets.length, outcome.status]).toEqual([0, "ok"]);
  });
});

describe("PCL rectangles, patterns, plots", () => {
  it("fills with black, grey, hatches and the stream's own pattern", async () => {
    const own = "\x1b*c5G\x1b*c12W\0\0\x01\0\0\x04\0\x08\xff\xff\0\0";
    const box = (x: number, fill: string) => `${to(x, 600)}\x1b*c300a300B${fill}`;
    const { pixels } = (
      await pcl(
        LETTER + box(0, "\x1b*c0P") + box(600, "\x1b*c30g2P") + box(1200, "\x1b*c1g3P") + own + box(1800, "\x1b*c5g4P"),
      )
    ).sheets[0]!;
    expect(dark(pixels, 0.27, 2.52, 0.9, 0.9)).toBe(1);
    expect(colour(pixels, 2.7, 3)).toBe("b8b8b8");
    const share = (x: number) => dark(pixels, x, 2.55, 0.8, 0.8);
    expect(share(4.3)).toBeGreaterThan(0.05);
    expect(share(4.3)).toBeLessThan(0.2);
    expect(share(6.3)).toBeCloseTo(0.5, 1);
  });

  it("plots lines and labels of HP-GL/2", async () => {
    const { sheets } = await pcl(`${LETTER}\x1b%0BIN;SP1;PA0,0;PD2032,0;PU508,1016;LBlabel\x03\x1b%0A\x1bE`);
    const { pixels, words } = sheets[0]!;
    expect(words!.text).toBe("label");
    // The frame ends half an inch above the paper's foot; 2032 plotter units are two inches.
    expect(dark(pixels, 0.3, 10.49, 1.9, 0.02)).toBeGreaterThan(0.5);
    expect(dark(pixels, 2.3, 10.4, 1, 0.2)).toBe(0);
  });
});

describe("PCL macros", () => {
  const define = (id: number, body: string) => `\x1b&f${id}y0X${body}\x1b&f1X`;

  it("executes, calls and overlays them", async () => {
    const { sheets } = await pcl(
      `${LETTER}${define(1, "\x1b(s3Bonce")}\x1b&f1y2X again\x1b&f1y3X\f${define(2, `${to(300, 2400)}letterhead`)}\x1b&f2y4Xone\ftwo\f`,
    );
    expect(sheets.map((one) => one.words!.text)).toEqual(["once againonce", "one\nletterhead", "two\nletterhead"]);
  });

  it("ends when they call each other", async () => {
    const calls = (id: number) => `\x1b&f${id}y2X`.repeat(50);
    const { outcome } = await pcl(`${LETTER}${define(1, `x${calls(2)}`)}${define(2, `y${calls(1)}`)}\x1b&f1y2X`);
    expect(outcome.status).toBe("ok");
  });
});

describe("plain text on a PCL printer", () => {
  it("is a staircase when lines do not return, and says what was meant", async () => {
    const { sheets } = await text("one\ntwo\nthree");
    expect(sheets[0]!.words).toEqual({ text: "one\ntwo\nthree", from: "stream" });
    // The third line begins after six letters.
    expect(dark(sheets[0]!.pixels, 0.23, 0.85, 0.6, 0.14)).toBe(0);
    expect(dark(sheets[0]!.pixels, 0.83, 0.85, 0.5, 0.14)).toBeGreaterThan(0.05);
  });

  it.each([
    ["utf-8", Buffer.from("Größe – 5 €")],
    ["windows-1252", Buffer.from([..."Gr\xf6\xdfe \x96 5 \x80"].map((one) => one.charCodeAt(0)))],
    ["utf-16le", Buffer.from("\ufeffGröße – 5 €", "utf16le")],
    ["cp850", Buffer.from([..."Gr\x94\xe1e"].map((one) => one.charCodeAt(0)))],
  ])("reads %s", async (charset, body) => {
    const { sheets } = await text(body, charset);
    expect(sheets[0]!.words!.text).toBe(charset === "cp850" ? "Größe" : "Größe – 5 €");
  });

  it("gives each page its own words", async () => {
    const wide = (body: string) => Buffer.from(`\ufeff${body}`, "utf16le");
    for (const [body, more] of [
      [bytes("first\fsecond\f"), "ascii"],
      [wide("first\fsecond\f"), "utf-16le"],
    ] as const) {
      const { sheets } = await text(body, more);
      expect(sheets.map((one) => one.words!.text)).toEqual(["first", "second"]);
    }
  });

  it("prints the requests of other protocols", async () => {
    const { sheets } = await text("GET / HTTP/1.1\r\nHost: printer.example\r\nUser-Agent: Python-urllib/2.7\r\n\r\n");
    expect(sheets[0]!.words!.text).toBe("GET / HTTP/1.1\nHost: printer.example\nUser-Agent: Python-urllib/2.7");
  });
});

describe("limits", () => {
  it("stops when no more pages are wanted", async () => {
    const { sheets, outcome } = await drawn(drawPcl, bytes("\f".repeat(1_000_000)), { pages: 3 });
    expect(sheets).toHaveLength(3);
    expect(outcome).toEqual({ status: "partial", why: "no more than 3 pages are drawn" });
  });

  it("is whole when the job ends with the last page wanted", async () => {
    const { outcome } = await drawn(drawPcl, bytes("a\fb\f"), { pages: 2 });
    expect(outcome.status).toBe("ok");
  });

  it("never throws", async () => {
    const pieces = [
      "\x1bE", "\x1b&l1O", "\x1b&a90P", "\x1b*t600R\x1b*r1A", "\x1b*b3m5W\x1f\xff\xff\xff\x01", "\x1b*v6W\0\x03\x08\x08\x08\x08",
      "\x1b*g26W\x02\x04\x02X\x02X\0\x02\x01,\x01,\0\x04\x01,\x01,\0\x04\x01,\x01,\0\x04", "\x1b*b4V\xff\0\xff\0", "\x1b(s0p0h0v99999T",
      "\x1b%0BIN;SC0,1,0,1;PD1,1;PM0;PD0,0,5,5;PM2;FP;LBx\x03", "\x1b&f1y0X", "\x1b&f1X\x1b&f1y3X\x1b&f4X", "\f", "words ",
      "\x1b*c5G\x1b*c9W\0\0\x01\0\0\x01\0\x08\xaa", "\x1b*v4T", "\x1b*r3F\x1b*r8s8T\x1b*t9h9V\x1b*r3A", softFont(277, [65]), "\x1b*v1N",
    ]; // prettier-ignore
    const stream = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: "binary-ascii", maxLength: 12 })), {
      maxLength: 25,
    });
    await fc.assert(
      fc.asyncProperty(stream, async (parts) => {
        const { outcome, sheets } = await drawn(drawPcl, bytes(parts.join("")), { pages: 2 });
        expect(["ok", "partial"]).toContain(outcome.status);
        expect(sheets.length).toBeLessThanOrEqual(2);
      }),
      { numRuns: 12 },
    );
  });
});
