/**
 * Forgetting: everything of a session, case, job or source leaves log, jobs and store, and what is left of its source
 * is judged again. What is about to be done is written down first, so that a run that was cut short is finished by the
 * next one; that it was done, and not what was forgotten, is kept in the audit.
 */
import { readdir, unlink } from "node:fs/promises";
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { Judge } from "../detect/judge.ts";
import type { RuleSet } from "../detect/rules.ts";
import { erase, type Spot, spotOf, spotsOfSession } from "../evidence/erase.ts";
import { LogReader } from "../evidence/reader.ts";
import { KIND, type LogRecord, readEvent } from "../evidence/record.ts";
import { removeBodies } from "../evidence/references.ts";
import { listEvents } from "../store/queries/events.ts";
import { jobByNumber } from "../store/queries/job.ts";
import { listSessions } from "../store/queries/sessions.ts";
import type { Forgotten } from "../store/removal.ts";
import type { Store } from "../store/store.ts";
import type { JobTable, SessionTable } from "../store/tables.ts";
import { readJsonFile, writeJsonFile } from "../util/json-file.ts";

export interface ForgetParts {
  store: Store;
  rules: RuleSet;
  /** Folder with one folder per sensor. */
  sensors: string;
  /** File in which is written down what is about to be done. */
  journal: string;
  /** Runs a task while nothing is judged. */
  alone: <T>(task: () => Promise<T>) => Promise<T>;
  /** Drops the alerts about cases that are not sent yet. */
  forgetAlerts?: (cases: readonly number[]) => Promise<void>;
  /** Drops the pictures of jobs that are no more. */
  forgetPages?: () => Promise<void>;
  now: () => number;
}

/** One of these, by number; or all of a source. */
export type ForgetAsked = { case: number } | { session: number } | { job: number } | { source: string };

export interface Forgot {
  sessions: number;
  jobs: number;
  /** Records of the log that were made empty. */
  records: number;
  /** Sessions that are not over and were left as they are. */
  open: number;
  /** Whether the files of the store were written anew without what was removed. */
  compacted: boolean;
}

/** Where it is written down, beside the store. */
export const forgetJournal = (storeFile: string) => join(dirname(storeFile), "forgetting.json");

/** Nothing of the kind is there. */
export class NothingThere extends Error {}

/** A step of the work: what leaves the store, and by sensor the records and bodies that go. */
interface Plan extends Forgotten {
  spots: Record<string, Spot[]>;
  bodies: Record<string, string[]>;
}

interface Journal {
  plan: Plan;
  /** Cases of the sources before anything was dropped. */
  cases: [source: string, cases: OldCase[]][];
}

interface OldCase {
  key: string;
  number: number;
  first: number;
  last: number;
}

/** By source key. */
type Cases = Map<string, OldCase[]>;

/** Sessions that are forgotten in one step. */
const STEP = 200;
/** Events that are judged again at once. */
const BATCH = 2000;

export class Forgetter {
  readonly #parts: ForgetParts;

  constructor(parts: ForgetParts) {
    this.#parts = parts;
  }

  /** Forgets. `who` is written into the audit. Throws NothingThere. */
  forget(asked: ForgetAsked, who: { name: string; address: string }): Promise<Forgot> {
    return this.#parts.alone(async () => {
      const result: Forgot = { sessions: 0, jobs: 0, records: 0, open: 0, compacted: false };
      const cases: Cases = new Map();
      if ("job" in asked) await this.#job(asked.job, result, cases);
      else await this.#sessions(asked, result, cases);
      result.compacted = await this.#finish(cases);
      const { store, now } = this.#parts;
      const about =
        "case" in asked
          ? `C-${asked.case}`
          : "session" in asked
            ? `S-${asked.session}`
            : "job" in asked
              ? `J-${asked.job}`
              : "a source";
      await store.audit.add({
        at: now(),
        who: who.name,
        address: who.address,
        what: "forget",
        about,
        detail: { ...result },
      });
      return result;
    });
  }

  /** Finishes what a run before was about to do. */
  async recover(): Promise<void> {
    const journal = await readJsonFile<Journal>(this.#parts.journal);
    if (!journal) return;
    await this.#carryOut(journal.plan);
    await this.#finish(new Map(journal.cases));
  }

  async #sessions(asked: Exclude<ForgetAsked, { job: number }>, result: Forgot, cases: Cases): Promise<void> {
    const { db } = this.#parts.store;
    const closed: number[] = [];
    for (let after = 0; ;) {
      const found = await listSessions(db, { ...asked, limit: STEP, after });
      if (found.length === 0) break;
      after = found.at(-1)!.number;
      for (const session of found) if (session.closed !== null) closed.push(session.number);
      result.open += found.filter((session) => session.closed === null).length;
    }
    if (closed.length + result.open === 0) throw new NothingThere();
    for (let i = 0; i < closed.length; i += STEP) {
      const query = db
        .selectFrom("session")
        .selectAll()
        .where("number", "in", closed.slice(i, i + STEP));
      const sessions = await query.execute();
      await this.#remember(
        cases,
        sessions.map((session) => session.source_key),
      );
      const plan = await this.#planSessions(sessions);
      await this.#step(plan, cases);
      count(result, plan);
    }
  }

  async #planSessions(sessions: readonly SessionTable[]): Promise<Plan> {
    const plan = emptyPlan([...new Set(sessions.map((session) => session.source_key))]);
    const { db } = this.#parts.store;
    const jobs: JobTable[] = [];
    for (const [sensor, own] of grouped(sessions)) {
      const ids = own.map((session) => session.session);
      const reader = new LogReader(this.#evidence(sensor));
      try {
        const spots = new Map<number, Spot>();
        for (const { log_end } of own) {
          for (const spot of await spotsOfSession(reader, log_end, () => true)) spots.set(spot[0], spot);
        }
        // The last event of a session stands behind the record that its row names.
        const events = db.selectFrom("event").select("position").where("sensor", "=", sensor);
        for (const { position } of await events.where("session", "in", ids).execute()) {
          const record = spots.has(position) ? undefined : await reader.at(position);
          if (record) spots.set(position, spotOf(record));
        }
        plan.spots[sensor] = [...spots.values()];
      } finally {
        await reader.close();
      }
      const query = db.selectFrom("job").selectAll().where("sensor", "=", sensor);
      jobs.push(...(await query.where("session", "in", ids).execute()));
    }
    plan.sessions = sessions.map((session) => session.number);
    plan.jobs = jobs.map((job) => job.number);
    plan.bodies = await this.#bodies(jobs);
    return plan;
  }

  async #job(number: number, result: Forgot, cases: Cases): Promise<void> {
    const { db } = this.#parts.store;
    const found = await jobByNumber(db, number);
    const [session] = found?.sessionNumber ? await listSessions(db, { session: found.sessionNumber, limit: 1 }) : [];
    if (!found || !session) throw new NothingThere();
    await this.#remember(cases, [session.source_key]);
    const { job, captured } = found;
    const plan = emptyPlan([session.source_key]);
    const reader = new LogReader(this.#evidence(job.sensor));
    try {
      const within = await withinJob(reader, session.log_end, captured.at);
      const spots = await spotsOfSession(reader, session.log_end, within);
      plan.spots[job.sensor] = spots;
      plan.events = spots.map(([position]) => ({ sensor: job.sensor, position }));
    } finally {
      await reader.close();
    }
    plan.jobs = [number];
    plan.bodies = await this.#bodies([job]);
    await this.#step(plan, cases);
    count(result, plan);
  }

  /** Bodies of the jobs that no other job has, by sensor. */
  async #bodies(jobs: readonly JobTable[]): Promise<Plan["bodies"]> {
    const going = new Set(jobs.map((job) => job.number));
    const bodies: Plan["bodies"] = {};
    for (const [sensor, own] of grouped(jobs)) {
      const hashes = [...new Set(own.map((job) => job.sha256))];
      const query = this.#parts.store.db.selectFrom("job").select(["number", "sha256"]).where("sensor", "=", sensor);
      const sharers = (await query.where("sha256", "in", hashes).execute()).filter((row) => !going.has(row.number));
      const kept = new Set(sharers.map((row) => row.sha256));
      bodies[sensor] = hashes.filter((sha256) => !kept.has(sha256));
    }
    return bodies;
  }

  /** Remembers the cases of sources before they are dropped, for their numbers. */
  async #remember(cases: Cases, keys: readonly string[]): Promise<void> {
    const fresh = [...new Set(keys)].filter((key) => !cases.has(key));
    if (fresh.length === 0) return;
    const rows = await this.#parts.store.db
      .selectFrom("case_record")
      .select(["key", "number", "source_key", "first_time", "last_time"])
      .where("source_key", "in", fresh)
      .orderBy("first_time")
      .execute();
    for (const key of fresh) cases.set(key, []);
    for (const { key, number, source_key, first_time, last_time } of rows) {
      cases.get(source_key)!.push({ key, number, first: first_time, last: last_time });
    }
  }

  async #step(plan: Plan, cases: Cases): Promise<void> {
    await writeJsonFile(this.#parts.journal, { plan, cases: [...cases] } satisfies Journal);
    await this.#carryOut(plan);
  }

  /** May be done again from its beginning. */
  async #carryOut(plan: Plan): Promise<void> {
    const { store } = this.#parts;
    const positions = new Map((await store.positions()).map(({ sensor, position }) => [sensor, position]));
    for (const [sensor, spots] of Object.entries(plan.spots)) await erase(this.#evidence(sensor), spots);
    for (const [sensor, bodies] of Object.entries(plan.bodies)) {
      const reader = new LogReader(this.#evidence(sensor));
      await removeBodies(this.#evidence(sensor), reader, bodies, positions.get(sensor) ?? 0).finally(() =>
        reader.close(),
      );
    }
    await store.forget(plan);
  }

  /** Judges again what is left of the sources, and leaves nothing of what is not. Returns whether the store was compacted. */
  async #finish(cases: Cases): Promise<boolean> {
    const { store, journal } = this.#parts;
    await store.forget(emptyPlan([...cases.keys()]));
    const gone: number[] = [];
    for (const [source, old] of cases) {
      const left = await this.#judgeAgain(source, old);
      gone.push(...old.map((one) => one.number).filter((number) => !left.includes(number)));
      const [some] = await listSessions(store.db, { source, limit: 1 });
      if (!some) await this.#forgetMemory(source);
    }
    if (gone.length > 0) await store.forget({ ...emptyPlan([]), cases: gone });
    await this.#parts.forgetPages?.();
    await this.#parts.forgetAlerts?.([...cases.values()].flat().map((one) => one.number));
    const compacted = await store.compact().then(
      () => true,
      () => false,
    );
    await unlink(journal).catch(() => {});
    return compacted;
  }

  /** Folds all events of a source into cases that keep the numbers they had. Returns the numbers. */
  async #judgeAgain(source: string, old: readonly OldCase[]): Promise<number[]> {
    const { store, rules } = this.#parts;
    const cursor = await store.judgeCursor();
    const judge = new Judge(rules, { latestCases: () => Promise.resolve([]) });
    const numbers: number[] = [];
    const free = [...old];
    const given = new Set<string>();
    for (let after = 0; ;) {
      const { events } = await listEvents(store.db, { source, after, limit: BATCH });
      const judged = events.filter((one) => one.ordinal <= cursor);
      if (judged.length === 0) return numbers;
      after = judged.at(-1)!.ordinal;
      const judgement = await judge.fold(judged.map((one) => one.event));
      for (const { key, firstTime, lastTime } of judgement.cases) {
        if (given.has(key)) continue;
        given.add(key);
        const same = free.findIndex((one) => one.key === key || (one.first <= lastTime && one.last >= firstTime));
        const [was] = same < 0 ? [] : free.splice(same, 1);
        if (was && was.key !== key) judgement.renamed.push({ from: was.key, to: key });
      }
      numbers.push(...(await store.commitJudgement(cursor, judgement)).map((one) => one.number));
    }
  }

  /** What the source had changed on the devices of the sensors. */
  async #forgetMemory(source: string): Promise<void> {
    const name = `${createHash("sha256").update(source).digest("hex")}.json`;
    for (const sensor of await readdir(this.#parts.sensors).catch(() => [] as string[])) {
      const sources = join(this.#parts.sensors, sensor, "sources");
      for (const persona of await readdir(sources).catch(() => [] as string[])) {
        await unlink(join(sources, persona, name)).catch(() => {});
      }
    }
  }

  #evidence(sensor: string): string {
    return join(this.#parts.sensors, sensor, "evidence");
  }
}

/** Tells which records of a session hold bytes of the range, or speak of it. */
async function withinJob(reader: LogReader, logEnd: number, [from, to]: [number, number]) {
  const ranges = new Map<number, boolean>();
  const records = await reader.session(logEnd);
  let at = 0;
  for (const record of records) {
    const kind = record.was ?? record.kind;
    if (kind === KIND.inbound) {
      ranges.set(record.position, at < to && at + record.payload.length > from);
      at += record.payload.length;
    } else if (kind === KIND.jobRange && record.kind !== KIND.forgotten) {
      const end = record.payload.readUIntLE(4, 6) + record.payload.readUIntLE(16, 6);
      at = Math.max(at, end);
    } else if (record.kind === KIND.event) {
      const { at: range } = readEvent(record).data as { at?: [number, number] };
      ranges.set(record.position, range !== undefined && range[0] < to && range[1] > from);
    }
  }
  return (record: LogRecord) => ranges.get(record.position) ?? false;
}

function emptyPlan(sources: string[]): Plan {
  return { sessions: [], jobs: [], events: [], sources, cases: [], spots: {}, bodies: {} };
}

function count(result: Forgot, plan: Plan): void {
  result.sessions += plan.sessions.length;
  result.jobs += plan.jobs.length;
  result.records += Object.values(plan.spots).reduce((sum, spots) => sum + spots.length, 0);
}

function grouped<T extends { sensor: string }>(rows: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(row.sensor);
    if (group) group.push(row);
    else groups.set(row.sensor, [row]);
  }
  return groups;
}
