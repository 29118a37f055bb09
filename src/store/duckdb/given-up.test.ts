import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import { GivenUp, whileWanted } from "../asking.ts";
import type { Store } from "../store.ts";
import { openDuckdbStore } from "./duckdb-store.ts";

let folder: string;
let store: Store;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "inktrap-given-up-"));
  store = await openDuckdbStore({ file: join(folder, "store.duckdb"), memoryMb: 128 });
});
afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

/** Counts pairs for minutes, if it is let. */
const endless = () =>
  sql`select count(*) from range(10000000) as a(x), range(10000000) as b(y) where (x * y) % 7 = 3`.execute(store.db);
const quick = () => sql<{ one: number }>`select 1 as one`.execute(store.db);

it("interrupts queries nobody waits for, running and waiting ones, and goes on with the others", async () => {
  const gone = new AbortController();
  // More than there are readers, so that some have to wait.
  const asked = Array.from({ length: 5 }, () => whileWanted(gone.signal, async () => endless()));
  const other = quick();
  await new Promise((resolve) => setTimeout(resolve, 100));
  const begun = Date.now();
  gone.abort();
  for (const one of await Promise.allSettled(asked)) {
    expect(one).toMatchObject({ status: "rejected", reason: expect.any(GivenUp) as GivenUp });
  }
  expect((await other).rows).toEqual([{ one: 1 }]);
  expect(Date.now() - begun).toBeLessThan(5000);
  await expect(whileWanted(gone.signal, async () => quick())).rejects.toThrow(GivenUp);
  expect((await whileWanted(new AbortController().signal, async () => quick())).rows).toHaveLength(1);
});
