/**
 * Spellings that keep a link from being one, `hxxps://toner[.]example`, `sales (at) toner (dot) example`, put back as they are meant,
 * and made so again for showing.
 */

export interface Refanged {
  text: string;
  /** The place in the text as it was of a place in the text as it is. */
  back(start: number, end: number): [number, number];
}

/** What is written, and what is meant. Brackets make it certain; bare words and blanks do not. */
const SPELLINGS: readonly (readonly [RegExp, string])[] = [
  [/ ?[[({] ?(?:\.|dot|punkt|punto|point) ?[\])}] ?/gi, "."],
  [/ ?[[({] ?(?:@|at|arroba) ?[\])}] ?/gi, "@"],
  [/\[:\/\/\]/g, "://"],
  [/[[(]:[\])]/g, ":"],
  [/\bh(?:xx|XX|\*\*)p(?=s?(?:\[|\()?:)/gi, "http"],
  [/\bfxp(?=s?(?:\[|\()?:)/gi, "ftp"],
  [/[\u00ad\u200b-\u200f\u2060\ufeff]/g, ""],
  [/[．｡](?=[\p{L}\p{N}])/gu, "."],
];
/** Blanks around the dots of a name count when every dot has them and it begins with `www`. */
const SPACED = /\bwww(?: \. [a-z0-9-]{1,63}){2,5}/gi;
/** `name at host dot com`, all in words. */
const IN_WORDS =
  /\b[\w.-]{1,64} at [\w-]{1,63}(?: dot \w{2,24}){0,3} dot (?:com|net|org|info|biz|ru|de|io|co|me|example)\b/gi;

interface Piece {
  from: number;
  to: number;
  text: string;
}

export function refang(text: string): Refanged {
  const pieces: Piece[] = [];
  const put = (from: number, length: number, meant: string) => pieces.push({ from, to: from + length, text: meant });
  for (const [pattern, meant] of SPELLINGS)
    for (const { 0: all, index } of text.matchAll(pattern)) put(index, all.length, meant);
  for (const { 0: all, index } of text.matchAll(SPACED)) {
    for (const dot of all.matchAll(/ \. /g)) put(index + dot.index, 3, ".");
  }
  for (const { 0: all, index } of text.matchAll(IN_WORDS)) {
    for (const word of all.matchAll(/ (at|dot) /g))
      put(index + word.index, word[0].length, word[1] === "at" ? "@" : ".");
  }
  return pieces.length === 0 ? { text, back: (start, end) => [start, end] } : joined(text, pieces);
}

function joined(text: string, pieces: Piece[]): Refanged {
  pieces.sort((a, b) => a.from - b.from || b.to - a.to);
  /** Where a run that was kept or replaced begins, in the new text and in the old one, and how long it is there. */
  const runs: { at: number; from: number; to: number; kept: boolean }[] = [];
  let out = "";
  let done = 0;
  const keep = (to: number) => {
    if (to > done) runs.push({ at: out.length, from: done, to, kept: true });
    out += text.slice(done, to);
  };
  for (const { from, to, text: meant } of pieces) {
    if (from < done) continue;
    keep(from);
    if (meant !== "") runs.push({ at: out.length, from, to, kept: false });
    out += meant;
    done = to;
  }
  keep(text.length);
  const runAt = (place: number) => {
    let [low, high] = [0, runs.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (runs[middle]!.at <= place) low = middle;
      else high = middle - 1;
    }
    return runs[low]!;
  };
  return {
    text: out,
    back: (start, end) => {
      const [first, last] = [runAt(start), runAt(end - 1)];
      return [first.kept ? first.from + start - first.at : first.from, last.kept ? last.from + end - last.at : last.to];
    },
  };
}

/** A value for showing, so that nothing makes a link of it: `hxxps://toner[.]example/p.html`, `sales[@]toner[.]example`. */
export function defang(value: string): string {
  const match = /^([a-z][a-z0-9+.-]{0,20}:\/\/)?([^/?#]*)([^]*)$/i.exec(value);
  const [, scheme = "", host = "", rest = ""] = match ?? [];
  const broken = host.replaceAll(".", "[.]").replaceAll("@", "[@]");
  return scheme.replace(/^http/i, "hxxp").replace(/^ftp/i, "fxp") + broken + rest;
}
