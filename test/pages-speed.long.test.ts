/** The benchmark of the console's pages runs, on a small store: what it says of speed is for bench/README.md. */
import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

describe("the benchmark of the pages", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "inktrap-bench-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("measures pages and searches over a store that it makes, cancels, and leaves nothing", async () => {
    const words = ["bench/pages.js", "50000", "0", folder];
    const { stdout } = await promisify(execFile)(process.execPath, words, {
      timeout: 300_000,
      env: { ...process.env, FORCE_COLOR: "0" },
    });
    const first = JSON.parse(stdout.slice(0, stdout.indexOf("}") + 1)) as Record<string, number>;
    expect(first).toMatchObject({ events: 50_000, cases: 1250, visits: 12_500, memoryMb: 512 });
    for (const name of ["Overview", "Cases", "Session", "Jobs, piles", "Sensors", "Settings", "visits zgrab"]) {
      expect(stdout).toMatch(new RegExp(`│ ${name} +│ +\\d+ +│`));
    }
    expect(stdout).toMatch(/searches aborted +│ +\d+ +│ +'aborted, aborted, aborted, aborted'/);
    expect(await readdir(folder)).toEqual([]);
  });
});
