/** Which sessions were there, and where do their bytes lie? */
import { sourceKey } from "../../util/address.ts";
import type { SessionTable } from "../tables.ts";
import { type Db, liveGeneration, ofSession } from "./live.ts";
import { searching, SESSION_FIELDS } from "./search.ts";

export interface SessionsAsked {
  session?: number | undefined;
  /** Number of a case. */
  case?: number | undefined;
  /** An address, or the key a source is remembered under. */
  source?: string | undefined;
  /** Opened at that time or later, in milliseconds since 1970; before `until`. */
  since?: number | undefined;
  until?: number | undefined;
  /** See search.ts. */
  q?: string | undefined;
  order?: "oldest" | "newest" | undefined;
  limit: number;
  /** To go on after the session with this number, the last one of an earlier answer. */
  after?: number | undefined;
}

/** Sessions by number. */
export async function listSessions(db: Db, asked: SessionsAsked): Promise<SessionTable[]> {
  const order = asked.order === "newest" ? "desc" : "asc";
  let query = db.selectFrom("session").select("session.number").orderBy("session.number", order).limit(asked.limit);
  if (asked.session !== undefined) query = query.where("session.number", "=", asked.session);
  if (asked.source !== undefined) query = query.where("session.source_key", "=", sourceKey(asked.source));
  if (asked.since !== undefined) query = query.where("session.opened", ">=", asked.since);
  if (asked.until !== undefined) query = query.where("session.opened", "<", asked.until);
  if (asked.q !== undefined) query = query.where(searching(asked.q, SESSION_FIELDS));
  if (asked.after !== undefined) query = query.where("session.number", order === "desc" ? "<" : ">", asked.after);
  if (asked.case !== undefined) {
    query = query
      .innerJoin("case_record", (join) => join.on(ofSession))
      .where("case_record.generation", "=", liveGeneration)
      .where("case_record.number", "=", asked.case);
  }
  const numbers = (await query.execute()).map((row) => row.number);
  if (numbers.length === 0) return [];
  // Whole rows are read of these only.
  return db.selectFrom("session").selectAll().where("number", "in", numbers).orderBy("number", order).execute();
}
