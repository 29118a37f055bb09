/** Visits from networks of one's own: recorded in full, judged, and kept out of what people are told unasked. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { LiveLines } from "../src/cli/live-lines.ts";
import { Networks } from "../src/util/network.ts";
import { install, type Installation } from "./support/installation.ts";
import { FLYER, PRODINFO, visit } from "./support/visit.ts";

const own = new Networks(["127.20.0.0/16", "2001:db8::/32"]);
let site: Installation;
beforeAll(async () => {
  site = await install("hp-laserjet-p1102w", "127.0.0.1", 0, { own });
  for (const from of ["127.20.0.1", "127.21.0.1"]) {
    await visit({ port: site.raw, from, send: [PRODINFO] });
    await visit({ port: site.raw, from, send: [FLYER] });
  }
  await site.settle();
});
afterAll(() => site.close());

it("they are left out of the list and the counts unless asked for, and marked", async () => {
  const sources = async (own?: boolean) =>
    (await site.view.answer("cases", { limit: 9, own })).cases.map((one) => [one.source, one.own, one.intent]);
  expect(await sources()).toEqual([["127.21.0.1", false, "spam"]]);
  expect(await sources(false)).toEqual(await sources());
  expect((await sources(true)).sort()).toEqual([
    ["127.20.0.1", true, "spam"],
    ["127.21.0.1", false, "spam"],
  ]);
  expect(await site.view.answer("overview", {})).toMatchObject({ cases: 1, own: 1, visits: 2, jobs: 1 });
});

it("they are recorded like anybody's: events, sessions, jobs, the case by its name", async () => {
  const { events } = await site.view.answer("events", { after: 0, limit: 1000 });
  const types = (source: string) =>
    events
      .filter((event) => (event["origin"] as { source: { ip: string } } | undefined)?.source.ip === source)
      .map((event) => event["type"]);
  expect(types("127.20.0.1")).toEqual(types("127.21.0.1"));
  expect((await site.view.answer("jobs", { limit: 9 })).jobs.map((job) => job.source).sort()).toEqual([
    "127.20.0.1",
    "127.21.0.1",
  ]);
  expect(await site.view.answer("case", { number: 1 })).toMatchObject({ source: "127.20.0.1", own: true });
});

it("it is configuration: what was recorded under another one is seen by the one of now", async () => {
  const { View } = await import("../src/collector/view.ts");
  const now = new View(site.collector.store, site.data.sensors, new Networks(["127.21.0.1"]));
  const { cases } = await now.answer("cases", { limit: 9 });
  expect(cases.map((one) => one.source)).toEqual(["127.20.0.1"]);
});

it("live lines tell what they say, and no verdict on them", async () => {
  const told: string[] = [];
  const write = process.stdout.write;
  process.stdout.write = ((text: string) => told.push(text) > 0) as never;
  const lines = new LiveLines(false, own);
  try {
    lines.goLive();
    const events = await site.collector.store.eventsAfter(0, 1000);
    const record = (number: number) => site.view.answer("case", { number });
    const cases = await Promise.all(
      [1, 2].map(async (number) => ({ number, record: (await record(number)) as never })),
    );
    lines.tell({ events, cases });
  } finally {
    lines.stop();
    process.stdout.write = write;
  }
  expect(told.filter((line) => line.includes("127.20.0.1"))).toHaveLength(2);
  expect(told.filter((line) => line.includes(" case C-"))).toEqual([expect.stringContaining("case C-2 is spam")]);
});
