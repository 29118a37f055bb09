/**
 * Bytes as text, and text made harmless.
 *
 * What a visitor sent is stored in JSON as "byte text": one character per byte, U+0000 to U+00FF (ISO 8859-1).
 * It is lossless for every byte string, needs no second field, and stays readable for ASCII.
 */

/** Bytes to byte text: one character per byte. */
export function toByteText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

/** Byte text back to the bytes it stands for. Characters above U+00FF lose their high bits, as they never occur in byte text. */
export function fromByteText(text: string): Buffer {
  return Buffer.from(text, "latin1");
}

const NAMES =
  "NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US".split(
    " ",
  );

const HIDDEN: Record<number, string> = {
  0x7f: "DEL",
  0x85: "NEL",
  0xa0: "NBSP",
  0xad: "SHY",
  0x061c: "ALM",
  0x180e: "MVS",
  0x200b: "ZWSP",
  0x200c: "ZWNJ",
  0x200d: "ZWJ",
  0x200e: "LRM",
  0x200f: "RLM",
  0x2028: "LS",
  0x2029: "PS",
  0x202a: "LRE",
  0x202b: "RLE",
  0x202c: "PDF",
  0x202d: "LRO",
  0x202e: "RLO",
  0x2060: "WJ",
  0x2066: "LRI",
  0x2067: "RLI",
  0x2068: "FSI",
  0x2069: "PDI",
  0xfeff: "BOM",
};

/** The name of a control, bidi or zero-width character (`ESC`, `RLO`), or undefined when the character may be shown as it is. */
export function hiddenName(code: number): string | undefined {
  if (code < 0x20) return NAMES[code];
  if (code >= 0x80 && code < 0xa0 && code !== 0x85) return code.toString(16).toUpperCase();
  if (code >= 0xd800 && code <= 0xdfff) return code.toString(16).toUpperCase();
  if (code >= 0xe0000 && code <= 0xe007f) return "TAG";
  return HIDDEN[code];
}

/**
 * Text of a visitor made safe for a terminal or a log line: control, bidi and zero-width characters become `<NAME>`.
 * `text` is ordinary text, not byte text; see {@link visibleBytes} for bytes.
 */
export function visible(text: string): string {
  let out = "";
  for (const char of text) {
    const name = hiddenName(char.codePointAt(0)!);
    out += name === undefined ? char : `<${name}>`;
  }
  return out;
}

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Bytes made safe for a terminal: as UTF-8 where they are valid UTF-8, else byte for byte with `<9F>` for what is not ASCII. */
export function visibleBytes(bytes: Uint8Array): string {
  try {
    return visible(UTF8.decode(bytes));
  } catch {
    let out = "";
    for (const byte of bytes) {
      if (byte >= 0x20 && byte < 0x7f) out += String.fromCharCode(byte);
      else out += `<${byte < 0x20 ? NAMES[byte] : byte === 0x7f ? "DEL" : byte.toString(16).toUpperCase()}>`;
    }
    return out;
  }
}

/** {@link visibleBytes} for byte text. */
export function visibleByteText(text: string): string {
  return visibleBytes(fromByteText(text));
}
