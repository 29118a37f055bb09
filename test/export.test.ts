/** An export read back: complete, narrowed as asked, listed with right hashes, and nothing of a visitor is a name. */
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exportAll } from "../src/cli/commands/export.ts";
import { install, type Installation } from "./support/installation.ts";
import { FLYER, PRODINFO, UEL, urllib27, visit } from "./support/visit.ts";

const [ANN, BEN] = ["127.7.0.1", "127.7.0.2"];
const HOSTILE = `${UEL}@PJL JOB NAME="../../../../tmp/evil\x1b[2J"\r\n@PJL ECHO \x1b]0;owned\x07\r\n@PJL ENTER LANGUAGE=PCL\r\n\x1bEpage\x1bE${UEL}`;

let site: Installation;
let folder: string;
let between: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "inktrap-export-"));
  site = await install("hp-laserjet-4250");
  await visit({ port: site.raw, from: ANN, send: [PRODINFO] });
  await visit({ port: site.web, from: ANN, send: [urllib27("127.0.0.1")] });
  await visit({ port: site.raw, from: ANN, send: [HOSTILE] });
  site.clock.now += 3600_000;
  between = new Date(site.clock.now - 1000).toISOString();
  await visit({ port: site.raw, from: BEN, send: [FLYER] });
  await site.cases();
});
afterAll(async () => {
  await site.close();
  await rm(folder, { recursive: true });
});

async function exported(name: string, more: object) {
  const output = join(folder, name);
  await exportAll({ data: site.data.path, output, ...more });
  const read = (path: string) => readFile(join(output, path), "utf8");
  const rows = async (path: string) =>
    (await read(path))
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const names = (await readdir(output, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(output.length + 1))
    .sort();
  return { output, read, rows, names };
}

describe("an export", () => {
  it("holds everything, and a list of it with right hashes", async () => {
    const { output, read, rows, names } = await exported("all", {});
    const { files } = JSON.parse(await read("manifest.json")) as {
      files: { path: string; bytes: number; sha256: string }[];
    };
    expect([...files.map((file) => file.path), "manifest.json"].sort()).toEqual(names);
    for (const { path, bytes, sha256 } of files) {
      const content = await readFile(join(output, path));
      expect([content.length, createHash("sha256").update(content).digest("hex")]).toEqual([bytes, sha256]);
    }
    for (const name of names) {
      expect(name).toMatch(
        /^(manifest\.json|(cases|events|jobs|sessions)\.jsonl|jobs\/[0-9a-f]{64}|conversations\/S-\d+\.txt)$/,
      );
    }
    expect((await rows("sessions.jsonl")).map((row) => row["id"])).toEqual(["S-1", "S-2", "S-3", "S-4"]);
    expect((await rows("cases.jsonl")).map((row) => row["source"]).sort()).toEqual([ANN, BEN]);
    const { events } = await site.view.answer("events", { after: 0, limit: 1000 });
    expect(await rows("events.jsonl")).toEqual(JSON.parse(JSON.stringify(events)));
    const flyer = createHash("sha256").update(FLYER).digest("hex");
    expect(await read(`jobs/${flyer}`)).toBe(FLYER);
    expect((await rows("jobs.jsonl")).map((row) => row["sha256"])).toContain(flyer);
    const said = await read("conversations/S-3.txt");
    expect(said).toContain("@PJL ECHO <ESC>]0;owned<BEL>");
    // eslint-disable-next-line no-control-regex
    expect(said).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f]/);
  });

  it("is narrowed to a case, a source, a time", async () => {
    const { cases } = await site.view.answer("cases", { limit: 10, own: true });
    const ben = cases.find((one) => one.source === BEN)!;
    for (const [name, more] of [
      ["case", { case: ben.id }],
      ["source", { source: BEN }],
      ["since", { since: between }],
    ] as const) {
      const { rows, names } = await exported(name, more);
      expect((await rows("sessions.jsonl")).map((row) => row["id"])).toEqual(["S-4"]);
      expect((await rows("cases.jsonl")).map((row) => row["id"])).toEqual([ben.id]);
      const sources = (await rows("events.jsonl")).map(
        (row) => (row["origin"] as { source: { ip: string } }).source.ip,
      );
      expect(new Set(sources)).toEqual(new Set([BEN]));
      expect(names.filter((path) => path.startsWith("jobs/"))).toHaveLength(1);
    }
    const { rows } = await exported("until", { until: between });
    expect((await rows("sessions.jsonl")).map((row) => row["id"])).toEqual(["S-1", "S-2", "S-3"]);
  });

  it("is refused with everything that is wrong", async () => {
    const ask = (more: object) => exportAll({ data: site.data.path, output: join(folder, "all"), ...more });
    await expect(ask({})).rejects.toThrow("is not empty");
    await expect(ask({ since: "yesterday", source: "somebody", case: "S-1" })).rejects.toThrow(
      /--since: .*\n--source: .*\n--case: /,
    );
    await expect(ask({ case: "C-99" })).rejects.toThrow("C-99");
  });
});
