/** Jobs as the console speaks of them. Texts of visitors are byte text here, as lists have them. */
import type { Paper, Pile } from "../../src/collector/contract.ts";
import { byteTextOf } from "./visitor-text.ts";
import { count, number } from "./words.ts";

/** How a body got here, as it is said of one job. */
export const CAPTURED = { job: "printed", file: "stored on the device", stray: "meant for another service" } as const;

/** Kinds of job in words: their names in the contract with spaces, those that are not words spelt out. */
export const kindWord = (kind: string): string => kind.replaceAll("-", " ");

/** What a job is called: claimed or read from its page, else what the protocol called it. */
export const titleOf = (job: { paper: Paper | null; name?: string | null }): string | null =>
  job.paper?.title?.text ?? job.name ?? null;

/** As it was read, else as the sensor named it by its first bytes. */
export const languageWord = (job: { paper: Paper | null; language: string }): string =>
  job.paper?.languageName ?? job.language;

/** "1 page", "0 of ? pages" where it stopped before the first, "3 of ? pages" where it stopped later. */
export function pagesWord({ status, pages }: Pick<Paper, "status" | "pages">): string {
  if (status === "ok") return count(pages, "page");
  if (status === "unsupported" && pages === 0) return "not drawn";
  return `${number(pages)} of ? pages`;
}

/** Where all jobs of a pile are listed, whenever they came. */
export const familyHref = (family: string): string => `/jobs?view=each&range=all&kind=any&family=${family}`;
export const bytesHref = (sha256: string): string => `/jobs?view=each&range=all&kind=any&sha256=${sha256}`;

/** A search that finds the jobs in which this stands. */
export function searchHref(field: string, value: string): string {
  const quoted = `${field}:"${value.replaceAll(/[\\"]/g, "\\$&")}"`;
  return `/jobs?range=all&kind=any&q=${encodeURIComponent(quoted)}`;
}

/** Whose they are: one source by its address, more by their number. */
export const sourcesWord = (pile: Pick<Pile, "sources" | "source">): string =>
  pile.sources === 1 ? pile.source : count(pile.sources, "source");

const WORD = /\p{N}+|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{M}]+/gu;

/** Words of a text, counted as those of the whole job are. */
export const wordCount = (text: string): number => text.match(WORD)?.length ?? 0;

/** Where a name stands in a text, as offsets in its byte text; upper and lower case of ASCII are alike. */
export function placesOf(name: string | null, text: string): { from: number; to: number }[] {
  if (name === null || name === "") return [];
  const lower = (said: string) => byteTextOf(said).replaceAll(/[A-Z]/g, (char) => char.toLowerCase());
  const [wanted, all] = [lower(name), lower(text)];
  const places: { from: number; to: number }[] = [];
  for (let at = all.indexOf(wanted); at >= 0 && places.length < 50; at = all.indexOf(wanted, at + wanted.length)) {
    places.push({ from: at, to: at + wanted.length });
  }
  return places;
}
