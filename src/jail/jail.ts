/** Starts a program in the jail and watches over it. Nothing that comes out, and nothing it does, throws here. */
import { type ChildProcess, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { bubblewrapped, kernelLimits, nodeCommand } from "./command.ts";
import type { Ending, Frame, Jailed, Limits, Program, Walls } from "./contract.ts";
import { FrameReader } from "./frames.ts";
import { pathOnly, walls } from "./walls.ts";
import { type Watch, watchMemory } from "./watch.ts";

const LAST_WORDS_BYTES = 8 * 1024;
const MIB = 1024 * 1024;
/** Bubblewrap has made its child by then, or never will. */
const BUILDING_MS = 2000;
const VOICE = 3;
const INFO = 4;
/** Longer than any timer of Node can run: no limit. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Takes a frame. What it returns is why the frame is not what was agreed, which ends the child; null when it is. */
export type OnFrame = (frame: Frame) => string | null;

/**
 * Runs a program in the jail. Input goes in as it comes and frames come out as they come, for a job of a second as for a
 * conversation of an hour. `want`: `none` leaves bubblewrap out where it would stand.
 */
export async function jail(program: Program, limits: Limits, onFrame: OnFrame, want?: Walls): Promise<Jailed> {
  const standing = await walls();
  const wrap = standing.walls === "bubblewrap" && want !== "none";
  const node = nodeCommand(program, limits);
  const files = [...standing.node, program.entry, ...program.reads];
  const [command, ...words] = kernelLimits(wrap ? bubblewrapped(node, files, INFO) : node, limits);
  const child = spawn(command!, words, {
    cwd: "/",
    env: wrap ? pathOnly() : {},
    stdio: ["pipe", "ignore", "pipe", "pipe", ...(wrap ? (["pipe"] as const) : [])],
  });
  return new Guard(child, limits, onFrame, wrap);
}

class Guard implements Jailed {
  readonly ended: Promise<Ending>;
  readonly #child: ChildProcess;
  readonly #limits: Limits;
  readonly #onFrame: OnFrame;
  readonly #frames: FrameReader;
  readonly #started = performance.now();
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #wrapped: boolean;
  /** The process in bubblewrap, once bubblewrap has told. */
  #inner: number | undefined;
  #patience: NodeJS.Timeout | undefined;
  #watch: Watch | undefined;
  #said = 0;
  #lastWords = Buffer.alloc(0);
  /** Why it was or has to be killed. */
  #verdict: Pick<Ending, "how" | "detail"> | undefined;
  #waiting: (() => void)[] = [];

  constructor(child: ChildProcess, limits: Limits, onFrame: OnFrame, wrapped: boolean) {
    this.#child = child;
    this.#limits = limits;
    this.#onFrame = onFrame;
    this.#frames = new FrameReader(limits.frameBytes);
    if (limits.wallMs <= LONGEST_TIMER_MS) {
      const detail = `time limit of ${Number((limits.wallMs / 1000).toFixed(1))} s`;
      this.#timer = setTimeout(() => this.#kill("time", detail), limits.wallMs);
    }
    this.ended = this.#listen(child);
    this.#wrapped = wrapped;
    // Bubblewrap is the process that was started; the one to watch is the one it makes.
    if (wrapped) onLine(child.stdio[INFO] as Readable, (line) => this.#made(pidIn(line)));
    else this.#watchOver(child.pid);
  }

  write(bytes: Uint8Array): Promise<void> {
    const stdin = this.#child.stdin!;
    if (!stdin.writable || stdin.write(bytes)) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  end(): void {
    this.#child.stdin!.end();
  }

  stop(): void {
    this.#kill("stopped", "stopped");
  }

  #listen(child: ChildProcess): Promise<Ending> {
    const stdin = child.stdin as Writable;
    stdin.on("error", () => this.#goOn());
    stdin.on("drain", () => this.#goOn());
    child.stderr!.on("data", (bytes: Buffer) => {
      this.#lastWords = Buffer.concat([this.#lastWords, bytes]).subarray(-LAST_WORDS_BYTES);
    });
    const voice = child.stdio[VOICE] as Readable;
    voice.on("data", (bytes: Buffer) => this.#hear(bytes));
    for (const stream of [child.stderr!, voice, child.stdio[INFO]]) stream?.on("error", () => {});
    return new Promise((resolve) => {
      let failure = "";
      child.on("error", (error) => (failure = error.message));
      child.on("close", (code, signal) => resolve(this.#ending(code, signal, failure)));
    });
  }

  #made(pid: number | undefined): void {
    this.#inner = pid;
    if (this.#verdict) this.#end();
    else this.#watchOver(pid);
  }

  #watchOver(pid: number | undefined): void {
    if (pid === undefined || this.#verdict) return;
    const { residentBytes } = this.#limits;
    const detail = `memory limit of ${Math.round(residentBytes / MIB)} MiB`;
    this.#watch = watchMemory(pid, residentBytes, () => this.#kill("memory", detail));
  }

  #hear(bytes: Buffer): void {
    if (this.#verdict?.how === "output" || this.#verdict?.how === "garbled") return;
    this.#said += bytes.length;
    const { outputBytes } = this.#limits;
    if (this.#said > outputBytes) return this.#kill("output", `output limit of ${Math.round(outputBytes / MIB)} MiB`);
    for (const frame of this.#frames.push(bytes)) {
      const fault = this.#taken(frame);
      if (fault !== null) return this.#kill("garbled", fault);
    }
    if (this.#frames.fault !== null) this.#kill("garbled", this.#frames.fault);
  }

  #taken(frame: Frame): string | null {
    try {
      return this.#onFrame(frame);
    } catch (error) {
      return `${frame.kind} could not be taken: ${String(error).slice(0, 200)}`;
    }
  }

  #kill(how: Ending["how"], detail: string): void {
    this.#verdict ??= { how, detail };
    this.#end();
  }

  /**
   * Ends the processes. Bubblewrap killed while it makes its child leaves the child running, so the child is waited for
   * and killed first.
   */
  #end(): void {
    // Its number may be another process's by now.
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    if (this.#wrapped && this.#inner === undefined) {
      this.#patience ??= setTimeout(() => this.#child.kill("SIGKILL"), BUILDING_MS);
      return;
    }
    clearTimeout(this.#patience);
    if (this.#inner !== undefined) killed(this.#inner);
    this.#child.kill("SIGKILL");
  }

  #goOn(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #ending(code: number | null, signal: NodeJS.Signals | null, failure: string): Ending {
    clearTimeout(this.#timer);
    clearTimeout(this.#patience);
    this.#watch?.stop();
    this.#goOn();
    this.#frames.end();
    const words = this.#lastWords.toString("utf8").trim();
    return {
      ...(this.#verdict ?? verdictOf(code, signal, failure, words, this.#frames.fault)),
      ms: performance.now() - this.#started,
      peakBytes: this.#watch?.peakBytes() ?? 0,
    };
  }
}

/** Kills a process that may be gone. */
function killed(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It was gone.
  }
}

function verdictOf(
  code: number | null,
  signal: string | null,
  failure: string,
  words: string,
  fault: string | null,
): Pick<Ending, "how" | "detail"> {
  if (/heap out of memory|Array buffer allocation failed|Out of memory/i.test(words)) {
    return { how: "memory", detail: "memory limit of JavaScript" };
  }
  if (code !== 0) {
    const how = failure || (signal ? `signal ${signal}` : `exit code ${code}`);
    return { how: "crash", detail: words === "" ? how : `${how}: ${words}` };
  }
  return fault === null ? { how: "exit", detail: "" } : { how: "garbled", detail: fault };
}

/** Calls back with all that a short stream said. */
function onLine(stream: Readable, take: (text: string) => void): void {
  let text = "";
  stream.on("data", (bytes: Buffer) => {
    if (text.length < 1024) text += bytes.toString("latin1");
    if (text.includes("}")) {
      take(text);
      stream.removeAllListeners("data").resume();
    }
  });
}

/** The process that bubblewrap names in `{ "child-pid": 123 }` (bwrap(1), --info-fd). */
function pidIn(info: string): number | undefined {
  const pid = /"child-pid":\s*(\d+)/.exec(info)?.[1];
  return pid === undefined ? undefined : Number(pid);
}
