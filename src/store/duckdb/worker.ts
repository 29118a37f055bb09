/**
 * The thread that owns the database, so that neither a checkpoint nor a long query holds up the collector.
 * One connection writes, one transaction after the other; others read, so that a query never waits for ingest.
 */
import { closeSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import { parentPort } from "node:worker_threads";
import {
  type DuckDBAppender,
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBInstance,
  DuckDBTypeId,
  type DuckDBValue,
} from "@duckdb/node-api";
import type { Step, Value } from "../engine.ts";
import type { OpenOptions, Request, Response, Row } from "./messages.ts";

const READERS = 2;
/** Rows in a chunk: the vector size DuckDB is built with. */
const CHUNK_ROWS = 2048;

interface Owned {
  options: OpenOptions;
  instance: DuckDBInstance;
  writer: DuckDBConnection;
  readers: DuckDBConnection[];
  /** Column names by table, in the order in which an appender takes them. */
  columns: Map<string, string[]>;
}

const port = parentPort!;
/** Readers that nobody uses, reads that wait for one, and how many reads there are. */
const pool = { idle: [] as DuckDBConnection[], waiting: [] as ((reader: DuckDBConnection) => void)[], reads: 0 };
let owned: Owned | undefined;
let lastWrite: Promise<unknown> = Promise.resolve();
/** Reads wait for it: the database is being written anew. */
let anew: Promise<unknown> = Promise.resolve();

async function open(options: OpenOptions): Promise<void> {
  const instance = await DuckDBInstance.create(options.file, {
    access_mode: options.readOnly ? "READ_ONLY" : "READ_WRITE",
    memory_limit: `${options.memoryMb}MiB`,
    threads: "2",
    temp_directory: `${options.file}.tmp`,
    enable_external_access: "false",
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    lock_configuration: "true",
  });
  const writer = await instance.connect();
  const readers = await Promise.all(Array.from({ length: READERS }, () => instance.connect()));
  pool.idle.push(...readers);
  owned = { options, instance, writer, readers, columns: new Map() };
}

/** Reads by the number of their request: the one that is carried out, or undefined while it waits; null: given up. */
const reading = new Map<number, DuckDBConnection | undefined | null>();

async function read(id: number, sql: string, parameters: readonly unknown[]): Promise<Row[]> {
  for (let gate; gate !== anew;) await (gate = anew);
  const { queryMs } = database().options;
  pool.reads++;
  reading.set(id, undefined);
  const reader = pool.idle.pop() ?? (await nextReader());
  const timer = setTimeout(() => reader.interrupt(), queryMs);
  try {
    database();
    if (reading.get(id) === null) throw new Error("given up");
    reading.set(id, reader);
    const result = await reader.run(sql, [...parameters] as DuckDBValue[]);
    return (await result.getRowObjectsJS()).map(plainRow);
  } finally {
    clearTimeout(timer);
    reading.delete(id);
    pool.reads--;
    const next = pool.waiting.shift();
    if (next) next(reader);
    else pool.idle.push(reader);
  }
}

function cancel(id: number): void {
  if (!reading.has(id)) return;
  reading.get(id)?.interrupt();
  reading.set(id, null);
}

function nextReader(): Promise<DuckDBConnection> {
  return new Promise((resolve) => pool.waiting.push(resolve));
}

/** 64-bit and wider integers become numbers here: nothing that is counted or timed comes near 2^53. */
function plainRow(row: Record<string, unknown>): Row {
  for (const name in row) if (typeof row[name] === "bigint") row[name] = Number(row[name]);
  return row;
}

/** Runs after all writes asked for before, whatever became of them. */
function write(steps: readonly Step[]): Promise<void> {
  const result = lastWrite.then(() => transaction(steps));
  lastWrite = result.catch(() => undefined);
  return result;
}

async function transaction(steps: readonly Step[]): Promise<void> {
  const { writer } = database();
  await writer.run("begin");
  try {
    for (const step of steps) {
      if ("append" in step) await append(step.append, step.columns);
      else if (step.parameters.length === 0) await writer.run(step.sql);
      else await writer.run(step.sql, [...step.parameters] as DuckDBValue[]);
    }
    await writer.run("commit");
  } catch (error) {
    // A failed commit has ended the transaction already; then there is nothing to roll back.
    await writer.run("rollback").catch(() => undefined);
    throw error;
  }
}

async function append(table: string, columns: Record<string, Value[]>): Promise<void> {
  const names = await columnNames(table);
  const strange = Object.keys(columns).filter((name) => !names.includes(name));
  if (strange.length > 0) throw new Error(`table ${table} has no column ${strange.join(", ")}`);
  const ordered = names.map((name) => columns[name]);
  const appender = await database().writer.createAppender(table);
  try {
    fill(appender, ordered);
  } finally {
    appender.closeSync();
  }
}

function fill(appender: DuckDBAppender, columns: readonly (Value[] | undefined)[]): void {
  const types = columns.map((_, i) => appender.columnType(i));
  const count = Math.max(...columns.map((column) => column?.length ?? 0));
  for (let start = 0; start < count; start += CHUNK_ROWS) {
    const rows = Math.min(CHUNK_ROWS, count - start);
    const chunk = DuckDBDataChunk.create(types, rows);
    columns.forEach((column, i) => {
      const wide = types[i]!.typeId === DuckDBTypeId.BIGINT;
      const values = Array.from({ length: rows }, (_, row): DuckDBValue => {
        const value = column?.[start + row] ?? null;
        return wide && value !== null ? BigInt(value) : value;
      });
      chunk.setColumnValues(i, values);
    });
    appender.appendDataChunk(chunk);
  }
  appender.flushSync();
}

async function columnNames(table: string): Promise<string[]> {
  const { writer, columns } = database();
  const known = columns.get(table);
  if (known) return known;
  const result = await writer.run(
    "select column_name from duckdb_columns() where table_name = $1 and not internal order by column_index",
    [table],
  );
  const names = (await result.getRows()).map(([name]) => String(name));
  columns.set(table, names);
  return names;
}

function database(): Owned {
  if (!owned) throw new Error("the store is closed");
  return owned;
}

/** Waits for writes, interrupts reads, and closes in order, which also writes a checkpoint. */
async function close(): Promise<void> {
  await lastWrite;
  for (const reader of owned?.readers ?? []) reader.interrupt();
  await letGo();
}

/** Closes the database when the reads that are under way have ended. */
async function letGo(): Promise<void> {
  const last = owned;
  owned = undefined;
  await readsEnd();
  for (const connection of [...(last?.readers ?? []), last?.writer]) connection?.closeSync();
  pool.idle.length = 0;
  last?.instance.closeSync();
}

async function readsEnd(): Promise<void> {
  while (pool.reads > 0) pool.idle.push(await nextReader());
}

/** Queues behind the writes asked for before; what is asked for later waits. */
function compact(): Promise<void> {
  const result = lastWrite.then(copyAndSwap);
  lastWrite = anew = result.catch(() => undefined);
  return result;
}

/** Copies all rows into a new file and puts it in the place of the old one. */
async function copyAndSwap(): Promise<void> {
  const { options } = database();
  const { file } = options;
  const fresh = `${file}.new`;
  await readsEnd();
  await letGo();
  try {
    rmSync(fresh, { force: true });
    const copier = await DuckDBInstance.create(":memory:", { memory_limit: `${options.memoryMb}MiB`, threads: "1" });
    const connection = await copier.connect();
    try {
      await connection.run(`attach ${quoted(file)} as old (read_only)`);
      await connection.run(`attach ${quoted(fresh)} as fresh`);
      await connection.run("copy from database old to fresh");
    } finally {
      connection.closeSync();
      copier.closeSync();
    }
    const handle = openSync(fresh, "r+");
    fsyncSync(handle);
    closeSync(handle);
    renameSync(fresh, file);
  } finally {
    rmSync(fresh, { force: true });
    await open(options).catch((error: Error) => {
      throw new Error(`the database has been invalidated, as it could not be opened again: ${error.message}`);
    });
  }
}

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;

async function answer(id: number, request: Request): Promise<Row[]> {
  if (request.kind === "open") await open(request.options);
  else if (request.kind === "read") return read(id, request.sql, request.parameters);
  else if (request.kind === "cancel") cancel(request.read);
  else if (request.kind === "write") await write(request.steps);
  else if (request.kind === "compact") await compact();
  else await close();
  return [];
}

port.on("message", async (request: Request & { id: number }) => {
  const response: Response = await answer(request.id, request).then(
    (rows) => ({ id: request.id, rows }),
    (error: unknown) => ({ id: request.id, error: error instanceof Error ? error.message : String(error) }),
  );
  port.postMessage(response);
  if (request.kind === "close") port.close();
});
