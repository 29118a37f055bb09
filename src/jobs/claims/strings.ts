/** Strings of PostScript (Language Reference, section 3.2.2) as byte text. */

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f", "\n": "" };

/** `(text)` with its escapes, or `<hex>`; undefined for anything else. A string that does not end, ends with its text. */
export function parseString(text: string): string | undefined {
  const hex = /^<([0-9A-Fa-f\s]{0,4096})>/.exec(text)?.[1]?.replace(/\s/g, "");
  if (hex !== undefined) return Buffer.from(hex.length % 2 ? `${hex}0` : hex, "hex").toString("latin1");
  if (!text.startsWith("(")) return undefined;
  let out = "";
  let depth = 0;
  for (const token of text.matchAll(/\\([0-7]{1,3}|[^])|[^]/g)) {
    const [char, escaped] = token;
    if (escaped !== undefined) out += /^[0-7]/.test(escaped) ? octal(escaped) : (ESCAPES[escaped] ?? escaped);
    else if (char === ")" && --depth === 0) return out;
    else if (char !== "(" || depth++ > 0) out += char;
  }
  return out;
}

const octal = (digits: string) => String.fromCharCode(Number.parseInt(digits, 8) & 0xff);
