import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { manySources } from "./memory.fixture.ts";

it("20,000 sources that change things leave memory and disk bounded", async () => {
  const folder = await mkdtemp(join(tmpdir(), "inktrap-memory-"));
  const before = process.memoryUsage().heapUsed;
  await manySources(folder, 20_000);
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(100 * 2 ** 20);
  await rm(folder, { recursive: true });
});
