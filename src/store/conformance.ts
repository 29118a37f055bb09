/** What every store must do, whatever it stands on. A test file of each store calls {@link storeConformance}. */
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CaseRecord, Evidence, Judgement } from "../detect/case.ts";
import { caseOf, FakeSensor } from "./conformance-data.ts";
import { expectSame, Model } from "./conformance-model.ts";
import { queryConformance } from "./conformance-queries.ts";
import { readingConformance } from "./conformance-readings.ts";
import { removalConformance } from "./conformance-removal.ts";
import { BatchRefused, type JudgeStore, type Store } from "./store.ts";

/** A place where a store lives: opened again after `close`, it holds what it held. */
export interface StorePlace {
  open(): Promise<Store>;
  /** Removes all traces; the store is closed by then. */
  remove(): Promise<void>;
}

export function storeConformance(name: string, make: () => Promise<StorePlace>): void {
  describe(name, () => {
    let place: StorePlace;
    let store: Store;
    const reopen = async () => {
      await store.close();
      store = await place.open();
    };

    beforeEach(async () => {
      place = await make();
      store = await place.open();
    });
    afterEach(async () => {
      await store.close();
      await place.remove();
    });

    describe("commit", () => {
      it("keeps what random batches bring, through restarts", async () => {
        const step = fc.oneof(
          { weight: 5, arbitrary: fc.tuple(fc.nat(1), fc.array(fc.nat(100_000), { maxLength: 30 })) },
          { weight: 1, arbitrary: fc.constant("reopen" as const) },
        );
        let run = 0;
        await fc.assert(
          fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
            if (run++ > 0) {
              await store.close();
              await place.remove();
              place = await make();
              store = await place.open();
            }
            const model = new Model();
            const sensors = [new FakeSensor("north"), new FakeSensor("south", 4001)];
            for (const one of steps) {
              if (one === "reopen") {
                await reopen();
                continue;
              }
              const batch = sensors[one[0]]!.batch(one[1]);
              expect(await store.commit(batch)).toEqual(model.apply(batch));
            }
            await expectSame(store, model);
          }),
          { numRuns: 12 },
        );
      });

      it("takes a batch once and refuses one that leaves a gap or overlaps", async () => {
        const sensor = new FakeSensor("north");
        const [first, second, third] = [sensor.batch([0, 1, 2]), sensor.batch([0, 5]), sensor.batch([7])];
        await store.commit(first!);
        await expect(store.commit(third!)).rejects.toThrow(BatchRefused);
        expect(await store.commit(second!)).toHaveLength(2);
        expect(await store.commit(first!)).toEqual([]);
        await reopen();
        expect(await store.commit(second!)).toEqual([]);
        const overlapping = { ...third!, from: second!.from };
        await expect(store.commit(overlapping)).rejects.toMatchObject({ position: second!.to });
        expect(await store.commit(third!)).toMatchObject([{ ordinal: 6 }]);
      });

      it("commits in the order of asking", async () => {
        const sensor = new FakeSensor("north");
        const model = new Model();
        const batches = Array.from({ length: 20 }, (_, i) => sensor.batch([0, i * 9 + 2, i * 9 + 5]));
        const added = await Promise.all(batches.map((batch) => store.commit(batch)));
        expect(added).toEqual(batches.map((batch) => model.apply(batch)));
        await expectSame(store, model);
      });

      it("moves the position by a batch without events", async () => {
        await store.commit({ sensor: "north", from: 1, to: 500, events: [] });
        expect(await store.positions()).toEqual([{ sensor: "north", position: 500, epoch: 0, seq: 0 }]);
      });
    });

    describe("judging", () => {
      const numbersOf = (numbered: { number: number }[]) => numbered.map((one) => one.number);

      it("numbers cases, replaces them and moves the cursor", async () => {
        expect(await store.judgeCursor()).toBe(0);
        const [a, b] = [caseOf("n/1/1", "192.0.2.1"), caseOf("n/1/9", "192.0.2.2")];
        expect(numbersOf(await store.commitJudgement(10, judged([a, b])))).toEqual([1, 2]);
        const changed = { ...b, intent: "spam" as const, lastTime: 99, probeToJobMs: 5 };
        await reopen();
        expect(await store.judgeCursor()).toBe(10);
        expect(await store.commitJudgement(12, judged([changed]))).toEqual([{ number: 2, record: changed }]);
        expect(await store.latestCases(["192.0.2.2", "192.0.2.1", "192.0.2.3"])).toEqual(
          expect.arrayContaining([a, changed]),
        );
        const columns = ["number", "intent", "gravity", "probe_to_job"] as const;
        const rows = store.db.selectFrom("case_record").select(columns).orderBy("number");
        expect(await rows.execute()).toEqual([
          { number: 1, intent: "reconnaissance", gravity: 6, probe_to_job: null },
          { number: 2, intent: "spam", gravity: 5, probe_to_job: 5 },
        ]);
        await expect(store.commitJudgement(11, judged([a]))).rejects.toThrow("12");
      });

      it("keeps one row of what a case did at a door in an hour that is over", async () => {
        const [a, b] = [caseOf("n/1/1", "192.0.2.1"), caseOf("n/1/9", "192.0.2.2")];
        const visits = (hour: number, record = a) => [
          { caseKey: record.key, sensor: "n", service: "raw", hour, sessions: 2 },
        ];
        let cursor = 0;
        const judge = (hour: number, record = a) =>
          store.commitJudgement(++cursor, { ...judged([record]), visits: visits(hour, record) });
        const rows = async () => {
          const columns = ["case_number", "hour", "sessions"] as const;
          const all = await store.db
            .selectFrom("case_hour")
            .select(columns)
            .orderBy("hour")
            .orderBy("case_number")
            .orderBy("sessions")
            .execute();
          return all.map((row) => [row.case_number, row.hour, row.sessions]);
        };
        for (const record of [a, a, b]) await judge(100, record);
        const begun = [1, 100, 2];
        expect(await rows()).toEqual([begun, begun, [2, 100, 2]]);
        await judge(101);
        expect(await rows()).toEqual([
          [1, 100, 4],
          [2, 100, 2],
          [1, 101, 2],
        ]);
        await reopen();
        // What comes late adds up.
        for (const hour of [101, 100, 103, 103]) await judge(hour);
        expect(await rows()).toEqual([
          [1, 100, 2],
          [1, 100, 4],
          [2, 100, 2],
          [1, 101, 4],
          [1, 103, 2],
          [1, 103, 2],
        ]);
      });

      it("gives the latest of several cases of one source", async () => {
        const old = caseOf("n/1/1", "192.0.2.1", { lastTime: 100 });
        const late = caseOf("n/1/9", "192.0.2.1", { lastTime: 200 });
        await store.commitJudgement(5, judged([late, old]));
        expect(await store.latestCases(["192.0.2.1"])).toEqual([late]);
        expect(await store.latestCases([])).toEqual([]);
      });

      it("keeps the number of a case whose key is replaced, and takes its findings along", async () => {
        await store.commitJudgement(5, judged([caseOf("n/1/5", "192.0.2.1")], ["n/1/5"]));
        const renamed = [
          { from: "n/1/5", to: "n/1/3" },
          { from: "n/1/3", to: "n/1/2" },
        ];
        const again = { ...judged([caseOf("n/1/2", "192.0.2.1")], ["n/1/3"]), renamed };
        expect(numbersOf(await store.commitJudgement(6, again))).toEqual([1]);
        await reopen();
        expect(numbersOf(await store.commitJudgement(7, judged([caseOf("n/1/2", "192.0.2.1")])))).toEqual([1]);
        expect(await store.db.selectFrom("case_record").select("key").execute()).toEqual([{ key: "n/1/2" }]);
        const findings = await store.db.selectFrom("finding").select(["case_key", "at_from", "at_to"]).execute();
        const row = { case_key: "n/1/2", at_from: 9, at_to: 21 };
        expect(findings).toEqual([row, row]);
        await expect(
          store.commitJudgement(8, { cases: [], findings: [], renamed: [{ from: "n/1/2", to: "n/1/1" }] }),
        ).rejects.toThrow("n/1/1");
      });

      it("judges again in a generation beside the live one, with the same numbers", async () => {
        const [a, b, c] = ["n/1/1", "n/1/2", "n/1/3"].map((key, i) => caseOf(key, `192.0.2.${i}`)) as [
          CaseRecord,
          CaseRecord,
          CaseRecord,
        ];
        await store.commitJudgement(20, judged([a, b], [a.key]));
        await store.beginGeneration();
        const next: JudgeStore = await store.beginGeneration();
        expect(await next.judgeCursor()).toBe(0);
        expect(await next.latestCases([a.sourceKey])).toEqual([]);
        const spam = { ...b, intent: "spam" as const };
        expect(numbersOf(await next.commitJudgement(20, judged([spam, c], [b.key])))).toEqual([2, 3]);
        expect(await store.latestCases([b.sourceKey])).toEqual([b]);
        await store.swapGeneration();
        expect(await store.latestCases([a.sourceKey, b.sourceKey])).toEqual([spam]);
        await reopen();
        expect(await store.judgeCursor()).toBe(20);
        expect(await store.latestCases([a.sourceKey, b.sourceKey])).toEqual([spam]);
        expect(await store.db.selectFrom("finding").select("case_key").execute()).toEqual([{ case_key: b.key }]);
        await expect(store.swapGeneration()).rejects.toThrow("no generation");
      });
    });

    describe("queries", () => queryConformance(() => store));

    describe("removing", () => removalConformance(() => store, reopen));

    describe("readings", () => readingConformance(() => store, reopen));

    it("reads with PostgreSQL's SQL and refuses transactions", async () => {
      await expect(store.db.transaction().execute(() => Promise.resolve())).rejects.toThrow("reading");
      const { count } = store.db.fn;
      const none = store.db.selectFrom("event").select(count<number>("ordinal").as("n"));
      expect(await none.executeTakeFirst()).toEqual({ n: 0 });
      await expect(
        store.db
          .selectFrom("nowhere" as "event")
          .selectAll()
          .execute(),
      ).rejects.toThrow("nowhere");
    });
  });
}

function judged(cases: CaseRecord[], findingsOf: readonly string[] = []): Judgement {
  const at: [number, number] = [9, 21];
  const evidence: Evidence = { sensor: "n", epoch: 1, seq: 2, time: 20, session: "1-1", service: "raw", at };
  const findings = findingsOf.map((caseKey) => ({
    caseKey,
    rule: "pjl-info-id",
    kind: "signature" as const,
    evidence: [evidence],
  }));
  return { cases, findings, renamed: [] };
}
