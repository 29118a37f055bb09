/** Asking a collector: the running one over its socket, or, where none runs, the store itself. */
import { request } from "node:http";
import { type Ask, contract, type Reply } from "../collector/contract.ts";
import { type Answered, View } from "../collector/view.ts";
import { openDuckdbStore } from "../store/duckdb/duckdb-store.ts";
import { Problems } from "../util/problem.ts";
import type { DataFolder } from "./data-folder.ts";

export interface Questions {
  /** Whether a collector is running. */
  readonly live: boolean;
  ask<Q extends Answered>(question: Q, ask: Ask<Q>): Promise<Reply<Q>>;
  close(): Promise<void>;
}

/** Opens the way to answers. Throws Problems where there is no data. */
export async function openQuestions(data: DataFolder): Promise<Questions> {
  if (await answers(data.apiSocket)) {
    return { live: true, ask: (question, ask) => askRunning(data.apiSocket, question, ask), close: async () => {} };
  }
  if (!(await data.exists())) {
    const remedy = "Begin with inktrap start, or name the folder with --data.";
    throw new Problems([{ where: data.path, what: "there is no such data folder", remedy }]);
  }
  await data.checkReadable();
  const store = await openDuckdbStore({ file: data.storeFile, readOnly: true });
  const view = new View(store, data.sensors, await data.own());
  return {
    live: false,
    ask: async (question, ask) => {
      const asked = contract[question].ask.parse(ask);
      return (await view.answer(question, asked as never)) as Reply<typeof question>;
    },
    close: () => store.close(),
  };
}

function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = request({ socketPath, path: "/api/overview", timeout: 5000 }, (response) => {
      response.resume();
      resolve(true);
    });
    probe.on("timeout", () => probe.destroy());
    probe.on("error", () => resolve(false));
    probe.end();
  });
}

function askRunning<Q extends Answered>(socketPath: string, question: Q, ask: Ask<Q>): Promise<Reply<Q>> {
  const { method } = contract[question];
  const rest: Record<string, unknown> = {};
  let path: string = contract[question].path;
  for (const [name, value] of Object.entries(ask as Record<string, unknown>)) {
    if (value === undefined) continue;
    if (path.includes(`:${name}`)) path = path.replace(`:${name}`, encodeURIComponent(String(value)));
    else rest[name] = value;
  }
  const words = Object.entries(rest).map(([name, value]): [string, string] => [name, String(value)]);
  const query = method === "GET" ? `?${new URLSearchParams(words).toString()}` : "";
  const headers = method === "GET" ? {} : { "content-type": "application/json" };
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, method, path: `${path}${query}`, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const body = JSON.parse(Buffer.concat(chunks).toString("utf8")) as Reply<Q> & {
          title?: string;
          detail?: string;
        };
        if (response.statusCode === 200) resolve(body);
        else reject(new Problems([{ where: "inktrap", what: body.title ?? "no answer", remedy: body.detail ?? "" }]));
      });
    });
    sent.on("error", reject);
    sent.end(method === "GET" ? undefined : JSON.stringify(rest));
  });
}
