/** Telephone numbers: with their country where they have it, else as the country of the text's language writes them. */
import type { CountryCode } from "libphonenumber-js/max";
import { parsePhoneNumberFromString } from "libphonenumber-js/max";

/** Digits with what people put between them. Not more than an international number with an extension has. */
const CANDIDATE = /(?<![\p{L}\p{N}.,:/#=_-])(?:\+ ?|\()?\d[\d \t\u00a0()./\u2010-\u2015-]{5,26}\d(?![\p{L}\p{N}])/gu;
/** Before a number, what says that it is one to call. */
const CALL =
  /(?:\b(?:tel|tél|phone|fon|telefon|telefono|teléfono|telefone|téléphone|call|ring|fax|mobile?|handy|cell|hotline|whats ?app|viber|signal|sms|text|dial|llame|chiama|appele[zr]|ruf\w{0,3}|contact|zadzwo\w{0,4}|ara)|тел|телефон|звони\w{0,3}|电话|電話|전화)[\p{L}\s.:()+-]{0,24}$/iu;
/** As only numbers of North America are written. */
const AMERICAN = /^(?:\+?1[ .-])?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}$/;

/** Where a language is spoken most. ISO 639-3. */
const REGIONS: Readonly<Record<string, readonly CountryCode[]>> = {
  eng: ["US", "GB", "AU"],
  deu: ["DE", "AT", "CH"],
  fra: ["FR", "BE", "CA"],
  spa: ["ES", "MX", "AR"],
  por: ["BR", "PT"],
  ita: ["IT"],
  nld: ["NL", "BE"],
  pol: ["PL"],
  ces: ["CZ"],
  rus: ["RU"],
  ukr: ["UA"],
  tur: ["TR"],
  swe: ["SE"],
  dan: ["DK"],
  nob: ["NO"],
  fin: ["FI"],
  ron: ["RO"],
  hun: ["HU"],
  ell: ["GR"],
  jpn: ["JP"],
  kor: ["KR"],
  cmn: ["CN", "TW"],
  vie: ["VN"],
  ind: ["ID"],
  arb: ["EG", "SA"],
  hin: ["IN"],
};

/** Numbers tried in one text. */
const MAX_TRIED = 256;
/** Countries tried for one number. */
const MAX_REGIONS = 8;

export interface Phone {
  /** E.164: `+15550100142`. */
  value: string;
  at: [number, number];
}

/** `spoken`: ISO 639-3 of what the text may be in, the likeliest first. */
export function phonesIn(text: string, spoken: readonly string[]): Phone[] {
  const regions = [...new Set(spoken.flatMap((language) => REGIONS[language] ?? []))].slice(0, MAX_REGIONS);
  const found: Phone[] = [];
  let tried = 0;
  for (const { 0: written, index } of text.matchAll(CANDIDATE)) {
    const digits = written.replace(/\D/g, "").length;
    if (digits < 7 || digits > 15 || ++tried > MAX_TRIED) continue;
    const value = numberOf(written, text.slice(Math.max(0, index - 40), index), regions);
    if (value) found.push({ value, at: [index, index + written.length] });
  }
  return found;
}

function numberOf(written: string, before: string, regions: readonly CountryCode[]): string | undefined {
  if (written.startsWith("+")) return parse(written, undefined, false);
  const called = CALL.test(before);
  if (/^00[1-9]/.test(written)) return parse(`+${written.slice(2)}`, undefined, !called);
  if (AMERICAN.test(written)) return parse(written, "US", false);
  if (!called) return undefined;
  for (const region of regions) {
    const value = parse(written, region, true);
    if (value) return value;
  }
  return undefined;
}

/** With `strict` the number must be one that was given out; else it is enough that it has the length of one. */
function parse(written: string, region: CountryCode | undefined, strict: boolean): string | undefined {
  const number = parsePhoneNumberFromString(written, region);
  return number && (strict ? number.isValid() : number.isPossible()) ? number.number : undefined;
}
