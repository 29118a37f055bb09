/** Coming in over HTTP: who asks, by cookie or token, and what begins and ends a login. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { VERSION } from "../util/package.ts";
import type { Access, Begun } from "./access.ts";
import type { AccessView, Asked, Question } from "./contract.ts";
import { openapi } from "./openapi.ts";
import { Refused } from "./refusals.ts";
import { isoOrNull } from "./room.ts";
import { csrfOf, same } from "./secrets.ts";
import type { Who } from "./who.ts";

export const ENTRANCE = ["health", "login", "useLink", "logout", "access", "changePassword", "openapi"] as const;
export type Entrance = (typeof ENTRANCE)[number];
export const isEntrance = (question: Question): question is Entrance =>
  (ENTRANCE as readonly Question[]).includes(question);

export const CSRF_HEADER = "x-inktrap-csrf";

export interface EntranceOptions {
  access: Access;
  /** Cookies are sent back over TLS only. */
  secure: boolean;
  /** `https://host:port` as browsers name it, where it is not what they connect to. */
  publicOrigin?: string | undefined;
  demonstration: boolean;
  /** Where the source code of this program is offered to those who use it over a network (AGPL, section 13). */
  source: string;
}

/** A secret of 256 bits, in the letters of base64url. */
const SECRET = /^[A-Za-z0-9_-]{43}$/;
const TOKEN = /^Bearer (inktrap_[A-Za-z0-9_-]{43})$/i;

export class EntranceDesk {
  readonly #options: EntranceOptions;
  readonly #cookie: string;

  constructor(options: EntranceOptions) {
    this.#options = options;
    this.#cookie = options.secure ? "__Host-inktrap" : "inktrap";
  }

  /** Who asks; undefined for nobody. Throws {@link Refused} for a change that another site may have sent. */
  who(request: FastifyRequest): Who | undefined {
    const { access } = this.#options;
    const header = request.headers.authorization;
    if (header !== undefined) {
      const token = TOKEN.exec(header)?.[1];
      return token === undefined ? undefined : access.byToken(token, request.ip);
    }
    const secret = this.#secret(request);
    const who = secret === undefined ? undefined : access.byCookie(secret, request.ip);
    if (who && secret !== undefined && request.method !== "GET") this.#checkSite(request, secret);
    return who;
  }

  /** Refuses what a page of another site sends. Programs send no Origin. */
  checkOrigin(request: FastifyRequest): void {
    const { origin } = request.headers;
    const site = request.headers["sec-fetch-site"];
    const own = [`${request.protocol}://${request.headers.host}`, this.#options.publicOrigin];
    const foreign = origin !== undefined ? !own.includes(origin) : site !== undefined && site !== "same-origin";
    if (foreign) throw new Refused(403, "This came from another site.");
  }

  #checkSite(request: FastifyRequest, secret: string): void {
    this.checkOrigin(request);
    const sent = request.headers[CSRF_HEADER];
    if (typeof sent !== "string" || !same(sent, csrfOf(secret))) {
      throw new Refused(403, `The header ${CSRF_HEADER} is missing or wrong.`);
    }
  }

  /** Answers a question about the connection itself. */
  async answer<Q extends Entrance>(
    question: Q,
    asked: Asked<Q>,
    { request, reply, who }: { request: FastifyRequest; reply: FastifyReply; who: Who | undefined },
  ): Promise<unknown> {
    const { access } = this.#options;
    switch (question) {
      case "health":
        return { ok: true };
      case "openapi":
        return openapi();
      case "login": {
        const { name, password } = asked as Asked<"login">;
        return this.#begin(reply, await access.login(name, password, request.ip));
      }
      case "useLink": {
        const { link, name, password } = asked as Asked<"useLink">;
        return this.#begin(reply, await access.useLink(link, name, password, request.ip));
      }
      case "logout":
        await access.logout(who!);
        reply.clearCookie(this.#cookie, this.#attributes());
        return { done: true };
      case "changePassword": {
        if (who!.scopes) throw new Refused(403, "A token changes no password.");
        const { old, new: password } = asked as Asked<"changePassword">;
        await access.changePassword(who!, old, password);
        return { done: true };
      }
      default:
        return this.view(who!, this.#secret(request));
    }
  }

  view(who: Who, secret: string | undefined): AccessView {
    return {
      account: who.account,
      role: who.role,
      scopes: who.scopes ? [...who.scopes] : null,
      csrf: who.login === undefined || secret === undefined ? null : csrfOf(secret),
      until: isoOrNull(this.#options.access.until(who)),
      version: VERSION,
      source: this.#options.source,
      demonstration: this.#options.demonstration,
    };
  }

  #begin(reply: FastifyReply, { secret, who, until }: Begun): AccessView {
    reply.setCookie(this.#cookie, secret, { ...this.#attributes(), expires: new Date(until) });
    return this.view(who, secret);
  }

  #secret(request: FastifyRequest): string | undefined {
    const secret = request.cookies[this.#cookie];
    return secret !== undefined && SECRET.test(secret) ? secret : undefined;
  }

  #attributes() {
    return { httpOnly: true, sameSite: "strict", secure: this.#options.secure, path: "/" } as const;
  }
}
