import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { Logger } from "../util/log.ts";
import { CollectorProcess, type CollectorSettings } from "./collector-handle.ts";
import { Restarts, STEADY_MS } from "./restarts.ts";

describe("what ends again and again", () => {
  it("is waited for twice as long each time, up to half a minute", () => {
    const restarts = new Restarts();
    const waits = Array.from({ length: 40 }, () => restarts.ended("code 1", 10).waitMs);
    expect(waits.slice(0, 9)).toEqual([300, 600, 1200, 2400, 4800, 9600, 19_200, 30_000, 30_000]);
    expect(Math.max(...waits)).toBe(30_000);
  });

  it("is told of once for each reason, and again after it worked", () => {
    const restarts = new Restarts();
    const news = (why: string, lived = 0) => restarts.ended(why, lived).news;
    expect(["a", "a", "a", "b", "b", "a"].map((why) => news(why))).toEqual([true, false, false, true, false, true]);
    expect(restarts.ended("a", STEADY_MS)).toEqual({ waitMs: 300, news: true });
    expect([restarts.steady(), restarts.steady()]).toEqual([true, false]);
    expect(restarts.ended("a", 0)).toEqual({ waitMs: 300, news: true });
  });
});

describe("a collector that ends whenever it has begun", () => {
  let folder: string;
  let handle: CollectorProcess;
  afterEach(async () => {
    await handle.stop();
    await rm(folder, { recursive: true });
  });

  it("is begun again with patience, and stopping waits for nothing", async () => {
    folder = await mkdtemp(join(tmpdir(), "inktrap-restarts-"));
    const begun = join(folder, "begun");
    const program = join(folder, "collector.mjs");
    const lines = [
      `import { appendFileSync } from "node:fs";`,
      `process.on("message", () => {`,
      `  appendFileSync(${JSON.stringify(begun)}, Date.now() + "\\n");`,
      `  process.send({ ready: true }, () => process.exit(1));`,
      `});`,
    ];
    await writeFile(program, lines.join("\n"));
    const said: string[] = [];
    const say = (_: object, text: string) => said.push(text);
    const log = { warn: say, error: say, info: say } as unknown as Logger;
    const times = async () => (await readFile(begun, "utf8")).trim().split("\n").map(Number);
    handle = await CollectorProcess.start({} as CollectorSettings, log, () => {}, program);
    await expect.poll(async () => (await times()).length, { timeout: 10_000 }).toBeGreaterThanOrEqual(4);
    const at = await times();
    const pauses = at.slice(1, 4).map((time, i) => time - at[i]!);
    for (const [i, least] of [300, 600, 1200].entries()) expect(pauses[i]).toBeGreaterThanOrEqual(least);
    expect(said).toEqual([expect.stringContaining("is started again")]);
    const asked = performance.now();
    await handle.stop();
    expect(performance.now() - asked).toBeLessThan(1000);
    const count = (await times()).length;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await times()).length).toBe(count);
  });
});
