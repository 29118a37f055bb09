/** What an operator gets wrong is told in one line each, with a remedy, and leaves nothing running. */
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freeOffset, run, startProgram } from "./support/program.ts";
import { FLYER, PRODINFO, urllib27, visit } from "./support/visit.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "inktrap-operator-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function config(text: string): Promise<string> {
  const path = join(folder, "inktrap.yaml");
  await writeFile(path, text);
  return path;
}

/** Starts with the words given, which must fail, and returns what was said, a line each. */
async function refused(...args: string[]): Promise<string[]> {
  const { code, out, err } = await run(["start", "--data", join(folder, "data"), "--listen", "127.0.0.1", ...args]);
  expect(out).toBe("");
  expect(code).toBeGreaterThan(0);
  return err.trim().split("\n");
}

describe("a configuration that is wrong", () => {
  it("unknown key and wrong type, both at once, each at its line", async () => {
    const file = await config("persona: hp-laserjet-4250\nprots:\n  raw: 1\nportOffset: many\n");
    const lines = await refused("--config", file);
    expect(lines).toHaveLength(2);
    expect(lines.join("\n")).toContain(`${file}:2:1: unknown key "prots"`);
    expect(lines.join("\n")).toContain(`${file}:4:1: portOffset: `);
  });

  it("no such file, no such persona, an address that is none", async () => {
    expect(await refused("--config", join(folder, "missing.yaml"))).toEqual([
      expect.stringContaining("there is no such file"),
    ]);
    const persona = await refused("--persona", "hp-laserjet-9000");
    expect(persona).toEqual([expect.stringMatching(/Use one of: .*hp-laserjet-4250/)]);
    const { code, err } = await run(["start", "--listen", "printer.example"]);
    expect([code, err]).toEqual([1, expect.stringContaining('"printer.example" is not an address')]);
  });

  it("a port that is in use, or that is not this machine's to give", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as { port: number };
    const file = await config(`ports:\n  raw: ${port}\n  web: ${port === 65535 ? port - 1 : port + 1}\n`);
    const lines = await refused("--config", file);
    server.close();
    expect(lines[0]).toContain(`port ${port} is already in use`);
    expect(lines[0]).toContain("--port-offset");
  });

  it("a folder that may not be written", async () => {
    const file = join(folder, "a-file");
    await writeFile(file, "");
    const { code, err } = await run(["start", "--data", join(file, "data"), "--listen", "127.0.0.1"]);
    expect(code).toBe(1);
    expect(err.trim().split("\n")).toEqual([expect.stringContaining("is not a folder")]);
    if (process.getuid?.() === 0) return;
    const locked = join(folder, "locked");
    await mkdir(locked);
    await chmod(locked, 0o500);
    expect((await run(["start", "--data", join(locked, "data")])).err).toContain("may not be written");
  });

  it("data of a newer version", async () => {
    const data = join(folder, "newer");
    await mkdir(data);
    await writeFile(join(data, "format.json"), '{"format":99}');
    for (const command of ["start", "cases", "check"]) {
      const { code, err } = await run([command, "--data", data]);
      expect([command, code, err.trim().split("\n")]).toEqual([command, 1, [expect.stringContaining("format 99")]]);
    }
  });

  it("words that are off", async () => {
    expect((await run(["strat"])).code).toBe(2);
    expect((await run(["start", "--port-offset", "x"])).code).toBe(2);
    expect((await run(["show", "X-1"])).err).toContain("is not the name of anything");
    expect((await run(["cases", "--data", join(folder, "nowhere")])).err).toContain("there is no such data folder");
  });
});

describe("an installation", () => {
  it("is one on its folder, keeps its identity, and can be read while it runs and when it does not", async () => {
    const data = join(folder, "one");
    const offset = await freeOffset();
    const first = await startProgram(data, offset);
    await visit({ port: first.raw, from: "127.3.0.1", send: [PRODINFO] });
    await visit({ port: first.web, from: "127.3.0.1", send: [urllib27("127.0.0.1")] });
    await visit({ port: first.raw, from: "127.3.0.1", send: [FLYER] });

    const second = await run([
      "start",
      "--data",
      data,
      "--listen",
      "127.0.0.1",
      "--port-offset",
      String(await freeOffset()),
    ]);
    expect(second.code).toBe(1);
    expect(second.err.trim().split("\n")).toEqual([
      expect.stringContaining(`in use by another Inktrap, process ${first.child.pid}`),
    ]);

    const cases = async () =>
      JSON.parse((await run(["cases", "--json", "--data", data])).out) as { id: string; headline: string }[];
    let live = await cases();
    for (let i = 0; i < 50 && !live[0]?.headline.includes("advertisement"); i++) live = await cases();
    expect(live[0]).toMatchObject({
      id: "C-1",
      source: "127.3.0.1",
      intent: "spam",
      sessionCount: 3,
      jobs: [{ language: "text", bytes: FLYER.length }],
    });
    expect(await first.stop()).toBe(0);
    expect(await cases()).toEqual(live);

    const again = await startProgram(data, offset);
    expect(again.serial).toBe(first.serial);
    await again.stop();
    for (const [words, shown] of [
      [["cases"], "spam"],
      [["show", "C-1"], "Why"],
      [["show", "S-1"], "@PJL INFO PRODINFO<CR><LF>"],
      [["show", "J-1"], "TONER SALE<CR><LF>"],
      [["jobs"], "text"],
      [["events"], "sensor.started"],
    ] as const) {
      const { code, out } = await run([...words, "--data", data]);
      expect([words, code, out]).toEqual([words, 0, expect.stringContaining(shown)]);
    }
  });
});
