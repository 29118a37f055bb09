/**
 * The form of a serial number and the like: `#` a digit, `@` a capital letter, `[A-HX]` one of these characters,
 * `<001-360>` a number between these with as many digits, any other character itself.
 */
import type { Random } from "./random.ts";

/** One piece of a pattern: one of some characters, or a number of fixed width. */
type Part = { chars: string } | { low: number; high: number; width: number };
export type Pattern = readonly Part[];

const DIGITS = "0123456789";
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** Reads a pattern, or says what is wrong with it. */
export function parsePattern(text: string): { pattern: Pattern } | { error: string } {
  const pattern: Part[] = [];
  let rest = text;
  while (rest !== "") {
    const range = /^<(\d+)-(\d+)>/.exec(rest);
    const set = /^\[([A-Za-z0-9-]+)\]/.exec(rest);
    const first = rest.charAt(0);
    if (range) {
      const [low, high] = [Number(range[1]), Number(range[2])];
      if (low > high) return { error: `${range[0]} ends below its start` };
      pattern.push({ low, high, width: range[2]!.length });
    } else if (set) {
      const chars = spread(set[1]!);
      if (chars === undefined) return { error: `${set[0]} is not a set of characters` };
      pattern.push({ chars });
    } else if ("<>[]".includes(first)) {
      return { error: `${first} begins or ends no <001-360> and no [A-F]` };
    } else {
      pattern.push({ chars: first === "#" ? DIGITS : first === "@" ? LETTERS : first });
    }
    rest = rest.slice((range ?? set)?.[0].length ?? 1);
  }
  return { pattern };
}

/** `A-C9` as `ABC9`; undefined when a range runs backwards or has an end missing. */
function spread(text: string): string | undefined {
  let chars = "";
  for (let i = 0; i < text.length; i++) {
    if (text[i + 1] !== "-") {
      if (text[i] === "-") return undefined;
      chars += text[i];
      continue;
    }
    const [low, high] = [text.charCodeAt(i), text.charCodeAt(i + 2)];
    if (!(low <= high)) return undefined;
    for (let code = low; code <= high; code++) chars += String.fromCharCode(code);
    i += 2;
  }
  return chars;
}

/** How many different texts a pattern stands for. */
export function patternSize(pattern: Pattern): number {
  return pattern.reduce((size, part) => size * ("chars" in part ? part.chars.length : part.high - part.low + 1), 1);
}

/** One text of the pattern. */
export function drawPattern(pattern: Pattern, random: Random): string {
  return pattern
    .map((part) =>
      "chars" in part
        ? part.chars.charAt(random.below(part.chars.length))
        : String(random.between(part.low, part.high)).padStart(part.width, "0"),
    )
    .join("");
}

/** Whether `text` is one of the pattern's texts. */
export function matchesPattern(pattern: Pattern, text: string): boolean {
  let at = 0;
  for (const part of pattern) {
    const piece = text.slice(at, (at += "chars" in part ? 1 : part.width));
    if ("chars" in part) {
      if (piece === "" || !part.chars.includes(piece)) return false;
    } else if (!/^\d+$/.test(piece) || piece.length !== part.width || +piece < part.low || +piece > part.high) {
      return false;
    }
  }
  return at === text.length;
}
