/** PDF and pictures, drawn by MuPDF. Scripts in a PDF stay asleep: MuPDF runs them only where that is asked for. */
import type { Claim, Outcome, Words } from "../reading.ts";
import { type Drawing, LARGEST, type Paper, type Sheet } from "./contract.ts";
import { loadMupdf } from "./wasm.ts";
import { tidyText, wordsFrom } from "./words.ts";

const BY = "MuPDF 1.28";
const POINTS_PER_INCH = 72;
const MM_PER_INCH = 25.4;
/** Schema of a page: no side of paper is longer. */
const MOST_MM = 2000;

type Mupdf = typeof import("mupdf");
type Document = InstanceType<Mupdf["Document"]>;
type Page = InstanceType<Mupdf["Page"]>;

/** What MuPDF is told a section is; without this it would guess from the name of a file. */
const MEDIA_TYPES: Partial<Record<Drawing["language"], string>> = {
  pdf: "application/pdf",
  pclm: "application/pdf",
  tiff: "image/tiff",
  jpeg: "image/jpeg",
  png: "image/png",
  gif: "image/gif",
};

/** Entries of the information dictionary (ISO 32000-1, table 317) and what they claim. */
const INFORMATION: readonly (readonly [entry: string, what: Claim["what"]])[] = [
  ["Author", "user"],
  ["Title", "title"],
  ["Creator", "application"],
  ["Producer", "driver"],
  ["CreationDate", "made"],
  ["Keywords", "keywords"],
];

export async function drawMupdf(drawing: Drawing, paper: Paper): Promise<Outcome> {
  const mupdf = await loadMupdf();
  const type = MEDIA_TYPES[drawing.language] ?? "application/pdf";
  const document = mupdf.Document.openDocument(drawing.bytes, type);
  try {
    if (document.needsPassword()) return { status: "failed", why: "it is locked with a password" };
    if (type === "application/pdf") tellClaims(document, paper);
    return drawPages(mupdf, document, drawing.dpi, paper);
  } finally {
    document.destroy();
  }
}

function drawPages(mupdf: Mupdf, document: Document, dpi: number, paper: Paper): Outcome {
  const count = document.countPages();
  const faults: string[] = [];
  let drawn = 0;
  for (let at = 0; at < count; at++) {
    try {
      const more = drawPage(mupdf, document.loadPage(at), dpi, paper);
      if (!more) return { status: "partial", why: `stopped after page ${drawn} of ${count}` };
      drawn++;
    } catch (error) {
      faults.push(`page ${at + 1}: ${messageOf(error)}`);
      // Pages that cannot be drawn cost time too.
      if (faults.length > drawn + 3) break;
    }
  }
  if (faults.length === 0) return { status: "ok", why: "" };
  return { status: drawn > 0 ? "partial" : "failed", why: faults.slice(0, 3).join("; ").slice(0, 300) };
}

function drawPage(mupdf: Mupdf, page: Page, dpi: number, paper: Paper): boolean {
  try {
    const [left, top, right, bottom] = page.getBounds();
    const scale = (dpi / POINTS_PER_INCH) * fitting(right - left, bottom - top);
    const matrix = mupdf.Matrix.scale(scale, scale);
    const { DeviceRGB } = mupdf.ColorSpace;
    const pixmap =
      page instanceof mupdf.PDFPage
        ? page.toPixmap(matrix, DeviceRGB, false, true, "Print")
        : page.toPixmap(matrix, DeviceRGB, false);
    try {
      const [width, height] = [pixmap.getWidth(), pixmap.getHeight()];
      return paper.sheet({
        pixels: { width, height, data: rows(pixmap.getPixels(), width * 3, pixmap.getStride(), height) },
        widthMm: millimetres(right - left),
        heightMm: millimetres(bottom - top),
        by: BY,
        words: wordsOf(page),
      } satisfies Sheet);
    } finally {
      pixmap.destroy();
    }
  } finally {
    page.destroy();
  }
}

/** How much smaller a page has to be so that it is none larger than the largest; 1 for most. Width and height in points. */
function fitting(width: number, height: number): number {
  const [longer, shorter] = [Math.max(width, height), Math.max(1, Math.min(width, height))];
  if (!Number.isFinite(longer) || longer <= 0) throw new Error("its size is impossible");
  const { widthIn, heightIn } = LARGEST;
  return Math.min(1, (heightIn * POINTS_PER_INCH) / longer, (widthIn * POINTS_PER_INCH) / shorter);
}

function millimetres(points: number): number {
  return Math.min(MOST_MM, Math.max(0.1, (points / POINTS_PER_INCH) * MM_PER_INCH));
}

/** Rows without padding; no copy where there is none. */
function rows(pixels: Uint8ClampedArray, row: number, stride: number, height: number): Uint8Array {
  const all = new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.length);
  if (stride === row) return all.subarray(0, row * height);
  const data = new Uint8Array(row * height);
  for (let y = 0; y < height; y++) data.set(all.subarray(y * stride, y * stride + row), y * row);
  return data;
}

function wordsOf(page: Page): Omit<Words, "page"> {
  try {
    const structured = page.toStructuredText("preserve-whitespace,preserve-ligatures");
    try {
      const text = tidyText(structured.asText());
      return { text, from: wordsFrom(text) };
    } finally {
      structured.destroy();
    }
  } catch {
    return { text: "", from: "none" };
  }
}

function tellClaims(document: Document, paper: Paper): void {
  for (const [entry, what] of INFORMATION) {
    const value = document.getMetaData(`info:${entry}`)?.trim().slice(0, 1024);
    if (value) paper.claim?.({ what, value, from: `PDF Info ${entry}`, strength: 1, in: "document" });
  }
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 100);
}
