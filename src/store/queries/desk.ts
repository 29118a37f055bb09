/** What people decided, and who did what. */
import type { AuditTable, DecisionTable } from "../tables.ts";
import type { Db } from "./live.ts";

/** Decisions, the newest first. `before`: number of the last one of an earlier answer. */
export function listDecisions(
  db: Db,
  asked: { subject?: string | undefined; limit: number; before?: number | undefined },
): Promise<DecisionTable[]> {
  let query = db.selectFrom("decision").selectAll().orderBy("number", "desc").limit(asked.limit);
  if (asked.subject !== undefined) query = query.where("subject", "=", asked.subject);
  if (asked.before !== undefined) query = query.where("number", "<", asked.before);
  return query.execute();
}

/** All decisions about some cases, oldest first, by case number. */
export async function decisionsOfCases(db: Db, cases: readonly number[]): Promise<Map<number, DecisionTable[]>> {
  if (cases.length === 0) return new Map();
  const query = db.selectFrom("decision").selectAll().where("case_number", "in", cases).orderBy("number");
  const groups = new Map<number, DecisionTable[]>();
  for (const row of await query.execute()) {
    const group = groups.get(row.case_number!);
    if (group) group.push(row);
    else groups.set(row.case_number!, [row]);
  }
  return groups;
}

export interface AuditAsked {
  since?: number | undefined;
  until?: number | undefined;
  who?: string | undefined;
  what?: string | undefined;
  about?: string | undefined;
  limit: number;
  before?: number | undefined;
}

/** Entries, the newest first. */
export function listAudit(db: Db, asked: AuditAsked): Promise<AuditTable[]> {
  let query = db.selectFrom("audit").selectAll().orderBy("number", "desc").limit(asked.limit);
  for (const column of ["who", "what", "about"] as const) {
    const value = asked[column];
    if (value !== undefined) query = query.where(column, "=", value);
  }
  if (asked.since !== undefined) query = query.where("at", ">=", asked.since);
  if (asked.until !== undefined) query = query.where("at", "<", asked.until);
  if (asked.before !== undefined) query = query.where("number", "<", asked.before);
  return query.execute();
}
