/** The console's server: pages, the contract and its downloads, over TCP, behind a login. */
import { existsSync } from "node:fs";
import { isIPv6 } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import cookie from "@fastify/cookie";
import helmet from "@fastify/helmet";
import statics from "@fastify/static";
import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { Logger } from "../util/log.ts";
import { VERSION } from "../util/package.ts";
import { Problems } from "../util/problem.ts";
import type { Access } from "./access.ts";
import { type FileAnswer, fileAnswers } from "./downloads.ts";
import { EntranceDesk } from "./entrance.ts";
import type { Live } from "./live.ts";
import { addRoutes, problem } from "./routes.ts";
import type { Certificate } from "./tls.ts";
import type { View } from "./view.ts";

export interface ConsoleSettings {
  listen: string;
  port: number;
  /** When the port is taken, any that is free will do. */
  anyPort: boolean;
  certificate?: Certificate | undefined;
  /** How browsers name the console, where that is not its address. */
  publicUrl?: string | undefined;
  /** Where the source code of this very program is offered, where that is not here. */
  source?: string | undefined;
  /** Folder of the built pages. */
  web: string;
  demonstration: boolean;
}

export interface ConsoleParts {
  view: View;
  access: Access;
  live: Live;
  log: Logger;
}

export interface Console {
  /** As browsers name it. */
  url: string;
  port: number;
  app: FastifyInstance;
  close(): Promise<void>;
}

const BODY_BYTES = 64 * 1024;
const CONNECTIONS = 500;
const HSTS_S = 180 * 86_400;

/** Scripts, styles and all else come from here only; nothing stands inline, nothing is framed but the printer's pages. */
const POLICY = {
  "default-src": ["'none'"],
  "script-src": ["'self'"],
  "style-src": ["'self'"],
  "img-src": ["'self'"],
  "font-src": ["'self'"],
  "connect-src": ["'self'"],
  "frame-src": ["'self'"],
  "manifest-src": ["'self'"],
  "base-uri": ["'none'"],
  "form-action": ["'none'"],
  "frame-ancestors": ["'none'"],
};

/** A server that is ready and does not listen yet. */
export async function makeConsole(settings: ConsoleSettings, parts: ConsoleParts): Promise<FastifyInstance> {
  const { certificate, publicUrl } = settings;
  const { view, log } = parts;
  const app = fastify({
    logger: false,
    bodyLimit: BODY_BYTES,
    requestTimeout: 30_000,
    exposeHeadRoutes: false,
    ...(certificate ? { https: { cert: certificate.cert, key: certificate.key, minVersion: "TLSv1.2" } } : {}),
  } as object) as FastifyInstance;
  app.server.maxConnections = CONNECTIONS;
  await app.register(cookie);
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: POLICY },
    frameguard: { action: "deny" },
    referrerPolicy: { policy: "no-referrer" },
    hsts: certificate && publicUrl !== undefined ? { maxAge: HSTS_S, includeSubDomains: false } : false,
  });
  const source = settings.source ?? "/source";
  app.addHook("onSend", async (request, reply) => {
    reply.header("permissions-policy", "camera=(), geolocation=(), microphone=(), clipboard-read=()");
    reply.header("x-source-code", source);
    if (request.url.startsWith("/api/")) reply.header("cache-control", "no-store");
  });
  const entrance = new EntranceDesk({
    access: parts.access,
    secure: certificate !== undefined || (publicUrl?.startsWith("https:") ?? false),
    publicOrigin: publicUrl === undefined ? undefined : new URL(publicUrl).origin,
    demonstration: settings.demonstration,
    source,
  });
  const files = fileAnswers(view.room);
  addRoutes(app, {
    view,
    log,
    identify: (request) => entrance.who(request),
    checkOrigin: (request) => entrance.checkOrigin(request),
    entrance: (question, asked, call) => entrance.answer(question, asked as never, call),
    download: async (name, asked, { request, reply, who }): Promise<FileAnswer | undefined> => {
      if (name !== "live") return files[name](asked as never, who);
      const headers = reply.getHeaders() as Record<string, string>;
      reply.hijack();
      const lastId = request.headers["last-event-id"];
      const attended = parts.live.attend(reply.raw, headers, typeof lastId === "string" ? lastId : undefined);
      if (!attended) reply.raw.writeHead(503).end();
      return undefined;
    },
  });
  await addPages(app, settings, source);
  return app;
}

/** Opens the console. Throws Problems where it cannot listen. */
export async function openConsole(settings: ConsoleSettings, parts: ConsoleParts): Promise<Console> {
  const app = await makeConsole(settings, parts);
  const { listen, port, anyPort, publicUrl, certificate } = settings;
  try {
    await app.listen({ host: listen, port });
  } catch (error) {
    const taken = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
    if (!taken || !anyPort) {
      await app.close();
      const what = taken ? "is taken by another program" : `cannot be used: ${(error as Error).message}`;
      throw new Problems([{ where: `console ${listen}:${port}`, what, remedy: "Name another address or port." }]);
    }
    await app.listen({ host: listen, port: 0 });
  }
  const { port: bound } = app.server.address() as AddressInfo;
  const host = listen === "0.0.0.0" ? "127.0.0.1" : listen === "::" ? "::1" : listen;
  const url = publicUrl ?? `${certificate ? "https" : "http"}://${isIPv6(host) ? `[${host}]` : host}:${bound}`;
  return {
    url: url.replace(/\/$/, ""),
    port: bound,
    app,
    close: async () => {
      app.server.closeAllConnections();
      await app.close();
    },
  };
}

/** Files of the built pages; every other address is a page of the one application. */
async function addPages(app: FastifyInstance, settings: ConsoleSettings, source: string): Promise<void> {
  if (source === "/source") app.get("/source", async (_request, reply) => reply.type("text/plain").send(ABOUT_SOURCE));
  const built = existsSync(join(settings.web, "index.html"));
  if (built) {
    await app.register(statics, {
      root: settings.web,
      wildcard: false,
      index: false,
      cacheControl: false,
      setHeaders: (reply, path) => {
        const hashed = path.includes("/assets/");
        reply.header("cache-control", hashed ? "public, max-age=31536000, immutable" : "no-cache");
      },
    });
  }
  app.setNotFoundHandler((request: FastifyRequest, reply: FastifyReply) => {
    const asksPage = request.method === "GET" && !/^\/(api|assets)\//.test(request.url);
    if (!asksPage) return problem(request, reply, 404, "There is nothing here", "See the contract: /api/openapi.json.");
    reply.header("cache-control", "no-cache");
    if (built) return reply.sendFile("index.html");
    return reply.type("text/html").send(NOT_BUILT);
  });
}

const NOT_BUILT = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Inktrap</title>
<h1>The pages are not built yet</h1>
<p>Run <code>npm run build</code> in Inktrap's folder and start it again. Everything is recorded meanwhile, and the commands tell of it: <code>npx inktrap cases</code>.</p>
</html>
`;

const ABOUT_SOURCE = `Inktrap ${VERSION} is free software under the GNU Affero General Public License, version 3 or later.
Its source code is part of the package it was installed from. Whoever runs this console gives it to those who use it:
with "console: source: <address>" in the configuration this page leads to it.
`;
