/** The contract as routes: who asks is known, may ask, asks well, is written down, and gets an answer or a problem. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { GivenUp, whileWanted } from "../store/asking.ts";
import { SearchProblem } from "../store/queries/search.ts";
import type { Logger } from "../util/log.ts";
import { TooMany } from "./access.ts";
import { type Asked, contract, type DownloadName, type ProblemBody, type Question } from "./contract.ts";
import type { Download, Entry } from "./contract/asks.ts";
import { downloads } from "./contract/downloads.ts";
import type { FileAnswer } from "./downloads.ts";
import { type Entrance, isEntrance } from "./entrance.ts";
import { NotFound, Refused } from "./refusals.ts";
import type { Answered, View } from "./view.ts";
import { refusal, type Who } from "./who.ts";

/** One who asks, and what they ask with. */
export interface Call {
  request: FastifyRequest;
  reply: FastifyReply;
  who: Who | undefined;
}

export interface RouteOptions {
  view: View;
  log: Logger;
  /** Who asks; undefined for nobody. Throws Refused. */
  identify: (request: FastifyRequest) => Who | undefined;
  /** Checks a change that needs no login. Throws Refused. */
  checkOrigin: (request: FastifyRequest) => void;
  /** Answers what is about the connection itself. */
  entrance: (question: Entrance, asked: unknown, call: Call) => Promise<unknown>;
  /** Answers with a file, or takes the reply over and answers undefined. */
  download?: (name: DownloadName, asked: unknown, call: Call & { who: Who }) => Promise<FileAnswer | undefined>;
}

/** A question that takes longer is given up. */
const PATIENCE_MS = 20_000;

export function addRoutes(app: FastifyInstance, options: RouteOptions): void {
  const { view } = options;
  for (const question of Object.keys(contract) as Question[]) {
    const entry: Entry = contract[question];
    app.route({
      method: entry.method,
      url: entry.path,
      handler: async (request, reply) => {
        const call = enter(options, entry, { request, reply });
        const asked = read(entry, request);
        if (!isEntrance(question)) await auditRead(view, question, entry, asked, call);
        const answer = await answered(reply, () =>
          isEntrance(question)
            ? options.entrance(question, asked, call)
            : view.answer(question as Answered, asked as Asked<Answered>, call.who),
        ).catch(async (error: unknown) => {
          const refused = error instanceof Refused && !(error instanceof TooMany);
          if (refused && entry.role === "public") await writeDown(view, `${question}-refused`, entry, asked, call);
          throw error;
        });
        await auditWrite(view, question, entry, asked, call);
        return reply.send(answer);
      },
    });
  }
  const { download } = options;
  if (download) {
    for (const name of Object.keys(downloads) as DownloadName[]) {
      const entry: Download = downloads[name];
      app.get(entry.path, async (request, reply) => {
        const call = enter(options, entry, { request, reply });
        const asked = read(entry, request);
        await auditRead(view, name, entry, asked, call);
        const file = await download(name, asked, { ...call, who: call.who! });
        return file ? sendFile(reply, file) : reply;
      });
    }
  }
  app.setErrorHandler((error, request, reply) => problemOf(error, request, reply, options.log));
}

/** Who asks and may ask. Throws Refused. */
function enter(options: RouteOptions, entry: Entry | Download, { request, reply }: Omit<Call, "who">): Call {
  if (entry.role === "public") {
    if (entry.method !== "GET") options.checkOrigin(request);
    return { request, reply, who: undefined };
  }
  const who = options.identify(request);
  if (!who) throw new Refused(401, "Log in first.");
  const why = refusal(who, entry);
  if (why !== undefined) throw new Refused(403, why);
  return { request, reply, who };
}

/** What is asked, checked. Throws Refused. */
function read(entry: Entry | Download, request: FastifyRequest): unknown {
  const asBody = entry.method === "POST" || entry.method === "PATCH";
  const given = asBody ? request.body : request.query;
  if (given !== undefined && given !== null && (typeof given !== "object" || Array.isArray(given))) {
    throw new Refused(400, "The body must be a JSON object.");
  }
  const asked = entry.ask.safeParse({ ...(given as object), ...(request.params as object) });
  if (asked.success) return asked.data;
  const detail = asked.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; ");
  throw new Refused(400, detail);
}

/** Gives up when nobody waits any more, or for too long. */
async function answered<T>(reply: FastifyReply, task: () => Promise<T>): Promise<T> {
  const gone = new AbortController();
  const late = AbortSignal.timeout(PATIENCE_MS);
  const onClose = () => gone.abort();
  reply.raw.once("close", onClose);
  try {
    return await whileWanted(AbortSignal.any([gone.signal, late]), task);
  } catch (error) {
    if (error instanceof GivenUp && late.aborted) throw new Refused(503, "It took too long: ask for less at once.");
    throw error;
  } finally {
    reply.raw.off("close", onClose);
  }
}

/** Readings that are written down before they are answered: what was printed, whole sessions, and lists that leave. */
const AUDITED = new Set<Question | DownloadName>([
  "job",
  "jobBytes",
  "jobBody",
  "sessionStream",
  "sessionCapture",
  "exportCases",
  "exportSessions",
  "exportJobs",
  "exportEvents",
  "audit",
]);
/** Fields that are not written down: secrets, and what `about` says already. */
const LEFT_OUT = new Set(["password", "old", "new", "link", "number", "id"]);
const LETTERS: readonly [RegExp, string][] = [
  [/^\/api\/cases\//, "C-"],
  [/^\/api\/sessions\//, "S-"],
  [/^\/api\/jobs\//, "J-"],
];

async function auditRead(
  view: View,
  name: Question | DownloadName,
  entry: Entry | Download,
  asked: unknown,
  call: Call,
) {
  if (entry.method === "GET" && AUDITED.has(name)) await writeDown(view, name, entry, asked, call);
}

/** Forgetting is written down by what forgets, and without telling what it was. */
async function auditWrite(view: View, name: Question, entry: Entry, asked: unknown, call: Call) {
  if (entry.method !== "GET" && name !== "forget") await writeDown(view, name, entry, asked, call);
}

async function writeDown(view: View, what: string, entry: Entry | Download, asked: unknown, { request, who }: Call) {
  // The command line of the same user reads files as it likes; only what it changes is worth a line.
  if (who?.name === "local" && entry.method === "GET") return;
  const fields = asked as Record<string, unknown>;
  const letter = LETTERS.find(([pattern]) => pattern.test(entry.path))?.[1] ?? "";
  const named = fields["number"] ?? fields["id"] ?? (entry.path.includes(":name") ? fields["name"] : undefined);
  const detail = Object.fromEntries(
    Object.entries(fields).filter(([name, value]) => !LEFT_OUT.has(name) && value !== undefined),
  );
  await view.room.store.audit.add({
    at: view.room.clock(),
    who: who?.name ?? (typeof fields["name"] === "string" ? fields["name"] : "-"),
    address: who?.address ?? request.ip,
    what,
    about: named === undefined ? "" : `${letter}${String(named)}`,
    detail,
  });
}

/** Files come as attachments, and are nothing but bytes to a browser. */
function sendFile(reply: FastifyReply, { name, media, length, body, headers }: FileAnswer) {
  reply.header("content-disposition", `attachment; filename="${name}"`).header("x-content-type-options", "nosniff");
  reply.header("content-security-policy", "sandbox; default-src 'none'").type(media);
  if (length !== undefined) reply.header("content-length", length);
  for (const [header, value] of Object.entries(headers ?? {})) {
    if (value === undefined) reply.removeHeader(header);
    else reply.header(header, value);
  }
  return reply.send(body);
}

const TITLES: Record<number, string> = {
  400: "The question is not well formed",
  401: "Nobody is logged in",
  403: "This is not allowed",
  404: "It is not there",
  409: "This cannot be done",
  413: "This is too large",
  415: "This is not JSON",
  422: "This cannot be shown",
  429: "Too many attempts",
  499: "Nobody waits for the answer",
  503: "It took too long",
};

function problemOf(error: unknown, request: FastifyRequest, reply: FastifyReply, log: Logger) {
  if (error instanceof TooMany) reply.header("retry-after", Math.ceil(error.waitMs / 1000));
  if (error instanceof Refused) return problem(request, reply, error.status, titleOf(error.status), error.message);
  if (error instanceof NotFound) {
    return problem(request, reply, 404, error.message, "It was never there, or it was removed.");
  }
  const { statusCode } = error as { statusCode?: number };
  if (error instanceof SearchProblem || (error instanceof RangeError && statusCode === undefined)) {
    return problem(request, reply, 400, titleOf(400), error.message);
  }
  if (error instanceof GivenUp) return problem(request, reply, 499, titleOf(499), error.message);
  const status = statusCode ?? 500;
  if (status < 500) return problem(request, reply, status, titleOf(status), (error as Error).message);
  log.error({ err: error, request: request.id }, "a question could not be answered");
  return problem(request, reply, 500, "The question could not be answered", "See the log on standard error.");
}

const titleOf = (status: number) => TITLES[status] ?? "This cannot be answered";

export function problem(request: FastifyRequest, reply: FastifyReply, status: number, title: string, detail: string) {
  const body: ProblemBody = { status, title, detail, instance: request.id };
  return reply.code(status).type("application/problem+json").send(JSON.stringify(body));
}
