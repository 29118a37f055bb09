/** The lines of a request's head (RFC 9112 3, 5, 6), as byte text. */

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const REQUEST_LINE = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+)([ \t]+)([^ \t\r]+)(?:([ \t]+)([^ \t\r]*))?$/;

export interface RequestLine {
  method: string;
  target: string;
  /** Empty for a simple request of HTTP/0.9: `GET /` and nothing more. */
  version: string;
  tabs: boolean;
}

/** The parts of a request line, or undefined when it is none. */
export function parseRequestLine(line: string): RequestLine | undefined {
  const [, method, before, target, after = "", version = ""] = REQUEST_LINE.exec(line) ?? [];
  if (method === undefined || before === undefined || target === undefined) return undefined;
  if (version === "" ? method.toUpperCase() !== "GET" : !/^HTTP\/\d+\.\d+$/i.test(version)) return undefined;
  return { method, target, version, tabs: (before + after).includes("\t") };
}

/**
 * One line after the request line: a header, or the continuation of the one before it (RFC 9112 5.2).
 * `odd` says which rule it bends; a line without colon is kept as a name without value.
 */
export function parseHeader(
  line: string,
  hasPrevious: boolean,
): { header?: [string, string]; fold?: string; odd?: string } {
  if (line[0] === " " || line[0] === "\t") {
    return hasPrevious ? { fold: trim(line), odd: "folded header" } : { odd: "folded header before any header" };
  }
  const colon = line.indexOf(":");
  if (colon < 0) return { header: [trim(line), ""], odd: "header without colon" };
  const name = line.slice(0, colon);
  const header: [string, string] = [trim(name), trim(line.slice(colon + 1))];
  if (name !== header[0]) return { header, odd: "blank before colon" };
  return TOKEN.test(name) ? { header } : { header, odd: "header name" };
}

/** Without blanks and tabs at both ends. String.trim would take characters that are bytes of other encodings. */
function trim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && (text[start] === " " || text[start] === "\t")) start++;
  while (end > start && (text[end - 1] === " " || text[end - 1] === "\t")) end--;
  return text.slice(start, end);
}

/** The value of the first header of that name, in any case. */
export function header(headers: readonly (readonly [string, string])[], name: string): string | undefined {
  return headers.find(([other]) => other.toLowerCase() === name)?.[1];
}

/**
 * How the body is framed (RFC 9112 6.3): `length` in bytes, undefined for chunked.
 * A `fault` makes the rest of the stream unreadable; `odd` is bytes that two readers may frame differently.
 */
export function bodyFraming(
  headers: readonly (readonly [string, string])[],
): { length: number | undefined; odd?: string } | { fault: string } {
  const all = (name: string) =>
    headers.filter(([other]) => other.toLowerCase() === name).flatMap(([, value]) => value.split(",").map(trim));
  const codings = all("transfer-encoding");
  const lengths = [...new Set(all("content-length"))];
  if (codings.length > 0) {
    if (codings.at(-1)!.toLowerCase() !== "chunked") return { fault: "transfer coding" };
    return lengths.length > 0 ? { length: undefined, odd: "two body lengths" } : { length: undefined };
  }
  if (lengths.length === 0) return { length: 0 };
  if (lengths.length > 1) return { fault: "two body lengths" };
  if (!/^\d{1,15}$/.test(lengths[0]!)) return { fault: "body length" };
  return { length: Number(lengths[0]) };
}
