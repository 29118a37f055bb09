/**
 * What leads from a page to somebody: links, addresses, accounts. Each is believed by its form, and by its checksum where it has one;
 * spellings that break links are put back first. Every pattern takes linear time, and no more than a bounded number is tried.
 */
import { isIPv4, isIPv6 } from "node:net";
import { wellFormed } from "./charset.ts";
import { coinOrHash, isOnion } from "./leads/coins.ts";
import { AT_NAME, handleOf, isMeantAsName, isPublicName, NAMED, NO_HANDLES, REDDIT } from "./leads/hosts.ts";
import { ibanAt } from "./leads/iban.ts";
import { phonesIn } from "./leads/phones.ts";
import { refang } from "./leads/refang.ts";
import type { Indicator } from "./reading.ts";
import { READING } from "./reading.ts";
import { spokenIn } from "./spoken.ts";

export { defang } from "./leads/refang.ts";

type Kind = Indicator["kind"];
type Place = [number, number];

/** Words that are checked as addresses of coins, in one text. */
const MAX_WORDS = 4096;

const URL_END = '[^\\s<>"`{}|\\\\^\\u0000-\\u001f\\u201c\\u201d]';
const LINK = new RegExp(`(?<![\\p{L}\\p{N}])(?:https?|s?ftps?|ipps?|wss?|smb|ldap)://${URL_END}{1,1000}`, "giu");
const WWW = new RegExp(`(?<![\\p{L}\\p{N}@./-])www\\d?\\.${URL_END}{3,1000}`, "giu");
const NAME = /(?<![\p{L}\p{N}@.\-/_])[\p{L}\p{N}][\p{L}\p{N}.-]{2,252}/gu;
const PATH = new RegExp(`(?::\\d{1,5})?/${URL_END}{0,1000}`, "uy");
const MAIL_CHAR = /[\p{L}\p{N}!#$%&'*+=?^_~.-]/u;
const MAIL_BEHIND = /[\p{L}\p{N}][\p{L}\p{N}.-]{1,252}/uy;
const WORD = /[A-Za-z0-9]+/g;
const IBAN = /(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,32}/g;
const IPV4 = /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?!\.?\d)/g;
const IPV6 = /(?<![\p{L}\p{N}:.])[0-9A-Fa-f:.]{3,60}/gu;
const NOWHERE = /^(?:0|127|255)\.|^::1?$/;
const VERSION = /(?:\bv|version|release|firmware|build)[ .:]{0,2}$/i;

/** One text in which indicators are looked for. Finders earlier in the list take their place: `sales@toner.example` is mail, and no name. */
interface Text {
  text: string;
  /** What it may be in, the likeliest first; ISO 639-3. */
  spoken: readonly string[];
  taken: Uint8Array;
  add(kind: Kind, value: string, at: Place): void;
}

type Finder = (page: Text) => void;

function link(page: Text, written: string, start: number, scheme: string): boolean {
  const end = start + trimmed(written);
  const url = urlOf(scheme + page.text.slice(start, end));
  if (!url) return false;
  const at: Place = [start, end];
  const host = url.hostname.toLowerCase();
  const bare = host.replace(/^\[|\]$/g, "");
  if (scheme !== "" && !isPublicName(host) && !isOnion(host)) return false;
  page.add("link", url.href, at);
  if (isOnion(host)) page.add("onion", host, at);
  else if (isIPv4(bare) || isIPv6(bare)) page.add("address", bare, at);
  else if (isPublicName(host)) page.add("domain", host.replace(/^www\./, ""), at);
  const handle = handleOf(host, url.pathname);
  if (handle) page.add("handle", handle, at);
  page.taken.fill(1, start, end);
  return true;
}

function urlOf(text: string): URL | undefined {
  try {
    const url = new URL(text);
    return url.hostname === "" ? undefined : url;
  } catch {
    return undefined;
  }
}

const PAIRS: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

/** The length of a link without what closes the sentence or the bracket around it. */
function trimmed(written: string): number {
  let end = written.length;
  for (; end > 0; end--) {
    const last = written[end - 1]!;
    const open = PAIRS[last];
    if (open !== undefined && count(written, open, end) >= count(written, last, end)) break;
    if (open === undefined && !/[.,;:!?'*_»”’…-]/.test(last)) break;
  }
  return end;
}

const count = (text: string, char: string, end: number) => text.slice(0, end).split(char).length - 1;

const links: Finder = (page) => {
  for (const { 0: written, index } of page.text.matchAll(LINK)) link(page, written, index, "");
  for (const { 0: written, index } of page.text.matchAll(WWW))
    if (!page.taken[index]) link(page, written, index, "http://");
};

const mails: Finder = (page) => {
  const { text, taken } = page;
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
    let from = at;
    while (from > 0 && at - from < 64 && MAIL_CHAR.test(text[from - 1]!)) from--;
    const local = text.slice(from, at).replace(/^[.'*]+/, "");
    MAIL_BEHIND.lastIndex = at + 1;
    const host = MAIL_BEHIND.exec(text)?.[0]
      .replace(/[.-]+$/, "")
      .toLowerCase();
    if (local === "" || !host || taken[at] || !isPublicName(host)) continue;
    const place: Place = [at - local.length, at + 1 + host.length];
    page.add("mail", `${local.toLowerCase()}@${host}`, place);
    taken.fill(1, ...place);
  }
};

const names: Finder = (page) => {
  for (const { 0: run, index } of page.text.matchAll(NAME)) {
    if (!run.includes(".") || page.taken[index]) continue;
    const written = run.replace(/[.-]+$/, "");
    const host = written.toLowerCase();
    PATH.lastIndex = index + written.length;
    const path = written === run ? (PATH.exec(page.text)?.[0] ?? "") : "";
    const place: Place = [index, index + written.length];
    if (isOnion(host)) {
      page.add("onion", host, place);
      page.taken.fill(1, ...place);
    } else if (isMeantAsName(written, path.length > 1)) {
      if (path.length > 1) link(page, written + path, index, "http://");
      else page.add("domain", host.replace(/^www\./, ""), place);
      page.taken.fill(1, ...place);
    }
  }
};

const words: Finder = (page) => {
  let tried = 0;
  for (const { 0: word, index } of page.text.matchAll(WORD)) {
    if (word.length < 26 || word.length > 106 || ++tried > MAX_WORDS) continue;
    const found = coinOrHash(word);
    if (!found) continue;
    page.add(...found, [index, index + word.length]);
    page.taken.fill(1, index, index + word.length);
  }
};

const accounts: Finder = (page) => {
  for (const { 0: written, index } of page.text.matchAll(IBAN)) {
    const iban = ibanAt(written + page.text.slice(index + written.length, index + written.length + 1));
    if (!iban || page.taken[index]) continue;
    page.add("iban", iban.value, [index, index + iban.length]);
    page.taken.fill(1, index, index + iban.length);
  }
};

const addresses: Finder = (page) => {
  for (const { 0: written, index } of page.text.matchAll(IPV4)) {
    const before = page.text.slice(Math.max(0, index - 12), index);
    if (page.taken[index] || !isIPv4(written) || NOWHERE.test(written) || VERSION.test(before)) continue;
    page.add("address", written, [index, index + written.length]);
    page.taken.fill(1, index, index + written.length);
  }
  for (const { 0: run, index } of page.text.matchAll(IPV6)) {
    const written = run.replace(/(?<!:):$|\.+$/, "");
    if (page.taken[index] || !/:.*:/.test(written) || !isIPv6(written) || NOWHERE.test(written)) continue;
    page.add("address", written.toLowerCase(), [index, index + written.length]);
    page.taken.fill(1, index, index + written.length);
  }
};

const phones: Finder = (page) => {
  for (const { value, at } of phonesIn(page.text, page.spoken)) if (!page.taken[at[0]]) page.add("phone", value, at);
};

const handles: Finder = (page) => {
  for (const { 0: all, 1: service, 2: name, index } of page.text.matchAll(NAMED)) {
    const bare = name!.replace(/[.#-]+$/, "");
    const end = index + all.length - (name!.length - bare.length);
    if (page.taken[end - 1]) continue;
    page.add("handle", `${service!.toLowerCase().replace(/^insta$/, "instagram")}:${bare.toLowerCase()}`, [index, end]);
    page.taken.fill(1, index, end);
  }
  for (const { 0: all, 1: name, index } of page.text.matchAll(AT_NAME)) {
    if (!page.taken[index] && !NO_HANDLES.has(name!.toLowerCase()))
      page.add("handle", all.toLowerCase(), [index, index + all.length]);
  }
  for (const { 0: all, 1: kind, 2: name, index } of page.text.matchAll(REDDIT)) {
    if (!page.taken[index]) page.add("handle", `reddit:${kind}/${name!.toLowerCase()}`, [index, index + all.length]);
  }
};

const FINDERS: readonly Finder[] = [links, mails, words, accounts, names, addresses, handles, phones];

/**
 * What stands on the pages, in their QR codes and in the stream that leads to somebody; in this order, each kind and value once a page,
 * at most {@link READING.indicators}. What is in the stream and on a page too, is told of the page.
 * @param codes contents of QR codes
 * @param stream readable strings of the stream, of which nothing is drawn
 * @param own our own persona's names and addresses: what is one of them or inside one, leads to us and is left out
 */
export function indicatorsIn(
  pages: readonly { page: number; text: string }[],
  codes: readonly { page: number; value: string }[],
  stream: string,
  own: readonly string[] = [],
): Indicator[] {
  const found = new Map<string, Indicator>();
  const ours = own.map((name) => name.trim().toLowerCase()).filter((name) => name.length > 2);
  const spoken = spokenIn(pages.map(({ text }) => text.slice(0, 2000)).join(" "));
  const read = (text: string, page: number, where: Indicator["in"]) => {
    const whole = text.slice(0, READING.text);
    const { text: meant, back } = refang(whole);
    const veiled = ownPlaces(whole, ours);
    const here: Indicator[] = [];
    const add = (kind: Kind, value: string, place: Place) => {
      const at = back(...place);
      if (isOurs(value, ours) || veiled.some(([start, end]) => at[0] < end && start < at[1])) return;
      const written = wellFormed(whole.slice(...at).slice(0, READING.value));
      const cut = wellFormed(value.slice(0, READING.value));
      here.push({ kind, value: cut, written, page, in: where, ...(where === "text" && { at }) });
    };
    const one = { text: meant, spoken, taken: new Uint8Array(meant.length), add };
    for (const find of FINDERS) find(one);
    if (where === "text") here.sort((a, b) => a.at![0] - b.at![0]);
    for (const indicator of here) {
      const key = `${indicator.kind}\n${indicator.value}\n`;
      if (where === "stream" && [...found.keys()].some((other) => other.startsWith(key))) continue;
      if (found.size < READING.indicators && !found.has(key + page)) found.set(key + page, indicator);
    }
  };
  for (const { page, text } of pages) read(text, page, "text");
  for (const { page, value } of codes) read(value, page, "qr");
  read(stream, 0, "stream");
  return [...found.values()];
}

function isOurs(value: string, ours: readonly string[]): boolean {
  const lower = value.toLowerCase();
  const host = /^[a-z]+:\/\/\[?([^/\]:]+)/.exec(lower)?.[1] ?? lower;
  return ours.some((name) => lower === name || host === name || host.endsWith(`.${name}`));
}

/** Where our own names stand in a text. */
function ownPlaces(text: string, ours: readonly string[]): Place[] {
  const lower = text.toLowerCase();
  const places: Place[] = [];
  // Some characters change their length in lower case: then places would point elsewhere.
  if (lower.length !== text.length) return places;
  for (const name of ours) {
    for (let at = lower.indexOf(name); at >= 0 && places.length < 1024; at = lower.indexOf(name, at + name.length)) {
      const end = at + name.length;
      if (!/[\p{L}\p{N}]$/u.test(lower.charAt(at - 1)) && !/^[\p{L}\p{N}]/u.test(lower.charAt(end)))
        places.push([at, end]);
    }
  }
  return places;
}
