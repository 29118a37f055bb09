/**
 * Pages with known words, made by other people's programs, read as captured jobs are read: the ink lies where
 * Ghostscript puts it, and the words come back.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PNG } from "pngjs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readJob } from "../src/jobs/read.ts";
import type { Reading } from "../src/jobs/reading.ts";
import type { Pixels } from "../src/jobs/render/contract.ts";
import { has } from "./support/has.ts";
import { inkMatch, readPpm, sameInk, shifted, whitePage } from "./support/ink.ts";

const FILTERS = "/usr/lib/cups/filter";
const PROGRAMS = ["gs", "enscript", "a2ps", `${FILTERS}/texttopdf`, `${FILTERS}/pdftops`];
const missing = PROGRAMS.filter((program) => !has(program));

const LETTER = `Seminar rooms, week 47

Dear colleagues,
the lecture on printing languages moves to room 204.
Please bring the handouts: 12 pages, both sides, in black.
The quick brown fox jumps over the lazy dog 0123456789.
`;
const FLYER = `%!PS-Adobe-3.0
<< /PageSize [595 842] >> setpagedevice
/Helvetica-Bold findfont 40 scalefont setfont 60 740 moveto (TONER AND DRUM SALE) show
0 setgray 60 640 475 70 rectfill 1 setgray /Helvetica-Bold findfont 44 scalefont setfont 90 660 moveto (UP TO 70 OFF) show
0 setgray /Times-Roman findfont 18 scalefont setfont
60 580 moveto (Your printer asked for new supplies today.) show
60 550 moveto (We ship compatible cartridges for this model.) show
0.5 setgray 60 430 200 80 rectfill 0 setgray 2 setlinewidth 300 430 200 80 rectstroke
newpath 160 330 60 0 360 arc fill 1 0 0 setrgbcolor newpath 400 330 60 0 360 arc fill
0 setgray /Courier findfont 12 scalefont setfont 60 200 moveto (Order now: www.toner.example) show
showpage
`;

describe.skipIf(missing.length > 0)("a page made by others", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "inktrap-corpus-"));
    writeFileSync(join(folder, "letter.txt"), LETTER);
    writeFileSync(join(folder, "flyer.ps"), FLYER);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const run = (program: string, words: readonly string[]) =>
    execFileSync(program, words, { cwd: folder, maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "ignore"] });
  const gs = (device: string, from: string, ...more: string[]) =>
    run("gs", ["-q", "-dBATCH", "-dNOPAUSE", "-dSAFER", `-sDEVICE=${device}`, ...more, "-sOutputFile=-", from]);
  const filter = (name: string, from: string) => run(`${FILTERS}/${name}`, ["1", "anna", "letter", "1", "", from]);
  const keep = (name: string, bytes: Uint8Array) => {
    writeFileSync(join(folder, name), bytes);
    return name;
  };
  const letterPdf = () => keep("letter.pdf", filter("texttopdf", "letter.txt"));

  /** The file a job lies in, made by each producer. */
  const PRODUCERS: Record<string, { language: string; make: () => string }> = {
    "PostScript written by hand": { language: "postscript", make: () => "flyer.ps" },
    "PostScript by enscript": {
      language: "postscript",
      make: () => keep("enscript.ps", run("enscript", ["-q", "-B", "-MA4", "-p", "-", "letter.txt"])),
    },
    "PostScript by a2ps": {
      language: "postscript",
      make: () => keep("a2ps.ps", run("a2ps", ["-q", "-1", "-B", "--medium=A4", "-o", "-", "letter.txt"])),
    },
    "PostScript by CUPS": { language: "postscript", make: () => keep("cups.ps", filter("pdftops", letterPdf())) },
    "PostScript by Ghostscript": { language: "postscript", make: () => keep("gs.ps", gs("ps2write", "flyer.ps")) },
    "PDF by CUPS": { language: "pdf", make: letterPdf },
    "PDF by Ghostscript": { language: "pdf", make: () => keep("flyer.pdf", gs("pdfwrite", "flyer.ps")) },
  };

  async function read(file: string): Promise<{ reading: Reading; pages: Pixels[] }> {
    const pages: Pixels[] = [];
    const reading = await readJob(join(folder, file), {
      onPicture: (name, png) => {
        const page = /^(\d+)\.png$/.exec(name)?.[1];
        if (page !== undefined) pages[Number(page) - 1] = pixelsOf(png);
      },
    });
    return { reading, pages };
  }

  const theirs = (file: string) => readPpm(gs("ppmraw", file, "-r150", "-dTextAlphaBits=4", "-dGraphicsAlphaBits=4"));

  it.each(Object.entries(PRODUCERS))("%s is drawn and read", async (_, { language, make }) => {
    const file = make();
    const { reading, pages } = await read(file);
    const expected = theirs(file);
    expect(reading.outcome).toEqual({ status: "ok", why: "" });
    expect(reading.sections.map((one): string => one.language)).toContain(language);
    expect(pages.length).toBe(expected.length);
    for (const [i, page] of pages.entries()) {
      const match = inkMatch(page, expected[i]!);
      expect(match.precision).toBeGreaterThanOrEqual(0.9);
      expect(match.recall).toBeGreaterThanOrEqual(0.9);
    }
    const said = wordsOf(reading.words.map(({ text }) => text).join("\n"));
    const asked = wordsOf(file.startsWith("flyer") || file === "gs.ps" ? flyerWords() : LETTER);
    const found = asked.filter((word) => new Set<string>(said).has(word));
    expect(found.length / asked.length).toBeGreaterThanOrEqual(0.95);
    const [width, height] = [reading.pages[0]!.widthMm, reading.pages[0]!.heightMm];
    console.log(`${file}: ${Math.round(width)} × ${Math.round(height)} mm, ${Math.round(reading.ms)} ms`);
  });

  it("a white page, a page 1 cm off and another page do not pass for it", async () => {
    const { pages } = await read("flyer.ps");
    const [page] = theirs("flyer.ps");
    const centimetre = Math.round(150 / 2.54);
    expect(sameInk(inkMatch(pages[0]!, page!))).toBe(true);
    expect(sameInk(inkMatch(whitePage(page!), page!))).toBe(false);
    expect(sameInk(inkMatch(shifted(pages[0]!, centimetre, 0), page!))).toBe(false);
    expect(sameInk(inkMatch(shifted(pages[0]!, 0, centimetre), page!))).toBe(false);
    expect(sameInk(inkMatch(pages[0]!, theirs(PRODUCERS["PostScript by enscript"]!.make())[0]!))).toBe(false);
  });
});

const wordsOf = (text: string) => text.match(/[\p{L}\p{N}]+/gu) ?? [];
const flyerWords = () => [...FLYER.matchAll(/\(([^)]*)\)/g)].map(([, text]) => text).join(" ");

function pixelsOf(png: Uint8Array): Pixels {
  const { width, height, data } = PNG.sync.read(Buffer.from(png));
  const rgb = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) rgb.set(data.subarray(i * 4, i * 4 + 3), i * 3);
  return { width, height, data: rgb };
}
