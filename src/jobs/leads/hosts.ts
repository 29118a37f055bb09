/** Names of hosts in running text, and handles that links lead to. */
import { parse } from "tldts";

/** Whether a name ends as names in the Internet do, or as documentation writes them (RFC 2606). Lower case. */
export function isPublicName(host: string): boolean {
  if (/^[^.]{1,63}(?:\.[^.]{1,63})*\.example$/.test(host)) return true;
  const { domain, isIcann, isIp } = parse(host, { allowPrivateDomains: false, validateHostname: true });
  return domain !== null && !host.endsWith(".onion") && isIcann === true && isIp !== true;
}

/** Endings that are names of files too: without a path or `www.` they are taken for that. */
const FILES = new Set("md py rs sh zip mov pl so ps java cab bat".split(" "));
/** Longer endings that are no words of a language: others stand in text where somebody forgot a blank behind a full stop. */
const NO_WORDS = new Set(
  "com net org info biz edu gov mil int mobi coop aero museum xyz top online shop icu vip app dev tech bet crypto wiki lol ltd onl website example".split(
    " ",
  ),
);

/**
 * Whether a name in running text is certainly meant as one. `path`: a path follows it.
 * `evil.actor` and `done.It` are the end of one sentence and the beginning of another, `setup.py` is a file.
 */
export function isMeantAsName(written: string, path: boolean): boolean {
  const host = written.toLowerCase();
  if (written !== host && written !== written.toUpperCase() && !/^[\p{L}\p{N}.-]*\.[a-z\p{Ll}-]+$/u.test(written))
    return false;
  const labels = host.split(".");
  if (labels.length < 2 || !labels.every((label) => /^[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?$/u.test(label)))
    return false;
  const [ending, name] = [labels.at(-1)!, labels.at(-2)!];
  if (!/\p{L}/u.test(ending) || !isPublicName(host)) return false;
  if (path || (labels.length > 2 && labels[0] === "www")) return true;
  if (FILES.has(ending) || /^\d+$/.test(name)) return false;
  return (
    ending.length === 2 || !/^[a-z]+$/.test(ending) || NO_WORDS.has(ending) || labels.length > 2 || /[-\d]/.test(name)
  );
}

/** Whose pages are named by who has them: host, path, and what the handle is called. */
const PAGES: readonly (readonly [RegExp, RegExp, string])[] = [
  [/^(?:t|telegram)\.me$|^telegram\.dog$/, /^\/(?:s\/)?(\+?[\w-]{3,64})\/?(?:\d{1,12}\/?)?$/, "telegram"],
  [/^discord\.gg$/, /^\/([\w-]{2,64})\/?$/, "discord"],
  [/^discord(?:app)?\.com$/, /^\/invite\/([\w-]{2,64})\/?$/, "discord"],
  [/^instagram\.com$/, /^\/([\w.]{2,30})\/?$/, "instagram"],
  [/^(?:twitter|x)\.com$/, /^\/(\w{2,15})\/?$/, "twitter"],
  [/^(?:facebook|fb)\.com$/, /^\/([\w.]{3,80})\/?$/, "facebook"],
  [/^tiktok\.com$/, /^\/@([\w.]{2,30})\/?$/, "tiktok"],
  [/^youtube\.com$/, /^\/(?:@|c\/|user\/)([\w.-]{2,60})\/?$/, "youtube"],
  [/^(?:vk|vkontakte)\.(?:com|ru)$/, /^\/([\w.]{3,60})\/?$/, "vk"],
  [/^(?:old\.)?reddit\.com$/, /^\/((?:r|u|user)\/[\w-]{2,30})(?:\/|$)/, "reddit"],
];

/** The handle whose page a link is: `telegram:name`, or undefined. */
export function handleOf(host: string, path: string): string | undefined {
  const bare = host.replace(/^(?:www|m)\./, "");
  for (const [hosts, paths, name] of PAGES) {
    const handle = hosts.test(bare) ? paths.exec(path)?.[1] : undefined;
    if (handle) return `${name}:${handle.toLowerCase()}`;
  }
  return undefined;
}

/** A service, and behind a colon or an at sign the name one has there. */
export const NAMED =
  /\b(telegram|discord|instagram|insta|twitter|tiktok|signal|wickr|icq|skype|snapchat|session|threema|tox|jabber|xmpp|matrix)(?:[ \t]{1,3}(?:id|user|username|handle|name|channel|group|bot|account))?[ \t]{0,3}(?::[ \t]{0,3}@?|[ \t]@)([A-Za-z0-9][\w.#+-]{2,79})/gi;
/** A name with an at sign alone. */
export const AT_NAME = /(?<![\p{L}\p{N}@._/+-])@([A-Za-z]\w{2,31})(?![\w@]|\.\w)/gu;
/** A forum or user of Reddit. */
export const REDDIT = /(?<![\w/.])\/?([ru])\/([A-Za-z0-9_]{3,21})\b/g;
/** At signs that begin something else. */
export const NO_HANDLES = new Set("pjl ejl media import page charset font fontface keyframes supports".split(" "));
