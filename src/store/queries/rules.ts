/** How often did each rule speak? */
import { type Db, liveGeneration } from "./live.ts";

export interface RuleCount {
  cases: number;
  hits: number;
  /** Latest visit of its cases, in milliseconds since 1970. */
  last: number;
}

/** By rule; one that is not there is no reason of any case. */
export async function ruleCounts(db: Db): Promise<Map<string, RuleCount>> {
  const rows = await db
    .selectFrom("case_rule")
    .select(({ fn }) => [
      "rule",
      fn.countAll<number>().as("cases"),
      fn.sum<number>("hits").as("hits"),
      fn.max<number>("last_time").as("last"),
    ])
    .where("generation", "=", liveGeneration)
    .groupBy("rule")
    .execute();
  return new Map(rows.map(({ rule, ...counts }) => [rule, { ...counts, hits: Number(counts.hits) }]));
}
