/** The collector's process, seen from the process that starts it: begun again when it dies, told when to stop. */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Collector } from "../collector/collector.ts";
import type { AlertSettings } from "../outputs/settings.ts";
import type { Logger } from "../util/log.ts";
import { type Problem, Problems } from "../util/problem.ts";
import type { ConsolePart } from "./console-config.ts";

/** What the process is started with. */
export interface CollectorSettings {
  data: string;
  memoryMb: number;
  /** Networks and addresses whose visits are recorded and never alerted. */
  own: readonly string[];
  alerts: AlertSettings;
  console: ConsolePart;
  /** News as JSON lines instead of sentences. */
  json: boolean;
}

/** Where the console is; undefined where there is none. */
export type ConsoleAddress = Collector["console"];

/** Messages to the process, and from it. */
export type ToCollector = { settings: CollectorSettings } | { live: true } | { stop: true };
export type FromCollector = { ready: true; console: ConsoleAddress } | { problems: readonly Problem[] };

const PROGRAM = fileURLToPath(new URL("../../dist/cli/collector-process.js", import.meta.url));
const RESTART_MS = 300;
const STOP_MS = 15_000;

export class CollectorProcess {
  readonly #settings: CollectorSettings;
  readonly #log: Logger;
  readonly #onAgain: (console: ConsoleAddress) => void;
  #child: ChildProcess | undefined;
  #live = false;
  /** As of the last begin. */
  console: ConsoleAddress;
  #stopping = false;

  private constructor(settings: CollectorSettings, log: Logger, onAgain: (console: ConsoleAddress) => void) {
    this.#settings = settings;
    this.#log = log;
    this.#onAgain = onAgain;
  }

  /**
   * Resolves when the collector listens. Throws its Problems when it cannot begin. `onAgain`: it died and was begun
   * again.
   */
  static async start(
    settings: CollectorSettings,
    log: Logger,
    onAgain: (console: ConsoleAddress) => void = () => {},
  ): Promise<CollectorProcess> {
    const handle = new CollectorProcess(settings, log, onAgain);
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
          this.console = message.console;
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
      const begun = this.#begin().then(() => this.#onAgain(this.console));
      begun.catch((error: unknown) => {
        this.#log.error({ err: error }, "the collector cannot begin");
        this.#again("before it began");
      });
    }, RESTART_MS);
  }

  #say(message: ToCollector): void {
    this.#child?.send(message, () => {});
  }
}
