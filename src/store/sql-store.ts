/** The store, on any engine. Owns the order of things: one commit at a time, ordinals and numbers without gaps. */
import type { Kysely } from "kysely";
import type { CaseRecord, Judgement } from "../detect/case.ts";
import { Accounts } from "./accounts.ts";
import { Audit } from "./audit.ts";
import { Decisions } from "./decisions.ts";
import { append, type Engine, type Shared, type Step } from "./engine.ts";
import { Generation } from "./generation.ts";
import { type Expired, expiredCases, expireSteps, type Forgotten, forgetSteps } from "./removal.ts";
import { batchRows, type BatchRows, eventRow, type Numbers, sessionKey, storedEvent } from "./rows.ts";
import { readingRows } from "./reading-rows.ts";
import { serial } from "./serial.ts";
import { type Batch, BatchRefused, type JudgeStore, type NumberedCase, type SensorPosition } from "./store.ts";
import type { JobRead, NewReading, Store, StoredEvent } from "./store.ts";
import type { SessionTable, Tables } from "./tables.ts";

/** Rows of open sessions kept in memory. One that is not there is looked up. */
const KNOWN_SESSIONS = 20_000;

/** A store on an engine whose schema is the newest. */
export async function sqlStore(engine: Engine): Promise<Store> {
  const { db } = engine;
  const counter = await db.selectFrom("counter").selectAll().executeTakeFirstOrThrow();
  const live = await db.selectFrom("generation").selectAll().where("live", "=", true).executeTakeFirstOrThrow();
  const positions = await db.selectFrom("sensor_position").selectAll().execute();
  const shared: Shared = { engine, inTurn: serial(), lastCase: counter.case_number };
  const desk = {
    decisions: await Decisions.open(shared),
    accounts: await Accounts.open(shared),
    audit: await Audit.open(shared),
  };
  return new SqlStore(shared, desk, counter, positions, new Generation(live.generation, live.cursor, shared));
}

class SqlStore implements Store {
  readonly db: Kysely<Tables>;
  readonly decisions: Decisions;
  readonly accounts: Accounts;
  readonly audit: Audit;
  readonly #shared: Shared;
  readonly #positions: Map<string, SensorPosition>;
  readonly #open = new Map<string, SessionTable>();
  #numbers: Numbers;
  #live: Generation;
  #next: Generation | undefined;

  constructor(
    shared: Shared,
    desk: Pick<Store, "decisions" | "accounts" | "audit">,
    numbers: Numbers,
    positions: readonly SensorPosition[],
    live: Generation,
  ) {
    this.db = shared.engine.db;
    this.decisions = desk.decisions;
    this.accounts = desk.accounts;
    this.audit = desk.audit;
    this.#shared = shared;
    this.#numbers = { ordinal: numbers.ordinal, session: numbers.session, job: numbers.job };
    this.#positions = new Map(positions.map((position) => [position.sensor, position]));
    this.#live = live;
  }

  positions(): Promise<SensorPosition[]> {
    return Promise.resolve(structuredClone([...this.#positions.values()]));
  }

  commit(batch: Batch): Promise<StoredEvent[]> {
    return this.#shared.inTurn(() => this.#commit(batch));
  }

  async #commit(batch: Batch): Promise<StoredEvent[]> {
    const before = this.#positions.get(batch.sensor);
    if (before && batch.from !== before.position) {
      if (batch.from < before.position && batch.to <= before.position) return [];
      throw new BatchRefused(batch, before.position);
    }
    const last = batch.events.at(-1)?.event ?? before;
    const position = { sensor: batch.sensor, position: batch.to, epoch: last?.epoch ?? 0, seq: last?.seq ?? 0 };
    const stored = await this.#lookUp(batch);
    const rows = batchRows(
      batch,
      this.#numbers,
      (session) => this.#open.get(sessionKey(batch.sensor, session)) ?? stored.get(session),
    );
    await this.#shared.engine.write([...this.#steps(rows), ...this.#moveTo(position, before !== undefined)]);
    this.#positions.set(batch.sensor, position);
    this.#numbers = rows.numbers;
    this.#remember(rows.sessions);
    return batch.events.map((one, i) => ({ ordinal: rows.events[i]!.ordinal, ...one }));
  }

  commitReadings(jobs: readonly JobRead[], readings: readonly NewReading[]): Promise<StoredEvent[]> {
    return this.#shared.inTurn(() => this.#commitReadings(jobs, readings));
  }

  async #commitReadings(jobs: readonly JobRead[], readings: readonly NewReading[]): Promise<StoredEvent[]> {
    const { db } = this;
    const numbers = jobs.map(({ number }) => number);
    if (numbers.length === 0) return [];
    const there = await db.selectFrom("job").select("number").where("number", "in", numbers).execute();
    const read = await db.selectFrom("job_kind").select("number").where("number", "in", numbers).execute();
    const wanted = new Set(there.map((row) => row.number));
    for (const { number } of read) wanted.delete(number);
    const fresh = jobs.filter(({ number }) => wanted.has(number));
    if (fresh.length === 0) return [];
    const bodies = [...new Set(fresh.map(({ event }) => event.data.sha256))];
    const known = await db.selectFrom("reading").select("sha256").where("sha256", "in", bodies).execute();
    const missing = new Set(bodies);
    for (const { sha256 } of known) missing.delete(sha256);
    const rows = readingRows(readings.filter(({ reading }) => missing.has(reading.sha256)));
    const kinds = fresh.map(({ number, event, kind }) => ({
      number,
      sha256: event.data.sha256,
      kind: kind.kind,
      rule: kind.rule ?? null,
      words: JSON.stringify(kind.words),
      names: event.data.names ?? null,
    }));
    const stored = fresh.map(({ event, position }, i) => ({ ordinal: this.#numbers.ordinal + i + 1, event, position }));
    const ordinal = this.#numbers.ordinal + stored.length;
    await this.#shared.engine.write([
      ...append("event", stored.map(eventRow)),
      ...append("reading", rows.reading),
      ...append("reading_look", rows.reading_look),
      ...append("indicator", rows.indicator),
      ...append("job_kind", kinds),
      db.updateTable("counter").set({ ordinal }).compile(),
    ]);
    this.#numbers = { ...this.#numbers, ordinal };
    return stored;
  }

  /** The rows of sessions that the batch goes on with and that are not in memory. */
  async #lookUp(batch: Batch): Promise<Map<string, SessionTable>> {
    const missing = new Set<string>();
    const opened = new Set<string>();
    for (const { event } of batch.events) {
      const session = event.origin?.session;
      if (session === undefined) continue;
      if (event.type === "session.open") opened.add(session);
      else if (!opened.has(session) && !this.#open.has(sessionKey(batch.sensor, session))) missing.add(session);
    }
    if (missing.size === 0) return new Map();
    const query = this.db.selectFrom("session").selectAll().where("sensor", "=", batch.sensor);
    const rows = await query.where("session", "in", [...missing]).execute();
    return new Map(rows.map((row) => [row.session, row]));
  }

  #steps(rows: BatchRows): Step[] {
    const changed = rows.sessions.filter((row) => row.number <= this.#numbers.session).map((row) => row.number);
    return [
      ...(changed.length > 0 ? [this.db.deleteFrom("session").where("number", "in", changed).compile()] : []),
      ...append("event", rows.events),
      ...append("session", rows.sessions),
      ...append("job", rows.jobs),
      this.db.updateTable("counter").set(rows.numbers).compile(),
    ];
  }

  #moveTo(position: SensorPosition, known: boolean): Step[] {
    if (!known) return append("sensor_position", [position]);
    return [this.db.updateTable("sensor_position").set(position).where("sensor", "=", position.sensor).compile()];
  }

  #remember(sessions: readonly SessionTable[]): void {
    for (const row of sessions) {
      const key = sessionKey(row.sensor, row.session);
      this.#open.delete(key);
      if (row.closed === null) this.#open.set(key, row);
    }
    for (const key of this.#open.keys()) {
      if (this.#open.size <= KNOWN_SESSIONS) break;
      this.#open.delete(key);
    }
  }

  async eventsAfter(ordinal: number, limit: number): Promise<StoredEvent[]> {
    const after = this.db.selectFrom("event").select(["ordinal", "position", "body"]).where("ordinal", ">", ordinal);
    // A closed interval is read several times faster than the first rows of an open one; it misses only where
    // events were removed.
    let rows = await after
      .where("ordinal", "<=", ordinal + limit)
      .orderBy("ordinal")
      .execute();
    if (rows.length === 0 && ordinal < this.#numbers.ordinal) {
      rows = await after.orderBy("ordinal").limit(limit).execute();
    }
    return rows.map(storedEvent);
  }

  judgeCursor(): Promise<number> {
    return this.#live.judgeCursor();
  }

  latestCases(sourceKeys: readonly string[]): Promise<CaseRecord[]> {
    return this.#live.latestCases(sourceKeys);
  }

  commitJudgement(cursor: number, judgement: Judgement): Promise<NumberedCase[]> {
    return this.#live.commitJudgement(cursor, judgement);
  }

  beginGeneration(): Promise<JudgeStore> {
    return this.#shared.inTurn(async () => {
      const generation = this.#live.generation + 1;
      const row = { generation, cursor: 0, live: false };
      await this.#shared.engine.write([...this.#dropAllBut(this.#live.generation), ...append("generation", [row])]);
      this.#next = new Generation(generation, 0, this.#shared);
      return this.#next;
    });
  }

  swapGeneration(): Promise<void> {
    return this.#shared.inTurn(async () => {
      const next = this.#next;
      if (!next) throw new Error("no generation was begun");
      const live = this.db.updateTable("generation").set({ live: true }).compile();
      await this.#shared.engine.write([...this.#dropAllBut(next.generation), live]);
      this.#live = next;
      this.#next = undefined;
    });
  }

  forget(what: Forgotten): Promise<void> {
    return this.#shared.inTurn(async () => {
      const query = this.db.selectFrom("session").select(["sensor", "session"]);
      const ids = what.sessions.length > 0 ? await query.where("number", "in", what.sessions).execute() : [];
      await this.#shared.engine.write(forgetSteps(this.db, what, ids));
      for (const { sensor, session } of ids) this.#open.delete(sessionKey(sensor, session));
    });
  }

  expire(what: Expired): Promise<void> {
    return this.#shared.inTurn(async () => {
      await this.#shared.engine.write(expireSteps(this.db, what, await expiredCases(this.db, what)));
    });
  }

  compact(): Promise<void> {
    return this.#shared.inTurn(() => this.#shared.engine.compact());
  }

  #dropAllBut(generation: number): Step[] {
    const tables = ["case_record", "finding", "case_hour", "case_rule", "generation"] as const;
    return tables.map((table) => this.db.deleteFrom(table).where("generation", "!=", generation).compile());
  }

  close(): Promise<void> {
    return this.#shared.inTurn(() => this.#shared.engine.close());
  }
}
