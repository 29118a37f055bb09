/** What questions about derived rows have in common. */
import { type ExpressionBuilder, type Kysely, sql } from "kysely";
import type { Tables } from "../tables.ts";

export type Db = Kysely<Tables>;

/** The generation that people see. */
export const liveGeneration = sql<number>`(select generation from generation where live)`;

/** Sources from a first to a last address, both as `sortableAddress` gives them. */
export type SourceRange = readonly [string, string];

/** Whether a column with such an address lies in none of the ranges. */
export function outside<T extends keyof Tables>(
  eb: ExpressionBuilder<Tables, T>,
  column: "case_record.source_ip" | "case_now.source_ip" | "session.source_ip",
  ranges: readonly SourceRange[],
) {
  const address = sql.ref<string>(column);
  return eb.and(ranges.map(([first, last]) => sql<boolean>`not (${address} between ${first} and ${last})`));
}

/** Joins cases with sessions: those of the case's source that overlap it in time. */
export function ofSession(eb: ExpressionBuilder<Tables, "case_record" | "session">) {
  return eb.and([
    eb("session.source_key", "=", eb.ref("case_record.source_key")),
    eb("session.opened", "<=", eb.ref("case_record.last_time")),
    eb.or([eb("session.closed", "is", null), eb("session.closed", ">=", eb.ref("case_record.first_time"))]),
  ]);
}

/** Joins cases with jobs: those of the case's source that came during it. */
export function ofJob(eb: ExpressionBuilder<Tables, "case_record" | "job">) {
  return eb.and([
    eb("job.source_key", "=", eb.ref("case_record.source_key")),
    eb("job.time", ">=", eb.ref("case_record.first_time")),
    eb("job.time", "<=", eb.ref("case_record.last_time")),
  ]);
}
