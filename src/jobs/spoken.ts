/** Which language a text is in, among those that much is printed in: of all languages, a short text is soon taken for a rare one. */
import { francAll } from "franc";

const LANGUAGES =
  "eng deu fra spa por ita nld pol ces slk hun ron bul ell rus ukr srp hrv slv lit lav est fin swe dan nob tur heb arb pes urd hin ben tam tha vie ind zlm jpn kor cmn cat".split(
    " ",
  );
/** Characters below which there is too little to tell, and beyond which more does not help. */
const LEAST = 24;
const MOST = 2048;
/** Share of the likeliest language's score that makes another one likely too. */
const LIKELY = 0.8;
/** The same where a letter speaks for it. */
const POSSIBLE = 0.6;

/** Letters that of all neighbours only one has. */
const LETTERS: readonly (readonly [RegExp, string])[] = [
  [/[їєґ]/i, "ukr"],
  [/[ыэё]/i, "rus"],
  [/[ãõ]/i, "por"],
  [/[ąęłż]/i, "pol"],
];

/** ISO 639-3 of what a text may be in, the likeliest first; none for too little text. */
export function spokenIn(text: string): string[] {
  const letters = text
    .slice(0, 4 * MOST)
    .replace(/[^\p{L}\p{M}]+/gu, " ")
    .trim()
    .slice(0, MOST);
  if (letters.length < LEAST && !/[\p{Script=Han}\p{Script=Hangul}\p{Script=Kana}]{6}/u.test(letters)) return [];
  const guessed = francAll(letters, { only: LANGUAGES, minLength: 1 });
  const within = (share: number) =>
    guessed.filter(([language, score]) => score >= share && language !== "und").map(([language]) => language);
  const sure = within(POSSIBLE).find((one) =>
    LETTERS.some(([pattern, language]) => language === one && pattern.test(letters)),
  );
  return sure === undefined ? within(LIKELY) : [sure, ...within(LIKELY).filter((language) => language !== sure)];
}
