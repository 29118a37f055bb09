/** What may be removed from a store, and the statements that do it. */
import type { Kysely } from "kysely";
import type { Step } from "./engine.ts";
import type { Tables } from "./tables.ts";

/** Single things that are to be forgotten. What was derived from them goes too and has to be judged again. */
export interface Forgotten {
  /** By number, with their events and jobs. */
  sessions: readonly number[];
  /** By number. */
  jobs: readonly number[];
  /** Events by the position of their record in a sensor's log. */
  events: readonly { sensor: string; position: number }[];
  /** Keys of the sources whose cases and findings are dropped. */
  sources: readonly string[];
  /** Numbers of cases of which nothing is left, so that what people decided about them goes too. */
  cases: readonly number[];
}

/** All of a sensor that lies before a position of its log, written before a time (milliseconds since 1970). */
export interface Expired {
  sensor: string;
  position: number;
  time: number;
}

type Db = Kysely<Tables>;

/** `ids`: the sensors' own names of the sessions to be forgotten. */
export function forgetSteps(db: Db, what: Forgotten, ids: readonly { sensor: string; session: string }[]): Step[] {
  const steps: Step[] = [];
  for (const [sensor, sessions] of bySensor(ids.map((one) => ({ sensor: one.sensor, of: one.session })))) {
    for (const table of ["event", "job"] as const) {
      const own = db.deleteFrom(table).where("sensor", "=", sensor);
      steps.push(own.where("session", "in", sessions).compile());
    }
  }
  for (const [sensor, positions] of bySensor(what.events.map((one) => ({ sensor: one.sensor, of: one.position })))) {
    const own = db.deleteFrom("event").where("sensor", "=", sensor);
    steps.push(own.where("position", "in", positions).compile());
  }
  for (const [table, numbers] of [
    ["session", what.sessions],
    ["job", what.jobs],
  ] as const) {
    if (numbers.length > 0) steps.push(db.deleteFrom(table).where("number", "in", numbers).compile());
  }
  if (what.sources.length > 0) {
    const theirs = db.selectFrom("case_record").where("source_key", "in", what.sources);
    steps.push(db.deleteFrom("finding").where("case_key", "in", theirs.select("key")).compile());
    for (const table of COUNTS) {
      steps.push(db.deleteFrom(table).where("case_number", "in", theirs.select("number")).compile());
    }
    steps.push(db.deleteFrom("case_record").where("source_key", "in", what.sources).compile());
  }
  if (what.cases.length > 0) steps.push(...goneSteps(db, what.cases));
  return [...steps, ...unreadSteps(db)];
}

/** What was read of jobs that are no more. */
function unreadSteps(db: Db): Step[] {
  const bodies = db.selectFrom("job_kind").select("sha256");
  return [
    db.deleteFrom("job_kind").where("number", "not in", db.selectFrom("job").select("number")).compile(),
    ...(["reading", "reading_look", "indicator"] as const).map((table) =>
      db.deleteFrom(table).where("sha256", "not in", bodies).compile(),
    ),
  ];
}

const COUNTS = ["case_hour", "case_rule"] as const;

/** What people decided about cases that are gone for good, and their numbers. */
function goneSteps(db: Db, cases: readonly number[]): Step[] {
  return [
    db.deleteFrom("decision").where("case_number", "in", cases).compile(),
    db.deleteFrom("case_number").where("number", "in", cases).compile(),
  ];
}

/** `cases`: numbers of those that {@link expiredCases} gave. */
export function expireSteps(db: Db, { sensor, position }: Expired, cases: readonly number[]): Step[] {
  const left = db.selectFrom("session").select("session").where("sensor", "=", sensor);
  const of = (table: "event" | "session" | "job" | "finding") => db.deleteFrom(table).where("sensor", "=", sensor);
  const steps = [
    of("event").where("position", "<", position).compile(),
    of("session").where("closed", "is not", null).where("log_end", "<", position).compile(),
    of("job").where("job.session", "not in", left).compile(),
    of("finding").where("finding.session", "not in", left).compile(),
    ...unreadSteps(db),
  ];
  if (cases.length === 0) return steps;
  const theirs = db.selectFrom("case_record").where("number", "in", cases);
  steps.push(db.deleteFrom("finding").where("case_key", "in", theirs.select("key")).compile());
  for (const table of COUNTS) steps.push(db.deleteFrom(table).where("case_number", "in", cases).compile());
  steps.push(db.deleteFrom("case_record").where("number", "in", cases).compile());
  return [...steps, ...goneSteps(db, cases)];
}

/** Cases that ended before the time and of whose source nothing else is left. */
export async function expiredCases(db: Db, { sensor, position, time }: Expired): Promise<number[]> {
  const left = db
    .selectFrom("session")
    .select("source_key")
    .where((eb) => eb.or([eb("sensor", "!=", sensor), eb("closed", "is", null), eb("log_end", ">=", position)]));
  const query = db.selectFrom("case_record").select("number").distinct().where("last_time", "<", time);
  return (await query.where("source_key", "not in", left).execute()).map((row) => row.number);
}

function bySensor<T>(rows: readonly { sensor: string; of: T }[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const { sensor, of } of rows) {
    const group = groups.get(sensor);
    if (group) group.push(of);
    else groups.set(sensor, [of]);
  }
  return groups;
}
