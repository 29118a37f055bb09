/**
 * PostScript, and PDF that MuPDF refuses, drawn by Ghostscript. It runs once for the pictures and once for the words. Each
 * page is taken out of its memory file system when it is closed, so that what is finished is never lost.
 */
import { fileURLToPath } from "node:url";
import type { Outcome, Words } from "../reading.ts";
import { BmpPage } from "./bmp.ts";
import { A4, type Drawing, LARGEST, type Paper, type Renderer } from "./contract.ts";
import { boundedWasm, webAssembly } from "./wasm.ts";
import { tidyText, wordsFrom } from "./words.ts";

const BY = "Ghostscript 10.06";
const JOB = "/job";
const PAGES = "/pages/";
const MM_PER_INCH = 25.4;
const POINTS_PER_INCH = 72;
/** PostScript's own memory, KiB: it fails in order before the WASM memory ends. */
const VM_KIB = 200_000;
/** A page up to this size is drawn at once, not in bands. */
const BITMAP_BYTES = 50_000_000;
/** Text of one page that is kept on the way, bytes. */
const TEXT_BYTES = 512 * 1024;

/**
 * However many copies a job asks for, it gets one: `NumCopies` rules over `#copies` (PostScript Language
 * Reference, third edition, 6.2.1), and what a job says of it later is put right.
 */
const ONE_COPY = `userdict /setpagedevice { dup type /dicttype eq { dup /NumCopies known {
  dup length dict copy dup /NumCopies 1 put } if } if systemdict /setpagedevice get exec } bind put
  << /NumCopies 1 >> setpagedevice`;

/** What of a job is wanted. */
export interface Wanted {
  /** Every page on the largest paper, whatever size the job asks for. */
  fixed: boolean;
  /** No pictures, only the words of so many sheets. */
  onlyWordsOf?: number;
}

const IN_PART = `what is larger than ${LARGEST.widthIn} by ${LARGEST.heightIn} inches is shown in part`;

/** A renderer that gives what is wanted of a document. */
export function ghostscript(wanted: Wanted): Renderer {
  return async (drawing, paper) => {
    const start = await load();
    const job = withPage(withoutPreview(drawing.bytes));
    const run = async (device: string, fixed: boolean, take: TakeFile): Promise<Run> =>
      runOnce(await start(), { ...drawing, bytes: job }, device, fixed, take);

    let outcome: Outcome = { status: "ok", why: "" };
    let { fixed, onlyWordsOf: sheets } = wanted;
    if (sheets === undefined) {
      let pictures = new Pictures(drawing.dpi, paper);
      let end = await run("bmp16m", fixed, pictures);
      if (pictures.tooLarge && pictures.count === 0 && !fixed) {
        fixed = true;
        pictures = new Pictures(drawing.dpi, paper);
        end = await run("bmp16m", fixed, pictures);
      }
      outcome = outcomeOf(end, pictures);
      if (fixed && outcome.status === "ok") outcome = { status: "partial", why: IN_PART };
      sheets = pictures.count;
    }
    if (sheets > 0) await run("txtwrite", fixed, new Texts(sheets, paper));
    return outcome;
  };
}

/** How a run of Ghostscript ended. */
interface Run {
  /** The first error it told, as PostScript names it: `/undefined in foo`. Empty for none. */
  error: string;
  failed: boolean;
}

/** What is done with the files that a run writes, one a page. Each returns false when no more is wanted. */
interface TakeFile {
  write(bytes: Uint8Array): boolean;
  close(): boolean;
}

class Pictures implements TakeFile {
  count = 0;
  full = false;
  tooLarge = false;
  #page = new BmpPage();
  readonly #dpi: number;
  readonly #paper: Paper;

  constructor(dpi: number, paper: Paper) {
    this.#dpi = dpi;
    this.#paper = paper;
  }

  write(bytes: Uint8Array): boolean {
    this.tooLarge = !this.#page.write(bytes);
    return !this.tooLarge;
  }

  close(): boolean {
    const pixels = this.#page.pixels();
    this.#page = new BmpPage();
    if (!pixels) return true;
    const mm = (dots: number): number => (dots / this.#dpi) * MM_PER_INCH;
    this.full = !this.#paper.sheet({ pixels, widthMm: mm(pixels.width), heightMm: mm(pixels.height), by: BY });
    if (!this.full) this.count++;
    return !this.full;
  }
}

class Texts implements TakeFile {
  readonly #sheets: number;
  readonly #paper: Paper;
  #count = 0;
  #pieces: Buffer[] = [];
  #bytes = 0;

  constructor(sheets: number, paper: Paper) {
    this.#sheets = sheets;
    this.#paper = paper;
  }

  write(bytes: Uint8Array): boolean {
    if (this.#bytes < TEXT_BYTES) this.#pieces.push(Buffer.from(bytes));
    this.#bytes += bytes.length;
    return true;
  }

  close(): boolean {
    const text = tidyText(Buffer.concat(this.#pieces).toString("utf8"));
    const words: Omit<Words, "page"> = { text, from: wordsFrom(text) };
    this.#pieces = [];
    this.#bytes = 0;
    this.#paper.words(++this.#count, words);
    return this.#count < this.#sheets;
  }
}

/** Thrown through Ghostscript to end it. */
const ENOUGH = Symbol("enough");

function runOnce(gs: Instance, drawing: Drawing, device: string, fixed: boolean, take: TakeFile): Run {
  const { FS } = gs.module;
  const { write, close } = FS;
  const ours = (stream: Stream): boolean => stream.path?.startsWith(PAGES) ?? false;
  FS.write = (stream, buffer, offset, length, ...more) => {
    if (!ours(stream)) return write(stream, buffer, offset, length, ...more);
    if (!take.write(new Uint8Array(buffer.buffer, buffer.byteOffset + offset, length))) throw ENOUGH;
    return length;
  };
  FS.close = (stream) => {
    close(stream);
    if (ours(stream) && !take.close()) throw ENOUGH;
  };
  FS.mkdir(PAGES.slice(0, -1));
  FS.writeFile(JOB, drawing.bytes);
  try {
    const code = gs.module.callMain(words(device, drawing.dpi, fixed));
    return { error: gs.error(), failed: code !== 0 };
  } catch (thrown) {
    if (thrown === ENOUGH) return { error: gs.error(), failed: false };
    return { error: gs.error() || String(thrown).slice(0, 100), failed: true };
  }
}

function words(device: string, dpi: number, fixed: boolean): string[] {
  const paper = fixed ? { widthMm: LARGEST.widthIn * MM_PER_INCH, heightMm: LARGEST.heightIn * MM_PER_INCH } : A4;
  const [width, height] = [paper.widthMm, paper.heightMm].map((mm) => Math.round((mm / MM_PER_INCH) * POINTS_PER_INCH));
  const always = [
    `-dSAFER -dBATCH -dNOPAUSE -dNOPROMPT -q -K${VM_KIB} -r${dpi} -dFIXEDRESOLUTION`,
    `-dDEVICEWIDTHPOINTS=${width} -dDEVICEHEIGHTPOINTS=${height}${fixed ? " -dFIXEDMEDIA" : ""}`,
    `-sDEVICE=${device} -sOutputFile=${PAGES}%d -dMaxBitmap=${BITMAP_BYTES}`,
    // The device for words draws nothing, and fails at shapes when it is asked for smooth ones.
    ...(device === "txtwrite" ? [] : ["-dTextAlphaBits=4 -dGraphicsAlphaBits=4"]),
  ];
  return [...always.join(" ").split(" "), "-c", ONE_COPY, "-f", JOB];
}

function outcomeOf({ error, failed }: Run, { count, full, tooLarge }: Pictures): Outcome {
  if (full) return { status: "partial", why: `stopped after page ${count}` };
  const large = `page ${count + 1} is larger than ${LARGEST.widthIn} by ${LARGEST.heightIn} inches`;
  const why = tooLarge ? large : failed || error !== "" ? `PostScript error ${error || "without a name"}` : "";
  if (why === "") return { status: "ok", why };
  return { status: count > 0 ? "partial" : "failed", why };
}

/** PostScript of a file with a preview for Windows in front or behind (DOS EPS, Adobe technote 5002, section 5.2). */
function withoutPreview(bytes: Uint8Array): Uint8Array {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.length < 12 || view.readUInt32BE(0) !== 0xc5d0d3c6) return bytes;
  const from = view.readUInt32LE(4);
  return view.subarray(from, from + view.readUInt32LE(8));
}

/** A picture meant for other documents may leave it to them to print the page. */
function withPage(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (!/^%!PS-Adobe-[\d.]+ EPSF/.test(text.toString("latin1", 0, 40)) || text.includes("showpage")) return bytes;
  return Buffer.concat([text, Buffer.from("\nshowpage\n")]);
}

/** What of Emscripten's module is used; its file system is all that Ghostscript can see. */
interface GhostscriptModule {
  callMain(words: string[]): number;
  FS: {
    mkdir(path: string): void;
    writeFile(path: string, bytes: Uint8Array): void;
    write(stream: Stream, buffer: Uint8Array, offset: number, length: number, ...more: unknown[]): number;
    close(stream: Stream): void;
  };
}

interface Stream {
  path?: string;
}

interface Instance {
  module: GhostscriptModule;
  error(): string;
}

const ERROR = /^(?:Unrecoverable error: |Error: )(\/[\x21-\x7e]+(?: in [\x20-\x7e]{1,80})?)/;

/** Compiles Ghostscript; what it returns starts it. A run leaves its memory as it is, so each has its own instance. */
export function load(): Promise<() => Promise<Instance>> {
  loading ??= compile();
  return loading;
}

let loading: Promise<() => Promise<Instance>> | undefined;

async function compile(): Promise<() => Promise<Instance>> {
  const module = await import("@okathira/ghostpdl-wasm");
  const create = module.default as (hooks: object) => Promise<GhostscriptModule>;
  const path = fileURLToPath(import.meta.resolve("@okathira/ghostpdl-wasm/gs.wasm"));
  const compiled = await webAssembly.compile(boundedWasm(path));
  return async () => {
    let error = "";
    const listen = (line: string): void => {
      if (error === "") error = ERROR.exec(line)?.[1]?.trim() ?? "";
    };
    const instantiateWasm = (imports: object, done: (instance: object) => void): object => {
      void webAssembly.instantiate(compiled, imports).then(done);
      return {};
    };
    const made = await create({ print: listen, printErr: listen, stdin: () => null, instantiateWasm });
    return { module: made, error: () => error };
  };
}
