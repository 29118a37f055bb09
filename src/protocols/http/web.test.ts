import { describe, expect, it } from "vitest";
import { payloadProblems } from "../../event/catalogue.ts";
import type { Draft } from "../../event/event.ts";
import { LiveDevice } from "../../printer/live-device.ts";
import { makeIdentity } from "../../printer/identity.ts";
import { loadPersona } from "../../printer/load.ts";
import type { Dialogue, Step, Visitor } from "../contract.ts";
import { MAX_BODY, web } from "./web.ts";

const P1102W = "hp-laserjet-p1102w";
const LJ4250 = "hp-laserjet-4250";
const NOW = Date.UTC(2026, 5, 1, 12, 0, 0);
const VISITOR: Visitor = { key: "203.0.113.5", ip: "203.0.113.5", port: 40000, localIp: "192.0.2.7", localPort: 80 };
const URLLIB =
  "GET / HTTP/1.1\r\nAccept-Encoding: identity\r\nHost: h\r\nConnection: close\r\nUser-Agent: Python-urllib/2.7\r\n\r\n";

function newDevice(id: string): LiveDevice {
  const loaded = loadPersona(new URL("../../../data/personas", import.meta.url).pathname, id);
  if ("problems" in loaded) throw new Error(JSON.stringify(loaded.problems));
  const { persona } = loaded;
  return new LiveDevice({ id, persona, identity: makeIdentity(persona, "0f".repeat(16), NOW), now: () => NOW });
}

interface Heard {
  reply: string;
  drafts: Draft[];
  closed: boolean;
  statuses: number[];
}

function gather(steps: Step[]): Heard {
  const drafts = steps.flatMap((step) => step.drafts ?? []);
  for (const { type, data } of drafts) expect(payloadProblems(type, data)).toEqual([]);
  return {
    reply: Buffer.concat(steps.map((step) => step.reply ?? Buffer.alloc(0))).toString("latin1"),
    drafts,
    closed: steps.some((step) => step.close),
    statuses: drafts.flatMap((draft) => (draft.type === "http.request" ? [draft.data.status] : [])),
  };
}

const hear = (dialogue: Dialogue, text: string) => gather(dialogue.receive(Buffer.from(text, "latin1")));
const ask = (id: string, text: string, device = newDevice(id)) => hear(web.open(device, VISITOR), text);

/** A response taken apart as a client does it; `rest` is what follows. */
function parse(text: string, method = "GET") {
  const end = text.indexOf("\r\n\r\n");
  const [statusLine = "", ...lines] = text.slice(0, end).split("\r\n");
  const headers = Object.fromEntries(lines.map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]));
  const after = text.slice(end + 4);
  if (method === "HEAD") return { statusLine, headers, body: "", rest: after };
  if (headers["Transfer-Encoding"] !== "chunked") {
    const length = Number(headers["Content-Length"]);
    return { statusLine, headers, body: after.slice(0, length), rest: after.slice(length) };
  }
  let body = "";
  let at = 0;
  for (;;) {
    const [line = ""] = /^[0-9A-F]+\r\n/.exec(after.slice(at)) ?? [];
    const size = Number.parseInt(line, 16);
    body += after.slice(at + line.length, at + line.length + size);
    at += line.length + size + 2;
    if (!(size > 0)) return { statusLine, headers, body, rest: after.slice(at) };
  }
}

describe.each([P1102W, LJ4250])("%s", (id) => {
  it("answers Python 2's urllib with a page, its length, and hangs up", () => {
    const { reply, drafts, closed } = ask(id, URLLIB);
    const { statusLine, headers, body, rest } = parse(reply);
    expect(statusLine).toBe("HTTP/1.1 200 OK");
    expect(headers["Content-Type"]).toMatch(/^text\/html/);
    expect(headers).toMatchObject({ "Content-Length": String(body.length), Connection: "close" });
    expect(body).toMatch(/^<.*<\/html>\n$/s);
    expect(rest).toBe("");
    expect(closed).toBe(true);
    expect(drafts).toEqual([
      {
        type: "http.request",
        data: {
          method: "GET",
          target: "/",
          version: "HTTP/1.1",
          headers: [
            ["Accept-Encoding", "identity"],
            ["Host", "h"],
            ["Connection", "close"],
            ["User-Agent", "Python-urllib/2.7"],
          ],
          userAgent: "Python-urllib/2.7",
          bodyBytes: 0,
          at: [0, URLLIB.length],
          status: 200,
          replyBytes: Buffer.byteLength(reply, "latin1"),
        },
      },
    ]);
  });

  it("shows the device's own values on every page, and no template", () => {
    const device = newDevice(id);
    const value = (name: string) => device.value(name, VISITOR)!;
    const page = (path: string) =>
      parse(ask(id, `GET ${path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n`, device).reply).body;
    for (const { path } of device.persona.web.pages) {
      expect(page(path)).toContain(`<title>${value("model")}&nbsp;&nbsp;&nbsp;192.0.2.7</title>`);
      expect(page(path)).not.toMatch(/\{[A-Za-z.]+\}|\{\{/);
    }
    expect(page("/")).toContain(value("serial"));
    expect(page("/")).toContain(value("mac"));
    expect(page("/")).toContain(`>${value("status.display")}<`);
    const all = device.persona.web.pages.map(({ path }) => page(path)).join("");
    for (const name of ["serial", "mac", "hostName", "pageCount", "toner.percent", "toner.serial", "tonerPart"]) {
      expect(all).toContain(value(name));
    }
  });

  it("links only to pages that are there", () => {
    const device = newDevice(id);
    for (const text of device.persona.files.values()) {
      const links = [...text.matchAll(/href="([^"]*)"/g)].map((match) => match[1]!.replaceAll("&amp;", "&"));
      expect(links.length).toBeGreaterThan(2);
      for (const link of links)
        expect(ask(id, `GET ${link} HTTP/1.1\r\nHost: h\r\n\r\n`, device).statuses).toEqual([200]);
    }
  });

  it("shows a visitor's message escaped, to that visitor alone", () => {
    const device = newDevice(id);
    device.memory(VISITOR.key).readyMessage = `<script>alert('\x01\x1b"&')</script>`;
    const mine = parse(ask(id, URLLIB, device).reply).body;
    expect(mine).toContain("&lt;script&gt;alert(&#39;  &quot;&amp;&#39;)&lt;/script&gt;");
    expect(mine).not.toContain("<script>");
    const other = web.open(device, { ...VISITOR, key: "203.0.113.6" });
    expect(hear(other, URLLIB).reply).not.toContain("alert");
  });

  it.each([
    [
      "Python 3",
      "GET / HTTP/1.1\r\nAccept-Encoding: identity\r\nHost: h\r\nUser-Agent: Python-urllib/3.11\r\nConnection: close\r\n\r\n",
      true,
    ],
    [
      "requests",
      "GET / HTTP/1.1\r\nHost: h\r\nUser-Agent: python-requests/2.31.0\r\nAccept-Encoding: gzip, deflate\r\nAccept: */*\r\nConnection: keep-alive\r\n\r\n",
      false,
    ],
    ["curl", "GET / HTTP/1.1\r\nHost: h\r\nUser-Agent: curl/7.88.1\r\nAccept: */*\r\n\r\n", false],
    ["LF alone", URLLIB.replaceAll("\r", ""), true],
    [
      "other header order",
      "GET / HTTP/1.1\r\nUser-Agent: Python-urllib/2.7\r\nConnection: close\r\nHost: h\r\nAccept-Encoding: identity\r\n\r\n",
      true,
    ],
    ["nmap GetRequest", "GET / HTTP/1.0\r\n\r\n", true],
    ["HTTP/1.0 that stays", "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", false],
    ["a proxy request", "GET http://198.51.100.1/ HTTP/1.1\r\nHost: 198.51.100.1\r\n\r\n", false],
    ["a query string", "GET /?x=y HTTP/1.1\r\nHost: h\r\n\r\n", false],
  ])("answers %s with the same page", (_name, request, closes) => {
    const { reply, drafts, closed } = ask(id, request);
    expect(parse(reply)).toMatchObject({
      statusLine: "HTTP/1.1 200 OK",
      body: parse(ask(id, URLLIB).reply).body,
      rest: "",
    });
    expect(drafts).toHaveLength(1);
    expect(closed).toBe(closes);
  });

  it("answers HEAD with the headers of GET and no body", () => {
    const head = ask(id, URLLIB.replace("GET", "HEAD"));
    expect(head.reply).toBe(ask(id, URLLIB).reply.replace(/\r\n\r\n.*/s, "\r\n\r\n"));
  });

  it.each(["/favicon.ico", "/robots.txt", "/../../etc/passwd", "/__proto__", "/SSI", "//"])("has no %s", (path) => {
    const { reply, drafts, closed, statuses } = ask(id, `GET ${path} HTTP/1.1\r\nHost: h\r\n\r\n`);
    expect(statuses).toEqual([404]);
    expect(drafts).toHaveLength(1);
    expect(parse(reply)).toMatchObject({ statusLine: "HTTP/1.1 404 Not Found", rest: "" });
    expect(closed).toBe(false);
  });

  it.each([
    ["POST", 404],
    ["PUT", 404],
    ["__proto__", 404],
  ])("looks for the path before it minds the method %s", (method, status) => {
    const { reply, statuses } = ask(id, `${method} /nothing HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\na=b`);
    expect(statuses).toEqual([status]);
    expect(parse(reply).rest).toBe("");
  });

  it.each([
    ["CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n", 400],
    ["GET \\ HTTP/1.0\r\n\r\n", 400],
    ["GET / HTTP/3.14\r\nHost: h\r\n\r\n", 505],
    ["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505],
  ])("refuses %j and hangs up", (request, status) => {
    const { reply, closed, statuses, drafts } = ask(id, request);
    expect(statuses).toEqual([status]);
    expect(drafts).toHaveLength(1);
    expect(reply).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(closed).toBe(true);
  });

  it.each([
    ["TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"],
    ["binary", "\x00\x0c\x00\x00\x10\x00\x00\x00"],
    ["request line", "\r\n\r\n"],
    ["request line", "@PJL INFO ID\r\n"],
    ["body length", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: many\r\n\r\n"],
  ])("answers %s with 400 and hangs up", (what, bytes) => {
    const { reply, closed, drafts } = ask(id, bytes);
    expect(drafts).toMatchObject([{ type: "protocol.odd", data: { protocol: "http", what } }]);
    expect(reply).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(closed).toBe(true);
  });

  it("answers pipelined requests in order, until one asks to close", () => {
    const device = newDevice(id);
    const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: h\r\n\r\n`;
    const { reply, closed, statuses } = ask(id, get("/") + get("/x") + URLLIB + get("/y"), device);
    expect(statuses).toEqual([200, 404, 200]);
    expect(closed).toBe(true);
    const first = parse(reply);
    const second = parse(first.rest);
    expect([first, second, parse(second.rest)].map((r) => r.statusLine.slice(9, 12))).toEqual(["200", "404", "200"]);
    expect(parse(second.rest).rest).toBe("");
  });

  it("hangs up after as many requests as the persona allows", () => {
    const device = newDevice(id);
    const { requestsPerConnection } = device.persona.web;
    const { statuses, closed } = ask(
      id,
      "GET /x HTTP/1.1\r\nHost: h\r\n\r\n".repeat(requestsPerConnection + 5),
      device,
    );
    expect(statuses).toHaveLength(requestsPerConnection);
    expect(closed).toBe(true);
  });

  it("says the same to bytes that trickle in", () => {
    const device = newDevice(id);
    const dialogue = web.open(device, VISITOR);
    const slow = gather([...Buffer.from(URLLIB)].flatMap((byte) => dialogue.receive(Buffer.from([byte]))));
    expect(slow).toEqual(ask(id, URLLIB, device));
  });

  it("swallows a body, and counts it", () => {
    const { drafts } = ask(
      id,
      `POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
    );
    expect(drafts).toMatchObject([{ type: "http.request", data: { method: "POST", bodyBytes: 5 } }]);
  });

  it("cuts off a body that is too long, declared or not", () => {
    const declared = ask(id, `PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: ${MAX_BODY + 1}\r\n\r\n`);
    expect(declared.drafts).toMatchObject([
      { type: "limit.reached", data: { limit: "http-body", value: MAX_BODY + 1 } },
      { type: "http.request", data: { status: 413 } },
    ]);
    expect(declared).toMatchObject({ closed: true, reply: expect.stringMatching(/^HTTP\/1\.1 413 /) });

    const dialogue = web.open(newDevice(id), VISITOR);
    hear(dialogue, "PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nfffffff\r\n");
    const piece = Buffer.alloc(1024 * 1024);
    const steps = Array.from({ length: 20 }, () => dialogue.receive(piece)).flat();
    expect(gather(steps)).toMatchObject({ closed: true, statuses: [413] });
    expect(dialogue.receive(piece)).toEqual([]);
    expect(dialogue.end()).toEqual([]);
  });

  it("bounds what an event carries", () => {
    const many = Array.from({ length: 80 }, (_, i) => `H${i}: ${"v".repeat(300)}\r\n`).join("");
    const { drafts } = ask(id, `GET /${"a".repeat(5000)} HTTP/1.1\r\n${many}\r\n`);
    expect(drafts).toHaveLength(1);
    const { data } = drafts[0]! as Extract<Draft, { type: "http.request" }>;
    expect(data.target).toHaveLength(1024);
    expect(data.headers.length).toBeLessThan(30);
  });

  it("tells of what was never finished, and closes when the visitor is done", () => {
    const dialogue = web.open(newDevice(id), VISITOR);
    hear(dialogue, "GET / HTTP/1.1\r\nHost: h\r\n");
    expect(dialogue.end()).toMatchObject([
      { drafts: [{ type: "protocol.odd", data: { what: "unfinished request" } }] },
      { close: true },
    ]);
    const cut = web.open(newDevice(id), VISITOR);
    hear(cut, "POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nhalf");
    expect(cut.end("idle")).toMatchObject([{ drafts: [{ type: "http.request", data: { bodyBytes: 4, status: 0 } }] }]);
    expect(web.open(newDevice(id), VISITOR).end()).toEqual([{ close: true }]);
  });
});

/** Patterns of nmap 7.93 (nmap-service-probes), the model in group 1. */
describe("what nmap and recog know", () => {
  const probe = "GET / HTTP/1.0\r\n\r\n";

  it("finds the P1102w by the model in a chunk of its own", () => {
    const pattern =
      /^HTTP\/1\.1 200 OK\r\nTransfer-Encoding: chunked\r\n.*<title>\r\n[0-9A-F]+\r\nHP LaserJet Professional (\w+)\r\n/s;
    expect(pattern.exec(ask(P1102W, probe).reply)?.[1]).toBe("P1102w");
  });

  it("finds the 4250 by server and title", () => {
    const pattern =
      /^HTTP\/1\.1 \d\d\d (?:[^\r\n]*\r\n(?!\r\n))*?Server: Virata-EmWeb\/R([\d_]+)\r\n.*<title>HP LaserJet (\w+)&nbsp;&nbsp;&nbsp;/s;
    expect(pattern.exec(ask(LJ4250, probe).reply)?.slice(1)).toEqual(["6_2_1", "4250"]);
  });

  it("finds EmWeb by its answers to OPTIONS and to garbage", () => {
    expect(ask(LJ4250, "OPTIONS / HTTP/1.0\r\n\r\n").reply).toBe(
      "HTTP/1.1 200 OK\r\nServer: Virata-EmWeb/R6_2_1\r\nContent-Length: 0\r\nAllow: HEAD, GET, OPTIONS\r\n\r\n",
    );
    expect(ask(LJ4250, "\r\n\r\n").reply).toBe(
      "HTTP/1.1 400 Bad Request\r\nServer: Virata-EmWeb/R6_2_1\r\nContent-Length: 0\r\n\r\n400 Bad Request\r\n",
    );
  });

  it.each([P1102W, LJ4250])("finds the model of %s in the title", (id) => {
    const title = /<title>(.*?)<\/title>/.exec(parse(ask(id, URLLIB).reply).body)?.[1];
    expect(title).toMatch(/^HP (?:Color )?LaserJet ([^&]+)&/);
  });

  /** Nessus plugin 11919: signature of Virata-EmWeb/R6_2_1; HTM is a page without a head. */
  it.each([
    ["GET /\r\n\r\n", "HTM"],
    ["OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", "200"],
    ["GET / HTTP/3.14\r\nHost: h\r\n\r\n", "505"],
    ["GET / HTTP/\r\n\r\n", "400"],
    ["get / http/1.0\r\n\r\n", "200"],
    ["GET\t/\tHTTP/1.0\r\n\r\n", "200"],
    ["GET/HTTP/1.0\r\n\r\n", "400"],
    ["GET\n/\nHTTP/1.0\r\n\r\n", "400"],
    ["GET \\ HTTP/1.0\r\n\r\n", "400"],
    ["GET / HTTP/1.1\r\n\r\n", "400"],
    ["POST /x HTTP/1.1\r\nHost: h\r\n\r\n", "404"],
    ["PUT /x HTTP/1.1\r\nHost: h\r\n\r\n", "404"],
    ["DELETE /x HTTP/1.1\r\nHost: h\r\n\r\n", "404"],
    ["TRACE /x HTTP/1.1\r\nHost: h\r\n\r\n", "200"],
    ["COPY /x HTTP/1.1\r\nHost: h\r\n\r\n", "404"],
  ])("4250: %j gives %s", (request, expected) => {
    const { reply } = ask(LJ4250, request);
    expect(/^HTTP\/1\.1 (\d\d\d) /.exec(reply)?.[1] ?? (reply.startsWith("<html>") ? "HTM" : reply)).toBe(expected);
  });

  it("4250: TRACE echoes the head", () => {
    const request = "TRACE / HTTP/1.1\r\nHost: h\r\nX: y\r\n\r\n";
    expect(parse(ask(LJ4250, request).reply)).toMatchObject({
      headers: { "Content-Type": "message/http" },
      body: request,
    });
  });
});
