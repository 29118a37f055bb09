/** Bank account numbers (ISO 13616): length by country, and two check digits. */

/** Characters by country, from the registry of IBAN formats. */
const LENGTHS: Readonly<Record<string, number>> = Object.fromEntries(
  (
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 " +
    "FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 " +
    "LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 " +
    "SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30"
  )
    .split(" ")
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

/** The account number at the beginning of a text with blanks in it: without them, and how much of the text it is. */
export function ibanAt(text: string): { value: string; length: number } | undefined {
  const wanted = LENGTHS[text.slice(0, 2)];
  if (wanted === undefined) return undefined;
  let value = "";
  let at = 0;
  for (; at < text.length && value.length < wanted; at++) if (text[at] !== " ") value += text[at];
  if (value.length < wanted || /^[A-Za-z0-9]/.test(text.slice(at))) return undefined;
  let rest = 0;
  for (const char of value.slice(4) + value.slice(0, 4)) {
    const digits = Number.parseInt(char, 36);
    rest = (rest * (digits > 9 ? 100 : 10) + digits) % 97;
  }
  return rest === 1 ? { value, length: at } : undefined;
}
