/** What a database must offer so that a store can stand on it. */
import type { Kysely } from "kysely";
import type { Tables } from "./tables.ts";

export type Value = string | number | boolean | null;

/** One step of a transaction: a statement, or rows to add to a table, column by column. */
export type Step =
  { sql: string; parameters: readonly unknown[] } | { append: string; columns: Record<string, Value[]> };

export interface Engine {
  /** For reading and for composing statements. */
  readonly db: Kysely<Tables>;
  /** Carries out all steps in one transaction, which is on disk when the promise fulfils, or none of them. */
  write(steps: readonly Step[]): Promise<void>;
  /** Leaves nothing of removed rows in the files of the database. */
  compact(): Promise<void>;
  close(): Promise<void>;
}

/** What the parts of one store share: the order of writing, and the last case number given out. */
export interface Shared {
  engine: Engine;
  inTurn: <T>(task: () => Promise<T>) => Promise<T>;
  lastCase: number;
}

/** The step that adds rows to a table; no step for no rows. */
export function append<T extends keyof Tables>(table: T, rows: readonly Tables[T][]): Step[] {
  const first = rows[0];
  if (!first) return [];
  const names = Object.keys(first) as (keyof Tables[T] & string)[];
  const columns = Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name] as Value)]));
  return [{ append: table, columns }];
}
