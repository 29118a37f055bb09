/**
 * Tables of words: how much of what a page says is of one kind. The text is cut into words once, and every word leads
 * to the phrases that begin with it, so that the time does not grow with the table.
 */
import { fromByteText, toByteText } from "../event/bytes-text.ts";
import type { WordTable } from "./rule.ts";

export interface Spoken {
  /** Sum of what the different phrases count. */
  score: number;
  /** The phrases in their order: as they stand in the text (UTF-16 as UTF-8), and [start, end) in bytes. */
  found: { text: string; at: [number, number] }[];
}

export interface WordFinder {
  scan(byteText: string): Spoken;
}

interface Phrase {
  words: readonly string[];
  group: number;
}

/** A word, a number or a sign that phrases are made of. Scripts without spaces give one word per character. */
const WORD = /\p{N}+|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{M}]+|[%€$£]/gu;
const UTF8 = new TextDecoder("utf-8", { fatal: true });
const UTF16 = {
  le: new TextDecoder("utf-16le", { ignoreBOM: true }),
  be: new TextDecoder("utf-16be", { ignoreBOM: true }),
};
/** With a mark of byte order, or where every other of the first bytes is NUL and no more. */
const WIDE_LE = /^(?:\xff\xfe|(?:[^\0]\0){8})/;
const WIDE_BE = /^(?:\xfe\xff|(?:\0[^\0]){8})/;

/** A number in a phrase stands for any number. */
const normal = (word: string) => (/^\p{N}/u.test(word) ? "0" : word.toLowerCase());

export function compileWords(table: WordTable): WordFinder {
  const byFirst = new Map<string, Phrase[]>();
  table.groups.forEach((group, index) => {
    for (const phrase of Object.values(group.phrases).flat()) {
      const words = (phrase.match(WORD) ?? []).map(normal);
      const first = words[0];
      if (first === undefined) continue;
      const list = byFirst.get(first);
      if (list) list.push({ words, group: index });
      else byFirst.set(first, [{ words, group: index }]);
    }
  });
  return { scan: (byteText) => scan(byteText, byFirst, table) };
}

function scan(byteText: string, byFirst: ReadonlyMap<string, Phrase[]>, table: WordTable): Spoken {
  const { words, places, bytesBefore } = cut(byteText);
  const wide = utf16Of(byteText);
  const shown = (piece: string) => (wide ? toByteText(Buffer.from(wide.decode(fromByteText(piece)))) : piece);
  const seen = new Set<Phrase>();
  const perGroup = table.groups.map(() => 0);
  const found: Spoken["found"] = [];
  for (let i = 0; i < words.length; i++) {
    for (const phrase of byFirst.get(words[i]!) ?? []) {
      if (seen.has(phrase) || !phrase.words.every((word, k) => words[i + k] === word)) continue;
      seen.add(phrase);
      perGroup[phrase.group]! += table.groups[phrase.group]!.counts;
      const at: [number, number] = [bytesBefore(places[i]![0]), bytesBefore(places[i + phrase.words.length - 1]![1])];
      found.push({ text: shown(byteText.slice(...at)), at });
    }
  }
  const score = perGroup.reduce((sum, n, i) => sum + Math.min(n, table.groups[i]!.cap ?? n), 0);
  return { score, found };
}

interface Cut {
  byteText: string;
  words: string[];
  /** [start, end) of each word in characters. */
  places: [number, number][];
  bytesBefore: (index: number) => number;
}

/** The text cut last: all tables read the same text one after the other. */
let last: Cut | undefined;

function cut(byteText: string): Cut {
  if (last?.byteText === byteText) return last;
  const [text, bytesBefore] = decode(byteText);
  const words: string[] = [];
  const places: Cut["places"] = [];
  for (const match of text.matchAll(WORD)) {
    places.push([match.index, match.index + match[0].length]);
    words.push(normal(match[0]));
  }
  return (last = { byteText, words, places, bytesBefore });
}

/** Text, and how many bytes stand before one of its characters. */
type Decoded = [text: string, bytesBefore: (index: number) => number];

/** The text that byte text holds: as UTF-16 or UTF-8 where it is, else as ISO 8859-1. */
function decode(byteText: string): Decoded {
  const latin1: Decoded = [byteText, (index) => index];
  const wide = utf16Of(byteText);
  // The mark of byte order counts as a character, so that every character stands at twice its index.
  if (wide) return [wide.decode(fromByteText(byteText)), (index) => 2 * index];
  if (/^[\x00-\x7f]*$/.test(byteText)) return latin1;
  // A head may end inside a character: up to three bytes are left out.
  const bytes = fromByteText(byteText);
  for (let cut = 0; cut < 4; cut++) {
    try {
      const text = UTF8.decode(bytes.subarray(0, bytes.length - cut));
      return [text, (index) => Buffer.byteLength(text.slice(0, index))];
    } catch {
      continue;
    }
  }
  return latin1;
}

function utf16Of(byteText: string): typeof UTF8 | undefined {
  if (WIDE_LE.test(byteText)) return UTF16.le;
  return WIDE_BE.test(byteText) ? UTF16.be : undefined;
}
