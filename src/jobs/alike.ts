/**
 * Which jobs are alike, over the languages they are written in: by their bytes, by what they say and by what they look like.
 *
 * The rule of a family. Two jobs are alike when they have the same bytes; or when their texts differ in at most {@link SAME_TEXT}
 * of 64 bits; or when a page of each looks the same within {@link SAME_LOOK} of 256 bits, unless both have a text and those differ
 * in more than {@link OTHER_TEXT} bits. So a flyer that one driver sends as letters and another as dots is one, and two flyers of one
 * layout that say different things are two. The figures are measured: see `alike.test.ts` and `look.ts`.
 */

/** Bits of the text's fingerprint that may differ in one text: a word in fifty misread or changed. */
export const SAME_TEXT = 10;
/** With more of them the texts are different ones, however alike the pages look. */
export const OTHER_TEXT = 18;
/** Bits of a page's look that may differ in one page. */
export const SAME_LOOK = 48;
/** Pages of a job that are compared: the first with something on them. */
export const LOOKS = 2;

/** Words, numbers, and single characters of scripts without blanks. */
const WORD = /\p{N}+|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{M}]+/gu;
const SHINGLE = 3;

/** The words of a text in order. */
export function wordsOf(text: string): string[] {
  return text.match(WORD) ?? [];
}

/**
 * 64 bits of what a text says, 16 hexadecimal digits: texts with most words in the same order have most bits in common. Case, numbers,
 * blanks and signs do not count. Null for fewer than three words.
 */
export function simhash(text: string): string | null {
  const words = wordsOf(text.normalize("NFKC").toLowerCase()).map((word) => (/^\p{N}/u.test(word) ? "0" : word));
  if (words.length < SHINGLE) return null;
  const votes = new Int32Array(64);
  // What is said twice counts once: a repeated line does not outvote the rest.
  const shingles = new Set<string>();
  for (let i = 0; i + SHINGLE <= words.length; i++) shingles.add(words.slice(i, i + SHINGLE).join(" "));
  for (const shingle of shingles) {
    const [low, high] = hash64(shingle);
    for (let bit = 0; bit < 32; bit++) {
      votes[bit]! += (low >>> bit) & 1 ? 1 : -1;
      votes[bit + 32]! += (high >>> bit) & 1 ? 1 : -1;
    }
  }
  let hex = "";
  for (let i = 0; i < 64; i += 4) {
    let digit = 0;
    for (let bit = i; bit < i + 4; bit++) digit = 2 * digit + (votes[bit]! > 0 ? 1 : 0);
    hex += digit.toString(16);
  }
  return hex;
}

/** Two 32-bit hashes in one pass (FNV-1a with two primes, mixed at the end as in MurmurHash3). */
function hash64(text: string): [number, number] {
  let low = 0x811c9dc5;
  let high = 0x9747b28c;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ code, 0x5bd1e995);
  }
  return [mixed(low), mixed(high ^ low)];
}

function mixed(hash: number): number {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
