/**
 * What a visitor sent, cut into pieces that can be shown without doing anything: runs of plain text, and boxes with
 * the names of characters that would steer, hide or reorder. Pure; the one component that shows visitor text uses it.
 */

/** A run of bytes a finding rests on, as offsets in the byte text that is shown. */
export interface Mark {
  from: number;
  to: number;
  /** The finding's number. */
  number?: number | undefined;
}

export interface TextPiece {
  kind: "text";
  text: string;
  mark?: Mark;
}
export interface BoxPiece {
  kind: "box";
  /** `ESC`, `RLO`, `9F`. */
  name: string;
  /** What a screen reader says. */
  spoken: string;
  /** Hides or reorders text, rather than steering a device. */
  odd: boolean;
  /** Ends a line. */
  ends?: boolean;
  mark?: Mark;
}
export interface CutPiece {
  kind: "cut";
  bytes: number;
}
export type Piece = TextPiece | BoxPiece | CutPiece;

export interface Cut {
  /** Bytes that are shown at most. */
  max: number;
  marks?: readonly Mark[];
}

const C0: readonly (readonly [string, string])[] = [
  ["NUL", "null character"],
  ["SOH", "start of heading"],
  ["STX", "start of text"],
  ["ETX", "end of text"],
  ["EOT", "end of transmission"],
  ["ENQ", "enquiry"],
  ["ACK", "acknowledge"],
  ["BEL", "bell"],
  ["BS", "backspace"],
  ["HT", "tab"],
  ["LF", "line feed"],
  ["VT", "vertical tab"],
  ["FF", "form feed"],
  ["CR", "carriage return"],
  ["SO", "shift out"],
  ["SI", "shift in"],
  ["DLE", "data link escape"],
  ["DC1", "device control one"],
  ["DC2", "device control two"],
  ["DC3", "device control three"],
  ["DC4", "device control four"],
  ["NAK", "negative acknowledge"],
  ["SYN", "synchronous idle"],
  ["ETB", "end of block"],
  ["CAN", "cancel"],
  ["EM", "end of medium"],
  ["SUB", "substitute"],
  ["ESC", "escape character"],
  ["FS", "file separator"],
  ["GS", "group separator"],
  ["RS", "record separator"],
  ["US", "unit separator"],
];

/** Characters that are invisible or turn the text around, by code point; others of their kind show their number. */
const ODD = new Map<number, readonly [string, string]>([
  [0xa0, ["NBSP", "no-break space"]],
  [0xad, ["SHY", "soft hyphen"]],
  [0x34f, ["CGJ", "combining grapheme joiner"]],
  [0x61c, ["ALM", "Arabic letter mark"]],
  [0x115f, ["HCF", "Hangul filler"]],
  [0x1160, ["HJF", "Hangul filler"]],
  [0x180e, ["MVS", "Mongolian vowel separator"]],
  [0x200b, ["ZWSP", "zero-width space"]],
  [0x200c, ["ZWNJ", "zero-width non-joiner"]],
  [0x200d, ["ZWJ", "zero-width joiner"]],
  [0x200e, ["LRM", "left-to-right mark"]],
  [0x200f, ["RLM", "right-to-left mark"]],
  [0x2028, ["LS", "line separator"]],
  [0x2029, ["PS", "paragraph separator"]],
  [0x202a, ["LRE", "left-to-right embedding"]],
  [0x202b, ["RLE", "right-to-left embedding"]],
  [0x202c, ["PDF", "end of embedding"]],
  [0x202d, ["LRO", "left-to-right override"]],
  [0x202e, ["RLO", "right-to-left override"]],
  [0x2060, ["WJ", "word joiner"]],
  [0x2066, ["LRI", "left-to-right isolate"]],
  [0x2067, ["RLI", "right-to-left isolate"]],
  [0x2068, ["FSI", "first strong isolate"]],
  [0x2069, ["PDI", "end of isolate"]],
  [0x2800, ["BLANK", "empty Braille pattern"]],
  [0x3164, ["HF", "Hangul filler"]],
  [0xfeff, ["BOM", "byte order mark"]],
  [0xffa0, ["HHF", "Hangul filler"]],
]);

/** Controls, formats, surrogates, private and unassigned characters, line ends, and spaces other than the plain one. */
const UNSHOWN = /^(?:\p{C}|\p{Zl}|\p{Zp}|(?! )\p{Zs}|\p{Default_Ignorable_Code_Point})$/u;
const COMBINING = /^\p{M}$/u;
/** Marks on one letter that are drawn; more would run over the neighbouring lines. */
const STACKED = 2;

const hex = (code: number, width = 2) => code.toString(16).toUpperCase().padStart(width, "0");

/** Ordinary text as byte text, so that there is one way to show both. */
export function byteTextOf(text: string): string {
  let out = "";
  for (const byte of new TextEncoder().encode(text)) out += String.fromCharCode(byte);
  return out;
}

/** The pieces of byte text. With `cut`, at most so many bytes, and the first mark among them. */
export function pieces(bytes: string, cut: Cut = { max: bytes.length }): Piece[] {
  const marks = (cut.marks ?? []).filter((mark) => mark.to > mark.from).toSorted((a, b) => a.from - b.from);
  const out: Piece[] = [];
  let shown = 0;
  for (const [from, to] of windows(bytes, marks, cut.max)) {
    if (from > shown) out.push({ kind: "cut", bytes: from - shown });
    show(bytes, from, to, marks, out);
    shown = to;
  }
  if (shown < bytes.length) out.push({ kind: "cut", bytes: bytes.length - shown });
  return out;
}

/** What of the bytes is shown: all, or the beginning and the surroundings of the first mark, or the beginning and the end. */
function windows(bytes: string, marks: readonly Mark[], max: number): [number, number][] {
  const { length } = bytes;
  if (length <= max) return [[0, length]];
  const lead = Math.floor(max / 4);
  const first = marks[0];
  if (first && first.to > max) {
    const from = Math.max(lead, first.from - lead);
    return [
      [0, boundary(bytes, lead)],
      [boundary(bytes, from), boundary(bytes, Math.min(length, from + max - lead))],
    ];
  }
  if (first) return [[0, boundary(bytes, max)]];
  return [
    [0, boundary(bytes, max - lead)],
    [boundary(bytes, length - lead), length],
  ];
}

/** The nearest earlier place that is not inside a UTF-8 sequence. */
function boundary(bytes: string, at: number): number {
  let place = at;
  while (place > at - 3 && place > 0 && (bytes.charCodeAt(place) & 0xc0) === 0x80) place--;
  return place;
}

function show(bytes: string, from: number, to: number, marks: readonly Mark[], out: Piece[]): void {
  let run = "";
  let runMark: Mark | undefined;
  let stacked = 0;
  const flush = () => {
    if (run !== "") out.push({ kind: "text", text: run, ...(runMark ? { mark: runMark } : {}) });
    run = "";
  };
  for (let at = from; at < to;) {
    const mark = markAt(marks, at);
    const [code, width] = characterAt(bytes, at, to);
    const char = code === undefined ? "" : String.fromCodePoint(code);
    stacked = COMBINING.test(char) ? stacked + 1 : 0;
    const box = code === undefined ? raw(bytes.charCodeAt(at)) : boxOf(code, char, stacked);
    if (box) {
      flush();
      out.push(mark ? { ...box, mark } : box);
    } else {
      if (mark !== runMark) flush();
      runMark = mark;
      run += char;
    }
    at += width;
  }
  flush();
}

function markAt(marks: readonly Mark[], at: number): Mark | undefined {
  return marks.find((mark) => at >= mark.from && at < mark.to);
}

const raw = (byte: number): BoxPiece => ({ kind: "box", name: hex(byte), spoken: `byte ${hex(byte)}`, odd: false });

function boxOf(code: number, char: string, stacked: number): BoxPiece | undefined {
  if (code >= 0x20 && code < 0x7f) return undefined;
  const control = C0[code] ?? (code === 0x7f ? (["DEL", "delete character"] as const) : undefined);
  if (control) {
    const [name, spoken] = control;
    return { kind: "box", name, spoken, odd: false, ...(code === 0x0a ? { ends: true } : {}) };
  }
  const known = ODD.get(code);
  if (known) return { kind: "box", name: known[0], spoken: known[1], odd: true };
  if (!UNSHOWN.test(char) && stacked <= STACKED) return undefined;
  const name = `U+${hex(code, 4)}`;
  return { kind: "box", name, spoken: name, odd: true };
}

/** The character at a place and how many bytes it takes; no character where the bytes are not valid UTF-8 (RFC 3629, section 4). */
function characterAt(bytes: string, at: number, end: number): [code: number | undefined, width: number] {
  const lead = bytes.charCodeAt(at);
  if (lead < 0x80) return [lead, 1];
  const width = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || at + width > end) return [undefined, 1];
  let code = lead & (0x7f >> width);
  for (let i = 1; i < width; i++) {
    const next = bytes.charCodeAt(at + i);
    if ((next & 0xc0) !== 0x80) return [undefined, 1];
    code = (code << 6) | (next & 0x3f);
  }
  const least = width === 4 ? 0x10000 : width === 3 ? 0x800 : 0x80;
  if (code < least || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return [undefined, 1];
  return [code, width];
}

/** Byte text with everything but printable ASCII as `\xNN`, for copying: it does nothing in a terminal. */
export function escaped(bytes: string): string {
  const short: Record<string, string> = { "\r": "\\r", "\n": "\\n", "\t": "\\t", "\\": "\\\\" };
  return bytes.replaceAll(
    // oxlint-disable-next-line no-control-regex
    /[^\x20-\x5b\x5d-\x7e]/g,
    (char) => short[char] ?? `\\x${hex(char.charCodeAt(0)).toLowerCase()}`,
  );
}

/** Visitor text for a place that takes only plain text (a title, a spoken label): boxes become `<NAME>`. */
export function plain(bytes: string, max = 120): string {
  return pieces(bytes, { max })
    .map((piece) => {
      if (piece.kind === "text") return piece.text;
      return piece.kind === "box" ? `<${piece.name}>` : " … ";
    })
    .join("");
}
