/** What every store must do when something is to be removed. */
import { expect, it } from "vitest";
import { batches, caseOf } from "./conformance-data.ts";
import type { Store } from "./store.ts";

const TABLES = ["event", "session", "job", "case_record", "finding", "case_number"] as const;

type Rows = Record<string, unknown>[];

async function everything(store: Store): Promise<Record<string, Rows>> {
  const read = async (table: (typeof TABLES)[number]) => {
    const rows = (await store.db.selectFrom(table).selectAll().execute()) as unknown as Rows;
    return rows.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  };
  return Object.fromEntries(await Promise.all(TABLES.map(async (table) => [table, await read(table)])));
}

export function removalConformance(storeOf: () => Store, reopen: () => Promise<void>): void {
  /** Two sensors with some hundred events, a case for each source and a finding for each session. */
  async function fill(): Promise<void> {
    const store = storeOf();
    for (const name of ["north", "south"]) {
      const stream = batches(name, 7, 300);
      for (let i = 0; i < 3; i++) await store.commit(stream.next().value);
    }
    const sessions = await store.db.selectFrom("session").selectAll().execute();
    const sources = [...new Set(sessions.map((one) => one.source_key))];
    const lastOf = (key: string) => Math.max(...sessions.filter((s) => s.source_key === key).map((s) => s.opened));
    await store.commitJudgement(1, {
      cases: sources.map((source) => caseOf(`case of ${source}`, source, { lastTime: lastOf(source) })),
      findings: sessions.map(({ sensor, session, source_key, opened }) => ({
        caseKey: `case of ${source_key}`,
        rule: "pjl-info-id",
        kind: "signature",
        evidence: [{ sensor, epoch: 1, seq: 1, time: opened, session, service: "raw" }],
      })),
      renamed: [],
    });
  }

  it("forgets sessions, jobs, events and what was derived, and nothing else", async () => {
    await fill();
    const store = storeOf();
    const before = await everything(store);
    const session = before["session"]!.find((one) => one["closed"] !== null && Number(one["events"]) > 3)!;
    const job = before["job"]!.find((one) => one["source_key"] !== session["source_key"])!;
    const own = (row: Record<string, unknown>) =>
      row["sensor"] === session["sensor"] && row["session"] === session["session"];
    const single = before["event"]!.find((one) => one["type"] === "pjl.command" && !own(one))!;
    const sources = [String(session["source_key"])];
    const gone = Number(before["case_record"]!.find((row) => row["source_key"] === sources[0])!["number"]);
    const other = gone === 1 ? 2 : 1;
    for (const about of [{ case: gone }, { case: other }, { rule: "pjl-info-id" }]) {
      await store.decisions.decide({ kind: "case" in about ? "note" : "mute", about, value: "seen", by: "t", at: 1 });
    }
    await store.forget({
      sessions: [Number(session["number"])],
      jobs: [Number(job["number"])],
      events: [{ sensor: String(single["sensor"]), position: Number(single["position"]) }],
      sources,
      cases: [gone],
    });
    for (const again of [() => Promise.resolve(), () => storeOf().compact(), reopen]) {
      await again();
      const after = await everything(storeOf());
      expect(after["event"]).toEqual(before["event"]!.filter((row) => !own(row) && row !== single));
      expect(after["session"]).toEqual(before["session"]!.filter((row) => row !== session));
      expect(after["job"]).toEqual(before["job"]!.filter((row) => !own(row) && row !== job));
      expect(after["case_record"]).toEqual(before["case_record"]!.filter((row) => row["source_key"] !== sources[0]));
      expect(after["finding"]).toEqual(before["finding"]!.filter((row) => row["case_key"] !== `case of ${sources[0]}`));
    }
    // The number of the forgotten case is not given out again, and what was decided about it is gone.
    expect((await everything(storeOf()))["case_number"]).toHaveLength(before["case_number"]!.length - 1);
    const decided = storeOf().db.selectFrom("decision").select("case_number").orderBy("number");
    expect((await decided.execute()).map((row) => row.case_number)).toEqual([other, null]);
    const [renewed] = await storeOf().commitJudgement(2, {
      cases: [caseOf("again", sources[0]!)],
      findings: [],
      renamed: [],
    });
    expect(renewed!.number).toBe(before["case_number"]!.length + 1);
  });

  it("goes on after it was written anew, with questions asked meanwhile", async () => {
    await fill();
    const store = storeOf();
    const before = await everything(store);
    const answers = await Promise.all([everything(store), store.compact(), everything(store), everything(store)]);
    for (const answer of [answers[0], answers[2], answers[3]]) expect(answer).toEqual(before);
    const [position] = await store.positions();
    const { sensor, position: from } = position!;
    await store.commit({ sensor, from, to: from + 1, events: [] });
    await reopen();
    expect(await everything(storeOf())).toEqual(before);
  });

  it("removes what lies before a position of a sensor's log", async () => {
    await fill();
    const store = storeOf();
    const before = await everything(store);
    const positions = before["event"]!.filter((one) => one["sensor"] === "north").map((one) => Number(one["position"]));
    const position = positions.sort((a, b) => a - b)[Math.floor(positions.length / 2)]!;
    await store.expire({ sensor: "north", position, time: Number.MAX_SAFE_INTEGER });
    const after = await everything(store);
    const kept = (row: Record<string, unknown>) => row["sensor"] !== "north" || Number(row["position"]) >= position;
    expect(after["event"]).toEqual(before["event"]!.filter(kept));
    const sessions = before["session"]!.filter(
      (row) => row["sensor"] !== "north" || row["closed"] === null || Number(row["log_end"]) >= position,
    );
    expect(after["session"]).toEqual(sessions);
    expect(sessions.length).toBeLessThan(before["session"]!.length);
    const names = new Set(sessions.map((row) => `${String(row["sensor"])}/${String(row["session"])}`));
    const sources = new Set(sessions.map((row) => row["source_key"]));
    const known = (row: Record<string, unknown>) => names.has(`${String(row["sensor"])}/${String(row["session"])}`);
    expect(after["job"]).toEqual(before["job"]!.filter(known));
    expect(after["finding"]).toEqual(before["finding"]!.filter(known));
    expect(after["case_record"]).toEqual(before["case_record"]!.filter((row) => sources.has(row["source_key"])));
    await store.expire({ sensor: "north", position: 2 ** 40, time: 0 });
    expect(await store.db.selectFrom("case_record").select("key").execute()).toHaveLength(after["case_record"]!.length);
    expect(await store.db.selectFrom("event").select("sensor").distinct().execute()).toEqual([{ sensor: "south" }]);
  });
}
