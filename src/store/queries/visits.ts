/** What was done in these cases: their sessions and jobs, in the order of time. */
import { sql } from "kysely";
import type { JobTable, SessionTable } from "../tables.ts";
import { type Db, liveGeneration, ofJob, ofSession } from "./live.ts";

/** The first `limit` sessions of each case, by case number. */
export async function sessionsOfCases(db: Db, cases: readonly number[], limit: number) {
  if (cases.length === 0) return new Map<number, SessionTable[]>();
  const ranked = db
    .selectFrom("case_record")
    .innerJoin("session", (join) => join.on(ofSession))
    .selectAll("session")
    .select("case_record.number as case_number")
    .select(
      sql<number>`row_number() over (partition by case_record.number order by session.opened, session.number)`.as(
        "rank",
      ),
    )
    .where("case_record.generation", "=", liveGeneration)
    .where("case_record.number", "in", cases);
  const rows = await db
    .selectFrom(ranked.as("ranked"))
    .selectAll()
    .where("rank", "<=", limit)
    .orderBy("rank")
    .execute();
  return byCase<SessionTable>(rows);
}

/** The first `limit` jobs and strays of each case, by case number. */
export async function jobsOfCases(db: Db, cases: readonly number[], limit: number) {
  if (cases.length === 0) return new Map<number, JobTable[]>();
  const ranked = db
    .selectFrom("case_record")
    .innerJoin("job", (join) => join.on(ofJob))
    .selectAll("job")
    .select("case_record.number as case_number")
    .select(sql<number>`row_number() over (partition by case_record.number order by job.time, job.number)`.as("rank"))
    .where("case_record.generation", "=", liveGeneration)
    .where("case_record.number", "in", cases);
  const rows = await db
    .selectFrom(ranked.as("ranked"))
    .selectAll()
    .where("rank", "<=", limit)
    .orderBy("rank")
    .execute();
  return byCase<JobTable>(rows);
}

function byCase<R>(rows: readonly (R & { case_number: number; rank: number })[]): Map<number, R[]> {
  const groups = new Map<number, R[]>();
  for (const { case_number, rank: _, ...row } of rows) {
    const group = groups.get(case_number);
    if (group) group.push(row as R);
    else groups.set(case_number, [row as R]);
  }
  return groups;
}
