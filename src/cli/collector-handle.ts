/** The collector's process, seen from the process that starts it: begun again when it dies, told when to stop. */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Collector } from "../collector/collector.ts";
import type { AlertSettings } from "../outputs/settings.ts";
import type { Logger } from "../util/log.ts";
import { type Problem, Problems } from "../util/problem.ts";
import type { ConsolePart } from "./console-config.ts";
import { Restarts, STEADY_MS } from "./restarts.ts";

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
const STOP_MS = 15_000;

export class CollectorProcess {
  readonly #settings: CollectorSettings;
  readonly #log: Logger;
  readonly #onAgain: (console: ConsoleAddress) => void;
  readonly #program: string;
  readonly #restarts = new Restarts();
  #child: ChildProcess | undefined;
  /** Until it is begun again, or is known to work. */
  #timer: NodeJS.Timeout | undefined;
  #live = false;
  /** As of the last begin. */
  console: ConsoleAddress;
  #stopping = false;

  private constructor(
    settings: CollectorSettings,
    log: Logger,
    onAgain: (console: ConsoleAddress) => void,
    program: string,
  ) {
    this.#settings = settings;
    this.#log = log;
    this.#onAgain = onAgain;
    this.#program = program;
  }

  /**
   * Resolves when the collector listens. Throws its Problems when it cannot begin. `onAgain`: it died and was begun
   * again. `program`: the file that is run.
   */
  static async start(
    settings: CollectorSettings,
    log: Logger,
    onAgain: (console: ConsoleAddress) => void = () => {},
    program = PROGRAM,
  ): Promise<CollectorProcess> {
    const handle = new CollectorProcess(settings, log, onAgain, program);
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
    clearTimeout(this.#timer);
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    this.#say({ stop: true });
    const patience = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
    await gone;
    clearTimeout(patience);
  }

  #begin(): Promise<void> {
    const child = fork(this.#program, [], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
    this.#child = child;
    this.#say({ settings: this.#settings });
    return new Promise((resolve, reject) => {
      let begun: number | undefined;
      child.on("message", (message: FromCollector) => {
        if ("problems" in message) return reject(new Problems(message.problems));
        begun = performance.now();
        this.console = message.console;
        if (this.#live) this.#say({ live: true });
        resolve();
      });
      child.on("error", (error) => {
        if (child.pid === undefined) reject(error);
      });
      child.on("exit", (code, signal) => {
        if (this.#stopping) return;
        const how = signal ?? `code ${code}`;
        if (begun === undefined) reject(new Error(`the collector ended before it began, ${how}`));
        else this.#again(how, performance.now() - begun);
      });
    });
  }

  /** Begins it again after a while. Says so once for each way it ended; errors that repeat say nothing new. */
  #again(how: string, livedMs: number, error?: unknown): void {
    clearTimeout(this.#timer);
    const { waitMs, news } = this.#restarts.ended(how, livedMs);
    if (news && error !== undefined) this.#log.error({ err: error }, "the collector cannot begin and is tried again");
    else if (news) {
      this.#log.warn({ how }, "the collector ended and is started again; visitors are answered, evidence is kept");
    }
    this.#timer = setTimeout(() => {
      if (this.#stopping) return;
      this.#begin().then(
        () => this.#begun(),
        (failure: unknown) => this.#again(String(failure), 0, failure),
      );
    }, waitMs);
  }

  #begun(): void {
    this.#timer = setTimeout(() => {
      if (this.#restarts.steady()) this.#log.warn("the collector works again");
    }, STEADY_MS).unref();
    this.#onAgain(this.console);
  }

  #say(message: ToCollector): void {
    this.#child?.send(message, () => {});
  }
}
