/** The program as a user starts it: `inktrap start` in a process of its own, on loopback. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { createInterface } from "node:readline";

export const PROGRAM = "bin/inktrap.js";

export interface Started {
  child: ChildProcess;
  raw: number;
  web: number;
  serial: string;
  console: { url: string; firstLink?: string } | null;
  /** What it has said on standard error. */
  errors: () => string;
  /** Process ids: the one that was started is the sensor's, its child the collector's. */
  pids: () => { sensor: number; collector: number | undefined };
  /** Ends it in order and resolves with the exit code. */
  stop(): Promise<number | null>;
}

export interface Finished {
  code: number | null;
  out: string;
  err: string;
}

/** Runs a command of the program to its end. */
export async function run(args: readonly string[], timeoutMs = 30_000, program = PROGRAM): Promise<Finished> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const timer = setTimeout(() => child.kill("SIGKILL"), timeoutMs);
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  clearTimeout(timer);
  return { code, out, err };
}

/** A port offset whose raw and web ports are free now. */
export async function freeOffset(): Promise<number> {
  for (;;) {
    const offset = 20_000 + Math.floor(Math.random() * 30_000);
    if ((await isFree(9100 + offset)) && (await isFree(80 + offset))) return offset;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

/** Starts Inktrap on a data folder and resolves when its doors are open. */
export async function startProgram(data: string, offset: number, more: readonly string[] = []): Promise<Started> {
  return launch(["--data", data, "--listen", "127.0.0.1", "--port-offset", String(offset), ...more]);
}

/** Starts Inktrap with the words given and resolves when its doors are open. `program`: another installation of it. */
export async function launch(words: readonly string[], program = PROGRAM): Promise<Started> {
  const args = [program, "start", "--json", ...words];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const lines = createInterface(child.stdout!);
  const first = await Promise.race([
    once(lines, "line").then(([line]) => String(line)),
    once(child, "close").then(([code]) => Promise.reject(new Error(`it ended with code ${String(code)}: ${errors}`))),
  ]);
  lines.on("line", () => {});
  const started = JSON.parse(first) as Pick<Started, "serial" | "console"> & {
    doors: { service: string; port: number }[];
  };
  const port = (service: string) => started.doors.find((door) => door.service === service)!.port;
  return {
    child,
    raw: port("raw"),
    web: port("web"),
    serial: started.serial,
    console: started.console,
    errors: () => errors,
    pids: () => ({ sensor: child.pid!, collector: childOf(child.pid!) }),
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      child.kill("SIGTERM");
      const [code] = (await once(child, "exit")) as [number | null];
      return code;
    },
  };
}

/** The first child process of a process, by /proc. */
function childOf(pid: number): number | undefined {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return children === "" ? undefined : Number(children.split(" ")[0]);
}
