/** What came in lately, and what comes next? */
import type { EventType } from "../../event/catalogue.ts";
import { sourceKey } from "../../util/address.ts";
import { storedEvent } from "../rows.ts";
import type { StoredEvent } from "../store.ts";
import type { Db } from "./live.ts";

export interface EventsAsked {
  /** Ordinal to go on from; without it the latest events are given. */
  after?: number | undefined;
  type?: EventType | undefined;
  /** An address, or the key a source is remembered under. */
  source?: string | undefined;
  sensor?: string | undefined;
  /** At that time or later, in milliseconds since 1970; before `until`. */
  since?: number | undefined;
  until?: number | undefined;
  limit: number;
}

/** Events in order. `next` is the ordinal to ask `after` next time: everything up to it was looked at. */
export async function listEvents(db: Db, asked: EventsAsked): Promise<{ events: StoredEvent[]; next: number }> {
  const { ordinal: newest } = await db.selectFrom("counter").select("ordinal").executeTakeFirstOrThrow();
  let query = db
    .selectFrom("event")
    .select(["ordinal", "position", "body"])
    .where("ordinal", "<=", newest)
    .orderBy("ordinal", asked.after === undefined ? "desc" : "asc")
    .limit(asked.limit);
  if (asked.after !== undefined) query = query.where("ordinal", ">", asked.after);
  if (asked.type !== undefined) query = query.where("type", "=", asked.type);
  if (asked.source !== undefined) query = query.where("source_key", "=", sourceKey(asked.source));
  if (asked.sensor !== undefined) query = query.where("sensor", "=", asked.sensor);
  if (asked.since !== undefined) query = query.where("time", ">=", asked.since);
  if (asked.until !== undefined) query = query.where("time", "<", asked.until);
  const rows = await query.execute();
  if (asked.after === undefined) rows.reverse();
  const events = rows.map(storedEvent);
  const full = asked.after !== undefined && rows.length === asked.limit;
  return { events, next: full ? (rows.at(-1)?.ordinal ?? newest) : newest };
}
