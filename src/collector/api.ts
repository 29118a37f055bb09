/** The contract over HTTP, on a local socket: for the command line, which needs no login, as only this user can connect. */
import { unlink } from "node:fs/promises";
import { fastify } from "fastify";
import type { Logger } from "../util/log.ts";
import { NotFound } from "./refusals.ts";
import { addRoutes, problem } from "./routes.ts";
import type { View } from "./view.ts";
import { LOCAL } from "./who.ts";

/** Serves the contract on a Unix socket; a socket that a dead process left is replaced. */
export async function serveApi(path: string, view: View, log: Logger): Promise<{ close(): Promise<void> }> {
  const app = fastify({ logger: false });
  addRoutes(app, {
    view,
    log,
    identify: () => LOCAL,
    checkOrigin: () => {},
    entrance: () => Promise.reject(new NotFound("This is asked of the console only")),
  });
  app.get("/healthz", async (_request, reply) => {
    const status = await view.answer("status", {});
    return reply.code(status.ok ? 200 : 503).send(status);
  });
  app.setNotFoundHandler((request, reply) =>
    problem(request, reply, 404, "There is nothing here", "See the contract."),
  );
  await unlink(path).catch(() => {});
  await app.listen({ path });
  return { close: () => app.close() };
}
