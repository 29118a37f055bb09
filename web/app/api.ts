/** Asks the collector: typed by the contract, problems as RFC 9457 has them. */
import type { Ask, DownloadName, ProblemBody, Question, Reply } from "../../src/collector/contract.ts";
import { DOWNLOADS, WAYS } from "./ways.ts";

/** A question was refused, or nobody answered (status 0). */
export class Failure extends Error {
  readonly status: number;
  readonly detail: string;
  readonly request: string | undefined;

  constructor({ status, title, detail, instance }: ProblemBody) {
    super(title);
    this.status = status;
    this.detail = detail;
    this.request = instance;
  }
}

type Values = Record<string, unknown>;

let csrf: string | null = null;
let onUnknown: () => void = () => {};

/** Sent with everything that changes something. */
export function useCsrf(token: string | null): void {
  csrf = token;
}

/** Called when the login has ended. */
export function whenUnknown(then: () => void): void {
  onUnknown = then;
}

const SLOW_MS = 30_000;

/** The answer to a question. Throws Failure. */
export async function ask<Q extends Question>(question: Q, asked: Ask<Q>, signal?: AbortSignal): Promise<Reply<Q>> {
  const [method = "", path = ""] = WAYS[question].split(" ");
  const { url, rest } = filled(path, asked as Values);
  const body = method === "GET" ? undefined : JSON.stringify(rest);
  const headers: Record<string, string> = { accept: "application/json" };
  if (body !== undefined) headers["content-type"] = "application/json";
  if (body !== undefined && csrf !== null) headers["x-inktrap-csrf"] = csrf;
  const slow = AbortSignal.timeout(SLOW_MS);
  const reply = await fetch(body === undefined ? url + inQuery(rest) : url, {
    method,
    headers,
    body: body ?? null,
    signal: signal ? AbortSignal.any([signal, slow]) : slow,
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new Failure({
      status: 0,
      title: "The collector did not answer.",
      detail: "Sensors keep what they record until it does.",
    });
  });
  if (reply.ok) return (await reply.json()) as Reply<Q>;
  const problem = (await reply.json().catch(() => undefined)) as ProblemBody | undefined;
  if (reply.status === 401 && question !== "login" && question !== "access") onUnknown();
  throw new Failure({ title: "The collector answered with an error.", detail: "", ...problem, status: reply.status });
}

/** The URL of a download or of another answer that is no JSON. */
export function urlOf(name: DownloadName, asked: Values = {}): string {
  const { url, rest } = filled(DOWNLOADS[name], asked);
  return url + inQuery(rest);
}

function filled(path: string, asked: Values): { url: string; rest: Values } {
  const rest = { ...asked };
  const url = path.replaceAll(/:(\w+)/g, (_, name: string) => {
    const value = rest[name];
    delete rest[name];
    return encodeURIComponent(String(value));
  });
  return { url, rest };
}

function inQuery(values: Values): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined || value === null || value === "") continue;
    query.set(name, value instanceof Date ? value.toISOString() : String(value));
  }
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}
