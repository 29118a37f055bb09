import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { storeConformance } from "../conformance.ts";
import { FakeSensor } from "../conformance-data.ts";
import { migrations } from "../migrator.ts";
import { DuckdbClient } from "./client.ts";
import { openDuckdbStore } from "./duckdb-store.ts";

storeConformance("the DuckDB store", async () => {
  const folder = await mkdtemp(join(tmpdir(), "inktrap-store-"));
  return {
    open: () => openDuckdbStore({ file: join(folder, "store.duckdb"), memoryMb: 128 }),
    remove: () => rm(folder, { recursive: true }),
  };
});

describe("opening a DuckDB store", () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "inktrap-store-"));
    file = join(folder, "data", "store.duckdb");
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** A process that opens the store, commits nothing, and holds it until it is killed. */
  async function holder() {
    const module = new URL("../../../dist/store/duckdb/duckdb-store.js", import.meta.url);
    const code = `import { openDuckdbStore } from ${JSON.stringify(module.href)};
      const store = await openDuckdbStore({ file: ${JSON.stringify(file)} });
      await store.commit({ sensor: "north", from: 1, to: 77, events: [] });
      process.stdout.write("open");
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", code], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await Promise.race([once(child.stdout, "data"), once(child, "exit")]);
    const kill = async () => {
      const exit = once(child, "exit");
      child.kill("SIGKILL");
      await exit;
    };
    return { pid: child.pid, kill };
  }

  it("says who holds a file, and reads it when its owner was killed", async () => {
    const { pid, kill } = await holder();
    try {
      for (const readOnly of [true, false]) {
        await expect(openDuckdbStore({ file, readOnly })).rejects.toMatchObject({
          list: [{ where: file, what: `is held by another process (PID ${pid})` }],
        });
      }
    } finally {
      await kill();
    }
    expect(existsSync(`${file}.wal`)).toBe(true);
    for (const readOnly of [true, true, false]) {
      const store = await openDuckdbStore({ file, readOnly });
      expect(await store.positions()).toMatchObject([{ sensor: "north", position: 77 }]);
      await store.close();
    }
  });

  it("does not write when it may only read", async () => {
    await (await openDuckdbStore({ file })).close();
    const store = await openDuckdbStore({ file, readOnly: true });
    await expect(store.commit(new FakeSensor("north").batch([0]))).rejects.toThrow("readonly");
    await store.close();
  });

  it("says what is wrong with a file", async () => {
    await expect(openDuckdbStore({ file, readOnly: true })).rejects.toMatchObject({
      list: [{ where: file, what: "does not exist" }],
    });
    expect(existsSync(join(folder, "data"))).toBe(false);
    const text = join(folder, "notes.txt");
    await writeFile(text, "not a database ".repeat(1000));
    await expect(openDuckdbStore({ file: text })).rejects.toMatchObject({
      list: [{ where: text, what: "is not a database this Inktrap can read" }],
    });
    const store = await openDuckdbStore({ file });
    await expect(openDuckdbStore({ file })).rejects.toThrow("is open already in this process");
    await store.close();
  });

  it("refuses a newer schema, and keeps a copy before it changes an older one", async () => {
    const sql = "alter table sensor_position add column note text default 'added';";
    const newer = [...migrations(), { version: migrations().length + 1, name: "999-note.sql", sql }];
    const first = await openDuckdbStore({ file });
    await first.commit({ sensor: "north", from: 1, to: 77, events: [] });
    await first.close();
    await expect(openDuckdbStore({ file, readOnly: true }, newer)).rejects.toThrow("schema of an older Inktrap");

    const store = await openDuckdbStore({ file }, newer);
    expect(await store.positions()).toMatchObject([{ position: 77, note: "added" }]);
    await store.close();
    await expect(openDuckdbStore({ file })).rejects.toThrow(/store\.duckdb: was written by a newer Inktrap/);

    const copy = await openDuckdbStore({ file: `${file}.v${migrations().length}` });
    expect(await copy.positions()).toEqual([{ sensor: "north", position: 77, epoch: 0, seq: 0 }]);
    await copy.close();
  });

  it("leaves a database as it was when a migration fails", async () => {
    const broken = {
      version: migrations().length + 1,
      name: "999-broken.sql",
      sql: "drop table job; select nonsense;",
    };
    await (await openDuckdbStore({ file })).close();
    await expect(openDuckdbStore({ file }, [...migrations(), broken])).rejects.toThrow("nonsense");
    const store = await openDuckdbStore({ file });
    expect(await store.db.selectFrom("job").selectAll().execute()).toEqual([]);
    await store.close();
  });

  async function raw(queryMs = 1000): Promise<DuckdbClient> {
    const client = new DuckdbClient();
    await client.open({ file, readOnly: false, memoryMb: 128, queryMs });
    return client;
  }

  it("interrupts a query that runs too long, and goes on", async () => {
    await (await openDuckdbStore({ file })).close();
    const client = await raw(50);
    const endless = "select count(*) from range(1000000000000) a";
    await expect(client.read(endless, [])).rejects.toThrow(/interrupt/i);
    expect(await client.read("select 2 ** 40 :: bigint as n", [])).toEqual([{ n: 2 ** 40 }]);
    const pending = expect(client.read(endless, [])).rejects.toThrow(/interrupt/i);
    await client.close();
    await pending;
    await expect(client.read("select 1", [])).rejects.toThrow("closed");
  });

  it("reaches neither the network nor another file", async () => {
    await (await openDuckdbStore({ file })).close();
    const client = await raw();
    for (const sql of [
      "install httpfs",
      "select * from read_text('/etc/hostname')",
      "set enable_external_access=true",
    ]) {
      await expect(client.read(sql, [])).rejects.toThrow(/Permission|configuration/);
    }
    await client.close();
  });

  it("writes all steps or none", async () => {
    await (await openDuckdbStore({ file })).close();
    const client = await raw();
    const row = { append: "case_number", columns: { key: ["a"], number: [1] } };
    await expect(client.write([row, { sql: "select nonsense", parameters: [] }])).rejects.toThrow("nonsense");
    await expect(client.write([{ append: "case_number", columns: { kee: ["a"] } }])).rejects.toThrow("kee");
    expect(await client.read("select * from case_number", [])).toEqual([]);
    const many = Array.from({ length: 5000 }, (_, i) => i);
    await client.write([{ append: "case_number", columns: { key: many.map(String), number: many } }]);
    expect(await client.read("select count(*) as n, sum(number) as total from case_number", [])).toEqual([
      { n: 5000, total: 12_497_500 },
    ]);
    await client.close();
  });
});
