import { describe, expect, it } from "vitest";
import { checkCodec, decode } from "../../../test/support/codec.ts";
import { type HttpMessage, MAX_HEADERS, MAX_LINE, RequestDecoder } from "./codec.ts";
import { joinBodies, SAMPLES, WORDS } from "../../../test/support/http-samples.ts";

const messages = (text: string): HttpMessage[] => decode(new RequestDecoder(), [Buffer.from(text, "latin1")]);
const joined = (text: string) => joinBodies(messages(text));
const GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

describe("request decoder", () => {
  it("reads a request with headers in order and as spelled", () => {
    expect(messages("GET /a?b=c HTTP/1.1\r\nhOST: h:80\r\nX-A:  b c \t\r\nX-A:\r\n\r\n")).toEqual([
      {
        kind: "request",
        method: "GET",
        target: "/a?b=c",
        version: "HTTP/1.1",
        tabs: false,
        headers: [
          ["hOST", "h:80"],
          ["X-A", "b c"],
          ["X-A", ""],
        ],
        length: 0,
        at: [0, 54],
      },
      { kind: "end", bodyBytes: 0, complete: true, at: [0, 54] },
    ]);
  });

  it("gives the same for LF alone, with its own byte ranges", () => {
    const [request] = messages(GET.replaceAll("\r", ""));
    expect(request).toEqual({ ...messages(GET)[0], at: [0, 24] });
  });

  it("reads pipelined requests, each with its range, and one empty line before each", () => {
    const all = messages(`\r\n${GET}\n${GET}`);
    expect(all.map((m) => [m.kind, m.at])).toEqual([
      ["request", [2, 29]],
      ["end", [2, 29]],
      ["request", [30, 57]],
      ["end", [30, 57]],
    ]);
  });

  it("streams a body of declared length and goes on after it", () => {
    expect(joined(`POST /x HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello${GET}`)).toMatchObject([
      { kind: "request", method: "POST", length: 5 },
      { kind: "body", text: "hello", at: 39 },
      { kind: "end", bodyBytes: 5, complete: true, at: [0, 44] },
      { kind: "request", method: "GET" },
      { kind: "end" },
    ]);
  });

  it("takes chunks apart: extensions, LF alone, trailers", () => {
    const body = "3;x=y\r\nabc\r\nA\n0123456789\n0\r\nTrailer: 1\r\n\r\n";
    expect(joined(`POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n${body}${GET}`)).toMatchObject([
      { kind: "request", length: undefined },
      { kind: "body", text: "abc0123456789" },
      { kind: "end", bodyBytes: 13, complete: true },
      { kind: "request" },
      { kind: "end" },
    ]);
  });

  it("says when a body was not whole", () => {
    expect(joined("POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nhalf").at(-1)).toEqual({
      kind: "end",
      bodyBytes: 4,
      complete: false,
      at: [0, 42],
    });
  });

  it("reads a simple request of HTTP/0.9 and nothing after it", () => {
    expect(messages(`GET /\r\n${GET}`)).toMatchObject([
      { kind: "request", target: "/", version: "", headers: [] },
      { kind: "end", at: [0, 7] },
    ]);
  });

  it.each([
    ["GET\t/\tHTTP/1.0\r\n\r\n", { method: "GET", target: "/", tabs: true }],
    ["get / http/1.0\r\n\r\n", { method: "get", version: "http/1.0" }],
    ["GET http://h/x HTTP/1.1\r\n\r\n", { target: "http://h/x" }],
    ["CONNECT h:443 HTTP/1.1\r\n\r\n", { method: "CONNECT", target: "h:443" }],
    ["PRI * HTTP/2.0\r\n\r\n", { method: "PRI", version: "HTTP/2.0" }],
    ["GET /\xe9 HTTP/1.0\r\n\r\n", { target: "/\xe9" }],
  ])("reads %j", (text, expected) => {
    expect(messages(text)[0]).toMatchObject(expected);
  });

  it.each([
    ["GET / HTTP/1.1\r\nA: b\r\n c\r\n\td\r\n\r\n", "folded header", [["A", "b c d"]]],
    ["GET / HTTP/1.1\r\n A: b\r\n\r\n", "folded header before any header", []],
    [
      "GET / HTTP/1.1\r\nnonsense\r\nmore\r\n\r\n",
      "header without colon",
      [
        ["nonsense", ""],
        ["more", ""],
      ],
    ],
    ["GET / HTTP/1.1\r\nA : b\r\n\r\n", "blank before colon", [["A", "b"]]],
    ["GET / HTTP/1.1\r\nA\x00: b\r\n\r\n", "header name", [["A\0", "b"]]],
  ])("bears %j and says so once", (text, what, headers) => {
    expect(messages(text)).toMatchObject([
      { kind: "odd", what, fatal: false },
      { kind: "request", headers },
      { kind: "end" },
    ]);
  });

  it("lets chunks win over a length, and says so", () => {
    expect(joined("POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")).toMatchObject(
      [
        { kind: "odd", what: "two body lengths", fatal: false },
        { kind: "request", length: undefined },
        { kind: "end", complete: true },
      ],
    );
  });

  it.each([
    ["\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "TLS", "\x16\x03\x01", [0, 3]],
    ["\x05\x01\x00", "binary", "\x05\x01\x00", [0, 3]],
    ["GET /\x00 HTTP/1.1\r\n\r\n", "binary", "GET /\x00", [0, 6]],
    ["\r\n\r\n", "request line", "", [2, 4]],
    ["HELP\r\n", "request line", "HELP", [0, 6]],
    ["GET / HTTP/\r\n\r\n", "request line", "GET / HTTP/", [0, 13]],
    ["OPTIONS / RTSP/1.0\r\n\r\n", "request line", "OPTIONS / RTSP/1.0", [0, 20]],
    ["POST /\r\n", "request line", "POST /", [0, 8]],
    ["GET /a b HTTP/1.1\r\n\r\n", "request line", "GET /a b HTTP/1.1", [0, 19]],
    ["POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", "body length", "POST / HTTP/1.1", [0, 39]],
    ["POST / HTTP/1.1\r\nContent-Length: 1, 2\r\n\r\n", "two body lengths", "POST / HTTP/1.1", [0, 41]],
    ["POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", "transfer coding", "POST / HTTP/1.1", [0, 44]],
    ["GET / HTTP/1.1\r\nHost: h\r\n", "unfinished request", "GET / HTTP/1.1", [0, 25]],
    ["GET / HT", "unfinished request", "GET / HT", [0, 8]],
  ])("gives up on %j", (text, what, sample, at) => {
    expect(messages(text)).toEqual([{ kind: "odd", what, fatal: true, text: sample, at }]);
    if (!what.startsWith("unfinished")) expect(messages(text + GET)).toHaveLength(1);
  });

  it.each([
    ["x", "chunk size"],
    ["2\r\nabc\r\n", "chunk without end"],
    [`${"1".repeat(13)}\r\n`, "chunk size"],
  ])("gives up on the chunk %j", (chunk, what) => {
    const all = messages(`POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}\r\n`);
    expect(all.at(-1)).toMatchObject({ kind: "odd", what, fatal: true });
  });

  it.each([
    [`GET /${"a".repeat(MAX_LINE)}`, "line too long", [0, MAX_LINE + 1]],
    [`GET / HTTP/1.1\r\n${"A: b\r\n".repeat(MAX_HEADERS + 1)}`, "too many headers", [616, 622]],
    [`GET / HTTP/1.1\r\n${`A: ${"b".repeat(8000)}\r\n`.repeat(5)}`, "head too long", [32036, 40041]],
  ])("keeps the limit %#: %s", (text, what, at) => {
    expect(messages(text)).toMatchObject([{ kind: "odd", what, fatal: true, at }]);
  });

  it("takes a line of exactly the limit", () => {
    const target = `/${"a".repeat(MAX_LINE - "GET / HTTP/1.0".length)}`;
    expect(messages(`GET ${target} HTTP/1.0\n\n`)[0]).toMatchObject({ kind: "request", target });
  });

  it("keeps the laws of every codec", () => {
    checkCodec({
      open: () => new RequestDecoder(),
      samples: SAMPLES,
      words: WORDS,
      join: joinBodies,
      runs: 300,
    });
  });
});
