/**
 * Pages printed by Ghostscript's PCL drivers, drawn by our interpreter and compared with Ghostscript's own page; and bombs.
 * With `--update` the pages are drawn side by side in docs/job-desk.png.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Language } from "../src/jobs/language.ts";
import type { Pixels } from "../src/jobs/render/contract.ts";
import { drawPcl } from "../src/jobs/render/pcl.ts";
import { rendererOf } from "../src/jobs/render/renderers.ts";
import type { Cell } from "./support/contact-sheet.ts";
import { contactSheet } from "./support/contact-sheet.ts";
import { drawn } from "./support/drawn.ts";
import { has } from "./support/has.ts";
import { inkMatch, readPpm, sameInk, shifted, whitePage } from "./support/ink.ts";

const PAGES = `%!PS
/W currentpagedevice /PageSize get 0 get def /H currentpagedevice /PageSize get 1 get def
/Helvetica-Bold findfont 30 scalefont setfont 60 H 90 sub moveto (Toner at half price) show
/Times-Roman findfont 12 scalefont setfont
0 1 22 { /i exch def 60 H 130 sub i 16 mul sub moveto
  (Line ) show i 2 string cvs show ( of a page that repeats its words, and is long enough to end near the right) show } for
0.5 setlinewidth 60 330 moveto W 60 sub 330 lineto stroke
3 setlinewidth 60 320 moveto W 60 sub 300 lineto stroke
0.3 setgray 60 180 100 90 rectfill 0.85 setgray 180 180 100 90 rectfill
gsave 300 180 translate 160 90 scale 16 8 8 [16 0 0 8 0 0]
  { <00 08 10 18 20 28 30 38 d0 d8 e0 e8 f0 f4 f8 ff> } image grestore
0 setgray /Courier findfont 10 scalefont setfont 260 120 moveto (Courier 10 point: 0123456789) show
260 80 moveto 40 0 rlineto 20 30 rlineto closepath 1 setlinewidth stroke
showpage
/Helvetica findfont 14 scalefont setfont 0 setgray 72 H 100 sub moveto (The second page is another one.) show
72 72 W 144 sub H 200 sub rectstroke 200 300 translate 30 rotate 0 0 moveto (Turned by thirty degrees) show
showpage
/Times-Bold findfont 40 scalefont setfont 0 setgray 60 H 120 sub moveto (In colour) show
1 0 0 setrgbcolor 60 400 100 100 rectfill 0 0.5 0 setrgbcolor 200 400 100 100 rectfill
0 0 1 setrgbcolor 340 400 100 100 rectfill 0 setgray 60 200 100 100 rectfill
showpage
`;
/** Where the colours of the third page are, in points from the left and from the foot, and what they are. */
const COLOURS = [
  [110, 450, [255, 0, 0]],
  [250, 450, [0, 128, 0]],
  [390, 450, [0, 0, 255]],
] as const;

/** Points of the papers. */
const HEIGHTS = { a4: 842, letter: 792 };
type PaperName = keyof typeof HEIGHTS;

/**
 * Where the driver's first dot lies, in dots of 300 an inch: Ghostscript counts from the paper's corner, a printer from its
 * logical page, which is 75 dots in on Letter and 71 on A4. `x` and `y` are what the driver itself adds to that.
 */
interface Driver {
  args: string[];
  x: number;
  y: number;
  colour?: true;
  papers?: PaperName[];
}

const DRIVERS: Record<string, Driver> = {
  // ESC&l-180u36Z: a quarter inch back, a twentieth down.
  ljet3: { args: ["-sDEVICE=ljet3"], x: -75, y: 15 },
  "ljet4 at 300 dpi": { args: ["-sDEVICE=ljet4", "-r300"], x: -75, y: 15 },
  "ljet4 at 600 dpi": { args: ["-sDEVICE=ljet4", "-r600"], x: -75, y: 15 },
  // Names no paper, so that ours is taken.
  laserjet: { args: ["-sDEVICE=laserjet"], x: 0, y: 0, papers: ["a4"] },
  deskjet: { args: ["-sDEVICE=deskjet"], x: 0, y: 0 },
  // ESC*p38Y
  cdj550: { args: ["-sDEVICE=cdj550"], x: 0, y: 38, colour: true },
  // Pixels of three bytes. (The device called cljet5 lays an upright page across the paper, cljet5pr cuts it off.)
  cljet5c: { args: ["-sDEVICE=cljet5c"], x: -75, y: 15, colour: true },
};

const INCH = 150;

describe.skipIf(!has("gs"))("a page printed by Ghostscript", () => {
  let folder: string;
  const theirs = new Map<PaperName, Pixels[]>();
  const cells: Cell[] = [];

  // Some drivers move their first page alone by the margins they know.
  const UNMOVED = ["-c", "<< /Margins [0 0] >> setpagedevice", "-f", "pages.ps"];
  const gs = (paper: PaperName, ...args: string[]) => {
    const all = [
      "-q",
      "-dBATCH",
      "-dNOPAUSE",
      "-dSAFER",
      `-sPAPERSIZE=${paper}`,
      ...args,
      "-sOutputFile=-",
      ...UNMOVED,
    ];
    return execFileSync("gs", all, { cwd: folder, maxBuffer: 1 << 28 });
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "inktrap-pcl-"));
    writeFileSync(join(folder, "pages.ps"), PAGES);
    for (const paper of ["a4", "letter"] as const) {
      const aa = ["-dTextAlphaBits=4", "-dGraphicsAlphaBits=4"];
      theirs.set(paper, readPpm(gs(paper, "-sDEVICE=ppmraw", `-r${INCH}`, ...aa)));
    }
  });
  afterAll(async () => {
    if (updating()) await contactSheet([...cells, ...(await others())], "docs/job-desk.png");
    rmSync(folder, { recursive: true });
  });

  const cases = Object.entries(DRIVERS).flatMap(([name, driver]) =>
    (driver.papers ?? (["a4", "letter"] as const)).map((paper) => ({ name, paper, driver })),
  );

  it.each(cases)("by $name on $paper has its ink where Ghostscript has it", async ({ name, paper, driver }) => {
    const job = gs(paper, ...driver.args);
    const { outcome, sheets } = await drawn(drawPcl, job);
    expect(outcome).toEqual({ status: "ok", why: "" });
    expect(sheets).toHaveLength(3);
    const logical = paper === "a4" ? 71 : 75;
    const placed = theirs
      .get(paper)!
      .map((page) => shifted(page, Math.round((logical + driver.x) / 2), Math.round(driver.y / 2)));
    const ours = sheets.map((sheet) => sheet.pixels);
    cells.push({
      label: `PCL: ${name}, ${paper}`,
      pages: [ours, theirs.get(paper)!].map((some) => some[driver.colour ? 2 : 0]!),
    });

    // Of a printer without colour the third page's greys are its own matter.
    for (const page of driver.colour ? [0, 1, 2] : [0, 1]) {
      const match = inkMatch(ours[page]!, placed[page]!);
      expect(match.precision, `precision, page ${page + 1}`).toBeGreaterThanOrEqual(0.9);
      expect(match.recall, `recall, page ${page + 1}`).toBeGreaterThanOrEqual(0.9);
      const others = { white: whitePage(placed[page]!), other: placed[(page + 1) % 3]!, ...moved(placed[page]!) };
      for (const [what, wrong] of Object.entries(others)) {
        expect(sameInk(inkMatch(ours[page]!, wrong)), `page ${page + 1} as ${what}`).toBe(false);
        expect(sameInk(inkMatch(wrong, placed[page]!)), `${what} as page ${page + 1}`).toBe(false);
      }
    }
    expect(sheets.map((sheet) => sheet.words)).toEqual(sheets.map(() => ({ text: "", from: "none" })));
    if (!driver.colour) return;
    for (const [x, y, rgb] of COLOURS) {
      const [px, py] = [logical + driver.x + (x * 300) / 72, driver.y + ((HEIGHTS[paper] - y) * 300) / 72];
      const found = mean(ours[2]!, Math.round(px / 2), Math.round(py / 2));
      rgb.forEach((value, c) =>
        expect(Math.abs(found[c]! - value), `${rgb.join()} is ${found.join()}`).toBeLessThan(45),
      );
    }
  });

  /** Pages of the other languages, as they are read from captured jobs. */
  async function others(): Promise<Cell[]> {
    const pdf = gs("a4", "-sDEVICE=pdfwrite");
    const jobs: [string, Language, Buffer][] = [
      ["PCL written by hand", "pcl", Buffer.from(BY_HAND, "latin1")],
      ["plain text, lines end in LF", "text", Buffer.from("One line\nthe next\nand a third,\nas such printers set it.\n")],
      ["plain text, lines end in CR LF", "text", Buffer.from("A line of plain text, cut off where it is too long for paper.\r\n".repeat(80))],
      ["a request of HTTP", "http", Buffer.from("GET / HTTP/1.1\r\nHost: printer.example\r\nUser-Agent: Python-urllib/2.7\r\n\r\n")],
      ["PostScript", "postscript", Buffer.from(PAGES)],
      ["PDF", "pdf", pdf],
    ]; // prettier-ignore
    const made: Cell[] = [];
    for (const [label, language, bytes] of jobs) {
      const renderer = (await rendererOf(language, { fixed: false }))!;
      const { sheets } = await drawn(renderer, bytes, { language, more: "ascii", pages: 1 });
      const known = language === "postscript" || language === "pdf" ? [theirs.get("a4")![0]!] : [];
      made.push({ label, pages: [...sheets.map((one) => one.pixels), ...known] });
    }
    return made;
  }
});

const BY_HAND =
  "\x1bE\x1b&l26a6D\x1b&k2GCourier, ten letters an inch\n\x1b(s16HSixteen\n\x1b(s1p24v3b4148THelvetica bold\n\n" +
  "\x1b(s14v0b1s4101TTimes italic, \x1b&d0Dunderlined\x1b&d@\n\x1b(s0p10h0s4099T\x1b(10U\xc9\xcd\xcd\xcb\xcd\xcd\xbb\n\xba\xb0\xb1\xba\xb2\xdb\xba\n\xc8\xcd\xcd\xca\xcd\xcd\xbc\n" +
  [10, 30, 50, 70, 100].map((grey, i) => `\x1b*p${300 + i * 320}x1200Y\x1b*c300a200b${grey}g2P`).join("") +
  [1, 2, 3, 4, 5, 6].map((hatch, i) => `\x1b*p${300 + i * 320}x1500Y\x1b*c300a200b${hatch}g3P`).join("") +
  "\x1b*r3U\x1b*t75R" +
  [1, 2, 4, 3, 5, 6].map((ink, i) => `\x1b*p${300 + i * 320}x1800Y\x1b*r1A${[1, 2, 4].map((bit) => `\x1b*b1m2${bit === 4 ? "W" : "V"}\x08${ink & bit ? "\xff" : "\0"}`).join("").repeat(50)}\x1b*rC`).join("") +
  "\x1b*p300x2400Y\x1b&a90PUpwards\x1b&a0P\x1b*p600x2400Y\x1b%1BIN;SP1;PW0.5;PU3000,2000;CI600;CI300;PU4500,1500;PD6500,2500;FT10,40;PU4500,2000;RA5200,2600;\x1b%0A\x1bE"; // prettier-ignore

/** A centimetre to each side. */
function moved(page: Pixels): Record<string, Pixels> {
  const by = Math.round(INCH / 2.54);
  return { "moved right": shifted(page, by, 0), "moved down": shifted(page, 0, by) };
}

function mean({ width, data }: Pixels, x: number, y: number): number[] {
  const sums = [0, 0, 0];
  for (let dy = -10; dy < 10; dy++) {
    for (let dx = -10; dx < 10; dx++)
      sums.forEach((_, c) => (sums[c]! += data[((y + dy) * width + x + dx) * 3 + c]! / 400));
  }
  return sums.map(Math.round);
}

function updating(): boolean {
  const { snapshotState } = expect.getState() as unknown as { snapshotState?: { _updateSnapshot?: string } };
  return snapshotState?._updateSnapshot === "all";
}

describe("hostile PCL", () => {
  const BOMBS: [string, string][] = [
    ["rectangles", "\x1b*p0x0Y\x1b*c9999a9999b30g3P".repeat(100_000)],
    ["letters", "\x1b(s1p400v4148T" + "\x1b*p0x2000YWWWW".repeat(100_000)],
    ["rows", "\x1b*t75R\x1b*r1A\x1b*b5M" + "\x1b*b6W\0\0\x01\xff\x05\xff".repeat(200_000)],
    ["pages of rows", ("\x1b*t75R\x1b*r1A\x1b*b5m7W\0\0\x01\xff\x05\xff\xff\x1b*rC\f").repeat(100_000)],
    ["fonts", Array.from({ length: 3000 }, (_, i) => `\x1b*c${i}D\x1b)s64W${"\x01".repeat(64)}\x1b(s16W\x04\0\x0e\x01${"\xff".repeat(12)}`).join("")],
    ["macros", `\x1b&f1y0X${"\x1b&f2y2X".repeat(60_000)}\x1b&f1X\x1b&f2y0X${"\x1b&f3y2X".repeat(60_000)}\x1b&f1X\x1b&f3y0X${"x".repeat(99)}\x1b&f1X\x1b&f1y2X`],
    ["plots", `\x1b%0BIN;PW90;${"PD9999,9999,0,0;CI5000;".repeat(20_000)}`],
    ["polygons", `\x1b%0BPM0;PD${"0,0,9999,9999,1,9999,".repeat(3_000)}0,0;PM2;${"FP;".repeat(20_000)}`],
    ["labels without an end", `\x1b%0B${"LB".repeat(2_000_000)}`],
    ["cursors", "\x1b&f0S".repeat(300_000)],
    ["palettes", "\x1b*v6W\0\x01\x08\x08\x08\x08\x1b*p0P".repeat(50_000)],
  ]; // prettier-ignore

  it.each(BOMBS)("of %s ends in bounded time and memory", async (_, bomb) => {
    const before = process.memoryUsage.rss();
    const start = process.cpuUsage();
    const { outcome, sheets } = await drawn(drawPcl, Buffer.from(`\x1bEfirst\f${bomb}`, "latin1"), { pages: 5 });
    const { user, system } = process.cpuUsage(start);
    expect(["ok", "partial"]).toContain(outcome.status);
    expect(sheets[0]!.words!.text).toBe("first");
    expect((user + system) / 1e6, "seconds of a processor").toBeLessThan(15);
    expect(process.memoryUsage.rss() - before, "bytes").toBeLessThan(400e6);
  });

  it("never throws on what was changed at random", async () => {
    const whole = Buffer.from(BY_HAND, "latin1");
    const change = fc.record({ at: fc.nat(whole.length - 1), bytes: fc.uint8Array({ maxLength: 8 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 12 }), async (changes) => {
        const job = Buffer.from(whole);
        for (const { at, bytes } of changes) job.set(bytes.subarray(0, job.length - at), at);
        const { outcome } = await drawn(drawPcl, job, { pages: 3 });
        expect(["ok", "partial"]).toContain(outcome.status);
      }),
      { numRuns: 60 },
    );
  });
});
