/** The embedded store: one DuckDB file, owned by one process at a time. */
import { copyFile, mkdir, readdir, stat, unlink } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { Kysely } from "kysely";
import { Problems } from "../../util/problem.ts";
import { lacking, migrate, migrations, schemaVersion } from "../migrator.ts";
import { sqlStore } from "../sql-store.ts";
import type { Store } from "../store.ts";
import type { Tables } from "../tables.ts";
import { DuckdbClient } from "./client.ts";
import { duckdbDialect } from "./dialect.ts";
import type { OpenOptions } from "./messages.ts";

export interface DuckdbStoreOptions {
  file: string;
  /** For looking into a file that no process holds, also after its last owner was killed. Nothing is written. */
  readOnly?: boolean;
  /** What the database may take, in MiB. What needs more goes to `<file>.tmp`. */
  memoryMb?: number;
  /** A query that runs longer is interrupted and fails. */
  queryMs?: number;
}

/** Files that this process has open: the lock of the operating system only keeps out other processes. */
const held = new Set<string>();

/**
 * Opens a store, creating file and folder unless it is only read, and bringing the schema up to date; a copy of a
 * file with an older schema is kept as `<file>.v<version>`.
 * Throws {@link Problems} where the file is missing, held by a process, not a store, or of a newer version.
 * `schema`: all migrations, the package's own ones unless told.
 */
export async function openDuckdbStore(options: DuckdbStoreOptions, schema = migrations()): Promise<Store> {
  const { readOnly = false, memoryMb = 512, queryMs = 30_000 } = options;
  const file = resolve(options.file);
  if (held.has(file)) throw problem(file, "is open already in this process", "Close it first.");
  held.add(file);
  let client: DuckdbClient | undefined;
  try {
    if (!readOnly) await mkdir(dirname(file), { recursive: true });
    const open = { file, readOnly, memoryMb, queryMs };
    client = await openClient(open);
    const version = await schemaVersion(client);
    const missing = lacking(version, schema, file);
    if (missing.length > 0 && readOnly) {
      throw problem(file, `has the schema of an older Inktrap, version ${version}`, "Run inktrap start once.");
    }
    if (missing.length > 0 && version > 0) {
      await client.close();
      await copyFile(file, `${file}.v${version}`);
      client = await openClient(open);
    }
    await migrate(client, missing, Date.now());
    return await storeOf(client, file);
  } catch (error) {
    await client?.close();
    held.delete(file);
    throw asProblem(error, file);
  }
}

async function openClient(options: OpenOptions): Promise<DuckdbClient> {
  if (options.readOnly) await stat(options.file);
  const client = new DuckdbClient();
  try {
    await client.open(options);
    return client;
  } catch (error) {
    await client.close();
    throw error;
  }
}

function storeOf(client: DuckdbClient, file: string): Promise<Store> {
  return sqlStore({
    db: new Kysely<Tables>({ dialect: duckdbDialect((sql, parameters) => client.read(sql, parameters)) }),
    write: (steps) => client.write(steps),
    compact: async () => {
      await client.compact();
      await removeCopies(file);
    },
    close: async () => {
      await client.close();
      held.delete(file);
    },
  });
}

/** Copies that were made before the schema changed hold what was removed since. */
async function removeCopies(file: string): Promise<void> {
  for (const name of await readdir(dirname(file))) {
    if (name.startsWith(`${basename(file)}.v`)) await unlink(join(dirname(file), name));
  }
}

function problem(where: string, what: string, remedy: string): Problems {
  return new Problems([{ where, what, remedy }]);
}

/** What DuckDB and the file system say, and what to do about it. Anything else is no operator error. */
const FAILURES: readonly [RegExp, string, string][] = [
  [
    /Conflicting lock is held/,
    "is held by another process",
    "Stop that process, or ask it: reading commands find a running inktrap through its data folder.",
  ],
  [/ENOENT/, "does not exist", "Run inktrap start first, or name the right data folder."],
  [
    /not a valid DuckDB database|newer version of DuckDB|newer DuckDB version|older DuckDB version/i,
    "is not a database this Inktrap can read",
    "Install the version that wrote it, or move the file away.",
  ],
  [
    /EACCES|EROFS|EPERM|Permission denied|Read-only file system/,
    "may not be accessed by this user",
    "Correct the owner of the data folder, or name another one.",
  ],
  [/ENOSPC|No space left/, "has no space left on its disk", "Free some space, or name another data folder."],
];

function asProblem(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || error instanceof Problems) return error;
  const known = FAILURES.find(([pattern]) => pattern.test(error.message));
  if (!known) return error;
  const holder = /\(PID \d+\)/.exec(error.message)?.[0];
  return problem(file, holder === undefined ? known[1] : `${known[1]} ${holder}`, known[2]);
}
