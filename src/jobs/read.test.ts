import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHash } from "node:crypto";
import { PNG } from "pngjs";
import { afterAll, describe, expect, it } from "vitest";
import { onePage, PAGE, pdf, stream, tiff } from "../../test/support/hostile-jobs.ts";
import { LIMITS } from "../jail/contract.ts";
import { readJob, type ReadOptions } from "./read.ts";
import { reading, type Reading } from "./reading.ts";

interface Read extends Reading {
  pictures: Map<string, Uint8Array>;
}

async function read(job: string | Buffer, options: ReadOptions = {}): Promise<Read> {
  const pictures = new Map<string, Uint8Array>();
  const bytes = typeof job === "string" ? Buffer.from(job, "latin1") : job;
  const made = await readJob(bytes, { ...options, onPicture: (name, png) => pictures.set(name, png) });
  expect(reading.parse(made)).toEqual(made);
  return { ...made, pictures };
}

const sizes = ({ pages }: Reading): string[] => pages.map(({ width, height }) => `${width}x${height}`);
const texts = ({ words }: Reading): string[] => words.map(({ text }) => text.trim());

/** Whether there is ink within a part of a page, given in points from the lower left as PostScript does. */
function inked(png: Uint8Array, [left, bottom, right, top]: [number, number, number, number]): boolean {
  const { width, height, data } = PNG.sync.read(Buffer.from(png));
  const dots = (points: number): number => Math.round((points * 150) / 72);
  for (let y = height - dots(top); y < height - dots(bottom); y++) {
    for (let x = dots(left); x < dots(right); x++) if (data[(y * width + x) * 4 + 1]! < 200) return true;
  }
  return false;
}

describe("PostScript", () => {
  it("is drawn page by page, with its words", async () => {
    const made = await read(PAGE + PAGE.replace("Toner", "Paper"));
    expect(made.outcome).toEqual({ status: "ok", why: "" });
    expect(sizes(made)).toEqual(["1240x1754", "1240x1754"]);
    expect(texts(made)).toEqual(["Toner for sale", "Paper for sale"]);
    expect([...made.pictures.keys()]).toEqual(["1.png", "1.thumb.png", "2.png", "2.thumb.png"]);
    const png = made.pictures.get("1.png")!;
    expect(inked(png, [72, 698, 240, 720])).toBe(true);
    expect(inked(png, [110, 110, 290, 290])).toBe(true);
    expect(inked(png, [0, 300, 595, 690])).toBe(false);
    expect(made.pages[0]!.by).toBe("Ghostscript 10.06");
    expect(Math.round(made.pages[0]!.heightMm)).toBe(297);
  });

  it("has the paper, and not the resolution or the copies, that it asks for", async () => {
    const set = "<< /PageSize [612 792] /HWResolution [600 600] /NumCopies 7 >> setpagedevice /#copies 9 def\n";
    expect(sizes(await read(`%!PS\n${set}${PAGE}`))).toEqual(["1275x1650"]);
  });

  it("is shown in part where it is larger than any paper", async () => {
    const made = await read(`%!PS\n<< /PageSize [9000 9000] >> setpagedevice\n${PAGE}`);
    expect(sizes(made)).toEqual(["2550x3300"]);
    expect(made.outcome).toMatchObject({ status: "partial", why: expect.stringContaining("shown in part") as string });
    expect(texts(made)).toEqual(["Toner for sale"]);
  });

  it("keeps the pages before an error, and names it", async () => {
    const made = await read(`${PAGE}nonsense`);
    expect(made.pages).toHaveLength(1);
    expect(made.outcome).toEqual({ status: "partial", why: "PostScript error /undefined in nonsense" });
  });

  it("is drawn from a picture with a preview, also when it shows no page", async () => {
    const eps = Buffer.from(
      `%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 300 300\n${PAGE.replace("showpage", "").slice(15)}`,
    );
    const head = Buffer.alloc(30);
    head.writeUInt32BE(0xc5d0d3c6, 0);
    head.writeUInt32LE(30, 4);
    head.writeUInt32LE(eps.length, 8);
    const made = await read(Buffer.concat([head, eps, Buffer.from("II*\0 not a picture")]));
    expect(texts(made)).toEqual(["Toner for sale"]);
  });

  it("keeps a page and its words though it never ends", async () => {
    const made = await read(`${PAGE}{} loop`, { limits: { ...LIMITS, wallMs: 5000 } });
    expect(made.outcome).toEqual({ status: "partial", why: "time limit of 3.3 s reached on page 2" });
    expect(texts(made)).toEqual(["Toner for sale"]);
    expect(made.pictures.size).toBe(2);
  });
});

describe("PDF and pictures", () => {
  it("are drawn with their words, and tell of themselves", async () => {
    const info = "<< /Author (somebody) /Producer (a driver) >>";
    const bytes = pdf(
      [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R 3 0 R] /Count 2 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>",
        stream("BT /F 24 Tf 72 700 Td (Toner for sale) Tj ET"),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        info,
      ],
      "/Info 6 0 R",
    );
    const made = await read(bytes);
    expect(made.outcome).toEqual({ status: "ok", why: "" });
    expect(sizes(made)).toEqual(["1275x1650", "1275x1650"]);
    expect(texts(made)).toEqual(["Toner for sale", "Toner for sale"]);
    const claims = made.claims.filter((claim) => claim.from.startsWith("PDF Info"));
    expect(claims.map(({ what, value }) => [what, value])).toEqual([
      ["user", "somebody"],
      ["driver", "a driver"],
    ]);
    expect(inked(made.pictures.get("1.png")!, [72, 698, 240, 720])).toBe(true);
    expect(made.pages[0]!.by).toBe("MuPDF 1.28");
  });

  it("are made to fit the largest paper", async () => {
    const made = await read(onePage({ size: "0 0 5000 9000" }));
    expect(made.pages[0]).toMatchObject({ height: 3300 });
    expect(Math.round(made.pages[0]!.heightMm)).toBe(2000); // the most that is told
  });

  it("are drawn from TIFF", async () => {
    const made = await read(tiff(80, 60));
    expect(made.pages).toHaveLength(1);
    expect(made.words).toEqual([{ page: 1, text: "", from: "none" }]);
  });

  it("fail in order when they are broken", async () => {
    const made = await read(Buffer.concat([Buffer.from("%PDF-1.7\n"), Buffer.alloc(3000, "nothing ")]));
    expect(made.pages).toEqual([]);
    expect(made.outcome.status).not.toBe("unsupported");
  });
});

describe("a job in parts", () => {
  it("is drawn part after part, and what nobody draws is named", async () => {
    const uel = "\x1b%-12345X";
    const job = `${uel}@PJL JOB\r\n@PJL ENTER LANGUAGE=POSTSCRIPT\r\n${PAGE}\x04${uel}@PJL ENTER LANGUAGE=PCL\r\n\x1bEPaper\x1bE${uel}@PJL ENTER LANGUAGE=PCLXL\r\n) HP-PCL XL;2;0;\r\n${uel}`;
    const made = await read(job);
    expect(texts(made)).toEqual(["Toner for sale", "Paper"]);
    expect(made.pages.map(({ page, section }) => [page, made.sections[section]!.language])).toEqual([
      [1, "postscript"],
      [2, "pcl"],
    ]);
    expect(made.outcome).toEqual({ status: "partial", why: "PCL XL is not drawn" });
  });
});

describe("whatever comes", () => {
  const folder = mkdtempSync(join(tmpdir(), "inktrap-read-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("is read alike from a file", async () => {
    const path = join(folder, "job");
    writeFileSync(path, PAGE);
    const made = await readJob(path);
    expect(made.sha256).toBe(createHash("sha256").update(PAGE).digest("hex"));
    expect([made.bytes, made.pages.length]).toEqual([PAGE.length, 1]);
  });

  it("is the operator's fault when there is no file", async () => {
    await expect(readJob(join(folder, "none"))).rejects.toThrow(/ENOENT/);
  });

  it("is given as far as it was read when it is stopped", async () => {
    const made = await read(`${PAGE}{} loop`, { signal: AbortSignal.timeout(2500) });
    expect(made.outcome.why).toMatch(/^stopped on page [12]$/);
  });

  it("uses no more than it may", async () => {
    const made = await read(`${PAGE}0 { 65000 array exch 1 add } loop`, {
      limits: { ...LIMITS, residentBytes: 200e6 },
    });
    expect(made.outcome.why).toMatch(/^memory limit of 191 MiB reached on page/);
    expect(made.peakBytes).toBeLessThan(300e6);
  });
});
