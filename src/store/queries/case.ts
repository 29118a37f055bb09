/** What happened in this case? */
import type { CaseRecord } from "../../detect/case.ts";
import type { JobTable, SessionTable } from "../tables.ts";
import type { ListedCase } from "./cases.ts";
import type { Db } from "./live.ts";
import { visitsOfCase } from "./visits.ts";

export interface CaseAnswer extends ListedCase {
  /** The first ones, oldest first; the record has how many there are. */
  sessions: SessionTable[];
  jobs: JobTable[];
}

/** Case C-<number> with at most `limit` sessions and jobs; undefined where there is none. */
export async function caseByNumber(db: Db, number: number, limit = 1000): Promise<CaseAnswer | undefined> {
  const row = await db
    .selectFrom("case_now")
    .select(["body", "intent_now", "corrected", "closed"])
    .where("number", "=", number)
    .executeTakeFirst();
  if (!row) return undefined;
  const { body, ...now } = row;
  const record = JSON.parse(body) as CaseRecord;
  return { number, record, now, ...(await visitsOfCase(db, record, limit)) };
}
