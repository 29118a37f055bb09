/**
 * What languages a job is written in, in their order. A job is cut at every universal exit (`ESC%-12345X`), PJL and what it
 * wraps are told apart, and within one piece it is cut again only where one language certainly ends and another begins.
 */
import { parseLine, parseOptions } from "../protocols/pjl/parse.ts";
import { pjlCharset } from "./charset.ts";
import { recognise } from "./marks.ts";
import type { Language } from "./language.ts";
import type { Section } from "./reading.ts";
import { READING } from "./reading.ts";

const UEL = Buffer.from("\x1b%-12345X");
/** More universal exits, and more lines of PJL in a row, than these are not looked at one by one. */
const MAX_EXITS = 4096;
const MAX_LINES = 4096;
/** Longer runs of blanks are something. */
const MAX_BLANKS = 64 * 1024;
/** A PJL line ends here at the latest. */
const MAX_LINE = 4096;

/**
 * Where one language ends and another begins without a universal exit: what it has to be in, and what stands there; the new
 * one begins behind the first `keep` bytes of that. PostScript in PostScript is an inserted picture unless a Ctrl-D ends the job.
 */
const SEAMS: readonly (readonly [from: Language, mark: string, keep: number])[] = [
  ["pcl", "\x1bE%!PS", 2],
  ["pcl", "\x1bE%PDF-", 2],
  ["pcl", "\x1bE) HP-PCL XL;", 2],
  ["postscript", "\x04%!", 1],
  ["postscript", "\x04%PDF-", 1],
  ["postscript", "\x04\x1bE", 1],
  ["pdf", "%%EOF\n%PDF-", 6],
  ["pdf", "%%EOF\r\n%PDF-", 7],
  ["pdf", "%%EOF\n%!PS", 6],
  ["pdf", "%%EOF\r\n%!PS", 7],
  ["pclm", "%%EOF\n%PDF-", 6],
  ["text", "\x04%!PS-Adobe-", 1],
  ["text", "\f%!PS-Adobe-", 1],
];

/** What the PJL before a stream says of it. */
interface Told {
  entered?: string;
  charset?: string;
  /** Why the bytes behind a command are no print data. */
  carries?: { language?: Language; because: string };
}

/**
 * Cuts a job into its languages. Of a longer job only the first {@link READING.inputBytes} are read, and no more than
 * {@link READING.sections} sections are told; bytes between them say nothing.
 * @param declared the language that ENTER LANGUAGE named around the job, in capitals, or a media type
 */
export function identify(bytes: Uint8Array, declared?: string): Section[] {
  const job = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, READING.inputBytes));
  const find = finder(job);
  const sections: Section[] = [];
  let told: Told = declared === undefined ? {} : { entered: named(declared) };
  let charset: string | undefined;
  for (let start = 0, exits = 0; start < job.length && sections.length < READING.sections; exits++) {
    const body = find(UEL, start) === start ? start + UEL.length : start;
    const end = exits < MAX_EXITS ? find(UEL, body) : job.length;
    const pjl = readPjl(job, start, body, end);
    if (pjl.section) addPjl(sections, pjl.section);
    if (start > 0 || pjl.section) told = pjl.told;
    charset = told.charset ?? charset;
    if (!blank(job, pjl.to, end))
      readStream(job, [pjl.to, end], { ...told, ...(charset && { charset }) }, sections, find);
    start = end;
  }
  if (sections.length > 0 || job.length === 0) return sections;
  const exit = job.includes(UEL);
  const because = exit ? "a universal exit and no more" : "blanks and no more";
  return [{ language: exit ? "pjl" : "text", at: [0, job.length], because, mark: [0, job.length], more: "" }];
}

type Find = (mark: string | Buffer, from: number) => number;

/** The place of the next mark, or the end of the job. What was found is remembered, so that all questions together read the job once a mark. */
function finder(job: Buffer): Find {
  const seen = new Map<string | Buffer, [from: number, at: number]>();
  return (mark, from) => {
    const last = seen.get(mark);
    if (last && last[0] <= from && from <= last[1]) return last[1];
    const at = job.indexOf(mark, from, "latin1");
    seen.set(mark, [from, at < 0 ? job.length : at]);
    return at < 0 ? job.length : at;
  };
}

/** Whether nothing but what printers pass over stands there. */
function blank(job: Buffer, from: number, end: number): boolean {
  return end - from <= MAX_BLANKS && /^[\0\x04\t\n\r ]*$/.test(job.toString("latin1", from, end));
}

interface Pjl {
  section?: Section;
  /** Where it ends. */
  to: number;
  told: Told;
}

/** Reads the PJL of a piece that begins at `start`, with its universal exit up to `from`. */
function readPjl(job: Buffer, start: number, from: number, end: number): Pjl {
  const told: Told = {};
  let at = from;
  let mark: [number, number] | undefined;
  for (let lines = 0; at < end; lines++) {
    const begin = skipBlanks(job, at, end);
    if (!/^@PJL(?:[ \t\r\n]|$)/.test(job.toString("latin1", begin, Math.min(end, begin + 5)))) break;
    if (lines === MAX_LINES) {
      at = end;
      break;
    }
    mark ??= [begin, begin + 4];
    const feed = job.subarray(begin, Math.min(end, begin + MAX_LINE)).indexOf(10);
    const stop = feed < 0 ? Math.min(end, begin + MAX_LINE) : begin + feed + 1;
    Object.assign(told, tells(job.toString("latin1", begin, stop).trimEnd()));
    at = stop;
    if (told.entered !== undefined || told.carries) break;
  }
  if (!mark) return { to: from, told };
  const because = start < from ? "@PJL behind a universal exit" : "begins with @PJL";
  return { section: { language: "pjl", at: [start, at], because, mark, more: "" }, to: at, told };
}

/** PJL in pieces that follow each other is one section: some drivers put a universal exit before every line. */
function addPjl(sections: Section[], section: Section): void {
  const last = sections.at(-1);
  if (last?.language === "pjl" && last.at[1] === section.at[0]) last.at = [last.at[0], section.at[1]];
  else sections.push(section);
}

function skipBlanks(job: Buffer, from: number, end: number): number {
  let at = from;
  while (at < end && at < from + 4096 && (job[at] === 10 || job[at] === 13 || job[at] === 32 || job[at] === 0)) at++;
  return at;
}

function tells(line: string): Told {
  const { command, argument } = parseLine(line);
  if (command === "ENTER") {
    const language = parseOptions(argument).options.find((option) => option.name === "LANGUAGE")?.value;
    return language === undefined ? {} : { entered: named(language) };
  }
  if (command === "SET" || command === "DEFAULT") {
    const option = parseOptions(argument).options[0];
    const charset =
      option?.name === "SYMSET" || option?.name === "STRINGCODESET" ? pjlCharset(option.value ?? "") : undefined;
    if (option?.name === "SYMSET" && charset) return { charset };
    if (option?.name === "IMAGELEN")
      return { carries: { language: "host-based", because: "PJL SET IMAGELEN before a picture" } };
    return {};
  }
  if (command === "UPGRADE") return { carries: { language: "firmware", because: "PJL UPGRADE before it" } };
  if (command === "FSDOWNLOAD" || command === "FSAPPEND") return { carries: { because: `the file of PJL ${command}` } };
  return {};
}

/** A language's name or media type as PJL names it: `application/vnd.hp-PCLXL` is PCLXL. */
function named(name: string): string {
  const capitals = name
    .slice(0, 64)
    .replace(/[^ -~]/g, "?")
    .toUpperCase();
  return capitals.replace(/^(?:APPLICATION|IMAGE)\/(?:VND\.HP-|VND\.CUPS-|X-)?/, "").replace(/[- ]/g, "");
}

/** What is no PJL: cut at the seams, each part recognised by itself. */
function readStream(job: Buffer, [from, end]: [number, number], told: Told, sections: Section[], find: Find): void {
  let asked: Told = told;
  for (let start = from; start < end && sections.length < READING.sections;) {
    const stream = job.subarray(start, end);
    const alone = sections.length === 0 && start === 0 && told.entered === undefined;
    const known = recognise(stream, { entered: asked.entered, charset: asked.charset, alone });
    const carried = asked.carries;
    const language = carried?.language ?? known.language;
    const because = carried?.because ?? known.because;
    const stop = carried ? end : seam(language, start, end, find);
    const mark: [number, number] = [start + known.mark[0], start + known.mark[1]];
    const inner = language === "postscript" ? epsInDos(job, mark[0], stop) : undefined;
    sections.push({
      language,
      at: inner ?? [start, stop],
      because: because.slice(0, 200),
      mark,
      more: carried ? "" : known.more,
    });
    asked = {};
    start = stop;
  }
}

/** Where the language that begins at `start` is followed by another. */
function seam(language: Language, start: number, end: number, find: Find): number {
  let stop = end;
  for (const [from, mark, keep] of SEAMS) {
    if (from !== language) continue;
    const at = find(mark, start + 1);
    if (at + keep < stop) stop = at + keep;
  }
  return stop;
}

/** The PostScript of an EPS file with a DOS header: offset and length stand behind its four bytes (Adobe technical note 5002). */
function epsInDos(job: Buffer, at: number, end: number): [number, number] | undefined {
  if (at + 12 > end || job.readUInt32BE(at) !== 0xc5d0d3c6) return undefined;
  const from = at + job.readUInt32LE(at + 4);
  const to = from + job.readUInt32LE(at + 8);
  return from > at && to > from && to <= end ? [from, to] : undefined;
}
