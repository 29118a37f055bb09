/** What was read of jobs, and which jobs have not been read. */
import { sql } from "kysely";
import type { Event, EventOf } from "../../event/event.ts";
import type { Reading } from "../../jobs/reading.ts";
import type { JobKindTable, JobTable, ReadingTable } from "../tables.ts";
import type { Db } from "./live.ts";

/** A job that waits to be read, with the event that told of it. */
export interface UnreadJob {
  number: number;
  sensor: string;
  sha256: string;
  position: number;
  captured: EventOf<"job.captured">;
}

/**
 * The next jobs to read. Sources take turns, and of each the newest comes first, so that nobody's thousand jobs keep
 * everybody else's waiting. `without`: numbers to leave out. `lost`: numbers of jobs whose event is gone.
 */
export async function unreadJobs(
  db: Db,
  limit: number,
  without: readonly number[],
): Promise<{ jobs: UnreadJob[]; lost: number[] }> {
  const waiting = await db
    .selectFrom((from) =>
      from
        .selectFrom("job")
        .leftJoin("job_kind", "job_kind.number", "job.number")
        .selectAll("job")
        .select(sql<number>`row_number() over (partition by job.source_key order by job.number desc)`.as("turn"))
        .where("job_kind.number", "is", null)
        .as("waiting"),
    )
    .selectAll()
    .$if(without.length > 0, (query) => query.where("number", "not in", without))
    .orderBy("turn")
    .orderBy("number", "desc")
    .limit(limit)
    .execute();
  if (waiting.length === 0) return { jobs: [], lost: [] };
  const told = await capturedEvents(db, waiting);
  const found = (job: JobTable) => told.get(`${job.sensor}\n${job.job}`);
  return {
    jobs: waiting.flatMap((job) => {
      const event = found(job);
      return event ? [{ number: job.number, sensor: job.sensor, sha256: job.sha256, ...event }] : [];
    }),
    lost: waiting.filter((job) => !found(job)).map((job) => job.number),
  };
}

/** How many jobs wait to be read. */
export async function countUnread(db: Db): Promise<number> {
  const row = await db
    .selectFrom("job")
    .leftJoin("job_kind", "job_kind.number", "job.number")
    .select(({ fn }) => fn.countAll<number>().as("jobs"))
    .where("job_kind.number", "is", null)
    .executeTakeFirstOrThrow();
  return row.jobs;
}

async function capturedEvents(db: Db, jobs: readonly JobTable[]) {
  const rows = await db
    .selectFrom("event")
    .select(["position", "body"])
    .where("type", "=", "job.captured")
    .where("day", "in", [...new Set(jobs.map((job) => job.day))])
    .where("session", "in", [...new Set(jobs.map((job) => job.session))])
    .execute();
  const told = new Map<string, { position: number; captured: EventOf<"job.captured"> }>();
  for (const { position, body } of rows) {
    const event = JSON.parse(body) as Event;
    if (event.type === "job.captured") told.set(`${event.sensor}\n${event.data.job}`, { position, captured: event });
  }
  return told;
}

/** The reading of a body. */
export async function readingOf(
  db: Db,
  sha256: string,
): Promise<{ reading: Reading; family: string; at: number } | undefined> {
  const row = await db
    .selectFrom("reading")
    .select(["body", "family", "at"])
    .where("sha256", "=", sha256)
    .executeTakeFirst();
  return row && { reading: JSON.parse(row.body) as Reading, family: row.family, at: row.at };
}

/** What kind of job a job is; undefined before it was read. */
export function kindOfJob(db: Db, number: number): Promise<JobKindTable | undefined> {
  return db.selectFrom("job_kind").selectAll().where("number", "=", number).executeTakeFirst();
}

/** What bodies are compared by: pages of `limit` in the order of their hash, after a hash. */
export async function likenesses(db: Db, after: string, limit: number) {
  const rows = await db
    .selectFrom("reading")
    .select(["sha256", "simhash", "family"])
    .where("sha256", ">", after)
    .orderBy("sha256")
    .limit(limit)
    .execute();
  if (rows.length === 0) return [];
  const looks = await db
    .selectFrom("reading_look")
    .selectAll()
    .where("sha256", ">", after)
    .where("sha256", "<=", rows.at(-1)!.sha256)
    .orderBy("page")
    .execute();
  const byBody = new Map<string, string[]>();
  for (const { sha256, look } of looks) {
    const list = byBody.get(sha256);
    if (list) list.push(look);
    else byBody.set(sha256, [look]);
  }
  return rows.map((row) => ({ ...row, looks: byBody.get(row.sha256) ?? [] }));
}

/** How many jobs have each of these indicators, by `<kind>\n<value>`. */
export async function jobsWith(db: Db, sha256: string): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom("indicator as own")
    .innerJoin("indicator as other", (join) =>
      join.onRef("other.kind", "=", "own.kind").onRef("other.value", "=", "own.value"),
    )
    .innerJoin("job", "job.sha256", "other.sha256")
    .select(({ fn }) => ["own.kind", "own.value", fn.count<number>("job.number").distinct().as("jobs")])
    .where("own.sha256", "=", sha256)
    .groupBy(["own.kind", "own.value"])
    .execute();
  return new Map(rows.map(({ kind, value, jobs }) => [`${kind}\n${value}`, jobs]));
}

/** Bodies of one family, the one with most jobs first: what they look like, and their latest job. */
export interface Brother {
  sha256: string;
  jobs: number;
  sources: number;
  latest: number;
  status: string;
  language: string;
  title: string | null;
  pages: number;
  simhash: string | null;
  looks: string[];
}

export async function brothers(db: Db, family: string, limit: number): Promise<Brother[]> {
  const rows = await db
    .selectFrom("reading")
    .innerJoin("job", "job.sha256", "reading.sha256")
    .select(({ fn }) => [
      "reading.sha256",
      "reading.status",
      "reading.language",
      "reading.title",
      "reading.pages",
      "reading.simhash",
      fn.countAll<number>().as("jobs"),
      fn.count<number>("job.source_key").distinct().as("sources"),
      fn.max<number>("job.number").as("latest"),
    ])
    .where("reading.family", "=", family)
    .groupBy([
      "reading.sha256",
      "reading.status",
      "reading.language",
      "reading.title",
      "reading.pages",
      "reading.simhash",
    ])
    .orderBy("jobs", "desc")
    .orderBy("latest", "desc")
    .limit(limit)
    .execute();
  if (rows.length === 0) return [];
  const hashes = rows.map((row) => row.sha256);
  const looks = await db.selectFrom("reading_look").selectAll().where("sha256", "in", hashes).orderBy("page").execute();
  return rows.map((row) => ({
    ...row,
    looks: looks.filter((one) => one.sha256 === row.sha256).map((one) => one.look),
  }));
}

/** Bodies of which there is a reading, among these. */
export async function readBodies(db: Db, hashes: readonly string[]): Promise<Set<string>> {
  if (hashes.length === 0) return new Set();
  const rows = await db.selectFrom("reading").select("sha256").where("sha256", "in", hashes).execute();
  return new Set(rows.map((row) => row.sha256));
}

/** What a list shows of what was read of jobs. */
export interface PaperRow extends Pick<
  ReadingTable,
  "status" | "why" | "language" | "pages" | "words" | "title" | "title_claimed" | "width_mm" | "height_mm" | "family"
> {
  kind: string;
  names: string | null;
}

/** By the number of the job; one that was not read is not there. */
export async function papers(db: Db, jobs: readonly number[]): Promise<Map<number, PaperRow>> {
  if (jobs.length === 0) return new Map();
  const rows = await db
    .selectFrom("job_kind")
    .innerJoin("reading", "reading.sha256", "job_kind.sha256")
    .select([
      "job_kind.number",
      "job_kind.kind",
      "job_kind.names",
      "reading.status",
      "reading.why",
      "reading.language",
      "reading.pages",
      "reading.words",
      "reading.title",
      "reading.title_claimed",
      "reading.width_mm",
      "reading.height_mm",
      "reading.family",
    ])
    .where("job_kind.number", "in", jobs)
    .execute();
  return new Map(rows.map(({ number, ...row }) => [number, row]));
}
