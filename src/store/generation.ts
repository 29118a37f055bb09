/** One generation of cases and findings. The store's live one, or one in which everything is judged again. */
import { sql } from "kysely";
import type { CaseRecord, Finding, Judgement, Visits } from "../detect/case.ts";
import { INTENT_ORDER } from "../detect/intent.ts";
import { sortableAddress } from "../util/address.ts";
import { append, type Shared, type Step } from "./engine.ts";
import type { JudgeStore, NumberedCase } from "./store.ts";
import type { CaseHourTable, CaseRuleTable, CaseTable, FindingTable } from "./tables.ts";

export class Generation implements JudgeStore {
  readonly generation: number;
  readonly #shared: Shared;
  #cursor: number;
  /** The latest hour in which there were visits; those before are summed up. */
  #hour: number | undefined;

  constructor(generation: number, cursor: number, shared: Shared) {
    this.generation = generation;
    this.#cursor = cursor;
    this.#shared = shared;
  }

  judgeCursor(): Promise<number> {
    return Promise.resolve(this.#cursor);
  }

  async latestCases(sourceKeys: readonly string[]): Promise<CaseRecord[]> {
    if (sourceKeys.length === 0) return [];
    const latest = this.#shared.engine.db
      .selectFrom("case_record")
      .distinctOn("source_key")
      .select(sql`rowid`.as("place"))
      .where("generation", "=", this.generation)
      .where("source_key", "in", sourceKeys)
      .orderBy("source_key")
      .orderBy("last_time", "desc")
      .orderBy("number", "desc");
    // By their places, so that no other records are read, see queries/records.ts.
    const records = this.#shared.engine.db.selectFrom("case_record").select("body");
    const rows = await records.where(sql`rowid`, "in", latest).execute();
    return rows.map((row) => JSON.parse(row.body) as CaseRecord);
  }

  commitJudgement(cursor: number, judgement: Judgement): Promise<NumberedCase[]> {
    return this.#shared.inTurn(() => this.#commit(cursor, judgement));
  }

  async #commit(cursor: number, judgement: Judgement): Promise<NumberedCase[]> {
    if (cursor < this.#cursor) throw new Error(`judged up to ${this.#cursor} already, not only to ${cursor}`);
    const { db } = this.#shared.engine;
    const cases = new Map(judgement.cases.map((record) => [record.key, record]));
    const finalKey = follow(judgement.renamed);
    const replaced = [...finalKey.keys()];
    const strayed = [...finalKey.values()].find((key) => !cases.has(key));
    if (strayed !== undefined) throw new Error(`the renamed case ${strayed} is not among the judged ones`);

    const { numbers, fresh, last } = await this.#number([...cases.keys()], judgement.renamed);
    const numbered = [...cases.values()].map((record) => ({ number: numbers.get(record.key)!, record }));
    const dropped = [...cases.keys(), ...replaced];
    const findings = judgement.findings.flatMap((finding) => findingRows(this.generation, finding, finalKey));
    const steps: Step[] = [
      ...replaced.map((from) =>
        db
          .updateTable("finding")
          .set({ case_key: finalKey.get(from)! })
          .where("generation", "=", this.generation)
          .where("case_key", "=", from)
          .compile(),
      ),
      ...append("finding", findings),
      db.updateTable("generation").set({ cursor }).where("generation", "=", this.generation).compile(),
    ];
    if (dropped.length > 0) {
      const mine = db.deleteFrom("case_record").where("generation", "=", this.generation);
      steps.push(mine.where("key", "in", dropped).compile());
      steps.push(
        ...append(
          "case_record",
          numbered.map((one) => caseRow(this.generation, one)),
        ),
      );
    }
    steps.push(...this.#counts(numbered, judgement.visits ?? [], numbers, finalKey));
    if (fresh.length > 0) {
      steps.push(...append("case_number", fresh));
      steps.push(db.updateTable("counter").set({ case_number: last }).compile());
    }
    const hour = Math.max(this.#hour ?? 0, ...(judgement.visits ?? []).map((visits) => visits.hour));
    if (hour > (this.#hour ?? 0)) steps.push(...this.#sumUp(this.#hour ?? hour - 1, hour));
    await this.#shared.engine.write(steps);
    this.#cursor = cursor;
    if (hour > 0) this.#hour = hour;
    this.#shared.lastCase = last;
    return numbered;
  }

  /** What is counted from: the rules of the changed cases anew, their sessions by hour on top. */
  #counts(
    numbered: readonly NumberedCase[],
    visits: readonly Visits[],
    numbers: ReadonlyMap<string, number>,
    finalKey: ReadonlyMap<string, string>,
  ): Step[] {
    if (numbered.length === 0) return [];
    const { db } = this.#shared.engine;
    const changed = numbered.map((one) => one.number);
    const { generation } = this;
    const mine = db.deleteFrom("case_rule").where("generation", "=", generation).where("case_number", "in", changed);
    const hours = visits.map(({ caseKey, ...rest }): CaseHourTable => {
      return { generation, case_number: numbers.get(finalKey.get(caseKey) ?? caseKey)!, ...rest };
    });
    return [
      mine.compile(),
      ...append(
        "case_rule",
        numbered.flatMap((one) => ruleRows(generation, one)),
      ),
      ...append("case_hour", hours),
    ];
  }

  /** Makes one row of all that a case did at one door in an hour, for the hours from one to before another. */
  #sumUp(from: number, until: number): Step[] {
    const theirs = `"generation" = ${this.generation} and "hour" >= ${from} and "hour" < ${until}`;
    const door = `"generation", "case_number", "hour", "sensor", "service"`;
    return [
      `create temp table "summed" as select ${door}, cast(sum("sessions") as integer) as "sessions" from "case_hour"
        where ${theirs} group by ${door}`,
      `delete from "case_hour" where ${theirs}`,
      `insert into "case_hour" (${door}, "sessions") select ${door}, "sessions" from "summed" order by "hour"`,
      `drop table "summed"`,
    ].map((sql) => ({ sql, parameters: [] }));
  }

  /**
   * Numbers for keys: the one a key has had in any generation, else the one of the key it replaces, else the next.
   * A replaced key keeps its number too, so that judging everything again gives the same numbers.
   */
  async #number(keys: readonly string[], renamed: Judgement["renamed"]) {
    const asked = [...new Set([...keys, ...renamed.flatMap(({ from, to }) => [from, to])])];
    const numbers = new Map<string, number>();
    const fresh: { key: string; number: number }[] = [];
    let last = this.#shared.lastCase;
    const give = (key: string, number: number) => {
      numbers.set(key, number);
      fresh.push({ key, number });
    };
    if (asked.length > 0) {
      const query = this.#shared.engine.db.selectFrom("case_number").selectAll().where("key", "in", asked);
      for (const { key, number } of await query.execute()) numbers.set(key, number);
    }
    for (const { from, to } of renamed) {
      const number = numbers.get(from);
      if (number !== undefined && !numbers.has(to)) give(to, number);
    }
    for (const key of keys) if (!numbers.has(key)) give(key, ++last);
    return { numbers, fresh, last };
  }
}

/** Where each replaced key ends, through chains of renaming. */
function follow(renamed: Judgement["renamed"]): Map<string, string> {
  const ends = new Map<string, string>();
  for (const { from, to } of renamed) {
    for (const [key, end] of ends) if (end === from) ends.set(key, to);
    ends.set(from, to);
    ends.delete(to);
  }
  return ends;
}

function caseRow(generation: number, { number, record }: NumberedCase): CaseTable {
  return {
    generation,
    number,
    key: record.key,
    source_key: record.sourceKey,
    source: record.source,
    source_ip: sortableAddress(record.source),
    first_time: record.firstTime,
    last_time: record.lastTime,
    intent: record.intent,
    gravity: INTENT_ORDER.indexOf(record.intent),
    confidence: record.confidence,
    headline: record.headline,
    sessions: record.sessions,
    jobs: record.jobs,
    probe_to_job: record.probeToJobMs ?? null,
    answered: record.answered ?? false,
    said: saidOf(record),
    body: JSON.stringify(record),
  };
}

/** How much a case has said. It grows when it gives a further reason or prints again. */
export const saidOf = ({ reasons, jobs }: CaseRecord) => reasons.length + jobs;

function ruleRows(generation: number, { number, record }: NumberedCase): CaseRuleTable[] {
  return record.reasons.map(({ rule, intent, count }) => ({
    generation,
    case_number: number,
    rule,
    hits: count,
    carries: intent === record.intent,
    last_time: record.lastTime,
  }));
}

function findingRows(generation: number, finding: Finding, finalKey: Map<string, string>): FindingTable[] {
  return finding.evidence.map((evidence) => ({
    generation,
    case_key: finalKey.get(finding.caseKey) ?? finding.caseKey,
    rule: finding.rule,
    kind: finding.kind,
    sensor: evidence.sensor,
    session: evidence.session,
    time: evidence.time,
    at_from: evidence.at?.[0] ?? null,
    at_to: evidence.at?.[1] ?? null,
    body: JSON.stringify(evidence),
  }));
}
