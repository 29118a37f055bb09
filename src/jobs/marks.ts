/**
 * What the beginning of a stream says about its language, and what the stream tells more about itself.
 * The first marks of most languages are those of the table that names a job when it comes in; here are those that only
 * a look at more than the first bytes can tell, and what there is to say about each.
 */
import { sniff } from "../protocols/raw/language.ts";
import { charsetOf, isTextInSomeSet } from "./charset.ts";
import type { Language } from "./language.ts";
import { LANGUAGES } from "./language.ts";

/** What a stream is taken for, and the bytes that say so, from its beginning. */
export interface Known {
  language: Language;
  because: string;
  mark: [number, number];
  more: string;
}

/** First bytes that are looked at for marks, and for what a stream says more. */
const HEAD = 1024;
const MORE = 16 * 1024;

/**
 * Languages that `ENTER LANGUAGE` names and no first bytes do. Host-based streams are pictures the computer has drawn, each
 * model's in its own packing. A name that is missing here leaves the decision to the bytes.
 */
const ENTERED: Readonly<Record<string, readonly [Language, more?: string]>> = {
  POSTSCRIPT: ["postscript"],
  PDF: ["pdf"],
  PCL: ["pcl"],
  PCL5: ["pcl"],
  PCL5E: ["pcl"],
  PCL3GUI: ["pcl", "PCL3GUI"],
  PCLXL: ["pclxl"],
  PCLM: ["pclm"],
  HPGL2: ["hpgl2"],
  HPGL: ["hpgl2"],
  ESCP: ["escp"],
  TIFF: ["tiff"],
  URF: ["urf"],
  PWGRASTER: ["pwg-raster"],
  HTTP: ["http"],
  ZJS: ["zjs"],
  XQX: ["xqx"],
  PRESCRIBE: ["prescribe"],
  HBS: ["host-based", "HBS"],
  ACL: ["host-based", "ACL"],
  HBPL: ["host-based", "HBPL"],
  QPDL: ["host-based", "QPDL (SPL2)"],
  SPLC: ["host-based", "SPLC"],
  SMART: ["host-based", "SPL"],
  HIPERC: ["host-based", "HiPerC"],
  LAVAFLOW: ["host-based", "LAVAFLOW"],
  OAKT: ["host-based", "OAKT"],
  CAPT: ["host-based", "CAPT"],
  DDST: ["host-based", "DDST"],
  GDI: ["host-based", "GDI"],
  HBP: ["host-based", "Brother HBP"],
  XL2HB: ["host-based", "Brother HBP"],
  PCLSLEEK: ["pcl", "PCL Sleek"],
  RPCS: ["other", "RPCS"],
  ESCPAGE: ["other", "ESC/Page"],
  "ESC/PAGE": ["other", "ESC/Page"],
  LIPS: ["other", "LIPS"],
};

/** What the content may overrule: a stream with one of these marks is that, whatever the PJL before it says. */
const UNMISTAKABLE = new Set<Language>([
  "postscript",
  "pdf",
  "pclm",
  "pclxl",
  "zjs",
  "xqx",
  "host-based",
  "urf",
  "pwg-raster",
  "cups-raster",
  "jpeg",
  "png",
  "gif",
  "tiff",
  "zip",
  "gzip",
  "elf",
  "windows-executable",
]);

/** Marks that the table for incoming jobs lacks. At the beginning of the stream, blanks left out. */
const OWN: readonly (readonly [Language, RegExp, more?: string])[] = [
  ["host-based", /^A\x81\xa1[\s\S]\x82\xa2[\s\S]\0/, "HBPL"],
  ["host-based", /^\xa5SLX/, "SLX"],
  ["host-based", /^OAKT/, "OAKT"],
  ["host-based", /^Event=StartOfJob;/, "OPL"],
  ["host-based", /^\x1b\*m\0/, "Lexmark raster"],
  ["other", /^\x1b\x01@EJL/, "EJL; ESC/Page"],
  ["other", /^\x1b\x1drhE/, "ESC/Page"],
  ["other", /^\x1b\[K[\x01\x02]\0/, "Canon BJ raster"],
  ["other", /^\x1b%@|^\x1bP\d{1,3};\d{1,5};\d{1,2}J/, "LIPS"],
  ["other", /^! \d{1,5} \d{2,4} \d{2,4} \d{1,5} \d{1,4}\r?\n/, "CPCL"],
  ["other", /^(?:\r?\n)?N\r?\n(?:[qQAB]\d|[SDZ]\w)/, "EPL"],
  ["other", /^SIZE \d[\d.]* ?(?:mm|dot)?, ?\d[^\r\n]{0,20}\r?\n/, "TSPL"],
  ["firmware", /^%%XRXbegin/, "Xerox DLM"],
  ["archive", /^7z\xbc\xaf\x27\x1c/, "7-Zip"],
  ["archive", /^Rar!\x1a\x07/, "RAR"],
  ["archive", /^BZh[1-9]1AY&SY/, "bzip2"],
  ["archive", /^\xfd7zXZ\0/, "xz"],
  ["archive", /^\x28\xb5\x2f\xfd/, "Zstandard"],
  ["archive", /^MSCF\0\0\0\0/, "Cabinet"],
  ["archive", /^[\s\S]{257}ustar[\0 ]/, "tar"],
  ["binary", /^\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1/, "OLE compound document"],
  ["binary", /^\xcf\xfa\xed\xfe|^\xce\xfa\xed\xfe|^\xca\xfe\xba\xbe/, "Mach-O program or Java class"],
];

/** What text or a short escape turns out to be when more of it is read: the first that fits, in its first 4 KiB. */
const INSIDE: readonly (readonly [from: readonly Language[], to: Language, RegExp, because: string, more?: string])[] =
  [
    [["escp", "text"], "escpos", /\x1dV[\0-\x03 01AB]|\x1d(?:\(k|v0|![\0-\x77])/, "Epson receipt command"],
    [["escp"], "escpos", /\x1bp[\0\x0101][\s\S]|\x1ba[\0-\x02]/, "Epson receipt command"],
    [["text"], "pcl", /\x1b(?:E|[&(*)][a-zA-Z][-+\d]|%-?\d[AB])/, "PCL escape sequence in text"],
    [["text"], "escpos", /\x1b@/, "ESC @ in text"],
    [["pcl"], "host-based", /\x1b\*b1030m/, "raster of Brother in PCL", "Brother HBP"],
    [["pdf"], "pclm", /%PCLm/, "%PCLm behind %PDF-"],
    [["text"], "zpl", /^\s*(?:CT~~CD,~CC\^~CT~|~\w{2}[^\r\n]{0,80})?\s*\^XA/, "^XA"],
  ];

/** Streams that are named by another protocol's request, by the name the table for incoming jobs gives them. */
function strayLanguage(name: string): [Language, more: string] {
  if (name.startsWith("http")) return ["http", name === "http-request" ? "" : name];
  return name === "tls" ? ["tls", ""] : ["protocol", name];
}

const BLANKS = /^[\0\x04\t\n\r ]+/;

export interface Asked {
  /** What ENTER LANGUAGE named before it, in capitals. */
  entered?: string | undefined;
  /** The character set that the PJL before it names. */
  charset?: string | undefined;
  /** Whether nothing of a print job came before: then it may be another protocol. */
  alone: boolean;
}

/** Says what a stream is. `stream` is not empty. */
export function recognise(stream: Buffer, { entered, charset, alone }: Asked): Known {
  const head = stream.toString("latin1", 0, HEAD);
  const blanks = BLANKS.exec(head)?.[0].length ?? 0;
  const seen = byMark(stream, head, blanks, alone);
  const told = entered !== undefined && Object.hasOwn(ENTERED, entered) ? ENTERED[entered] : undefined;
  const known = told && !(seen && UNMISTAKABLE.has(seen.language)) ? byName(stream, entered!, told, seen) : seen;
  const found = known ?? {
    language: "binary" as const,
    because: "no known mark",
    mark: [0, Math.min(stream.length, 16)],
    more: "",
  };
  // In UTF-16 a leading NUL is half a character.
  const from = found.language === "text" ? 0 : blanks;
  const more = found.more || TELLS[found.language]?.(stream.subarray(from, from + MORE), charset) || "";
  return { ...found, mark: found.mark as [number, number], more: more.slice(0, 200) };
}

function byName(
  stream: Buffer,
  entered: string,
  [language, more = ""]: readonly [Language, more?: string],
  seen?: Known,
): Known {
  if (seen?.language === language) return { ...seen, more: seen.more || more };
  return {
    language,
    because: `PJL ENTER LANGUAGE=${entered.slice(0, 40)}`,
    mark: [0, Math.min(stream.length, 16)],
    more,
  };
}

function byMark(stream: Buffer, head: string, blanks: number, alone: boolean): Known | undefined {
  const body = head.slice(blanks);
  const at = (length: number): [number, number] => [blanks, blanks + Math.max(1, Math.min(length, body.length))];
  for (const [language, pattern, more = ""] of OWN) {
    const match = pattern.exec(body);
    if (match) return { language, because: `begins with ${shown(match[0])}`, mark: at(match[0].length), more };
  }
  const { language: name, kind } = sniff(stream.subarray(0, HEAD));
  if (kind === "stray" && alone) {
    const [language, more] = strayLanguage(name);
    return { language, because: `begins as ${name} does`, mark: at(Math.min(16, body.length)), more };
  }
  const again = kind === "stray" ? sniff(Buffer.from(` ${head}`, "latin1")).language : name;
  const language = Object.hasOwn(LANGUAGES, again) ? (again as Language) : "binary";
  const inside = insideOf(stream, language === "binary" && /^[\n\r -~]{8}/.test(body) ? "text" : language);
  if (inside) return inside;
  const text = language === "text" || (language === "binary" && isTextInSomeSet(stream.subarray(0, HEAD)));
  if (text) return { language: "text", because: "reads as text", mark: [0, Math.min(stream.length, 64)], more: "" };
  if (language === "binary") return undefined;
  const mark = BEGINNINGS[language]?.exec(body)?.[0] ?? body.slice(0, 4);
  return { language, because: `begins with ${shown(mark)}`, mark: at(mark.length), more: "" };
}

/** How much of the beginning is the mark, where that is more than four bytes. */
const BEGINNINGS: Partial<Record<Language, RegExp>> = {
  postscript: /^%!(?:PS-Adobe-[\d.]{1,8})?|^\xc5\xd0\xd3\xc6/,
  pdf: /^%PDF-[\d.]{1,8}/,
  pclxl: /^[)('] HP-PCL XL;[\d;]{1,8}/,
  pcl: /^\x1b(?:E|[%&*()][a-zA-Z]?[-+\d.]{0,8}[A-Za-z@]?)/,
  "pwg-raster": /^RaS2PwgRaster/,
  urf: /^UNIRAST/,
  png: /^\x89PNG\r\n\x1a\n/,
  gif: /^GIF8[79]a/,
  xml: /^[^?]{0,4}\?xml/,
  html: /^<(?:!doctype )?html/i,
  "windows-executable": /^MZ/,
};

function insideOf(stream: Buffer, language: Language): Known | undefined {
  const lines = INSIDE.filter(([from]) => from.includes(language));
  if (lines.length === 0) return undefined;
  const text = stream.toString("latin1", 0, 4096);
  for (const [, to, pattern, because, more = ""] of lines) {
    const match = pattern.exec(text);
    if (match) return { language: to, because, mark: [match.index, match.index + match[0].length], more };
  }
  return undefined;
}

/** A mark for people: what is not printable ASCII as `<1B>`. */
export function shown(mark: string): string {
  return mark
    .slice(0, 40)
    .replace(/[^ -~]/g, (char) => `<${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}>`);
}

/** What streams of a language say more about themselves. Gets their first 16 KiB, behind the blanks. */
type Tell = (head: Buffer, charset?: string) => string;

const firstOf = (text: string, pattern: RegExp): string | undefined => pattern.exec(text)?.[1]?.trim();
const said = (...parts: (string | undefined | false)[]) => parts.filter((part) => part).join("; ");

const TELLS: Partial<Record<Language, Tell>> = {
  postscript: (head) => {
    const text = head.toString("latin1");
    const dsc = firstOf(text, /%!PS-Adobe-([\d.]{1,8})/);
    const eps = /%!PS-Adobe-[\d.]{1,8} EPSF/.test(text);
    const level = firstOf(text, /%%LanguageLevel:? ?(\d)/);
    const creator = firstOf(text, /%%Creator:? ?\(?([^\r\n]{1,80}?)\)?[\r\n]/);
    const dos = text.startsWith("\xc5\xd0\xd3\xc6") && "EPS with a DOS header";
    return said(dsc && `DSC ${dsc}`, eps && "EPS", dos, level && `level ${level}`, creator && shown(creator));
  },
  pdf: (head) => firstOf(head.toString("latin1", 0, 32), /%PDF-([\d.]{1,8})/) ?? "",
  pclm: (head) => firstOf(head.toString("latin1", 0, 256), /%PCLm[ -]?([\d.]{1,8})/) ?? "",
  pcl: (head) => {
    const text = head.toString("latin1");
    return said(
      /\x1b%-?[0-3]B/.test(text) && "with HP-GL/2",
      /\x1b\*b(?:\d{1,6}[a-z]){0,4}\d{1,6}[VW]/.test(text) && "with raster",
    );
  },
  pclxl: (head) => {
    const match = /^([)('])\s?HP-PCL XL;(\d{1,3});(\d{1,3})/.exec(head.toString("latin1", 0, 64));
    const order = { ")": "little-endian", "(": "big-endian", "'": "ASCII" }[match?.[1] ?? ""];
    return match ? said(`${match[2]}.${match[3]}`, order) : "";
  },
  "pwg-raster": rasterTell,
  "cups-raster": rasterTell,
  urf: (head) => {
    if (head.length < 36) return "";
    const [width, height, dpi] = [24, 28, 32].map((at) => head.readUInt32BE(at));
    return `${width} × ${height} pixels, ${dpi} dpi, ${head[12]} bits`;
  },
  png: (head) => (head.length < 24 ? "" : `${head.readUInt32BE(16)} × ${head.readUInt32BE(20)} pixels`),
  gif: (head) => (head.length < 10 ? "" : `${head.readUInt16LE(6)} × ${head.readUInt16LE(8)} pixels`),
  tiff: (head) => (head[0] === 0x49 ? "little-endian" : "big-endian"),
  zjs: (head) => (head.toString("latin1", 0, 4) === "JZJZ" ? "big-endian" : ""),
  escp: (head) => (head.includes("\x1b(R\x08\0\0REMOTE1") ? "remote mode" : ""),
  text: (head, told) => charsetOf(head, told).name,
  html: (head, told) => charsetOf(head, told).name,
  xml: (head, told) => charsetOf(head, told).name,
};

/** The page header of CUPS raster, version 2 and 3, behind four bytes that tell its order (PWG 5102.4, section 4). */
function rasterTell(head: Buffer): string {
  const sync = head.toString("latin1", 0, 4);
  const little = sync.endsWith("SaR");
  if (head.length < 396) return little ? "little-endian" : "";
  const at = (offset: number) => (little ? head.readUInt32LE(offset + 4) : head.readUInt32BE(offset + 4));
  return said(`${at(372)} × ${at(376)} pixels, ${at(276)} dpi, ${at(388)} bits`, little && "little-endian");
}
