/** The console's work: what a person decides stands over what is judged, lists are searched, news come. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Judge } from "../src/detect/judge.ts";
import { loadRules } from "../src/detect/load.ts";
import { DATA_ROOT } from "../src/util/package.ts";
import type { Answer } from "./support/caller.ts";
import { type ConsoleSite, consoleSite } from "./support/console-site.ts";
import { FLYER, PRODINFO, visit } from "./support/visit.ts";

let site: ConsoleSite["site"];
let who: ConsoleSite["who"];

beforeAll(async () => {
  ({ site, who } = await consoleSite());
});
afterAll(() => site.close());

describe("what a person decides", () => {
  const caseOf = async (n: number) => (await who.viewer.get(`/api/cases/${n}`)).json as Record<string, unknown>;
  const undecided = async () => {
    const { json } = await who.viewer.get("/api/overview/undecided?limit=100");
    return (json as { cases: { id: string }[] }).cases.map((one) => one.id);
  };

  it("stands over what is judged, also when everything is judged again", async () => {
    expect(await caseOf(1)).toMatchObject({ intent: "spam", judged: "spam", corrected: false, state: "open" });
    expect(await undecided()).toContain("C-1");
    const { json } = await who.analyst.post("/api/cases/1/intent", { intent: "misconfigured", why: "our own flyer" });
    const standing = { intent: "misconfigured", judged: "spam", corrected: true };
    expect(await caseOf(1)).toMatchObject(standing);
    expect(await undecided()).not.toContain("C-1");
    const { store } = site.collector;
    const again = await store.beginGeneration();
    const events = await store.eventsAfter(0, 10_000);
    const judgement = await new Judge(loadRules(DATA_ROOT), again).fold(events.map(({ event }) => event));
    await again.commitJudgement(events.at(-1)!.ordinal, judgement);
    await store.swapGeneration();
    expect(await caseOf(1)).toMatchObject(standing);
    expect(((await who.viewer.get("/api/cases?q=intent:misconfigured")).json as { cases: [] }).cases).toHaveLength(1);
    await who.analyst.post(`/api/decisions/${(json as { decision: { number: number } }).decision.number}/undo`);
    expect(await caseOf(1)).toMatchObject({ intent: "spam", corrected: false });
    expect(await undecided()).toContain("C-1");
  });

  it("closes a case until it says something new", async () => {
    await who.analyst.post("/api/cases/1/close", { why: "told the sender" });
    expect(await caseOf(1)).toMatchObject({ state: "closed" });
    expect(await undecided()).not.toContain("C-1");
    await visit({ port: site.raw, from: "127.30.0.1", send: [FLYER] });
    await site.settle();
    expect(await caseOf(1)).toMatchObject({ state: "open", jobCount: 2 });
    await who.analyst.post("/api/cases/1/close", {});
    await who.analyst.post("/api/cases/1/reopen", {});
    expect(await caseOf(1)).toMatchObject({ state: "open" });
    const kinds = ((await caseOf(1))["decisions"] as { kind: string }[]).map(({ kind }) => kind);
    expect(kinds.slice(-3)).toEqual(["close", "close", "reopen"]);
  });

  it("mutes signatures, for a time", async () => {
    const rules = ((await caseOf(1))["reasons"] as { rule: string; intent: string }[])
      .filter(({ intent }) => intent === "spam")
      .map(({ rule }) => rule);
    const until = new Date(Date.now() + 3_600_000).toISOString();
    for (const rule of rules) await who.analyst.post(`/api/signatures/${rule}/mute`, { reason: "known flyer", until });
    expect(await caseOf(1)).toMatchObject({ muted: true });
    expect(await undecided()).not.toContain("C-1");
    const { json } = await who.viewer.get(`/api/signatures/${rules[0]}`);
    const { mute } = json as { mute: { decision: number; reason: string; until: string } };
    expect(mute).toMatchObject({ reason: "known flyer", until });
    await who.analyst.post(`/api/decisions/${mute.decision}/undo`);
    expect(await caseOf(1)).toMatchObject({ muted: false });
    expect(await undecided()).toContain("C-1");
    expect((await who.analyst.post("/api/signatures/none/mute", { reason: "x" })).status).toBe(404);
    const past = { reason: "x", until: "2020-01-01T00:00:00Z" };
    expect((await who.analyst.post(`/api/signatures/${rules[0]}/mute`, past)).status).toBe(400);
  });
});

describe("panels and lists", () => {
  it("count the same visits", async () => {
    const span = `since=2026-11-01T00:00:00Z&until=2026-12-01T00:00:00Z`;
    const get = async (path: string) => (await who.viewer.get(`${path}?${span}`)).json as Record<string, never>;
    const { bins } = (await get("/api/overview/activity")) as unknown as {
      bins: { sessions: number; intents: Record<string, number> }[];
    };
    const { services } = (await get("/api/overview/doors")) as unknown as { services: { sessions: number }[] };
    const { visits } = (await who.viewer.get("/api/overview")).json as { visits: number };
    const sum = (all: number[]) => all.reduce((a, b) => a + b, 0);
    expect(sum(bins.map((bin) => bin.sessions))).toBe(visits);
    expect(sum(bins.flatMap((bin) => Object.values(bin.intents)))).toBe(visits);
    expect(sum(services.map(({ sessions }) => sessions))).toBe(visits);
    expect(await get("/api/overview/funnel")).toMatchObject({
      visited: 2,
      answered: 1,
      printed: 2,
      toJob: { cases: 1, medianMs: expect.any(Number) as number },
    });
    const { words } = (await get("/api/overview/first-words")) as unknown as { words: object[] };
    expect(words).toContainEqual(
      expect.objectContaining({
        firstLine: "@PJL INFO PRODINFO",
        words: "@PJL INFO PRODINFO",
        different: 1,
        service: "raw",
        sources: 1,
        sessions: 1,
      }),
    );
    const printed = { firstLine: "print job, text", sources: 1, different: 1 };
    expect(words).toContainEqual(expect.objectContaining({ ...printed, words: null }));
    const { json } = await who.analyst.get("/api/overview/first-words");
    expect((json as { words: object[] }).words).toContainEqual(
      expect.objectContaining({ ...printed, words: FLYER.slice(0, 96) }),
    );
  });

  it("of events are narrowed by sensor", async () => {
    const of = async (sensor: string) => {
      const { json } = await who.analyst.get(`/api/events?limit=5&sensor=${sensor}`);
      return (json as { events: { sensor: string }[] }).events.map((event) => event.sensor);
    };
    expect([await of("local"), await of("elsewhere")]).toEqual([Array(5).fill("local"), []]);
  });

  it("go on page by page", async () => {
    const pages = async (path: string, of: string) => {
      const ids: string[] = [];
      for (let after: string | null = "", n = 0; after !== null && n < 20; n++) {
        const { json }: Answer = await who.analyst.get(`${path}${after === "" ? "" : `&after=${after}`}`);
        const page = json as Record<string, { id: string }[]> & { next: string | null };
        ids.push(...page[of]!.map(({ id }) => id));
        after = page.next;
      }
      return ids;
    };
    expect(await pages("/api/cases?limit=1&order=newest", "cases")).toHaveLength(2);
    expect(await pages("/api/jobs?limit=1", "jobs")).toEqual(["J-3", "J-2", "J-1"]);
    expect(await pages("/api/sessions?limit=1&order=newest", "sessions")).toEqual(["S-4", "S-3", "S-2", "S-1"]);
    const { json } = await who.analyst.get("/api/jobs/piles");
    expect(json).toMatchObject({
      jobs: 3,
      different: 1,
      piles: [{ jobs: 3, sources: 2, latest: "J-3", intent: "spam" }],
    });
  });

  it.each([
    ["cases", "source:127.30.0.0/31", 1],
    ["cases", "source:127.30.0.0/30 intent:spam", 2],
    ["cases", "-intent:spam", 0],
    ["cases", "service:web", 0],
    ["cases", "signature:pjl-prodinfo", 1],
    ["cases", "is:printed level:certain", 1],
    ["cases", `PRODINFO`, 1],
    ["sessions", "prodinfo", 1],
    ["sessions", "source:127.30.0.2 service:raw", 1],
    ["sessions", `"print job"`, 2],
    ["sessions", "intent:spam", 4],
    ["sessions", "100%", 0],
    ["jobs", "user:nobody", 0],
    ["jobs", `name:script`, 1],
    ["jobs", "source:127.30.0.0/24 kind:job", 3],
    ["jobs", "'; drop table job; --", 0],
  ])("of %s are searched: %s", async (list, q, found) => {
    const { json, status } = await who.analyst.get(`/api/${list}?q=${encodeURIComponent(q)}`);
    expect(status).toBe(200);
    expect((json as Record<string, unknown[]>)[list]).toHaveLength(found);
  });

  it("show a case with the bytes it rests on and its sessions in lanes", async () => {
    const { reasons } = (await who.analyst.get("/api/cases/1")).json as {
      reasons: { rule: string; evidence: { bytes?: { before: string; match: string } }[] }[];
    };
    const prodinfo = reasons.find(({ rule }) => rule === "pjl-prodinfo");
    expect(prodinfo?.evidence[0]?.bytes).toMatchObject({ match: expect.stringContaining("PRODINFO") as string });
    const { json } = await who.viewer.get("/api/cases/1/timeline");
    expect(json).toMatchObject({
      lanes: [
        { service: "raw", sensor: "local", sessions: [{ id: "S-1", answered: true }, { id: "S-2", job: "J-1" }, {}] },
      ],
    });
  });
});

describe("news", () => {
  it("come as they become known, and again to who was away", async () => {
    const stream = await who.viewer.open("GET", "/api/live");
    expect(stream.headers["content-type"]).toMatch(/^text\/event-stream/);
    let text = "";
    stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
    const until = async (pattern: RegExp) => {
      for (let i = 0; i < 200 && !pattern.test(text); i++) await new Promise((resolve) => setTimeout(resolve, 20));
      return pattern.exec(text)!;
    };
    await visit({ port: site.raw, from: "127.30.0.9", send: [PRODINFO] });
    const [, id, data] = await until(/id: (\d+)\nevent: case\ndata: (\{.*"127\.30\.0\.9".*\})\n/);
    expect(JSON.parse(data!)).toMatchObject({ id: "C-3", intent: "reconnaissance", new: true });
    await until(/event: counts\ndata: \{"cases":3/);
    stream.destroy();
    const again = await who.viewer.open("GET", "/api/live", undefined, { "last-event-id": String(Number(id) - 1) });
    text = "";
    again.on("data", (chunk: Buffer) => (text += chunk.toString()));
    await until(new RegExp(`id: ${id}\nevent: case`));
    again.destroy();
    const lost = await who.viewer.open("GET", "/api/live", undefined, { "last-event-id": "5" });
    text = "";
    lost.on("data", (chunk: Buffer) => (text += chunk.toString()));
    await until(/event: missed/);
    lost.destroy();
  });
});
