/** One story in a store, and what each query must answer about it. */
import { expect, it } from "vitest";
import type { Draft, Event, Origin } from "../event/event.ts";
import { sortableAddress, sourceKey } from "../util/address.ts";
import { caseOf } from "./conformance-data.ts";
import { caseByNumber } from "./queries/case.ts";
import { listCases } from "./queries/cases.ts";
import { listEvents } from "./queries/events.ts";
import { jobByNumber } from "./queries/job.ts";
import { listJobs } from "./queries/jobs.ts";
import type { SourceRange } from "./queries/live.ts";
import { jobNumbers, sessionNumbers, sessionPlaces } from "./queries/numbers.ts";
import { lastVisit, overview } from "./queries/overview.ts";
import { sessionByNumber } from "./queries/session.ts";
import { jobsOfCases, sessionsOfCases } from "./queries/visits.ts";
import type { Store } from "./store.ts";

const DAY = 86_400_000;
const START = Date.UTC(2025, 1, 1);
const SPAMMER = "198.51.100.7";
const SCANNER = "2001:db8:1:2::9";
const close: Draft = {
  type: "session.close",
  data: { reason: "visitor", durationMs: 1, bytesIn: 30, bytesOut: 90, uncounted: {}, logEnd: 0 },
};

function job(id: string, kind: "job" | "stray"): Draft {
  return {
    type: "job.captured",
    data: {
      job: id,
      kind,
      language: "text",
      bytes: 9,
      sha256: (kind === "job" ? "a" : "b").repeat(64),
      complete: true,
      at: [0, 9],
      wrapper: [],
      head: "BUY CHEAP",
    },
  };
}

/** Number, source, begin and what happened between open and close of each session, in the order of commitment. */
const SESSIONS: readonly [string, string, number, Draft[]][] = [
  ["1-1", SPAMMER, START, []],
  ["1-2", SCANNER, START + 1000, [job("1-2.1", "stray")]],
  ["1-3", SPAMMER, START + DAY, [job("1-3.1", "job"), job("1-3.2", "job")]],
  ["1-4", SPAMMER, START + 90 * DAY, []],
];

async function tell(store: Store): Promise<void> {
  let seq = 0;
  const events: { event: Event; position: number }[] = [];
  for (const [session, ip, time, drafts] of SESSIONS) {
    const origin: Origin = {
      sensor: "n",
      device: "printer",
      persona: "hp-laserjet-4250",
      service: "raw",
      session,
      transport: "tcp",
      source: { ip, port: 40_000, verified: true },
      target: { ip: "192.0.2.200", port: 9100 },
    };
    for (const draft of [{ type: "session.open", data: {} } as Draft, ...drafts, close]) {
      seq++;
      events.push({ event: { ...draft, sensor: "n", epoch: 1, seq, time: time + seq, origin }, position: seq * 100 });
    }
  }
  await store.commit({ sensor: "n", from: 1, to: 9000, events });
}

const CASES = [
  caseOf("n/1/1", SPAMMER, { firstTime: START, lastTime: START + DAY + 100, intent: "spam" }),
  caseOf("n/1/3", SCANNER, { firstTime: START, lastTime: START + 5000 }),
  caseOf("n/1/11", SPAMMER, { firstTime: START + 90 * DAY, lastTime: START + 90 * DAY + 100 }),
];

async function judge(store: Store): Promise<void> {
  const evidence = { sensor: "n", epoch: 1, time: START, service: "raw" };
  const finding = {
    caseKey: "n/1/1",
    rule: "unsolicited-job",
    kind: "correlation" as const,
    evidence: [
      { ...evidence, seq: 1, session: "1-1" },
      { ...evidence, time: START + DAY + 8, seq: 8, session: "1-3", job: "1-3.1", at: [0, 9] as [number, number] },
    ],
  };
  await store.commitJudgement(12, { cases: CASES, findings: [finding], renamed: [] });
  // What a generation that is not live says must be seen nowhere.
  const other = await store.beginGeneration();
  const wrong = CASES.map((record) => Object.assign(structuredClone(record), { intent: "exploit" }));
  await other.commitJudgement(3, { cases: wrong, findings: [finding], renamed: [] });
}

export function queryConformance(storeOf: () => Store): void {
  const told = async () => {
    await tell(storeOf());
    await judge(storeOf());
    return storeOf().db;
  };
  const numbers = (rows: readonly { number: number }[] | undefined) => rows?.map((row) => row.number);

  it("answers about nothing", async () => {
    const { db } = storeOf();
    const none = { cases: 0, own: 0, visits: 0, jobs: 0, strays: 0, first: null, events: 0, judged: 0 };
    expect(await overview(db)).toEqual(none);
    expect(await listCases(db, { limit: 9 })).toEqual({ cases: [], count: 0 });
    expect(await listEvents(db, { limit: 9 })).toEqual({ events: [], next: 0 });
    expect(await listJobs(db, { limit: 9 })).toEqual([]);
    expect(await sessionsOfCases(db, [], 9)).toEqual(new Map());
    expect((await jobNumbers(db, []))("n", "1-1.1")).toBeUndefined();
    expect([await caseByNumber(db, 1), await sessionByNumber(db, 1), await jobByNumber(db, 1)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("counts", async () => {
    const all = { cases: 3, own: 0, visits: 4, jobs: 2, strays: 1, first: START + 1, events: 11, judged: 12 };
    expect(await overview(await told())).toEqual(all);
  });

  it("leaves out what it is told to", async () => {
    const db = await told();
    const range = (from: string, to: string) => [sortableAddress(from), sortableAddress(to)] as const;
    const spammers = range("198.51.100.0", "198.51.100.255");
    const scanners = range("2001:db8:1:2::", "2001:db8:1:2:ffff:ffff:ffff:ffff");
    const nobody = range("192.0.2.0", "192.0.2.255");
    const counted = async (...without: SourceRange[]) => {
      const { cases, own, visits, jobs, strays, first } = await overview(db, without);
      return [cases, own, visits, jobs, strays, first];
    };
    expect(await counted(spammers)).toEqual([1, 2, 1, 0, 1, START + 1003]);
    expect(await counted(nobody, scanners)).toEqual([2, 1, 3, 2, 0, START + 1]);
    expect(await counted(spammers, scanners)).toEqual([0, 3, 0, 0, 0, null]);
    const listed = async (...without: SourceRange[]) => numbers((await listCases(db, { limit: 9, without })).cases);
    expect(await listed(spammers)).toEqual([2]);
    expect(await listed(nobody, scanners)).toEqual([1, 3]);
    expect(await lastVisit(db)).toEqual({ number: 4, source: SPAMMER, opened: expect.any(Number) as number });
    expect(await lastVisit(db, [spammers])).toMatchObject({ number: 2, source: SCANNER });
    expect(await lastVisit(db, [spammers, scanners])).toBeUndefined();
  });

  it("lists cases, gravest and newest first, page by page", async () => {
    const db = await told();
    const { cases, count, next } = await listCases(db, { counted: true, limit: 2 });
    expect(count).toBe(3);
    expect(cases).toMatchObject([
      { number: 1, record: CASES[0] },
      { number: 3, record: CASES[2] },
    ]);
    expect(await listCases(db, { limit: 2, after: next })).toMatchObject({ cases: [{ number: 2, record: CASES[1] }] });
    const only = async (asked: Partial<Parameters<typeof listCases>[1]>) =>
      numbers((await listCases(db, { limit: 9, ...asked })).cases);
    expect(await only({ intent: "reconnaissance" })).toEqual([3, 2]);
    expect(await only({ source: SCANNER })).toEqual([2]);
    expect(await only({ source: sourceKey(SCANNER) })).toEqual([2]);
    expect(await only({ since: START + DAY })).toEqual([1, 3]);
    await expect(only({ after: "1 or 1=1" })).rejects.toThrow(RangeError);
  });

  it("tells what belongs to a case", async () => {
    const db = await told();
    const first = await caseByNumber(db, 1);
    expect([first?.record, numbers(first?.sessions), numbers(first?.jobs)]).toEqual([CASES[0], [1, 3], [2, 3]]);
    expect(first?.jobs[0]).toEqual((await jobByNumber(db, 2))?.job);
    expect(first?.sessions[0]).toEqual((await sessionByNumber(db, 1))?.session);
    const second = await caseByNumber(db, 2);
    expect([numbers(second?.sessions), numbers(second?.jobs)]).toEqual([[2], [1]]);
    const limited = await sessionsOfCases(db, [1, 2, 3], 1);
    expect([1, 2, 3].map((number) => numbers(limited.get(number)))).toEqual([[1], [2], [4]]);
    expect(numbers((await jobsOfCases(db, [1, 3], 1)).get(1))).toEqual([2]);
    expect(await caseByNumber(db, 4)).toBeUndefined();
  });

  it("tells what happened in a session", async () => {
    const db = await told();
    const third = await sessionByNumber(db, 3);
    expect(third?.session).toMatchObject({ source: SPAMMER, first_line: "print job, text", bytes_out: 90, events: 4 });
    expect(third?.events.map((one) => one.ordinal)).toEqual([6, 7, 8, 9]);
    expect(third?.findings).toMatchObject([{ rule: "unsolicited-job", evidence: { job: "1-3.1", at: [0, 9] } }]);
    expect([third?.caseNumber, (await sessionByNumber(db, 4))?.caseNumber]).toEqual([1, 3]);
    expect(await sessionByNumber(db, 5)).toBeUndefined();
  });

  it("lists jobs and tells of one", async () => {
    const db = await told();
    expect(numbers(await listJobs(db, { limit: 2 }))).toEqual([3, 2]);
    expect(numbers(await listJobs(db, { limit: 2, before: 2 }))).toEqual([1]);
    expect(numbers(await listJobs(db, { limit: 9, kind: "stray" }))).toEqual([1]);
    expect(numbers(await listJobs(db, { limit: 9, source: SPAMMER }))).toEqual([3, 2]);
    expect(numbers(await listJobs(db, { limit: 9, sha256: "b".repeat(64) }))).toEqual([1]);
    expect(await jobByNumber(db, 3)).toMatchObject({
      job: { job: "1-3.2", complete: true },
      captured: { job: "1-3.2", head: "BUY CHEAP" },
      sessionNumber: 3,
      caseNumber: 1,
    });
    // A session is found by its name, sooner by when something of it happened, also when it had begun long before.
    for (const time of [undefined, START + DAY, START + 50 * DAY]) {
      const sessions = await sessionPlaces(db, [{ sensor: "n", id: "1-3", ...(time === undefined ? {} : { time }) }]);
      expect(sessions("n", "1-3")).toMatchObject({ number: 3, logEnd: 900 });
      expect(sessions("m", "1-3")).toBeUndefined();
    }
    const ids = [{ sensor: "n", id: "1-3.1" }];
    const numberOf = await jobNumbers(db, ids);
    expect([numberOf("n", "1-3.1"), numberOf("m", "1-3.1")]).toEqual([2, undefined]);
    expect((await sessionNumbers(db, [{ sensor: "n", id: "1-4" }]))("n", "1-4")).toBe(4);
  });

  it("follows events", async () => {
    const db = await told();
    const ordinals = async (asked: Partial<Parameters<typeof listEvents>[1]>) => {
      const { events, next } = await listEvents(db, { limit: 3, ...asked });
      return [...events.map((one) => one.ordinal), `next ${next}`];
    };
    expect(await ordinals({})).toEqual([9, 10, 11, "next 11"]);
    expect(await ordinals({ after: 0 })).toEqual([1, 2, 3, "next 3"]);
    expect(await ordinals({ after: 9 })).toEqual([10, 11, "next 11"]);
    expect(await ordinals({ after: 0, type: "job.captured" })).toEqual([4, 7, 8, "next 8"]);
    expect(await ordinals({ after: 4, source: SCANNER })).toEqual([5, "next 11"]);
  });
}
