/** The collector is killed again and again while alerts are decided and sent: none is lost, and none is told as two. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { CaseView } from "../src/collector/contract.ts";
import { freeOffset, run, startProgram } from "./support/program.ts";
import { type Posted, until, webReceiver } from "./support/receivers.ts";
import { FLYER, PRODINFO, visit } from "./support/visit.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "inktrap-alerting-"));
});
afterAll(() => rm(folder, { recursive: true }));

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const bodyOf = ({ body }: Posted) => JSON.parse(body) as { id: string; case?: string; cases?: string[] };

it("kill -9 of the collector, also between sending and writing that down", async () => {
  let kill = () => {};
  let kills = 0;
  // The worst moment: the far end has it, and nobody has written that down.
  const web = await webReceiver((_, count) => (count % 5 === 3 ? void kill() : undefined));
  const data = join(folder, "killed");
  const file = join(folder, "inktrap.yaml");
  const channel = `{ name: chat, type: webhook, url: "http://127.0.0.1:${web.port}/" }`;
  await writeFile(file, `pacing: false\nalerts: { perHour: 12, digestAfter: 25, channels: [${channel}] }\n`);
  const site = await startProgram(data, await freeOffset(), ["--config", file]);
  kill = () => {
    const { collector } = site.pids();
    if (collector === undefined) return;
    kills++;
    process.kill(collector, "SIGKILL");
  };
  const sources = Array.from({ length: 40 }, (_, i) => `127.8.0.${i + 1}`);
  for (const [i, from] of sources.entries()) {
    await visit({ port: site.raw, from, send: [PRODINFO] });
    await visit({ port: site.raw, from, send: [FLYER] });
    if (i % 10 === 9) {
      await pause(400 + Math.random() * 800);
      kill();
    }
  }
  const named = () => new Set(web.got.map(bodyOf).flatMap((body) => body.cases ?? [body.case!]));
  await until("a word about every case", () => named().size === sources.length, 60_000);
  await pause(1500);
  const cases = JSON.parse((await run(["cases", "--json", "--data", data])).out) as CaseView[];
  expect(
    cases
      .filter(({ intent }) => intent === "spam")
      .map(({ id }) => id)
      .sort(),
  ).toEqual([...named()].sort());
  // The same message may come twice, under its id; no case is in two different messages.
  const messages = new Map(web.got.map((posted) => [bodyOf(posted).id, posted]));
  const told = [...messages.values()].map(bodyOf).flatMap((body) => body.cases ?? [body.case!]);
  expect(told).toHaveLength(sources.length);
  expect(kills).toBeGreaterThan(4);
  await site.stop();
  await web.close();
});
