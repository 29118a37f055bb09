/** The collector's process, seen from the process that starts it: begun again when it dies, told when to stop. */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { AlertSettings } from "../outputs/settings.ts";
import type { Logger } from "../util/log.ts";
import { type Problem, Problems } from "../util/problem.ts";

/** What the process is started with. */
export interface CollectorSettings {
  data: string;
  memoryMb: number;
  /** Networks and addresses whose visits are recorded and never alerted. */
  own: readonly string[];
  alerts: AlertSettings;
  /** News as JSON lines instead of sentences. */
  json: boolean;
}

/** Messages to the process, and from it. */
export type ToCollector = { settings: CollectorSettings } | { live: true } | { stop: true };
export type FromCollector = { ready: true } | { problems: readonly Problem[] };

const PROGRAM = fileURLToPath(new URL("../../dist/cli/collector-process.js", import.meta.url));
const RESTART_MS = 300;
const STOP_MS = 15_000;

export class CollectorProcess {
  readonly #settings: CollectorSettings;
  readonly #log: Logger;
  #child: ChildProcess | undefined;
  #live = false;
  #stopping = false;

  private constructor(settings: CollectorSettings, log: Logger) {
    this.#settings = settings;
    this.#log = log;
  }

  /** Resolves when the collector listens. Throws its Problems when it cannot begin. */
  static async start(settings: CollectorSettings, log: Logger): Promise<CollectorProcess> {
    const handle = new CollectorProcess(settings, log);
    await handle.#begin();
    return handle;
  }

  /** From now on news are printed. */
  goLive(): void {
    this.#live = true;
    this.#say({ live: true });
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    this.#say({ stop: true });
    const patience = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
    await gone;
    clearTimeout(patience);
  }

  #begin(): Promise<void> {
    const child = fork(PROGRAM, [], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
    this.#child = child;
    this.#say({ settings: this.#settings });
    return new Promise((resolve, reject) => {
      let begun = false;
      child.on("message", (message: FromCollector) => {
        if ("problems" in message) reject(new Problems(message.problems));
        else {
          begun = true;
          if (this.#live) this.#say({ live: true });
          resolve();
        }
      });
      child.on("exit", (code, signal) => {
        if (this.#stopping) return;
        if (begun) this.#again(signal ?? `code ${code}`);
        else reject(new Error(`the collector ended before it began, ${signal ?? `code ${code}`}`));
      });
    });
  }

  #again(how: string): void {
    this.#log.warn({ how }, "the collector ended and is started again; visitors are answered, evidence is kept");
    setTimeout(() => {
      if (this.#stopping) return;
      this.#begin().catch((error: unknown) => {
        this.#log.error({ err: error }, "the collector cannot begin");
        this.#again("before it began");
      });
    }, RESTART_MS);
  }

  #say(message: ToCollector): void {
    this.#child?.send(message, () => {});
  }
}
