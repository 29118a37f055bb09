/** Text as renderers give it: without what only filled the space between words, and with how good it is. */
import { READING, type Words } from "../reading.ts";

/** Trailing blanks, more than one empty line, form feeds and what is too long for a page are left out. */
export function tidyText(text: string): string {
  const lines = text.replace(/\r\n?|\f/g, "\n").slice(0, READING.pageText * 4);
  return lines
    .replace(/[ \t\0]+$/gm, "")
    .replace(/\n{3,}/g, "\n\n")
    .replace(/^\n+|\n+$/g, "")
    .slice(0, READING.pageText)
    .replace(/\p{Surrogate}/gu, "\uFFFD");
}

/** Letters that are no letters: places of private use, replacement characters, controls. */
const NO_LETTER = /[\uE000-\uF8FF\uFFFD\x01-\x08\x0E-\x1F\x7F-\x9F]/g;

/** Where a page's text comes from: a stream that only numbers its pictures of letters gives few that mean anything. */
export function wordsFrom(text: string): Words["from"] {
  const written = text.replace(/\s/g, "").length;
  if (written === 0) return "none";
  return (text.match(NO_LETTER)?.length ?? 0) > written / 4 ? "glyphs" : "stream";
}
