/** Requests to mutate, and what makes messages of differently cut bodies comparable. */
import type { HttpMessage } from "../../src/protocols/http/codec.ts";

export const SAMPLES = [
  "GET / HTTP/1.1\r\nAccept-Encoding: identity\r\nHost: h\r\nConnection: close\r\nUser-Agent: Python-urllib/2.7\r\n\r\n",
  "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\nhello worldGET /b HTTP/1.0\n\n",
  "POST /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5;x\r\nhello\r\n6\r\n world\r\n0\r\nT: 1\r\n\r\nGET / HTTP/1.1\r\n\r\n",
  "GET\t/\tHTTP/1.0\r\nA : b\r\n folded\r\nnonsense\r\n\r\nGET /\r\n",
  `GET /${"a".repeat(9000)} HTTP/1.1\r\n`,
  `GET / HTTP/1.1\r\n${"A: b\r\n".repeat(101)}\r\n`,
  "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03random",
];

export const WORDS =
  "GET|POST| |\t|/|HTTP/1.1|HTTP/1.0|\r|\n|\r\n|\r\n\r\n|:|Host: h| folded|Content-Length: |5|-1|a\r\n|\0|\x16\x03|0\r\n\r\n"
    .split("|")
    .concat("Transfer-Encoding: chunked");

/** Neighbouring pieces of one body as one message. */
export function joinBodies(messages: readonly HttpMessage[]): unknown[] {
  const out: unknown[] = [];
  let body: { kind: "body"; text: string; at: number } | undefined;
  for (const message of messages) {
    if (message.kind !== "body") {
      body = undefined;
      out.push(message);
      continue;
    }
    const text = Buffer.from(message.bytes).toString("latin1");
    if (body) body.text += text;
    else out.push((body = { kind: "body", text, at: message.at }));
  }
  return out;
}
