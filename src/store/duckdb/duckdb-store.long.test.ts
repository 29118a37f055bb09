import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, it } from "vitest";
import { SmallDisk } from "../../../test/support/small-disk.ts";
import { batches } from "../conformance-data.ts";
import { expectSame, Model } from "../conformance-model.ts";
import { StoreBroken } from "../store.ts";
import { openDuckdbStore } from "./duckdb-store.ts";

const KILLS = 8;
const SEED = 20250131;

/** Commits the same batches again and again from where the store is, and says the position of each that was acknowledged. */
function committer(file: string) {
  const store = new URL("../../../dist/store/duckdb/duckdb-store.js", import.meta.url);
  const data = new URL("../../../dist/store/conformance-data.js", import.meta.url);
  const code = `
    import { writeSync } from "node:fs";
    import { openDuckdbStore } from ${JSON.stringify(store.href)};
    import { batches } from ${JSON.stringify(data.href)};
    const store = await openDuckdbStore({ file: ${JSON.stringify(file)}, memoryMb: 128 });
    const [at] = await store.positions();
    for (const batch of batches("north", ${SEED}, 60)) {
      if (at && batch.to <= at.position) continue;
      await store.commit(batch);
      writeSync(1, batch.to + "\\n");
    }`;
  return spawn(process.execPath, ["--input-type=module", "-e", code], { stdio: ["ignore", "pipe", "inherit"] });
}

it(`holds every acknowledged batch once after ${KILLS} kills`, async () => {
  const folder = await mkdtemp(join(tmpdir(), "inktrap-kill-"));
  const file = join(folder, "store.duckdb");
  const source = batches("north", SEED, 60);
  const model = new Model();
  let committed = 1;
  for (let kill = 0; kill < KILLS; kill++) {
    const child = committer(file);
    let said = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
    await Promise.race([once(child.stdout, "data"), once(child, "exit")]);
    await sleep(100 + Math.random() * 900);
    const closed = once(child, "close");
    child.kill("SIGKILL");
    await closed;

    const acknowledged = Number(said.trimEnd().split("\n").at(-1));
    expect(acknowledged).toBeGreaterThan(committed);
    const store = await openDuckdbStore({ file, readOnly: kill % 2 === 0 });
    const [at] = await store.positions();
    expect(at!.position).toBeGreaterThanOrEqual(acknowledged);
    while ((model.positions.get("north")?.position ?? 1) < at!.position) model.apply(source.next().value);
    await expectSame(store, model);
    committed = at!.position;
    await store.close();
  }
  await rm(folder, { recursive: true });
});

const disk = SmallDisk.mount(64);
afterAll(() => disk?.remove());

it.skipIf(!disk)(
  "on a full disk refuses, says when it is broken, and holds every acknowledged batch once",
  async () => {
    const file = join(disk!.path, "store.duckdb");
    const source = batches("north", SEED, 4000);
    const model = new Model();
    let store = await openDuckdbStore({ file, memoryMb: 128 });
    const walOf = async () => (await stat(`${file}.wal`).catch(() => ({ size: 0 }))).size;
    while ((await walOf()) < 13e6) {
      const batch = source.next().value;
      await store.commit(batch);
      model.apply(batch);
    }
    // Room for a few batches more, but not for the checkpoint that is due then.
    await disk!.fill(5e6);
    let batch = source.next().value;
    let error: unknown;
    for (let i = 0; i < 200 && !(error instanceof StoreBroken); i++) {
      error = await store.commit(batch).then(
        () => undefined,
        (fault: unknown) => fault,
      );
      if (error !== undefined) continue;
      model.apply(batch);
      batch = source.next().value;
    }
    expect(error).toBeInstanceOf(StoreBroken);
    await store.close().catch(() => {});
    await disk!.empty();
    store = await openDuckdbStore({ file, memoryMb: 128 });
    const [at] = await store.positions();
    if (at!.position === batch.to) {
      model.apply(batch);
      batch = source.next().value;
    }
    expect(at!.position).toBe(model.positions.get("north")!.position);
    for (let i = 0; i < 3; i++, batch = source.next().value)
      expect(await store.commit(batch)).toEqual(model.apply(batch));
    await expectSame(store, model);
    await store.close();
  },
);
