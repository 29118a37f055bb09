/** What every store must do with what was read of jobs. */
import { expect, it } from "vitest";
import type { Reading } from "../jobs/reading.ts";
import { toldOf } from "../jobs/told.ts";
import { batches } from "./conformance-data.ts";
import { countPiles, listPiles } from "./queries/jobs.ts";
import { brothers, countUnread, jobsWith, papers, readBodies, readingOf, unreadJobs } from "./queries/readings.ts";
import type { UnreadJob } from "./queries/readings.ts";
import type { JobRead, Store } from "./store.ts";

const LOOK = "0f".repeat(32);

function readingFor(sha256: string, title: string): Reading {
  return {
    version: 1,
    sha256,
    bytes: 40,
    outcome: { status: "ok", why: "" },
    sections: [{ language: "postscript", at: [0, 40], because: "begins with %!", mark: [0, 2], more: "" }],
    claims: [],
    pages: [{ page: 1, section: 0, width: 10, height: 14, widthMm: 210, heightMm: 297, by: "test" }],
    words: [{ page: 1, text: `${title} 70 % OFF €`, from: "stream" }],
    looks: [
      { page: 1, look: LOOK },
      { page: 2, look: null },
    ],
    indicators: [
      { kind: "link", value: "https://toner.example/", written: "toner.example", page: 1, in: "qr" },
      { kind: "link", value: "https://toner.example/", written: "toner.example", page: 1, in: "text" },
    ],
    summary: { title: { text: title, from: "read" }, words: 4, spoken: "eng", simhash: "00ff00ff00ff00ff", left: [] },
    ms: 12,
    peakBytes: 0,
  };
}

export function readingConformance(storeOf: () => Store, reopen: () => Promise<void>): void {
  async function filled(): Promise<{ store: Store; jobs: UnreadJob[] }> {
    const store = storeOf();
    const stream = batches("north", 11, 400);
    for (let i = 0; i < 4; i++) await store.commit(stream.next().value);
    return { store, jobs: (await unreadJobs(store.db, 1000, [])).jobs };
  }

  const told = ({ number, position, captured }: UnreadJob, reading: Reading): JobRead => ({
    number,
    position,
    event: { ...captured, type: "job.read", data: toldOf(captured.data, reading, [], ["Laserjet 9"]) },
    kind: { kind: "advertisement", rule: "job-advertises", words: ["70 % OFF"] },
  });

  it("gives every job once, sources in turn, and knows what was read through a restart", async () => {
    const { store, jobs } = await filled();
    expect(jobs.length).toBe(await countUnread(store.db));
    expect(jobs.length).toBeGreaterThan(10);
    const firsts = jobs.slice(0, new Set(jobs.map((job) => job.captured.origin!.source.ip)).size);
    expect(new Set(firsts.map((job) => job.captured.origin!.source.ip)).size).toBeGreaterThan(2);

    const { sha256 } = jobs[0]!;
    const same = jobs.filter((job) => job.sha256 === sha256);
    const reading = readingFor(sha256, "TONER SALE");
    const fresh = [{ reading, at: 5, family: sha256 }];
    const last = (await store.eventsAfter(0, 100_000)).at(-1)!.ordinal;
    const reads = same.map((job) => told(job, reading));
    const stored = await store.commitReadings(reads, fresh);
    expect(stored.map((one) => one.ordinal)).toEqual(same.map((_, i) => last + 1 + i));
    expect(await store.eventsAfter(last, 1000)).toEqual(stored);
    expect(await store.commitReadings(reads, fresh)).toEqual([]);
    await reopen();
    const again = storeOf();
    expect(await countUnread(again.db)).toBe(jobs.length - same.length);
    expect(await readingOf(again.db, sha256)).toEqual({ reading, family: sha256, at: 5 });
    const rows = await papers(again.db, [same[0]!.number, jobs.find((job) => job.sha256 !== sha256)!.number]);
    expect([...rows]).toEqual([
      [same[0]!.number, expect.objectContaining({ kind: "advertisement", title: "TONER SALE", width_mm: 210 })],
    ]);
    const batch = batches("south", 3, 20).next().value;
    const [next] = await again.commit(batch);
    expect(next!.ordinal).toBe(last + same.length + 1);
  });

  it("lays jobs that are alike on one pile, and counts who has an indicator", async () => {
    const { store, jobs } = await filled();
    const [one, other] = [...new Set(jobs.map((job) => job.sha256))];
    for (const sha256 of [one!, other!]) {
      const reading = readingFor(sha256, sha256 === one ? "TONER SALE" : "TONER SALE!");
      const reads = jobs.filter((job) => job.sha256 === sha256).map((job) => told(job, reading));
      await store.commitReadings(reads, [{ reading, at: 5, family: one! }]);
    }
    const both = jobs.filter((job) => job.sha256 === one || job.sha256 === other).length;
    const piles = await listPiles(store.db, { limit: 1000 });
    expect(piles.find((pile) => pile.family === one)).toMatchObject({ jobs: both, bodies: 2 });
    expect(piles.some((pile) => pile.family === other)).toBe(false);
    expect(await jobsWith(store.db, one!)).toEqual(new Map([["link\nhttps://toner.example/", both]]));
    expect((await brothers(store.db, one!, 10)).map((body) => body.looks)).toEqual([[LOOK], [LOOK]]);
    const counted = await countPiles(store.db, {});
    expect(counted.has).toMatchObject({ link: 1, qr: 1, undrawn: 0 });
    expect(counted.kinds).toEqual([{ is: "advertisement", piles: 1 }]);
    const found = await listPiles(store.db, { limit: 10, q: 'text:"OFF €" is:advertisement indicator:toner' });
    expect(found.map((pile) => pile.family)).toEqual([one]);
    expect(await listPiles(store.db, { limit: 10, q: "is:prank" })).toEqual([]);
  });

  it("forgets what was read with the last job of a body", async () => {
    const { store, jobs } = await filled();
    const { sha256 } = jobs[0]!;
    const same = jobs.filter((job) => job.sha256 === sha256).map((job) => job.number);
    const reading = readingFor(sha256, "SECRET");
    await store.commitReadings(
      jobs.filter((job) => job.sha256 === sha256).map((job) => told(job, reading)),
      [{ reading, at: 5, family: sha256 }],
    );
    const gone = { sessions: [], events: [], sources: [], cases: [] };
    await store.forget({ ...gone, jobs: same.slice(1) });
    expect((await readBodies(store.db, [sha256])).size).toBe(1);
    await store.forget({ ...gone, jobs: same });
    for (const table of ["reading", "reading_look", "indicator", "job_kind"] as const) {
      expect(await store.db.selectFrom(table).selectAll().execute()).toEqual([]);
    }
    // A reading that comes late finds no job of its own.
    expect(await store.commitReadings([told(jobs[0]!, reading)], [{ reading, at: 6, family: sha256 }])).toEqual([]);
  });
}
