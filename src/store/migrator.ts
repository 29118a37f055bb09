/**
 * Brings a database to the newest schema: the files of migrations/ in order, forward only.
 * They lie beside the source, which is part of the package, and are found from src/ and from dist/.
 */
import { readdirSync, readFileSync } from "node:fs";
import { Problems } from "../util/problem.ts";
import type { Step } from "./engine.ts";

const FOLDER = new URL("../../src/store/migrations/", import.meta.url);

export interface Migration {
  /** From 1, without gaps: the NNN of the file's name. */
  version: number;
  name: string;
  sql: string;
}

/** All migrations, the oldest first. */
export function migrations(): Migration[] {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith(".sql"));
  return names.sort().map((name, i) => {
    if (Number(name.slice(0, 3)) !== i + 1) throw new Error(`migrations/${name} is not number ${i + 1}`);
    return { version: i + 1, name, sql: readFileSync(new URL(name, FOLDER), "utf8") };
  });
}

export interface Migratable {
  read(sql: string, parameters: readonly unknown[]): Promise<Record<string, unknown>[]>;
  write(steps: readonly Step[]): Promise<void>;
}

/** The version of a database's schema, 0 for an empty one. */
export async function schemaVersion(database: Migratable): Promise<number> {
  const tables = await database.read(
    "select table_name from information_schema.tables where table_name = 'schema_version'",
    [],
  );
  if (tables.length === 0) return 0;
  const [row] = await database.read("select max(version) as version from schema_version", []);
  return Number(row?.["version"] ?? 0);
}

/**
 * Tells which migrations a database of `version` lacks. Throws {@link Problems} naming `where`, the database, for one
 * that a newer Inktrap wrote.
 */
export function lacking(version: number, all: readonly Migration[], where: string): Migration[] {
  const newest = all.at(-1)?.version ?? 0;
  if (version > newest) {
    const what = `was written by a newer Inktrap: its schema is version ${version}, this one knows ${newest}`;
    throw new Problems([{ where, what, remedy: "Install that version again, or name another data folder." }]);
  }
  return all.slice(version);
}

/** Applies migrations, each in a transaction with its entry in `schema_version`. `now`: milliseconds since 1970. */
export async function migrate(database: Migratable, missing: readonly Migration[], now: number): Promise<void> {
  for (const { version, name, sql } of missing) {
    const create = "create table if not exists schema_version (version integer not null, name text, applied bigint)";
    await database.write([
      { sql: create, parameters: [] },
      { sql, parameters: [] },
      { sql: "insert into schema_version values ($1, $2, $3)", parameters: [version, name, now] },
    ]);
  }
}
