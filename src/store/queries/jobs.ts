/** What was sent to be printed? */
import { sourceKey } from "../../util/address.ts";
import type { JobTable } from "../tables.ts";
import type { Db } from "./live.ts";

export interface JobsAsked {
  /** `stray`: what came in place of a job. Without it both. */
  kind?: "job" | "stray" | undefined;
  /** An address, or the key a source is remembered under. */
  source?: string | undefined;
  sha256?: string | undefined;
  limit: number;
  /** Only jobs with a lower number: to go on after the last one of an earlier answer. */
  before?: number | undefined;
}

/** Jobs, the newest first. */
export function listJobs(db: Db, asked: JobsAsked): Promise<JobTable[]> {
  let query = db.selectFrom("job").selectAll().orderBy("number", "desc").limit(asked.limit);
  if (asked.kind !== undefined) query = query.where("kind", "=", asked.kind);
  if (asked.source !== undefined) query = query.where("source_key", "=", sourceKey(asked.source));
  if (asked.sha256 !== undefined) query = query.where("sha256", "=", asked.sha256);
  if (asked.before !== undefined) query = query.where("number", "<", asked.before);
  return query.execute();
}
