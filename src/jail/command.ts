/** The command line that a jailed program is started with: three walls inside each other, each useful alone. */
import { existsSync } from "node:fs";
import type { Limits, Program } from "./contract.ts";

const SHELL = "/bin/sh";
const MIB = 1024 * 1024;
/** What a Node process has in private memory that is not resident: stacks and arenas of its threads. Measured: 70 MiB. */
const NOT_RESIDENT_BYTES = 160 * MIB;
/** Node 20 calls it experimental; from 23.5 on it has its name. */
const PERMISSION = process.allowedNodeEnvironmentFlags.has("--permission")
  ? "--permission"
  : "--experimental-permission";

/** Node with its permission model: no file but those named, no write, no process, no worker, no native code, no eval. */
export function nodeCommand(program: Program, limits: Limits): string[] {
  return [
    process.execPath,
    PERMISSION,
    ...[program.entry, ...program.reads].map((path) => `--allow-fs-read=${path}`),
    "--disallow-code-generation-from-strings",
    "--disable-warning=ExperimentalWarning",
    `--max-old-space-size=${Math.ceil(limits.heapBytes / MIB)}`,
    program.entry,
    JSON.stringify(program.asked),
  ];
}

/**
 * Limits that the kernel keeps, also when whoever started the child is gone: seconds of processor time, private memory,
 * and not one byte written to a file. As it is where the system has no POSIX shell.
 */
export function kernelLimits(command: readonly string[], limits: Limits): string[] {
  if (!existsSync(SHELL)) return [...command];
  // Several threads work for one child, so processor time may pass faster than time.
  const seconds = Number.isFinite(limits.wallMs) ? Math.ceil((limits.wallMs / 1000) * 4) : "unlimited";
  const kib = Math.ceil((limits.residentBytes + NOT_RESIDENT_BYTES) / 1024);
  const words = [`-t ${seconds}`, `-d ${kib}`, "-f 0", "-c 0"].map((word) => `ulimit ${word} 2>/dev/null;`);
  return [SHELL, "-c", `unset PWD OLDPWD; ${words.join(" ")} exec "$0" "$@"`, ...command];
}

/**
 * The same command in a file system of its own with nothing but the files named, without network, users and processes of
 * the host. `info`: the descriptor on which bubblewrap says which process it made.
 */
export function bubblewrapped(command: readonly string[], files: readonly string[], info?: number): string[] {
  const alone = ["--unshare-all", "--die-with-parent", "--new-session", "--as-pid-1", "--clearenv"];
  const seen = [...new Set(files)].flatMap((path) => ["--ro-bind", path, path]);
  const told = info === undefined ? [] : ["--info-fd", String(info)];
  return ["bwrap", ...alone, "--cap-drop", "ALL", "--chdir", "/", ...seen, ...told, "--", ...command];
}
