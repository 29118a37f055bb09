/** Somebody who asks the console over a real connection: with a cookie, a token, or nothing. */
import { once } from "node:events";
import { type IncomingHttpHeaders, type IncomingMessage, request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  // oxlint-disable-next-line no-explicit-any
  json: any;
}

export class Caller {
  readonly url: string;
  cookie: string | undefined;
  csrf: string | undefined;
  token: string | undefined;

  constructor(url: string, more: Partial<Pick<Caller, "cookie" | "csrf" | "token">> = {}) {
    this.url = url;
    Object.assign(this, more);
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send("GET", path, undefined, headers);
  }

  post(path: string, body: unknown = {}, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send("POST", path, JSON.stringify(body), { "content-type": "application/json", ...headers });
  }

  async send(method: string, path: string, body?: string, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await this.open(method, path, body, headers);
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString("utf8");
    const isJson =
      /json/.test(response.headers["content-type"] ?? "") && !/jsonl/.test(response.headers["content-type"]!);
    return {
      status: response.statusCode!,
      headers: response.headers,
      text,
      json: isJson ? JSON.parse(text) : undefined,
    };
  }

  /** The answer as it comes. */
  async open(
    method: string,
    path: string,
    body?: string,
    headers: Record<string, string> = {},
  ): Promise<IncomingMessage> {
    const own = {
      ...(this.cookie === undefined ? {} : { cookie: this.cookie }),
      ...(this.csrf === undefined || method === "GET" ? {} : { "x-inktrap-csrf": this.csrf }),
      ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }),
    };
    const ask = this.url.startsWith("https:") ? httpsRequest : httpRequest;
    const sent = ask(`${this.url}${path}`, {
      method,
      headers: { ...own, ...headers },
      rejectUnauthorized: false,
    } as object);
    sent.end(body);
    const [response] = (await once(sent, "response")) as [IncomingMessage];
    return response;
  }

  /** Begins a login by name and password, and keeps its cookie. */
  async login(name: string, password: string): Promise<Answer> {
    return this.#keep(await this.post("/api/login", { name, password }));
  }

  /** Uses a one-time link, as the console makes it. */
  async useLink(link: string, password: string, name?: string): Promise<Answer> {
    const secret = link.split("#")[1];
    return this.#keep(await this.post("/api/login/link", { link: secret, password, ...(name ? { name } : {}) }));
  }

  #keep(answer: Answer): Answer {
    const set = answer.headers["set-cookie"]?.[0];
    if (answer.status === 200 && set !== undefined) {
      this.cookie = set.split(";")[0]!;
      this.csrf = (answer.json as { csrf: string }).csrf;
    }
    return answer;
  }
}

export const PASSWORD = "correct horse battery staple";

/** An admin by the first link, and an account of each other role. */
export async function callers(url: string, firstLink: string) {
  const admin = new Caller(url);
  await admin.useLink(firstLink, PASSWORD, "ada");
  const make = async (name: string, role: string) => {
    const { json } = await admin.post("/api/accounts", { name, role });
    const caller = new Caller(url);
    await caller.useLink((json as { link: string }).link, PASSWORD);
    return caller;
  };
  return { admin, analyst: await make("ana", "analyst"), viewer: await make("vic", "viewer"), nobody: new Caller(url) };
}
