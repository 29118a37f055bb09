import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { manySources, runOf } from "./memory.fixture.ts";
import { memoryFile } from "./memory.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "inktrap-memory-"));
});
afterEach(() => rm(folder, { recursive: true }));

const run = () => runOf(folder);

describe("StoredMemories", () => {
  it("gives a source back what it changed, in another run, and nobody else", async () => {
    const first = await run();
    first.memories.get("192.0.2.1").readyMessage = "INSERT COIN";
    first.memories.get("192.0.2.2").defaults.set("COPIES", "7");
    await first.store.flush();
    const { store, memories } = await run();
    expect(store.load("192.0.2.3")).toBeUndefined();
    await store.load("192.0.2.1");
    expect(memories.peek("192.0.2.1")?.readyMessage).toBe("INSERT COIN");
    expect(memories.peek("192.0.2.2")).toBeUndefined();
    await Promise.all([store.load("192.0.2.2"), store.load("192.0.2.2")]);
    expect([...memories.get("192.0.2.2").defaults]).toEqual([["COPIES", "7"]]);
    expect(store.load("192.0.2.2")).toBeUndefined();
  });

  it("writes by itself within a second, and makes no file for a source that changed nothing", async () => {
    const { memories } = await run();
    memories.hold("192.0.2.9");
    memories.get("192.0.2.1").serial = "X";
    const path = memoryFile(folder, "192.0.2.1");
    for (let i = 0; i < 50 && !existsSync(path); i++) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await readdir(folder)).toEqual([`${createHash("sha256").update("192.0.2.1").digest("hex")}.json`]);
    expect(await readFile(path, "utf8")).toContain('"serial":"X"');
  });

  it("sets a damaged file aside, tells of it, and lets the visitor in", async () => {
    const first = await run();
    first.memories.get("192.0.2.1").readyMessage = "x";
    await first.store.flush();
    const path = memoryFile(folder, "192.0.2.1");
    await writeFile(path, (await readFile(path, "utf8")).slice(0, 20));
    await writeFile(`${path}.new`, "half");
    const { store, memories, warnings } = await run();
    await store.load("192.0.2.1");
    expect(warnings.length).toBe(1);
    expect(memories.peek("192.0.2.1")?.readyMessage).toBeUndefined();
    expect((await readdir(folder)).map((name) => name.slice(64))).toEqual([".json.damaged"]);
    expect(store.load("192.0.2.1")).toBeUndefined();
    memories.get("192.0.2.1").readyMessage = "y";
    await store.flush();
    expect(await readFile(path, "utf8")).toContain('"y"');
  });

  it("keeps memory and disk bounded, however many sources change things", () => manySources(folder, 1600));

  it("writes what changed while it was writing", async () => {
    const { store, memories } = await run();
    const memory = memories.get("a");
    memory.readyMessage = "1";
    const writing = store.flush();
    memory.readyMessage = "2";
    await writing;
    await store.flush();
    await store.flush();
    expect(await readFile(memoryFile(folder, "a"), "utf8")).toContain('"readyMessage":"2"');
  });

  it("tries again when the disk takes nothing", async () => {
    const { store, memories, warnings } = await run();
    await rm(folder, { recursive: true });
    memories.get("a").readyMessage = "1";
    await store.flush();
    await store.flush();
    expect(warnings.length).toBe(1);
    await mkdir(folder);
    await store.flush();
    expect(await readFile(memoryFile(folder, "a"), "utf8")).toContain('"readyMessage":"1"');
  });
});
