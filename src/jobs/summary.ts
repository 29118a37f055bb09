/** A job in a few words: what it is called, how much it says and in which language. */
import { simhash, wordsOf } from "./alike.ts";
import { wellFormed } from "./charset.ts";
import type { Claim, Section, Summary, Words } from "./reading.ts";
import { READING } from "./reading.ts";
import { spokenIn } from "./spoken.ts";

/** Titles that print systems give to what has none. */
const NO_TITLE =
  /^(?:\(?stdin\)?|untitled ?\d*|document ?\d*|unknown|print job|job ?\d*|(?:local|remote) downlevel document|full page print|MSDOC|smbprn\S*|-|[\W_]*)$/i;
const TITLE = 200;
/** Words with which a language is told though another one is likely too. */
const FEW = 20;

/** What is known of a job when its pages were drawn. What was left out, its caller knows. */
export function summarize(known: {
  sections: readonly Section[];
  claims: readonly Claim[];
  words: readonly Words[];
}): Summary {
  const text = [...known.words]
    .sort((a, b) => a.page - b.page)
    .map((words) => words.text)
    .join("\n")
    .slice(0, READING.text);
  return {
    title: titleOf(known.claims, text),
    words: wordsOf(text).length,
    spoken: spokenOf(text),
    simhash: simhash(text),
    left: [],
  };
}

/** With few words, languages of one family look the same: then it is not said. */
function spokenOf(text: string): string | null {
  const [first, other] = spokenIn(text);
  return first === undefined || (other !== undefined && wordsOf(text).length < FEW) ? null : first;
}

function titleOf(claims: readonly Claim[], text: string): Summary["title"] {
  const titles = claims.filter(({ what, value }) => what === "title" && !NO_TITLE.test(value.trim()));
  const claimed = titles.find(({ strength }) => strength === 2) ?? titles[0];
  if (claimed) return { text: cut(claimed.value), from: "claimed" };
  const read = text
    .slice(0, 16 * 1024)
    .split(/[\r\n\f\v\u2028\u2029]+/)
    .find((line) => /\p{L}.*\p{L}/u.test(line));
  return read === undefined ? null : { text: cut(read), from: "read" };
}

function cut(text: string): string {
  return wellFormed(text.trim().slice(0, TITLE));
}
