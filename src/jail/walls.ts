/** Which walls this machine can put around a child: asked once, by building them around a harmless program. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { bubblewrapped } from "./command.ts";
import type { Walls } from "./contract.ts";

const run = promisify(execFile);
const PROBE_MS = 5000;

interface Standing {
  walls: Walls;
  /** Files without which Node does not start: itself and its shared libraries. */
  node: readonly string[];
  /** Why there is no bubblewrap, for people; empty when there is. */
  why: string;
}

let standing: Promise<Standing> | undefined;

/** What stands around every child of this process. Never rejects. */
export function walls(): Promise<Standing> {
  standing ??= probe();
  return standing;
}

async function probe(): Promise<Standing> {
  const node = [process.execPath];
  try {
    // A fresh process, as this one may have loaded libraries of its own.
    const report = "process.report.excludeNetwork=true;process.report.getReport().sharedObjects.join('\\n')";
    const { stdout } = await run(process.execPath, ["-p", report], { env: {}, timeout: PROBE_MS });
    node.push(...stdout.split("\n").filter((path) => path.startsWith("/") && path !== process.execPath));
    const [command, ...words] = bubblewrapped([process.execPath, "-e", ""], node);
    await run(command!, words, { env: pathOnly(), timeout: PROBE_MS });
    return { walls: "bubblewrap", node, why: "" };
  } catch (error) {
    const { code, stderr = "", message } = error as Error & { code?: unknown; stderr?: string };
    const why = code === "ENOENT" ? "bubblewrap is not installed" : (stderr || message).trim().slice(0, 300);
    return { walls: "none", node, why };
  }
}

/** Where programs are looked for; bubblewrap itself passes nothing of it on. */
export function pathOnly(): NodeJS.ProcessEnv {
  return { PATH: process.env["PATH"] ?? "/usr/bin:/bin" };
}
