/** Text of visitors and of far ends, made fit for a message: visible, on one line, cut. Each channel escapes it once more. */
import { visible, visibleByteText } from "../event/bytes-text.ts";

/** Ordinary text on one line: control, bidi and zero-width characters as `<NAME>`, at most `max` characters. */
export function plain(text: string, max = 300): string {
  // A character becomes at most nine; what is cut anyway is not made visible first.
  return cut(visible(text.slice(0, max + 1)), max);
}

/** What a visitor sent, byte text, made visible and defanged: nothing on its way makes a link of it. */
export function quoted(byteText: string, max = 80): string {
  return cut(defanged(visibleByteText(byteText.slice(0, max * 4))), max);
}

/** `hxxp://toner[.]example`: links, host names and mail addresses that no program follows. */
export function defanged(text: string): string {
  return text
    .replace(/h(tt)(?=ps?:)/gi, "hxx")
    .replace(/\bwww\./gi, "www[.]")
    .replace(/(?<=[\p{L}\p{N}])\.(?=\p{L}[\p{L}\p{N}-])/gu, "[.]")
    .replace(/(?<=\S)@(?=\S)/g, "[@]");
}

/** At most `max` characters, without half a surrogate pair; the last one is … when something was cut. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  const end = /[\uD800-\uDBFF]/.test(text[max - 2] ?? "") ? max - 2 : max - 1;
  return `${text.slice(0, end)}…`;
}

/** The beginning of a text that has at most so many bytes in UTF-8, no character cut in two. */
export function utf8Within(text: string, max: number): Buffer {
  const bytes = Buffer.from(text, "utf8");
  if (bytes.length <= max) return bytes;
  let end = max;
  while (end > 0 && (bytes[end]! & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end);
}
