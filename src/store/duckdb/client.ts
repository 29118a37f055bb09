/** The main thread's end of the thread that owns the database. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { GivenUp, wanted } from "../asking.ts";
import type { Step } from "../engine.ts";
import { StoreBroken } from "../store.ts";
import type { OpenOptions, Request, Response, Row } from "./messages.ts";

/** Always the built file: a worker cannot be started from TypeScript. Right from src/ and from dist/. */
const WORKER = new URL("../../../dist/store/duckdb/worker.js", import.meta.url);

/** DuckDB's words for it. */
const BROKEN = /^FATAL Error|database has been invalidated/;

export class DuckdbClient {
  readonly #worker = new Worker(WORKER, { execArgv: [] });
  readonly #pending = new Map<number, { resolve: (rows: Row[]) => void; reject: (error: Error) => void }>();
  #lastId = 0;
  #gone: Error | undefined;

  constructor() {
    this.#worker.on("message", (response: Response) => this.#settle(response));
    this.#worker.on("error", (error: Error) => this.#fail(error));
    this.#worker.on("exit", () => this.#fail(new Error("the store is closed")));
  }

  /** Opens the database. Rejects with DuckDB's own message. */
  async open(options: OpenOptions): Promise<void> {
    await this.#ask({ kind: "open", options });
  }

  /** Runs one statement that reads. Integers come as numbers, JSON as text. */
  async read(sql: string, parameters: readonly unknown[]): Promise<Row[]> {
    const signal = wanted();
    if (signal?.aborted) throw new GivenUp();
    const answer = this.#ask({ kind: "read", sql, parameters });
    const read = this.#lastId;
    const cancel = () => void this.#ask({ kind: "cancel", read }).catch(() => {});
    signal?.addEventListener("abort", cancel);
    try {
      return await answer;
    } catch (error) {
      throw signal?.aborted ? new GivenUp() : error;
    } finally {
      signal?.removeEventListener("abort", cancel);
    }
  }

  /** Carries out all steps in one transaction, or none. */
  async write(steps: readonly Step[]): Promise<void> {
    await this.#ask({ kind: "write", steps });
  }

  /** Writes the file anew, see {@link Store.compact}. */
  async compact(): Promise<void> {
    await this.#ask({ kind: "compact" });
  }

  /** Lets go of the file and ends the thread. Asking twice does no harm. */
  async close(): Promise<void> {
    if (this.#gone) return;
    const ended = once(this.#worker, "exit");
    await this.#ask({ kind: "close" });
    await ended;
  }

  #ask(request: Request): Promise<Row[]> {
    if (this.#gone) return Promise.reject(this.#gone);
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#worker.postMessage({ id, ...request }, []);
    });
  }

  #settle(response: Response): void {
    const caller = this.#pending.get(response.id);
    this.#pending.delete(response.id);
    if ("rows" in response) caller?.resolve(response.rows);
    else if (BROKEN.test(response.error)) caller?.reject(new StoreBroken(response.error));
    else caller?.reject(new Error(response.error));
  }

  #fail(error: Error): void {
    this.#gone ??= error;
    for (const { reject } of this.#pending.values()) reject(this.#gone);
    this.#pending.clear();
  }
}
