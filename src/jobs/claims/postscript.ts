/** What PostScript says of itself in its comments (Document Structuring Conventions 3.0) and in strings it sets. */
import { parseString } from "./strings.ts";

/** A comment, and where its line stands in the section. */
export interface Comment {
  key: string;
  value: string;
  at: [number, number];
}

/** Bytes of the header, and at the end for what is said there. */
const HEADER = 64 * 1024;
const TRAILER = 16 * 1024;
/** Bytes in which features and strings are looked for. */
export const SETUP = 256 * 1024;
const MAX_COMMENTS = 512;

const LINE = /(%{1,2})([#\w]{1,40})(?::[ \t]*|[ \t]+|(?=[\r\n]|$))([^\r\n]{0,4096})/y;

/** The comments of the header; those that say `(atend)`, from behind `%%Trailer`; and the page sizes that are set. */
export function commentsOf(stream: Buffer): Comment[] {
  const found = header(stream.toString("latin1", 0, HEADER), 0, true);
  const late = new Set(found.filter(({ value }) => /^\(\s*atend\s*\)/i.test(value)).map(({ key }) => key));
  const tail = late.size > 0 ? stream.lastIndexOf("%%Trailer") : -1;
  const from = Math.max(tail, stream.length - TRAILER);
  const end = tail < 0 ? [] : header(stream.toString("latin1", from), from, false).filter(({ key }) => late.has(key));
  const sizes = [
    ...stream.toString("latin1", 0, SETUP).matchAll(/%%(?:Begin|Include)Feature: {0,4}\*PageSize +([\w.-]{1,40})/g),
  ];
  const features = sizes.slice(0, 4).map((match): Comment => {
    return { key: "PageSize", value: match[1]!, at: [match.index, match.index + match[0].length] };
  });
  return [...found.filter(({ key }) => !late.has(key)), ...end, ...features];
}

/** Comments in lines that follow each other, from `%!` on; or in all lines, behind the trailer. */
function header(text: string, offset: number, strict: boolean): Comment[] {
  const found: Comment[] = [];
  const lines = /[^\r\n]*(?:\r\n|[\r\n]|$)/y;
  for (let at = 0; at < text.length && found.length < MAX_COMMENTS; at = lines.lastIndex) {
    lines.lastIndex = at;
    const line = lines.exec(text)![0];
    if (/^%%End(?:Comments|Prolog)|^%%BeginProlog/.test(line)) break;
    const last = found.at(-1);
    LINE.lastIndex = at;
    const match = line.startsWith("%") ? LINE.exec(text) : null;
    if (line.startsWith("%%+") && last) last.value += ` ${line.slice(3).trim()}`.slice(0, 4096 - last.value.length);
    else if (match)
      found.push({ key: match[2]!, value: match[3]!.trim(), at: [offset + at, offset + at + match[0].length] });
    else if (strict && at > 0 && !/^(?:%|\s*$|\x04|\x1b)/.test(line)) break;
  }
  return found;
}

/** The text of a comment: in parentheses with escapes, as hexadecimal digits, or as it stands. Byte text. */
export function commentText(value: string): string {
  return parseString(value) ?? value.replace(/^"(.*)"$/, "$1");
}

/** `/name (text)` and `/name 12` in the first bytes: value as byte text, and the place of both together. */
export function stringsOf(stream: Buffer, names: ReadonlySet<string>): Comment[] {
  const text = stream.toString("latin1", 0, SETUP);
  const found: Comment[] = [];
  for (const match of text.matchAll(/\/([#\w]{1,40})\s{0,8}(\([^()\\]{0,200}\)|\d{1,10}\b)/g)) {
    if (!names.has(match[1]!)) continue;
    const value = match[2]!.replace(/^\(|\)$/g, "");
    found.push({ key: match[1]!, value, at: [match.index, match.index + match[0].length] });
    if (found.length === MAX_COMMENTS) break;
  }
  return found;
}
