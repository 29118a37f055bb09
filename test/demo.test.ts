/** The demonstration, through the real program: played, judged as each story says, marked, and never among real data. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEVICES, planOf, readStories, sourcesOf } from "../src/cli/demo/story.ts";
import { personaIds } from "../src/cli/personas.ts";
import type { CaseView } from "../src/collector/contract.ts";
import { SERVICES } from "../src/protocols/registry.ts";
import { type Finished, run } from "./support/program.ts";

const stories = readStories();

let folder: string;
let data: string;
let played: Finished;
let cases: CaseView[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "inktrap-demo-"));
  data = join(folder, "demo");
  played = await run(["demo", "--once", "--json", "--data", data], 180_000);
  cases = JSON.parse((await run(["cases", "--json", "--limit", "1000", "--data", data])).out) as CaseView[];
}, 200_000);
afterAll(() => rm(folder, { recursive: true }));

describe("the demonstration", () => {
  it("is played to its end, within its bounds", () => {
    const [started, over] = played.out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const visits = planOf(stories);
    expect(played.code).toBe(0);
    expect(started).toMatchObject({ type: "started", demonstration: true, visits: visits.length });
    expect(over).toMatchObject({ type: "played", demonstration: true, visits: visits.length, cases: cases.length });
    expect(visits.length).toBeLessThan(1000);
    expect(visits.at(-1)!.at).toBeLessThan(7 * 86_400_000);
  });

  it.each(stories.map((story) => [story.name, story] as const))("%s is judged as it says", (_, story) => {
    const found = sourcesOf(story).map((source) => cases.find((one) => one.source === source)?.intent);
    expect(found).toEqual(sourcesOf(story).map(() => story.intent));
  });

  it("lies within the last week, in the order of time", () => {
    for (const { first, last } of cases) {
      expect(Date.parse(first)).toBeGreaterThan(Date.now() - 8 * 86_400_000);
      expect(Date.parse(last)).toBeLessThanOrEqual(Date.now());
      expect(Date.parse(last)).toBeGreaterThanOrEqual(Date.parse(first));
    }
    const story = cases.find(({ source }) => source === "127.20.1.23")!;
    expect(story.headline).toContain("came back after 3 d 4 h");
  });

  it("is told as a demonstration by every command that reads it", async () => {
    for (const words of [["cases"], ["show", cases[0]!.id], ["jobs"], ["events", "--json"]]) {
      expect((await run([...words, "--data", data])).err).toContain("DEMONSTRATION");
    }
    const sensors = new Set(
      (await run(["events", "--limit", "1000", "--json", "--data", data])).out.match(/"sensor": ?"[^"]+"/g),
    );
    expect([...sensors].every((sensor) => sensor.includes("demo-"))).toBe(true);
  });

  it("is looked at again without being played again", async () => {
    const again = await run(["demo", "--once", "--json", "--data", data]);
    expect(JSON.parse(again.out.trim().split("\n").at(-1)!)).toMatchObject({ type: "played", cases: cases.length });
  });
});

describe("demonstration and real data", () => {
  it("are never mixed", async () => {
    const real = join(folder, "real");
    await mkdir(real);
    await writeFile(join(real, "format.json"), '{"format":1}');
    const other = join(folder, "other");
    await mkdir(other);
    await writeFile(join(other, "thesis.txt"), "mine");
    for (const path of [real, other]) {
      const { code, err } = await run(["demo", "--once", "--data", path]);
      expect([code, err]).toEqual([1, expect.stringContaining("holds something else than a demonstration")]);
    }
    const { code, err } = await run(["start", "--listen", "127.0.0.1", "--port-offset", "20000", "--data", data]);
    expect([code, err]).toEqual([1, expect.stringContaining("holds demonstration data")]);
    expect(await readFile(join(data, "format.json"), "utf8")).toContain('"demonstration": true');
  });

  it("an interrupted demonstration is not gone on with", async () => {
    const half = join(folder, "half");
    await mkdir(half);
    await writeFile(join(half, "format.json"), '{"format":1,"demonstration":true}');
    await writeFile(join(half, "demo.json"), '{"begun":"2026-11-16T08:00:00.000Z"}');
    const { code, err } = await run(["demo", "--once", "--data", half]);
    expect([code, err]).toEqual([1, expect.stringContaining("was interrupted")]);
  });
});

describe("its stories", () => {
  it("use addresses of their own and services that there are", () => {
    const sources = stories.flatMap(sourcesOf);
    expect(new Set(sources).size).toBe(sources.length);
    for (const { service } of planOf(stories)) expect(SERVICES.has(service)).toBe(true);
    for (const id of Object.values(DEVICES)) expect(personaIds()).toContain(id);
  });

  it("name nobody: every host in them is an example", () => {
    const said = planOf(stories)
      .flatMap(({ pieces }) => pieces)
      .map((piece) => piece.subarray(0, 4096).toString("latin1"))
      .join("\n");
    const hosts = [...said.matchAll(/(?:https?:\/\/|www\.|@)([a-z0-9-]+(?:\.[a-z0-9-]+)+)/gi)].map(([, host]) => host!);
    expect(hosts.length).toBeGreaterThan(0);
    const known = /(^|\.)(example|example\.onion|nmap\.org)$|^192\.0\.2\.|^127\./;
    expect(hosts.filter((host) => !known.test(host))).toEqual([]);
  });
});
