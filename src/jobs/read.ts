/** Has a job read in the jail, and makes a reading of what came out. Whatever the job does, there is a reading. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { type Ending, type Jailed, type Limits, LIMITS, type Program, type Walls } from "../jail/contract.ts";
import { jail } from "../jail/jail.ts";
import { codeOf } from "../jail/reads.ts";
import { PACKAGE_ROOT } from "../util/package.ts";
import { Heard, type OnPicture } from "./heard.ts";
import { drawerOf } from "./language.ts";
import { type Outcome, READING, READING_VERSION, type Reading, type Section } from "./reading.ts";

/** What the program in the jail is asked. */
export interface AskedOfReader {
  /** The language a print system or PJL named, as it wrote it. */
  declared?: string;
  /** Names of our own printers, which lead to nobody. */
  own?: readonly string[];
  /** Every page on the largest paper. */
  fixed: boolean;
  /** Only the words of pages that were drawn before: of which section, its first page, and how many. */
  wordsOf?: { section: number; first: number; sheets: number }[];
}

export interface ReadOptions {
  onPicture?: OnPicture;
  /** Ends the reading; what was read until then is given. */
  signal?: AbortSignal;
  /** The language that PJL around the job named, in capitals. */
  declared?: string;
  /** Names of our own printers, which lead to nobody. */
  own?: readonly string[];
  limits?: Limits;
  walls?: Walls;
}

const FOLDERS = ["event", "jail", "jobs", "protocols", "util"];
const PACKAGES = [
  "@okathira/ghostpdl-wasm",
  "franc",
  "iconv-lite",
  "jsqr",
  "libphonenumber-js",
  "mupdf",
  "pngjs",
  "tldts",
  "zod",
];
/** The parts of the time limit that the first try and a second one get. */
const FIRST = 2 / 3;
const AGAIN = 1 - FIRST;

let reads: string[] | undefined;

function program(asked: AskedOfReader): Program {
  reads ??= codeOf(FOLDERS, PACKAGES);
  return { entry: join(PACKAGE_ROOT, "dist", "jobs", "reader.js"), reads, asked };
}

/**
 * Reads a job, given as bytes or as the path of a file. Never rejects because of what is in it; a file that cannot be read
 * rejects. Pictures are handed over as soon as they are checked.
 */
export async function readJob(job: Uint8Array | string, options: ReadOptions = {}): Promise<Reading> {
  const { sha256, bytes } = await measured(job);
  const part = (share: number) => ({ ...options, limits: withTime(options.limits ?? LIMITS, share) });
  const tries = [await attempt(job, part(FIRST), { fixed: false })];
  let { known, outcome } = result(tries[0]!);
  if (options.signal?.aborted !== true) {
    const less = part(AGAIN);
    const wordsOf = wordless(tries[0]!);
    if (drawsNothing(tries[0]!)) {
      tries.push(await attempt(job, less, { fixed: true }));
      const second = result(tries[1]!);
      if (second.known.pages.length > 0) {
        const why = `drawn on the largest paper, as without: ${outcome.why}`;
        ({ known } = second);
        outcome = { status: "partial", why: why.slice(0, 300) };
      }
    } else if (wordsOf.length > 0) {
      tries.push(await attempt(job, { ...less, onPicture: () => {} }, { fixed: false, wordsOf }, known.pages.length));
      known = withWords(known, tries[1]!.heard.known);
    }
  }
  if (bytes > READING.inputBytes) known.summary.left.push(`bytes after ${READING.inputBytes / 1024 / 1024} MiB`);
  const ms = tries.reduce((sum, { ending }) => sum + ending.ms, 0);
  const peakBytes = Math.max(...tries.map(({ ending }) => ending.peakBytes));
  return { version: READING_VERSION, sha256, bytes, outcome, ...known, ms, peakBytes };
}

interface Attempt {
  heard: Heard;
  ending: Ending;
}

/** One child. `pages`: how many there are already. */
async function attempt(
  job: Uint8Array | string,
  { onPicture = () => {}, signal, declared, own, limits = LIMITS, walls }: ReadOptions,
  order: Pick<AskedOfReader, "fixed" | "wordsOf">,
  pages = 0,
): Promise<Attempt> {
  const known = { ...(declared !== undefined && { declared }), ...(own && { own }) };
  const asked: AskedOfReader = { ...order, ...known };
  let fault: string | null = null;
  let stop = (): void => {};
  const onFault = (what: string): void => {
    fault = what;
    stop();
  };
  const heard = new Heard(onPicture, onFault, pages);
  const jailed = await jail(program(asked), limits, (frame) => heard.take(frame), walls);
  stop = () => jailed.stop();
  signal?.addEventListener("abort", stop);
  if (signal?.aborted) stop();
  await feed(job, jailed);
  const ending = await jailed.ended;
  signal?.removeEventListener("abort", stop);
  await heard.settled();
  return { heard, ending: fault === null ? ending : { ...ending, how: "garbled", detail: fault } };
}

async function feed(job: Uint8Array | string, jailed: Jailed): Promise<void> {
  if (typeof job !== "string") await jailed.write(job.subarray(0, READING.inputBytes));
  else {
    try {
      for await (const piece of createReadStream(job, { end: READING.inputBytes - 1 })) await jailed.write(piece);
    } catch (error) {
      jailed.stop();
      throw error;
    }
  }
  jailed.end();
}

async function measured(job: Uint8Array | string): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const piece of typeof job === "string" ? createReadStream(job) : [job]) {
    hash.update(piece as Uint8Array);
    bytes += (piece as Uint8Array).length;
  }
  return { sha256: hash.digest("hex"), bytes };
}

/** What the reader said of how it went, or what is to be said of how the reader went. */
function result({ heard, ending }: Attempt): { known: Heard["known"]; outcome: Outcome } {
  const { known, outcome } = heard;
  if (outcome && (ending.how === "exit" || outcome.status !== "ok")) return { known, outcome };
  const where = outcome ? "after the last page" : `on page ${known.pages.length + 1}`;
  const why = `${REASONS[ending.how](ending.detail)} ${where}`.replace(/[\0-\x1f\x7f-\x9f]+/g, " ").slice(0, 300);
  return { known, outcome: { status: known.pages.length > 0 || outcome ? "partial" : "failed", why } };
}

const REASONS: Record<Ending["how"], (detail: string) => string> = {
  exit: () => "the reader ended",
  time: (detail) => `${detail} reached`,
  memory: (detail) => `${detail} reached`,
  output: (detail) => `${detail} reached`,
  garbled: (detail) => `the reader could not be understood (${detail})`,
  crash: (detail) => `the reader broke down (${detail.slice(0, 200)})`,
  stopped: () => "stopped",
};

function withTime(limits: Limits, share: number): Limits {
  return { ...limits, wallMs: limits.wallMs * share };
}

/** Whether a limit was reached before Ghostscript finished a page: an absurd size of page is often why. */
function drawsNothing({ heard, ending }: Attempt): boolean {
  return ending.how === "time" && heard.known.pages.length === 0 && heard.known.sections.some(byGhostscript);
}

/** Pages of Ghostscript whose words it did not come to, as a limit was reached. */
function wordless({ heard, ending }: Attempt): NonNullable<AskedOfReader["wordsOf"]> {
  if (ending.how !== "time" && ending.how !== "memory") return [];
  const { sections, pages, words } = heard.known;
  const missing = pages.filter(({ page }) => !words.some((one) => one.page === page));
  return sections.flatMap((one, section) => {
    const all = pages.filter((page) => page.section === section);
    if (!byGhostscript(one) || !missing.some((page) => page.section === section)) return [];
    return [{ section, first: all[0]!.page, sheets: all.length }];
  });
}

function byGhostscript({ language }: Section): boolean {
  return drawerOf(language) === "ghostscript";
}

/** Adds words, and what was found in them, to what has none. */
function withWords(known: Heard["known"], more: Heard["known"]): Heard["known"] {
  const added = more.words.filter(({ page }) => !known.words.some((one) => one.page === page));
  if (added.length === 0) return known;
  const words = [...known.words, ...added].sort((a, b) => a.page - b.page);
  const indicators = [...known.indicators, ...more.indicators].slice(0, READING.indicators);
  return { ...known, words, indicators, summary: more.summary };
}
