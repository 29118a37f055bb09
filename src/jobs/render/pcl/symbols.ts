/**
 * Symbol sets: which letter a code is. Ids are as in the escape sequence, ESC(8U is `8U`.
 * PCL 5 Technical Reference Manual, chapter 8; Comparison Guide, appendix C (symbol set charts).
 */
import iconv from "iconv-lite";

/** Unicode by code; 0 where the set has no letter. */
export type SymbolSet = Uint32Array;

/** Sets that are a code page under another name. */
const CODE_PAGES: Record<string, string> = {
  "0N": "iso-8859-1",
  "2N": "iso-8859-2",
  "4N": "iso-8859-4",
  "5N": "iso-8859-9",
  "6N": "iso-8859-10",
  "9N": "iso-8859-15",
  "10N": "iso-8859-5",
  "11N": "iso-8859-6",
  "12N": "iso-8859-7",
  "7H": "iso-8859-8",
  "8U": "hproman8",
  "10U": "cp437",
  "11U": "cp865", // Danish and Norwegian
  "12U": "cp850",
  "13U": "cp858",
  "17U": "cp852",
  "20U": "cp860",
  "23U": "cp863",
  "25U": "cp865",
  "26U": "cp775",
  "15H": "cp862",
  "9T": "cp857",
  "3R": "cp866",
  "12G": "cp737",
  "19U": "windows-1252",
  "9U": "windows-1252",
  "9E": "windows-1250",
  "9R": "windows-1251",
  "9G": "windows-1253",
  "5T": "windows-1254",
  "19L": "windows-1257",
  "12J": "macintosh",
};

/** ISO 646 sets: ASCII but for these codes. Those not named are as in ASCII. */
const NATIONAL: Record<string, Record<string, string>> = {
  "0U": {},
  "2U": { $: "¤", "~": "‾" }, // international reference version
  "1E": { "#": "£", "~": "‾" },
  "1F": { "#": "£", "@": "à", "[": "°", "\\": "ç", "]": "§", "`": "µ", "{": "é", "|": "ù", "}": "è", "~": "¨" },
  "0F": { "#": "£", "@": "à", "[": "°", "\\": "ç", "]": "§", "{": "é", "|": "ù", "}": "è", "~": "¨" },
  "1G": { "@": "§", "[": "Ä", "\\": "Ö", "]": "Ü", "{": "ä", "|": "ö", "}": "ü", "~": "ß" },
  "0I": { "#": "£", "@": "§", "[": "°", "\\": "ç", "]": "é", "`": "ù", "{": "à", "|": "ò", "}": "è", "~": "ì" },
  "2S": { "#": "£", "@": "§", "[": "¡", "\\": "Ñ", "]": "¿", "{": "°", "|": "ñ", "}": "ç" },
  "1S": { "#": "£", "@": "§", "[": "¡", "\\": "Ñ", "]": "¿", "{": "°", "|": "ñ", "}": "ç", "~": "˜" },
  "0S": { $: "¤", "@": "É", "[": "Ä", "\\": "Ö", "]": "Å", "^": "Ü", "`": "é", "{": "ä", "|": "ö", "}": "å", "~": "ü" },
  "3S": { $: "¤", "[": "Ä", "\\": "Ö", "]": "Å", "{": "ä", "|": "ö", "}": "å", "~": "‾" },
  "0D": { "[": "Æ", "\\": "Ø", "]": "Å", "{": "æ", "|": "ø", "}": "å", "~": "‾" },
  "1D": { "#": "§", "[": "Æ", "\\": "Ø", "]": "Å", "{": "æ", "|": "ø", "}": "å", "~": "|" },
  "4S": { "#": "§", "@": "´", "[": "Ã", "\\": "Ç", "]": "Õ", "{": "ã", "|": "ç", "}": "õ", "~": "°" },
  "5S": { "[": "Ã", "\\": "Ç", "]": "Õ", "{": "ã", "|": "ç", "}": "õ" },
  "0K": { "\\": "¥", "~": "‾" },
};

/** The Symbol font's own codes from 32 and from 160 on (19M, and 579L and 14L stand in for pictures). */
const SYMBOL_LOW = " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼";
const SYMBOL_HIGH =
  "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪\0〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭";

const made = new Map<string, SymbolSet>();

/** Whether codes in this set are known to be letters. */
export function knownSet(id: string): boolean {
  return id in CODE_PAGES || id in NATIONAL || id === "19M";
}

/** The set with this id; PC-8 for one that is not known, as printers take their default. */
export function symbolSet(id: string): SymbolSet {
  const name = knownSet(id) ? id : "10U";
  const known = made.get(name);
  if (known) return known;
  const set = make(name);
  made.set(name, set);
  return set;
}

function make(id: string): SymbolSet {
  const set = new Uint32Array(256);
  const lay = (from: number, letters: string) =>
    [...letters].forEach((letter, i) => (set[from + i] = letter === "\0" ? 0 : letter.codePointAt(0)!));
  if (id === "19M") {
    lay(32, SYMBOL_LOW);
    lay(160, SYMBOL_HIGH);
    return set;
  }
  const page = CODE_PAGES[id];
  for (let code = 32; code < (page === undefined ? 127 : 256); code++) {
    const ascii = String.fromCharCode(code);
    const letter = page === undefined ? (NATIONAL[id]![ascii] ?? ascii) : iconv.decode(Buffer.of(code), page);
    const unicode = letter.codePointAt(0) ?? 0;
    // Controls are no letters, nor is what a code page leaves open.
    const none = unicode < 32 || (unicode >= 0x7f && unicode < 0xa0) || unicode === 0xfffd;
    set[code] = none ? 0 : unicode;
  }
  return set;
}

/** The id in a soft font's header: number times 32, and the letter's place in the alphabet. */
export function symbolSetId(value: number): string {
  return `${value >> 5}${String.fromCharCode(64 + (value & 31))}`;
}
