/** Text as renderers give it: without what only filled the space between words, and with how good it is. */
import { READING, type Words } from "../reading.ts";

/** Blanks that all lines begin or end with, more than one empty line, form feeds and what is too long for a page are left out. */
export function tidyText(text: string): string {
  const whole = text.slice(0, READING.pageText * 4).replace(/\r\n?|\f/g, "\n");
  const lines = whole.split("\n").map((line) => line.trimEnd());
  const margins = lines.filter((line) => line !== "").map((line) => line.length - line.trimStart().length);
  const margin = margins.reduce((least, one) => Math.min(least, one), Infinity);
  return lines
    .map((line) => line.slice(margin))
    .join("\n")
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
