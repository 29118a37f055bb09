/** What was done in these cases: their sessions and jobs, in the order of time. */
import { sql } from "kysely";
import type { CaseRecord } from "../../detect/case.ts";
import type { JobTable, SessionTable } from "../tables.ts";
import { type Db, liveGeneration, ofJob, ofSession } from "./live.ts";

/** The first `limit` sessions of each case, by case number. */
export const sessionsOfCases = (db: Db, cases: readonly number[], limit: number) =>
  firstOf<SessionTable>(db, "session", cases, limit);

/** The first `limit` jobs and strays of each case, by case number. */
export const jobsOfCases = (db: Db, cases: readonly number[], limit: number) =>
  firstOf<JobTable>(db, "job", cases, limit);

const DAY_MS = 86_400_000;

/** The first `limit` sessions and jobs of one case. */
export async function visitsOfCase(
  db: Db,
  { sourceKey, firstTime, lastTime }: Pick<CaseRecord, "sourceKey" | "firstTime" | "lastTime">,
  limit: number,
): Promise<{ sessions: SessionTable[]; jobs: JobTable[] }> {
  // None of a case begins before it; the day more is for clocks that were put right.
  const sessions = db
    .selectFrom("session")
    .where("source_key", "=", sourceKey)
    .where("day", ">=", Math.floor(firstTime / DAY_MS) - 1)
    .where("opened", "<=", lastTime)
    .where((eb) => eb.or([eb("closed", "is", null), eb("closed", ">=", firstTime)]));
  const jobs = db.selectFrom("job").selectAll().where("source_key", "=", sourceKey);
  const during = jobs.where("time", ">=", firstTime).where("time", "<=", lastTime);
  const [first, itsJobs] = await Promise.all([
    sessions.select("number").orderBy("opened").orderBy("number").limit(limit).execute(),
    during.orderBy("time").orderBy("number").limit(limit).execute(),
  ]);
  const numbers = first.map((row) => row.number);
  // Whole rows are read of these only: a source may have had very many.
  const between = sessions.where("number", ">=", Math.min(...numbers)).where("number", "<=", Math.max(...numbers));
  const rows = numbers.length === 0 ? [] : await between.selectAll().execute();
  const byNumber = new Map(rows.map((row) => [row.number, row]));
  return { sessions: numbers.flatMap((number) => byNumber.get(number) ?? []), jobs: itsJobs };
}

/** When they began, and what makes them belong to a case. */
const VISITS = {
  session: { time: "session.opened", of: ofSession },
  // Both tables have the columns that are asked for here, which is more than Kysely can be told of.
  job: { time: "job.time", of: ofJob as unknown as typeof ofSession },
} as const;

async function firstOf<R extends { number: number }>(
  db: Db,
  table: keyof typeof VISITS,
  cases: readonly number[],
  limit: number,
): Promise<Map<number, R[]>> {
  if (cases.length === 0) return new Map();
  const { time, of } = VISITS[table];
  const visits = table as "session";
  const order = sql`order by ${sql.ref(time)}, ${sql.ref(`${table}.number`)}`;
  const ranked = db
    .selectFrom("case_record")
    .innerJoin(visits, (join) => join.on(of))
    .select([`${visits}.number as visit`, "case_record.number as case"])
    .select(sql<number>`row_number() over (partition by case_record.number ${order})`.as("rank"))
    .where("case_record.generation", "=", liveGeneration)
    .where("case_record.number", "in", cases);
  const first = await db
    .selectFrom(ranked.as("ranked"))
    .select(["visit", "case"])
    .where("rank", "<=", limit)
    .orderBy("rank")
    .execute();
  if (first.length === 0) return new Map();
  const numbers = [...new Set(first.map((row) => row.visit))];
  const rows = (await db.selectFrom(visits).selectAll().where("number", "in", numbers).execute()) as unknown as R[];
  const byNumber = new Map(rows.map((row) => [row.number, row]));
  const groups = new Map<number, R[]>(first.map((row) => [row.case, []]));
  for (const { visit, case: of } of first) {
    const row = byNumber.get(visit);
    if (row) groups.get(of)!.push(row);
  }
  return groups;
}
