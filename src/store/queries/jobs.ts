/** What was sent to be printed? */
import { type RawBuilder, sql } from "kysely";
import { sourceKey } from "../../util/address.ts";
import type { JobTable } from "../tables.ts";
import { type Db, liveGeneration, ofJob } from "./live.ts";
import { JOB_FIELDS, searching } from "./search.ts";

/** What jobs are narrowed by. */
export interface JobsOf {
  /** `stray`: what came in place of a job. Without it all. */
  kind?: "job" | "stray" | "file" | undefined;
  language?: string | undefined;
  /** An address, or the key a source is remembered under. */
  source?: string | undefined;
  /** Number of a case. */
  case?: number | undefined;
  sha256?: string | undefined;
  /** The family of bodies that look or read alike, named by the SHA-256 of its first. */
  family?: string | undefined;
  /** What kind of job it is, as it was read. */
  is?: string | undefined;
  /** What is in it. */
  has?: JobHas | undefined;
  since?: number | undefined;
  until?: number | undefined;
  /** See search.ts. */
  q?: string | undefined;
}

export interface JobsAsked extends JobsOf {
  limit: number;
  /** Only jobs with a lower number: to go on after the last one of an earlier answer. */
  before?: number | undefined;
}

/** What jobs can have: a link, a QR code, the name of a model of ours, a page that could not be drawn. */
export const JOB_HAS = ["link", "qr", "model", "undrawn"] as const;
export type JobHas = (typeof JOB_HAS)[number];

/** Jobs that look or read alike; those that are not read yet, with the same bytes. */
export interface PileRow {
  /** SHA-256 of its first body. */
  family: string;
  /** Different bodies. */
  bodies: number;
  jobs: number;
  sources: number;
  sensors: number;
  first: number;
  last: number;
  /** The latest of them. */
  job: JobTable;
}

/** Jobs, the newest first. */
export function listJobs(db: Db, asked: JobsAsked): Promise<JobTable[]> {
  let query = jobsOf(db, asked).selectAll("job").orderBy("job.number", "desc").limit(asked.limit);
  if (asked.before !== undefined) query = query.where("job.number", "<", asked.before);
  return query.execute();
}

/** Piles, the one that grew last first. `before`: number of the latest job of the pile to go on after. */
export async function listPiles(db: Db, asked: JobsAsked): Promise<PileRow[]> {
  const { before } = asked;
  let query = jobsOf(db, asked)
    .select(({ fn }) => [
      family.as("family"),
      fn.count<number>("job.sha256").distinct().as("bodies"),
      fn.countAll<number>().as("jobs"),
      fn.count<number>("job.source_key").distinct().as("sources"),
      fn.count<number>("job.sensor").distinct().as("sensors"),
      fn.min<number>("job.time").as("first"),
      fn.max<number>("job.time").as("last"),
      fn.max<number>("job.number").as("latest"),
    ])
    .groupBy(family)
    .orderBy("latest", "desc")
    .limit(asked.limit);
  if (before !== undefined) query = query.having((eb) => eb(eb.fn.max("job.number"), "<", before));
  const piles = await query.execute();
  if (piles.length === 0) return [];
  const latest = piles.map((pile) => pile.latest);
  const jobs = await db.selectFrom("job").selectAll().where("number", "in", latest).execute();
  const byNumber = new Map(jobs.map((job) => [job.number, job]));
  return piles.map(({ latest, ...pile }) => ({ ...pile, job: byNumber.get(latest)! }));
}

/** How many jobs, from how many sources, how many different ones. */
export function countJobs(
  db: Db,
  asked: JobsOf,
): Promise<{ jobs: number; sources: number; different: number; bodies: number }> {
  return jobsOf(db, asked)
    .select(({ fn }) => [
      fn.countAll<number>().as("jobs"),
      fn.count<number>("job.source_key").distinct().as("sources"),
      fn.count<number>(family).distinct().as("different"),
      fn.count<number>("job.sha256").distinct().as("bodies"),
    ])
    .executeTakeFirstOrThrow();
}

/** The cases that jobs belong to, by the number of the job. */
export async function casesOfJobs(
  db: Db,
  jobs: readonly number[],
): Promise<Map<number, { case: number; intent: string }>> {
  if (jobs.length === 0) return new Map();
  const rows = await db
    .selectFrom("job")
    .innerJoin("case_now", (join) =>
      join
        .onRef("job.source_key", "=", "case_now.source_key")
        .onRef("job.time", ">=", "case_now.first_time")
        .onRef("job.time", "<=", "case_now.last_time"),
    )
    .select(["job.number as job", "case_now.number as case", "case_now.intent_now as intent"])
    .where("job.number", "in", jobs)
    .orderBy("case_now.last_time")
    .execute();
  return new Map(rows.map(({ job, ...rest }) => [job, rest]));
}

/** How many piles there are by kind of job and by language, and how many of them have what. */
export async function countPiles(db: Db, asked: JobsOf) {
  const [kinds, languages, has] = await Promise.all([
    jobsOf(db, { ...asked, is: undefined })
      .innerJoin("job_kind", "job_kind.number", "job.number")
      .select(({ fn }) => ["job_kind.kind as is", fn.count<number>(family).distinct().as("piles")])
      .groupBy("job_kind.kind")
      .orderBy("piles", "desc")
      .orderBy("is")
      .execute(),
    jobsOf(db, { ...asked, language: undefined })
      .select(({ fn }) => [languageOf.as("language"), fn.count<number>(family).distinct().as("piles")])
      .groupBy(languageOf)
      .orderBy("piles", "desc")
      .orderBy("language")
      .execute(),
    jobsOf(db, { ...asked, has: undefined })
      .select(
        JOB_HAS.map((one) => sql<number>`count(distinct ${family}) filter (where ${having[one]})`.as<JobHas>(one)),
      )
      .executeTakeFirstOrThrow(),
  ]);
  return { kinds, languages, has };
}

const family = sql<string>`coalesce(reading.family, job.sha256)`;
/** As it was read, which is more exact than what the sensor told by the first bytes. */
const languageOf = sql<string>`coalesce(reading.language, job.language)`;

const having: Record<JobHas, RawBuilder<boolean>> = {
  link: sql`job.sha256 in (select i.sha256 from indicator as i where i.kind = 'link')`,
  qr: sql`job.sha256 in (select i.sha256 from indicator as i where i.qr)`,
  model: sql`job.number in (select k.number from job_kind as k where k.names is not null)`,
  undrawn: sql`(reading.status is not null and reading.pages = 0)`,
};

function jobsOf(db: Db, asked: JobsOf) {
  let query = db.selectFrom("job").leftJoin("reading", "reading.sha256", "job.sha256");
  if (asked.kind !== undefined) query = query.where("job.kind", "=", asked.kind);
  if (asked.language !== undefined) query = query.where(languageOf, "=", asked.language);
  if (asked.source !== undefined) query = query.where("job.source_key", "=", sourceKey(asked.source));
  if (asked.sha256 !== undefined) query = query.where("job.sha256", "=", asked.sha256);
  if (asked.family !== undefined) query = query.where(family, "=", asked.family);
  if (asked.has !== undefined) query = query.where(having[asked.has]);
  if (asked.is !== undefined) {
    query = query.where("job.number", "in", db.selectFrom("job_kind").select("number").where("kind", "=", asked.is));
  }
  if (asked.since !== undefined) query = query.where("job.time", ">=", asked.since);
  if (asked.until !== undefined) query = query.where("job.time", "<", asked.until);
  if (asked.q !== undefined) query = query.where(searching(asked.q, JOB_FIELDS));
  if (asked.case === undefined) return query;
  return query.where(({ exists, selectFrom }) =>
    exists(
      selectFrom("case_record")
        .select(sql<number>`1`.as("one"))
        .where("case_record.generation", "=", liveGeneration)
        .where("case_record.number", "=", asked.case!)
        .where((eb) => ofJob(eb as never)),
    ),
  );
}
