/** Which cases may have changed by what was committed between two moments? */
import type { CaseRecord } from "../../detect/case.ts";
import type { NumberedCase } from "../store.ts";
import { type Db, liveGeneration } from "./live.ts";

export interface TouchedAsked {
  /** Ordinals of events: after the one, up to the other. */
  after: number;
  upTo: number;
  /** Cases of this gravity or graver (see INTENT_ORDER). */
  gravity: number;
  /** Active since then, in milliseconds since 1970. */
  since: number;
}

/** The cases of all sources that the events came from, in the order of their numbers. */
export async function touchedCases(db: Db, { after, upTo, gravity, since }: TouchedAsked): Promise<NumberedCase[]> {
  const sources = db.selectFrom("event").select("source_key").distinct().where("source_key", "is not", null);
  const rows = await db
    .selectFrom("case_record")
    .select(["number", "body"])
    .where("generation", "=", liveGeneration)
    .where("gravity", "<=", gravity)
    .where("last_time", ">=", since)
    .where(
      "source_key",
      "in",
      sources.where("ordinal", ">", after).where("ordinal", "<=", upTo).$castTo<{ source_key: string }>(),
    )
    .orderBy("number")
    .execute();
  return rows.map(({ number, body }) => ({ number, record: JSON.parse(body) as CaseRecord }));
}
