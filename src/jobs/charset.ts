/**
 * Which character set plain text is in. A printer is told by its panel or by an escape sequence; a file thrown at it
 * says nothing, so this is a guess from the first bytes, and says why it was made.
 */
import iconv from "iconv-lite";

/** As IANA names them, where it does: `ascii`, `utf-8`, `utf-16le`, `utf-16be`, `windows-1252`, `cp437`, `cp850`, `hp-roman8`. */
export interface Charset {
  name: string;
  because: string;
}

/** Bytes looked at. */
const LOOK = 64 * 1024;

const UTF8 = new TextDecoder("utf-8", { fatal: true });

const MARKS: readonly (readonly [bytes: string, name: string])[] = [
  ["\xef\xbb\xbf", "utf-8"],
  ["\xff\xfe", "utf-16le"],
  ["\xfe\xff", "utf-16be"],
];

/** Sets of one byte a character, the likelier first: an equal score goes to the first. */
const SINGLE = ["windows-1252", "cp850", "cp437", "hp-roman8"] as const;

/** Names of character sets in `SET STRINGCODESET`, and of symbol sets in `SET LPARM:PCL SYMSET`. */
const PJL_SETS: Readonly<Record<string, string>> = {
  UTF8: "utf-8",
  HPROMAN8: "hp-roman8",
  ROMAN8: "hp-roman8",
  PC8: "cp437",
  PC850: "cp850",
  PC852: "cp852",
  PC1004: "windows-1252",
  WIN30: "windows-1252",
  WINL1: "windows-1252",
  WINL2: "windows-1250",
  WINL5: "windows-1254",
  ISOL1: "iso-8859-1",
  ISOL2: "iso-8859-2",
  ISO88592: "iso-8859-2",
  ISO88595: "iso-8859-5",
  ISO88599: "iso-8859-9",
  CP932: "shift_jis",
  SJIS: "shift_jis",
};

/** The character set that PJL calls by this name, or undefined. */
export function pjlCharset(name: string): string | undefined {
  return Object.hasOwn(PJL_SETS, name) ? PJL_SETS[name] : undefined;
}

/** Guesses the character set of plain text. `told`: what the job's PJL says, used where the bytes leave it open. */
export function charsetOf(bytes: Buffer, told?: string): Charset {
  const head = bytes.subarray(0, LOOK);
  const start = head.subarray(0, 3).toString("latin1");
  for (const [mark, name] of MARKS) if (start.startsWith(mark)) return { name, because: "mark of byte order" };
  const wide = wideness(head);
  if (wide) return wide;
  const text = head.toString("latin1");
  const high = text.match(/[\x80-\xff]{1,8}/g) ?? [];
  if (high.length === 0) return { name: "ascii", because: "no byte above 7F" };
  if (isUtf8(head)) return { name: "utf-8", because: "its high bytes are UTF-8" };
  if (told && iconv.encodingExists(told)) return { name: told, because: "PJL says so" };
  const words = wordsWithHigh(text);
  let best: { name: string; score: number } | undefined;
  for (const name of SINGLE) {
    const score = plausible(iconv.decode(words, name));
    if (!best || score > best.score) best = { name, score };
  }
  return { name: best!.name, because: `its high bytes read best as ${best!.name}` };
}

/**
 * Whether bytes that look like no text in ASCII, ISO 8859 or UTF-8 are text all the same: UTF-16 without a mark, or words and
 * boxes in a set of one byte a character.
 */
export function isTextInSomeSet(head: Buffer): boolean {
  const wide = wideness(head);
  const text = wide ? decodeText(head.subarray(0, head.length & ~1), wide.name) : head.toString("latin1");
  if (/[\0-\x08\x0e-\x1a\x1c-\x1f\x7f]/.test(text)) return false;
  if (wide) return (text.match(/[\p{L}\p{N}\s]/gu)?.length ?? 0) * 2 > text.length;
  if (!/[\r\n]/.test(text)) return false;
  return SINGLE.some((name) => plausible(decodeText(wordsWithHigh(text), name)) * 4 > text.length);
}

/** Text in a character set of {@link charsetOf}; an unknown one is read as Windows-1252. Never throws. */
export function decodeText(bytes: Uint8Array, charset: string): string {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return iconv.decode(view, iconv.encodingExists(charset) ? charset : "windows-1252");
}

/** UTF-16 without a mark: in text of most scripts every other byte is NUL, or nearly always the same. */
function wideness(head: Buffer): Charset | undefined {
  const length = head.length & ~1;
  if (length < 4) return undefined;
  const nul: [number, number] = [0, 0];
  for (let i = 0; i < length; i++) if (head[i] === 0) nul[(i & 1) as 0 | 1]++;
  const [even, odd] = nul.map((n) => n / (length / 2)) as [number, number];
  if (odd > 0.1 && even < 0.01) return { name: "utf-16le", because: "every other byte is NUL, the second first" };
  if (even > 0.1 && odd < 0.01)
    return { name: "utf-16be", because: "every other byte is NUL, beginning with the first" };
  return undefined;
}

/** Whether it is UTF-8; a character cut at the end does not count against it. */
function isUtf8(head: Buffer): boolean {
  for (let cut = 0; cut < 4; cut++) {
    try {
      UTF8.decode(head.subarray(0, head.length - cut));
      return true;
    } catch {
      continue;
    }
  }
  return false;
}

/** The high bytes with their neighbours; what is between them is the same in every set. */
function wordsWithHigh(text: string): Buffer {
  const words = text.match(/[A-Za-z]{0,3}[\x80-\xff]{1,64}[A-Za-z]{0,3}/g) ?? [];
  return Buffer.from(words.slice(0, 2000).join(" "), "latin1");
}

/**
 * How much a text reads like one: letters beside letters of their case, boxes beside boxes; controls and signs among letters
 * do not. A letter that European languages use often counts most.
 */
const SCORES: readonly (readonly [RegExp, number])[] = [
  [/[äöüÄÖÜßéèêëàâçùûîïôœáíóúñæøåÆØÅãõ]/g, 2],
  [/(?<=[a-z])[ß-öø-ÿ]|[ß-öø-ÿ](?=[a-z])/g, 2],
  [/[─-╿]{2}|[░▒▓█▄▀]{2}/g, 6],
  [/[“”‘’–—…€•](?![A-Za-z]\S)|(?<!\S[A-Za-z])[“„‘«»¿¡©®™°§]/g, 2],
  [/[\u0080-\u009f\ufffd]/g, -6],
  [/[a-z][À-Þ][a-z]|[a-z][^\p{L}\p{M}\s’‘–—-][a-z]/gu, -3],
];

function plausible(text: string): number {
  let score = 0;
  for (const [pattern, worth] of SCORES) score += worth * (text.match(pattern)?.length ?? 0);
  return score;
}

/** Text with every half of a character that stands alone made U+FFFD, so that it can be written as UTF-8. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, "\ufffd");
}
