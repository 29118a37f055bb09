/** Which cases are there? */
import type { CaseRecord } from "../../detect/case.ts";
import type { Intent } from "../../detect/intent.ts";
import { sourceKey } from "../../util/address.ts";
import type { NumberedCase } from "../store.ts";
import { type Db, liveGeneration, outside, type SourceRange } from "./live.ts";

export interface CasesAsked {
  intent?: Intent | undefined;
  /** An address, or the key a source is remembered under. */
  source?: string | undefined;
  /** Leaves out the cases of these sources. */
  without?: readonly SourceRange[] | undefined;
  /** Only cases that were active since then, in milliseconds since 1970. */
  since?: number | undefined;
  limit: number;
  /** `next` of an earlier answer: the cases after those. */
  after?: string | undefined;
}

/** Cases, the gravest and among these the newest first. `next` is there when there may be more. */
export async function listCases(db: Db, asked: CasesAsked): Promise<{ cases: NumberedCase[]; next?: string }> {
  let query = db
    .selectFrom("case_record")
    .select(["gravity", "last_time", "number", "body"])
    .where("generation", "=", liveGeneration)
    .orderBy("gravity")
    .orderBy("last_time", "desc")
    .orderBy("number", "desc")
    .limit(asked.limit);
  if (asked.intent !== undefined) query = query.where("intent", "=", asked.intent);
  if (asked.source !== undefined) query = query.where("source_key", "=", sourceKey(asked.source));
  if (asked.without?.length) query = query.where((eb) => outside(eb, "case_record.source_ip", asked.without!));
  if (asked.since !== undefined) query = query.where("last_time", ">=", asked.since);
  if (asked.after !== undefined) {
    const [gravity, lastTime, number] = place(asked.after);
    query = query.where((eb) =>
      eb.or([
        eb("gravity", ">", gravity),
        eb.and([eb("gravity", "=", gravity), eb("last_time", "<", lastTime)]),
        eb.and([eb("gravity", "=", gravity), eb("last_time", "=", lastTime), eb("number", "<", number)]),
      ]),
    );
  }
  const rows = await query.execute();
  const cases = rows.map((row) => ({ number: row.number, record: JSON.parse(row.body) as CaseRecord }));
  const last = rows.at(-1);
  if (!last || rows.length < asked.limit) return { cases };
  return { cases, next: `${last.gravity}.${last.last_time}.${last.number}` };
}

function place(after: string): [number, number, number] {
  const match = /^(\d{1,3})\.(\d{1,15})\.(\d{1,15})$/.exec(after);
  if (!match) throw new RangeError("the place to go on from is not one that an earlier answer gave");
  return [Number(match[1]), Number(match[2]), Number(match[3])];
}
