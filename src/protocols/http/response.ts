/** Writes responses of HTTP/1.1 (RFC 9112 4): status line, headers in the order given, body. */

export interface Response {
  status: number;
  reason: string;
  /** In order. A header without a value is left out. Text is byte text; control characters are taken out. */
  headers: readonly (readonly [string, string])[];
  body: Uint8Array;
}

/** The bytes of a response. `bodyless`: the reply to HEAD, which shows the headers of what GET would bring. */
export function encodeResponse({ status, reason, headers, body }: Response, bodyless = false): Buffer {
  let head = `HTTP/1.1 ${status} ${reason}\r\n`;
  for (const [name, value] of headers) {
    const clean = value.replace(/[\0-\x1f\x7f]/g, "");
    if (clean !== "") head += `${name}: ${clean}\r\n`;
  }
  return Buffer.concat([Buffer.from(`${head}\r\n`, "latin1"), bodyless ? Buffer.alloc(0) : body]);
}

/** A body in the chunked transfer coding (RFC 9112 7.1), one chunk per part; empty parts are skipped. */
export function chunked(parts: readonly Uint8Array[]): Buffer {
  const out: Uint8Array[] = [];
  for (const part of parts) {
    if (part.length === 0) continue;
    out.push(Buffer.from(`${part.length.toString(16).toUpperCase()}\r\n`), part, Buffer.from("\r\n"));
  }
  out.push(Buffer.from("0\r\n\r\n"));
  return Buffer.concat(out);
}

/** The device's time as a header shows it (RFC 9110 5.6.7). `time` is milliseconds since 1970. */
export function httpDate(time: number): string {
  return new Date(time).toUTCString();
}
