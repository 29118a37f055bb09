/** Diagnostics for the operator: best effort, on standard error, never events. */
import { pino } from "pino";

export type Logger = Pick<ReturnType<typeof pino>, "info" | "warn" | "error" | "debug">;

/** A logger writing JSON lines to standard error. */
export function makeLogger(name: string, level = process.env["INKTRAP_LOG"] ?? "warn"): Logger {
  return pino({ name, level }, pino.destination(2));
}

/** A logger that says nothing. */
export const silent: Logger = pino({ level: "silent" });
