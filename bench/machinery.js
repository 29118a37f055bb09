/** What the benchmarks have in common: starting the servers and the visitors, reading memory. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { request } from "node:http";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/** Visitors as a process of their own; resolves with their figures. */
export async function visitors(settings) {
  const child = spawn(process.execPath, [here("visitors.js"), JSON.stringify(settings)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(createInterface(child.stdout), "line");
  return JSON.parse(line);
}

/** The bare server. */
export async function bare() {
  const child = spawn(process.execPath, [here("bare.js")], { stdio: ["pipe", "pipe", "inherit"] });
  const [line] = await once(createInterface(child.stdout), "line");
  return { port: Number(line), stop: async () => child.stdin.end() };
}

/** Inktrap on a fresh data folder. `overview` asks its collector how much there is. */
export async function inktrap() {
  const data = mkdtempSync(join(tmpdir(), "inktrap-bench-"));
  const program = here("../bin/inktrap.js");
  const offset = 20_000 + Math.floor(Math.random() * 20_000);
  const words = ["start", "--data", data, "--listen", "127.0.0.1", "--port-offset", String(offset)];
  const child = spawn(process.execPath, [program, ...words], { stdio: ["ignore", "pipe", "ignore"] });
  const lines = createInterface(child.stdout);
  await new Promise((resolve) => lines.on("line", (line) => line.startsWith("  Then") && resolve()));
  const collector = Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8").trim().split(" ")[0]);
  return {
    data,
    port: 9100 + offset,
    pids: { sensor: child.pid, collector },
    overview: () => overview(join(data, "run", "api.sock")),
    stop: async () => {
      child.kill("SIGTERM");
      await once(child, "exit");
      rmSync(data, { recursive: true, force: true });
    },
  };
}

function overview(socketPath) {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path: "/api/overview" }, (reply) => {
      let text = "";
      reply.on("data", (chunk) => (text += chunk));
      reply.on("end", () => resolve(JSON.parse(text)));
    });
    asked.on("error", reject);
    asked.end();
  });
}

/** Resident memory of a process in MiB, by /proc. */
export function memoryMb(pid) {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Math.round(Number(/VmRSS:\s+(\d+) kB/.exec(status)[1]) / 1024);
}

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
