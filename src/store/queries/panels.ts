/** What is going on: the counts of the first page, made from cases and their hours. Times are milliseconds since 1970. */
import { type RawBuilder, sql } from "kysely";
import type { JobTable } from "../tables.ts";
import { type Db, liveGeneration, outside, type SourceRange } from "./live.ts";

const HOUR_MS = 3_600_000;
/** Durations to the first job that are listed. */
const LISTED = 1000;
const HARMFUL = 5;

export interface Span {
  since: number;
  until: number;
  /** Leaves out what came from these sources. */
  without: readonly SourceRange[];
}

export interface Funnel {
  visited: number;
  answered: number;
  returned: number;
  printed: number;
  harmful: number;
  /** Cases that probed before they printed, and how long half of them took at most. */
  timed: number;
  medianMs: number | null;
  ms: number[];
}

/** From probe to paper: cases that were active in the time. */
export async function funnel(db: Db, span: Span): Promise<Funnel> {
  const cases = () => active(db, span);
  const counted = (condition: RawBuilder<unknown>) => sql<number>`count(*) filter (where ${condition})`;
  const [counts, times] = await Promise.all([
    cases()
      .select(({ fn }) => [
        fn.countAll<number>().as("visited"),
        counted(sql`answered`).as("answered"),
        counted(sql`last_time - first_time >= ${HOUR_MS}`).as("returned"),
        counted(sql`jobs > 0`).as("printed"),
        counted(sql`gravity_now <= ${HARMFUL}`).as("harmful"),
        counted(sql`probe_to_job is not null`).as("timed"),
        sql<number | null>`percentile_cont(0.5) within group (order by probe_to_job)`.as("medianMs"),
      ])
      .executeTakeFirstOrThrow(),
    cases()
      .select("probe_to_job")
      .where("probe_to_job", "is not", null)
      .orderBy("last_time", "desc")
      .limit(LISTED)
      .execute(),
  ]);
  return { ...counts, ms: times.map((row) => row.probe_to_job!).sort((a, b) => a - b) };
}

export interface ActivityRow {
  /** Number of the bin, from 0. */
  bin: number;
  intent: string;
  sessions: number;
  /** Different cases, of harmful intents. */
  cases: number;
}

/** Sessions by the intent of their case, in bins of whole hours from `since` on. */
export async function activity(db: Db, span: Span, binHours: number): Promise<ActivityRow[]> {
  const first = Math.floor(span.since / HOUR_MS);
  const bin = sql<number>`cast(floor((case_hour.hour - ${sql.lit(first)}) / ${sql.lit(binHours)}) as integer)`;
  const rows = await hoursOfCases(db, span)
    .select(({ fn }) => [
      bin.as("bin"),
      "case_now.intent_now as intent",
      fn.sum<number>("case_hour.sessions").as("sessions"),
      sql<number>`count(distinct case_hour.case_number) filter (where case_now.gravity_now <= ${HARMFUL})`.as("cases"),
    ])
    .where("case_now.last_time", ">=", first * HOUR_MS)
    .groupBy([bin, "case_now.intent_now"])
    .execute();
  return rows.map((row) => ({ ...row, sessions: Number(row.sessions) }));
}

/** Cases that were active in the time, by intent. */
export async function activeIntents(db: Db, span: Span): Promise<Map<string, number>> {
  const rows = await active(db, span)
    .select(({ fn }) => ["intent_now as intent", fn.countAll<number>().as("cases")])
    .groupBy("intent_now")
    .execute();
  return new Map(rows.map(({ intent, cases }) => [intent, cases]));
}

export interface DoorRow {
  service: string;
  /** Null: over all sensors. */
  sensor: string | null;
  sessions: number;
  sources: number;
}

/** Services that were visited, by sensor and over all sensors. */
export async function doors(db: Db, span: Span): Promise<DoorRow[]> {
  const counted = hours(db, span)
    .select(({ fn }) => [
      "case_hour.service",
      fn.sum<number>("case_hour.sessions").as("sessions"),
      fn.count<number>("case_hour.case_number").distinct().as("sources"),
    ])
    .groupBy("case_hour.service")
    .orderBy("sessions", "desc");
  const bySensor = await counted.select("case_hour.sensor").groupBy("case_hour.sensor").execute();
  const oneSensor = new Set(bySensor.map((row) => row.sensor)).size <= 1;
  const all = oneSensor ? bySensor : await counted.execute();
  const plain = <R extends { sessions: number }>(row: R) => ({ ...row, sessions: Number(row.sessions) });
  return [...bySensor.map(plain), ...all.map((row) => ({ ...plain(row), sensor: null }))];
}

function active(db: Db, { since, until, without }: Span) {
  return db
    .selectFrom("case_now")
    .where("last_time", ">=", since)
    .where("first_time", "<", until)
    .where((eb) => outside(eb, "case_now.source_ip", without));
}

function hours(db: Db, { since, until, without }: Span) {
  const all = db
    .selectFrom("case_hour")
    .where("case_hour.generation", "=", liveGeneration)
    .where("case_hour.hour", ">=", Math.floor(since / HOUR_MS))
    .where("case_hour.hour", "<", Math.ceil(until / HOUR_MS));
  if (without.length === 0) return all;
  const shown = db.selectFrom("case_now").select("case_now.number");
  return all.where(
    "case_hour.case_number",
    "in",
    shown.where((eb) => outside(eb, "case_now.source_ip", without)),
  );
}

const hoursOfCases = (db: Db, span: Span) =>
  hours(db, span).innerJoin("case_now", "case_now.number", "case_hour.case_number");

export interface WordsRow {
  firstLine: string;
  service: string;
  sources: number;
  sessions: number;
  /** Of most of the cases. */
  intent: string;
}

/** Sessions of which the first words are counted: the latest ones. */
const WORDS_OF = 100_000;

/** What visitors say first, most sources first; of very many sessions the latest ones are looked at. */
export async function firstWords(db: Db, span: Span, limit: number): Promise<WordsRow[]> {
  const sessions = await latestSessions(db, span);
  const rows = await sessions()
    .select(({ fn }) => [
      "session.first_line as firstLine",
      "session.service",
      fn.count<number>("session.source_key").distinct().as("sources"),
      fn.countAll<number>().as("sessions"),
    ])
    .where("session.first_line", "!=", "")
    .groupBy(["session.first_line", "session.service"])
    .orderBy("sources", "desc")
    .orderBy("sessions", "desc")
    .limit(limit)
    .execute();
  if (rows.length === 0) return [];
  const lines = [...new Set(rows.map((row) => row.firstLine))];
  const said = sessions()
    .select(({ fn }) => [
      "session.first_line as firstLine",
      "session.service",
      "session.source_key as source",
      fn.max<number>("session.opened").as("opened"),
    ])
    .where("session.first_line", "in", lines)
    .groupBy(["session.first_line", "session.service", "session.source_key"]);
  const intents = await db
    .selectFrom(said.as("said"))
    .innerJoin("case_now", "case_now.source_key", "said.source")
    .select(({ fn }) => [
      "said.firstLine",
      "said.service",
      "case_now.intent_now as intent",
      fn.countAll<number>().as("cases"),
    ])
    .where("case_now.last_time", ">=", span.since)
    .where(sql<boolean>`said.opened between case_now.first_time and case_now.last_time`)
    .groupBy(["said.firstLine", "said.service", "case_now.intent_now"])
    .orderBy("cases")
    .execute();
  const most = new Map(intents.map((row) => [`${row.service}\n${row.firstLine}`, row.intent]));
  return rows.map((row) => ({ ...row, intent: most.get(`${row.service}\n${row.firstLine}`) ?? "unknown" }));
}

export interface FirstBodyRow {
  firstLine: string;
  service: string;
  /** Bodies that differ. */
  different: number;
  /** The latest job with the body that most sources sent. */
  job: JobTable;
}

/** Of first lines that only say that a job came: the job. Lines that visitors said themselves are left out. */
export async function firstBodies(db: Db, span: Span, lines: readonly string[]): Promise<FirstBodyRow[]> {
  if (lines.length === 0) return [];
  const sessions = await latestSessions(db, span);
  const bodies = sessions()
    .innerJoin("job", (join) =>
      join.onRef("job.session", "=", "session.session").onRef("job.sensor", "=", "session.sensor"),
    )
    .where("session.first_line", "in", lines)
    .where(sql<boolean>`session.first_line in ('print job, ' || job.language, 'not PJL: ' || job.language)`)
    .select(({ fn }) => [
      "session.first_line as firstLine",
      "session.service",
      "job.sha256",
      fn.count<number>("session.source_key").distinct().as("sources"),
      fn.max<number>("job.number").as("latest"),
    ])
    .groupBy(["session.first_line", "session.service", "job.sha256"]);
  const found = await db
    .selectFrom(bodies.as("body"))
    .distinctOn(["firstLine", "service"])
    .select([
      "firstLine",
      "service",
      "latest",
      sql<number>`count(*) over (partition by "firstLine", "service")`.as("different"),
    ])
    .orderBy("firstLine")
    .orderBy("service")
    .orderBy("sources", "desc")
    .orderBy("latest", "desc")
    .execute();
  if (found.length === 0) return [];
  const numbers = found.map((row) => row.latest);
  const jobs = await db.selectFrom("job").selectAll().where("number", "in", numbers).execute();
  const byNumber = new Map(jobs.map((job) => [job.number, job]));
  return found.map(({ latest, different, ...row }) => {
    return { ...row, different: Number(different), job: byNumber.get(latest)! };
  });
}

/** Sessions of the time; of very many the latest. */
async function latestSessions(db: Db, { since, until, without }: Span) {
  const last = await db
    .selectFrom("session")
    .select(({ fn }) => fn.max<number | null>("number").as("number"))
    .where("opened", "<", until)
    .executeTakeFirst();
  const after = (last?.number ?? 0) - WORDS_OF;
  return () =>
    db
      .selectFrom("session")
      .where("session.number", ">", after)
      .where("session.day", ">=", Math.floor(since / 86_400_000))
      .where("session.opened", ">=", since)
      .where("session.opened", "<", until)
      .where((eb) => outside(eb, "session.source_ip", without));
}
