/** The contract over HTTP, on a local socket. Problems are written as RFC 9457 says. */
import { unlink } from "node:fs/promises";
import { fastify, type FastifyReply, type FastifyRequest } from "fastify";
import type { Logger } from "../util/log.ts";
import { contract, type Question } from "./contract.ts";
import { NotFound, type View } from "./view.ts";

/** Serves the contract on a Unix socket; a socket that a dead process left is replaced. */
export async function serveApi(path: string, view: View, log: Logger): Promise<{ close(): Promise<void> }> {
  const app = fastify({ logger: false });
  for (const question of Object.keys(contract) as Question[]) {
    const { method, path: url, ask } = contract[question];
    const answer = async (request: FastifyRequest, reply: FastifyReply) => {
      const said = method === "GET" ? request.query : request.body;
      const asked = ask.safeParse({ ...(said as object), ...(request.params as object) });
      if (!asked.success) {
        const detail = asked.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; ");
        return problem(reply, 400, "The question is not well formed", detail);
      }
      return view.answer(question, asked.data as never);
    };
    app.route({ method, url, handler: answer });
  }
  app.get("/healthz", async (_request, reply) => {
    const status = await view.answer("status", {});
    return reply.code(status.ok ? 200 : 503).send(status);
  });
  app.setErrorHandler((error: Error, _request, reply) => {
    if (error instanceof NotFound) return problem(reply, 404, error.message, "It was never there, or it was removed.");
    log.error({ err: error }, "a question could not be answered");
    return problem(reply, 500, "The question could not be answered", error.message);
  });
  app.setNotFoundHandler((_request, reply) => problem(reply, 404, "There is no such question", "See the contract."));
  await unlink(path).catch(() => {});
  await app.listen({ path });
  return { close: () => app.close() };
}

function problem(reply: FastifyReply, status: number, title: string, detail: string) {
  return reply.code(status).type("application/problem+json").send({ status, title, detail });
}
