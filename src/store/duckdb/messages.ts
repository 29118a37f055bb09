/** What the store and the thread that owns the database say to each other. */
import type { Step } from "../engine.ts";

export interface OpenOptions {
  file: string;
  readOnly: boolean;
  memoryMb: number;
  /** A query that runs longer is interrupted. */
  queryMs: number;
}

export type Row = Record<string, unknown>;

export type Request =
  | { kind: "open"; options: OpenOptions }
  | { kind: "read"; sql: string; parameters: readonly unknown[] }
  | { kind: "cancel"; read: number }
  | { kind: "write"; steps: readonly Step[] }
  | { kind: "compact" }
  | { kind: "close" };

/** Every request has exactly one response; `rows` only after a read. */
export type Response = { id: number } & ({ rows: Row[] } | { error: string });
