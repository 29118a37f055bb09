/** The web server of a device: what it answers is the persona's (web.yaml and its pages), how is HTTP/1.1. */
import { LIMITS } from "../../event/catalogue.ts";
import type { Draft } from "../../event/event.ts";
import type { Device } from "../../printer/device.ts";
import type { Dialogue, Service, Step, Visitor } from "../contract.ts";
import { type HttpMessage, type Odd, type Request, RequestDecoder, type RequestEnd } from "./codec.ts";
import { header } from "./head.ts";
import { findPage, type Page, renderPage } from "./page.ts";
import { chunked, encodeResponse, httpDate } from "./response.ts";

/** Bytes of one body that are taken in; a request with more is answered 413 and cut off. */
export const MAX_BODY = 16 * 1024 * 1024;

/** Statuses after which the device hangs up: it does not know where the next request would begin, or does not want it. */
const FINAL = new Set(["400", "413", "505"]);

const NO_ANSWER = { reason: "", headers: [], body: "" };

class WebDialogue implements Dialogue {
  readonly #device: Device;
  readonly #visitor: Visitor;
  readonly #decoder = new RequestDecoder();
  #request: Request | undefined;
  #bodyBytes = 0;
  #requests = 0;
  #closed = false;

  constructor(device: Device, visitor: Visitor) {
    this.#device = device;
    this.#visitor = visitor;
  }

  receive(bytes: Uint8Array): Step[] {
    return this.#closed ? [] : this.#steps(this.#decoder.push(bytes));
  }

  /** Nobody waits for an answer to half a request; it is told, not answered. */
  end(cut?: string): Step[] {
    if (this.#closed) return [];
    const steps: Step[] = [];
    for (const message of this.#decoder.end()) {
      if (message.kind === "odd") steps.push({ drafts: [odd(message)] });
      if (message.kind === "end" && this.#request) steps.push({ drafts: [told(this.#request, message, 0, 0)] });
    }
    return cut === undefined ? [...steps, { close: true }] : steps;
  }

  #steps(messages: HttpMessage[]): Step[] {
    const steps: Step[] = [];
    for (const message of messages) {
      if (this.#closed) break;
      const step = this.#hear(message);
      if (step) steps.push(step);
      if (step?.close) this.#closed = true;
    }
    return steps;
  }

  #hear(message: HttpMessage): Step | undefined {
    switch (message.kind) {
      case "request":
        this.#request = message;
        this.#bodyBytes = 0;
        return (message.length ?? 0) > MAX_BODY ? this.#tooMuch(message.length!, message.at[1]) : undefined;
      case "body":
        this.#bodyBytes += message.bytes.length;
        return this.#bodyBytes > MAX_BODY ? this.#tooMuch(this.#bodyBytes, message.at) : undefined;
      case "end":
        return this.#request && this.#answer(this.#request, message);
      case "odd":
        return message.fatal ? this.#refuse(message) : { drafts: [odd(message)] };
    }
  }

  #answer(request: Request, end: RequestEnd): Step {
    this.#request = undefined;
    this.#requests++;
    const { web } = this.#device.persona;
    const found = decide(this.#device, request);
    const close =
      (typeof found === "string" && FINAL.has(found)) ||
      this.#requests >= web.requestsPerConnection ||
      !staysOpen(request);
    const reply = request.version === "" ? this.#simple(found) : this.#reply(found, request, close);
    const status = statusOf(found);
    return { drafts: [told(request, end, status, reply.length)], reply, ...(close && { close }) };
  }

  /** A reply of HTTP/0.9: the body and nothing else. */
  #simple(found: Page | string): Buffer {
    if (typeof found !== "string") return Buffer.concat(renderPage(this.#device, found, this.#visitor));
    return this.#reply(found, undefined, true);
  }

  #reply(found: Page | string, request: Request | undefined, close: boolean): Buffer {
    const { web } = this.#device.persona;
    const bodyless = request?.method.toUpperCase() === "HEAD";
    if (typeof found === "string") {
      const answer = Object.hasOwn(web.answers, found) ? web.answers[found]! : NO_ANSWER;
      const text = found === "echo" && request ? echo(request) : this.#device.fill(answer.body, this.#visitor);
      const body = Buffer.from(text, "latin1");
      const headers = this.#headers(answer.headers, { close, length: body.length });
      return encodeResponse({ status: statusOf(found), reason: answer.reason, headers, body }, bodyless);
    }
    const parts = renderPage(this.#device, found, this.#visitor);
    const inChunks = web.framing === "chunked" && !asksToClose(request);
    const body = inChunks ? chunked(parts) : Buffer.concat(parts);
    const facts = { close, type: found.type, ...(!inChunks && { length: body.length }) };
    return encodeResponse({ status: 200, reason: "OK", headers: this.#headers(web.headers, facts), body }, bodyless);
  }

  #headers(
    templates: readonly (readonly [string, string])[],
    reply: { close: boolean; length?: number; type?: string },
  ): [string, string][] {
    const values: Record<(typeof REPLY_VALUES)[number], string> = {
      "{date}": httpDate(this.#device.now()),
      "{type}": reply.type ?? "",
      "{length}": reply.length === undefined ? "" : String(reply.length),
      "{chunked}": reply.length === undefined ? "chunked" : "",
      "{connection}": reply.close ? "close" : "keep-alive",
      "{close}": reply.close ? "close" : "",
    };
    return templates.map(([name, template]) => {
      const text = REPLY_VALUES.reduce((text, value) => text.replace(value, values[value]), template);
      return [name, text.includes("{") ? this.#device.fill(text, this.#visitor) : text];
    });
  }

  #refuse(message: Odd): Step {
    const reply = this.#reply("400", undefined, true);
    const drafts = [odd(message)];
    if (this.#request) drafts.push(told(this.#request, this.#cutOff(message.at[1]), 400, reply.length));
    return { drafts, reply, close: true };
  }

  #tooMuch(value: number, at: number): Step {
    const reply = this.#reply("413", this.#request, true);
    const drafts: Draft[] = [{ type: "limit.reached", data: { limit: "http-body", value, at } }];
    if (this.#request) drafts.push(told(this.#request, this.#cutOff(at), 413, reply.length));
    return { drafts, reply, close: true };
  }

  #cutOff(at: number): RequestEnd {
    return { kind: "end", bodyBytes: this.#bodyBytes, complete: false, at: [this.#request?.at[0] ?? at, at] };
  }
}

const REPLY_VALUES = ["{date}", "{type}", "{length}", "{chunked}", "{connection}", "{close}"] as const;

/** What a request gets: a page, or the key of one of the persona's answers. */
function decide(device: Device, { method, target, version, tabs, headers }: Request): Page | string {
  const { methods, lenient } = device.persona.web;
  const bears = (what: (typeof lenient)[number]) => lenient.includes(what);
  const [major, minor] = version.slice("HTTP/".length).split(".").map(Number);
  if ((tabs && !bears("tabs")) || (version === "" && !bears("http-0.9"))) return "400";
  if (version !== "" && major !== 1) return "505";
  if (minor! > 0 && header(headers, "host") === undefined && !bears("no-host")) return "400";
  const name = bears("lower-case-method") ? method.toUpperCase() : method;
  const action = (Object.hasOwn(methods, name) ? methods[name] : methods["*"]) ?? "501";
  if (action === "options" || action === "echo") return action;
  const page = findPage(device.persona, target);
  if (page === "bad") return "400";
  if (page === "missing") return "404";
  return action === "page" ? page : action;
}

function statusOf(found: Page | string): number {
  return typeof found === "string" && /^\d/.test(found) ? Number(found) : 200;
}

function connectionOptions(request: Request | undefined): string[] {
  const text = header(request?.headers ?? [], "connection") ?? "";
  return text.split(",").map((option) => option.trim().toLowerCase());
}

function asksToClose(request: Request | undefined): boolean {
  return connectionOptions(request).includes("close");
}

/** RFC 9112 9.3: HTTP/1.1 stays unless it says close, HTTP/1.0 closes unless it says keep-alive. */
function staysOpen(request: Request): boolean {
  if (/^HTTP\/1\.0$/i.test(request.version)) return connectionOptions(request).includes("keep-alive");
  return request.version !== "" && !asksToClose(request);
}

/** The body of a reply to TRACE (RFC 9110 9.3.8): the head as it came, as byte text. */
function echo({ method, target, version, headers }: Request): string {
  return [`${method} ${target} ${version}`, ...headers.map(([name, value]) => `${name}: ${value}`), "", ""].join(
    "\r\n",
  );
}

function told(request: Request, end: RequestEnd, status: number, replyBytes: number): Draft {
  const { method, target, version } = request;
  const userAgent = header(request.headers, "user-agent")?.slice(0, LIMITS.line);
  return {
    type: "http.request",
    data: {
      method: method.slice(0, 64),
      target: target.slice(0, LIMITS.line),
      version: version.slice(0, 16),
      headers: boundedHeaders(request.headers),
      ...(userAgent !== undefined && { userAgent }),
      bodyBytes: end.bodyBytes,
      at: end.at,
      status,
      replyBytes,
    },
  };
}

/** The first headers, each cut to a line, until they would be more text than an event carries. */
function boundedHeaders(headers: readonly [string, string][]): [string, string][] {
  const kept: [string, string][] = [];
  let text = 0;
  for (const [name, value] of headers.slice(0, LIMITS.headers)) {
    const bounded: [string, string] = [name.slice(0, LIMITS.line), value.slice(0, LIMITS.line)];
    text += bounded[0].length + bounded[1].length;
    if (text > LIMITS.headerText) break;
    kept.push(bounded);
  }
  return kept;
}

function odd({ what, text, at }: Odd): Draft {
  return { type: "protocol.odd", data: { protocol: "http", what, at, sample: text.slice(0, LIMITS.line) } };
}

/** Port 80 of a device. */
export const web: Service = {
  name: "web",
  transport: "tcp",
  manners: (persona) => persona.web,
  open: (device, visitor) => new WebDialogue(device, visitor),
};
