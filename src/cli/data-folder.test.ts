import { mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DataFolder } from "./data-folder.ts";
import type { FormatStep } from "./data-format.ts";

let path: string;
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), "inktrap-format-"));
});
afterEach(() => rm(path, { recursive: true }));

const read = (name: string) => readFile(join(path, name), "utf8");

/** Two invented steps: a file is written differently, then it is called differently. */
const STEPS: FormatStep[] = [
  {
    about: "numbers in decimal",
    run: async (folder, keep) => {
      await keep("numbers");
      const kept = await read("before-format-2/numbers");
      await writeFile(join(folder, "numbers"), String(Number.parseInt(kept, 16)));
    },
  },
  { about: "a better name", run: (folder) => rename(join(folder, "numbers"), join(folder, "count")) },
];

describe("data of an older format", () => {
  it("are brought forward by who has the lock, with the older files kept", async () => {
    await new DataFolder(path, []).prepare();
    await writeFile(join(path, "numbers"), "ff");
    const data = new DataFolder(path, STEPS);
    await expect(data.checkReadable()).rejects.toThrow("older Inktrap, format 1");
    await data.prepare();
    expect(await read("numbers")).toBe("ff");
    (await data.lock()).close();
    expect(await read("count")).toBe("255");
    expect(await read("before-format-2/numbers")).toBe("ff");
    expect(JSON.parse(await read("format.json"))).toEqual({ format: 3 });
    await data.checkReadable();
    (await data.lock()).close();
    await expect(new DataFolder(path, []).prepare()).rejects.toThrow("format 3, this Inktrap knows formats up to 1");
  });

  it("are brought forward from where an earlier run was cut short", async () => {
    await new DataFolder(path, []).prepare();
    await writeFile(join(path, "numbers"), "ff");
    const dies = { about: "dies", run: () => Promise.reject(new Error("no space")) };
    await expect(new DataFolder(path, [STEPS[0]!, dies]).lock()).rejects.toThrow("format 1, which could not be");
    expect(JSON.parse(await read("format.json"))).toEqual({ format: 2 });
    // The first step is done again as if it had been cut short behind its work.
    await writeFile(join(path, "format.json"), JSON.stringify({ format: 1, demonstration: true }));
    (await new DataFolder(path, STEPS).lock()).close();
    expect(await read("count")).toBe("255");
    expect(JSON.parse(await read("format.json"))).toEqual({ format: 3, demonstration: true });
  });

  it("are what a new folder never has", async () => {
    const data = new DataFolder(path, STEPS);
    await data.prepare();
    (await data.lock()).close();
    expect(JSON.parse(await read("format.json"))).toEqual({ format: 3 });
  });
});
