/**
 * What a job says of itself and of who sent it. Every claim names its place; none is believed: whoever sends a job
 * writes into it what he likes. Who says what where is the table of makers.
 */
import { fromByteText } from "../event/bytes-text.ts";
import { parseLine, parseOptions } from "../protocols/pjl/parse.ts";
import { decodeText, pjlCharset, wellFormed } from "./charset.ts";
import type { Maker } from "./claims/makers.ts";
import { MAKERS, PCL_PAPER } from "./claims/makers.ts";
import { commentsOf, commentText, stringsOf } from "./claims/postscript.ts";
import type { Reads } from "./claims/values.ts";
import type { Language } from "./language.ts";
import type { Claim, Section } from "./reading.ts";
import { READING } from "./reading.ts";

const MAX_LINES = 4096;
const MAX_LINE = 4096;
/** Bytes at the beginning of a section in which claims other than those of PostScript are looked for. */
const HEAD = 64 * 1024;

type Table = "pjl" | "attributes" | "dsc" | "strings" | "ejl" | "xml";

/** All makers' lines of one kind under their key. */
function merged(table: Table): Map<string, Reads[]> {
  const all = new Map<string, Reads[]>();
  for (const maker of MAKERS) {
    for (const [key, reads] of Object.entries(maker[table] ?? {})) all.set(key, [...(all.get(key) ?? []), reads]);
  }
  return all;
}

const PJL = merged("pjl");
const ATTRIBUTES = merged("attributes");
const DSC = merged("dsc").set("PageSize", ["paper"]);
const STRINGS = merged("strings");
const EJL = merged("ejl");
const XML = merged("xml");
const LINES: NonNullable<Maker["lines"]> = MAKERS.flatMap(({ lines = [] }) => lines);

/** A value as byte text, and where it stands. */
interface Spoken {
  value: string;
  from: string;
  strength: 1 | 2;
  at?: [number, number];
}

/** Collects claims: each kind and value once, from where it was said first with the greater strength. */
class Dossier {
  readonly claims: Claim[] = [];
  readonly #in: Claim["in"];
  readonly #seen = new Set<string>();
  charset = "windows-1252";

  constructor(where: Claim["in"]) {
    this.#in = where;
  }

  get full(): boolean {
    return this.claims.length >= READING.claims;
  }

  add(readers: readonly Reads[] | undefined, { value, from, strength, at }: Spoken): void {
    if (!readers) return;
    const text = unicode(value, this.charset).trim();
    for (const reads of readers) {
      const said = typeof reads === "string" ? [[reads, text] as const] : reads(text);
      for (const [what, raw] of said) this.#keep({ what, value: raw, from, strength, ...(at && { at }) });
    }
  }

  #keep({ value, ...rest }: Omit<Claim, "in">): void {
    const clean = wellFormed(value.trim().slice(0, READING.value));
    const key = `${rest.what}\n${clean}\n${rest.from}`;
    if (this.full || /^(?:|\(null\)|\(none\))$/.test(clean) || this.#seen.has(key)) return;
    this.#seen.add(key);
    this.claims.push({ ...rest, value: clean, from: rest.from.slice(0, 100), in: this.#in });
  }
}

const UTF8 = new TextDecoder("utf-8", { fatal: true });
const UTF16BE = new TextDecoder("utf-16be");

/** Byte text as the text it is: UTF-16 with its mark, UTF-8 where it is, else in the character set that the job names. */
function unicode(value: string, charset: string): string {
  if (/^[\0-\x7f]*$/.test(value)) return value;
  const bytes = fromByteText(value);
  if (value.startsWith("\xfe\xff")) return UTF16BE.decode(bytes);
  try {
    return UTF8.decode(bytes);
  } catch {
    return decodeText(bytes, charset);
  }
}

/** Claims in the body of a job. At most {@link READING.claims}, in the order of its sections. Never throws. */
export function claimsOf(bytes: Uint8Array, sections: readonly Section[]): Claim[] {
  const job = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const dossier = new Dossier("body");
  for (const { language, at } of sections) {
    if (dossier.full) break;
    FINDERS[language]?.(job.subarray(...at), at[0], dossier);
  }
  return dossier.claims;
}

/** Claims in the PJL lines around a job, byte text as they came. A claim's place is its line. Never throws. */
export function wrapperClaims(lines: readonly string[]): Claim[] {
  const dossier = new Dossier("wrapper");
  for (const [i, line] of lines.slice(0, MAX_LINES).entries()) {
    if (!dossier.full && line.startsWith("@PJL")) pjlLine(line.slice(0, MAX_LINE), [i, i + 1], dossier);
  }
  return dossier.claims;
}

/** Each reads a section that begins at `offset` of the job. */
const FINDERS: Partial<Record<Language, (stream: Buffer, offset: number, dossier: Dossier) => void>> = {
  pjl: (stream, offset, dossier) => {
    for (const [line, [start, end]] of linesOf(stream, offset, stream.length)) {
      const begin = line.indexOf("@PJL");
      if (begin >= 0) pjlLine(line.slice(begin), [start + begin, end], dossier);
    }
  },
  postscript: (stream, offset, dossier) => {
    const moved = ([start, end]: [number, number]): [number, number] => [offset + start, offset + end];
    for (const { key, value, at } of commentsOf(stream)) {
      dossier.add(DSC.get(key), { value: commentText(value), from: `%%${key}`, strength: 1, at: moved(at) });
    }
    for (const { key, value, at } of stringsOf(stream, new Set(STRINGS.keys()))) {
      dossier.add(STRINGS.get(key), { value, from: `PostScript /${key}`, strength: 1, at: moved(at) });
    }
  },
  firmware: (stream, offset, dossier) => FINDERS.postscript!(stream.subarray(0, HEAD), offset, dossier),
  pcl: (stream, offset, dossier) => {
    const sequences = stream
      .toString("latin1", 0, HEAD)
      .matchAll(/\x1b&l((?:[-+]?\d{1,6}[a-z]){0,16}[-+]?\d{1,6}[A-Z])/g);
    for (const { 0: written, 1: parameters, index } of [...sequences].slice(0, 64)) {
      const at: [number, number] = [offset + index, offset + index + written.length];
      for (const [, digits, letter] of parameters!.matchAll(/[-+]?0*(\d{1,6})([A-Za-z])/g)) {
        if (/x/i.test(letter!)) dossier.add(["copies"], { value: digits!, from: "PCL ESC&l#X", strength: 2, at });
        if (/a/i.test(letter!))
          dossier.add(["paper"], { value: PCL_PAPER[digits!] ?? "", from: "PCL ESC&l#A", strength: 2, at });
      }
    }
  },
  pclxl: (stream, offset, dossier) => {
    const head = /^(\s{0,64})([)('][^\r\n]{0,1000})/.exec(stream.toString("latin1", 0, 1100));
    const value = head && /;\d{1,3};\d{1,3};(?:Comment)?(.{0,900})/.exec(head[2]!)?.[1];
    if (!value) return;
    const start = offset + head[1]!.length;
    dossier.add(["driver"], { value, from: "PCL XL header", strength: 1, at: [start, start + head[2]!.length] });
  },
  other: (stream, offset, dossier) => {
    for (const [line, at] of linesOf(stream, offset, HEAD)) {
      if (!line.startsWith("@EJL JI")) continue;
      for (const { name, value = "" } of parseOptions(line.slice(7)).options) {
        dossier.add(EJL.get(name), { value, from: `EJL JI ${name}`, strength: 2, at });
      }
    }
  },
  xml: (stream, offset, dossier) => {
    const text = stream.toString("latin1", 0, HEAD);
    if (!text.includes("<xpif")) return;
    for (const match of text.matchAll(/<([a-z-]{1,40})(?: [^<>]{0,200})?>([^<>]{1,1024})<\//g)) {
      const at: [number, number] = [offset + match.index, offset + match.index + match[0].length];
      const value = match[2]!.replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => ENTITIES[name]!);
      dossier.add(XML.get(match[1]!), { value, from: `XPIF ${match[1]}`, strength: 2, at });
    }
  },
  text: lpdControl,
  protocol: lpdControl,
};

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };

/** Lines of a control file (RFC 1179, section 7) by their first letter. */
const LPD: Readonly<Record<string, Reads>> = {
  H: "host",
  P: "user",
  J: "title",
  C: "department",
  L: "user",
  N: "title",
};

/** A control file of LPD that came as the job itself: it begins with the host, and names the data file of a job. */
function lpdControl(stream: Buffer, offset: number, dossier: Dossier): void {
  const text = stream.toString("latin1", 0, 4096);
  if (!/^H[\w.-]{1,255}\nP/.test(text) || !/\n[a-zU]dfA\d{3}/.test(text)) return;
  for (const [line, at] of linesOf(stream, offset, 4096)) {
    const letter = line.charAt(0);
    const reads = Object.hasOwn(LPD, letter) ? [LPD[letter]!] : undefined;
    dossier.add(reads, { value: line.slice(1), from: `LPD control file ${letter}`, strength: 2, at });
  }
}

/** Lines without their ends, and where they stand in the job. */
function* linesOf(stream: Buffer, offset: number, limit: number): Generator<[string, [number, number]]> {
  const stop = Math.min(stream.length, limit);
  for (let at = 0, lines = 0; at < stop && lines < MAX_LINES; lines++) {
    const feed = stream.subarray(at, Math.min(stop, at + MAX_LINE)).indexOf(10);
    const end = feed < 0 ? Math.min(stop, at + MAX_LINE) : at + feed;
    const line = stream.toString("latin1", at, end).replace(/\r$/, "");
    yield [line, [offset + at, offset + at + line.length]];
    at = feed < 0 ? end : end + 1;
  }
}

/** `SET JOBATTR="name=value"`; some write `name:value`, and some put a quote before the value and none behind it. */
const ATTRIBUTE = /^[ \t]*JOBATTR[ \t]*=[ \t]*"?([^"=: \t]{1,32})[=:]"?([^"]{0,2048})/i;

function pjlLine(line: string, at: [number, number], dossier: Dossier): void {
  const { command, argument } = parseLine(line);
  const attribute = command === "SET" ? ATTRIBUTE.exec(argument) : null;
  if (attribute) {
    const [, name = "", value = ""] = attribute;
    dossier.add(ATTRIBUTES.get(name), { value, from: `PJL SET JOBATTR ${name}`, strength: 2, at });
    return;
  }
  for (const { name, value } of parseOptions(argument).options) {
    if (value === undefined) continue;
    if (name === "STRINGCODESET") dossier.charset = pjlCharset(value) ?? dossier.charset;
    dossier.add(PJL.get(`${command} ${name}`), { value, from: `PJL ${command} ${name}`, strength: 2, at });
  }
  const rest = line.slice(4).trim();
  for (const [pattern, ...what] of LINES) {
    const match = pattern.exec(rest);
    if (!match) continue;
    what.forEach((one, i) => {
      if (match[i + 1]) dossier.add([one], { value: match[i + 1]!, from: `PJL ${command}`, strength: 2, at });
    });
  }
}
