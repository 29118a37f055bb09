/** What did the judge make of these cases? */
import { sql } from "kysely";
import type { CaseRecord } from "../../detect/case.ts";
import { type Db, liveGeneration } from "./live.ts";

/**
 * The records of cases, by number; one that is gone is missing. Records are by far the most of what cases take, so they
 * are looked up by their places in the table, found by number first: DuckDB reads the records of all rows that a list of
 * numbers is looked for in. (PostgreSQL calls such a place ctid.)
 */
export async function recordsOf(db: Db, numbers: readonly number[]): Promise<Map<number, CaseRecord>> {
  if (numbers.length === 0) return new Map();
  const places = sql`select rowid from case_record
    where generation = ${liveGeneration} and number in (${sql.join(numbers)})`;
  const query = db.selectFrom("case_record").select(["number", "body"]);
  const rows = await query.where(sql<boolean>`rowid in (${places})`).execute();
  return new Map(rows.map(({ number, body }) => [number, JSON.parse(body) as CaseRecord]));
}
