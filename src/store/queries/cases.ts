/** Which cases are there? */
import { type RawBuilder, sql } from "kysely";
import type { Intent } from "../../detect/intent.ts";
import { sourceKey } from "../../util/address.ts";
import type { NumberedCase } from "../store.ts";
import type { CaseNowTable } from "../tables.ts";
import { type Db, liveGeneration, outside, type SourceRange } from "./live.ts";
import { recordsOf } from "./records.ts";
import { CASE_FIELDS, searching } from "./search.ts";

/** What cases are narrowed by. */
export interface CasesOf {
  intent?: Intent | undefined;
  /** An address, or the key a source is remembered under. */
  source?: string | undefined;
  /** Leaves out the cases of these sources. */
  without?: readonly SourceRange[] | undefined;
  /** Only cases that were active since then, in milliseconds since 1970, and before `until`. */
  since?: number | undefined;
  until?: number | undefined;
  state?: "open" | "closed" | undefined;
  /** See search.ts. */
  q?: string | undefined;
  /** Only those that need a decision; rules in `muted` do not count. */
  undecided?: { muted: readonly string[] } | undefined;
  /** Only those that this rule is a reason of. */
  rule?: string | undefined;
}

export interface CasesAsked extends CasesOf {
  order?: "gravest" | "newest" | undefined;
  counted?: boolean | undefined;
  limit: number;
  /** `next` of an earlier answer: the cases after those. */
  after?: string | undefined;
}

/** What was decided about a case, on top of what its record says. */
export type CaseNow = Pick<CaseNowTable, "intent_now" | "corrected" | "closed">;
export type ListedCase = NumberedCase & { now: CaseNow };

/**
 * Cases, the gravest and among these the newest first. `next` is there when there may be more; `count`, where they are to
 * be counted: how many there are from where the list begins.
 */
export async function listCases(
  db: Db,
  asked: CasesAsked,
): Promise<{ cases: ListedCase[]; count: number; next?: string }> {
  let query = casesOf(db, asked)
    .select(["number", "gravity_now", "last_time", "intent_now", "corrected", "closed"])
    .select((asked.counted === true ? sql<number>`count(*) over ()` : sql.lit(0)).as("count"))
    .limit(asked.limit);
  if (asked.order !== "newest") query = query.orderBy("gravity_now");
  query = query.orderBy("last_time", "desc").orderBy("number", "desc");
  if (asked.after !== undefined) {
    const [gravity, lastTime, number] = place(asked.after);
    const later = sql<boolean>`(last_time, number) < (${lastTime}, ${number})`;
    query =
      asked.order === "newest"
        ? query.where(later)
        : query.where((eb) =>
            eb.or([eb("gravity_now", ">", gravity), eb.and([eb("gravity_now", "=", gravity), later])]),
          );
  }
  const rows = await query.execute();
  const records = await recordsOf(
    db,
    rows.map((row) => row.number),
  );
  const cases = rows.flatMap(({ number, intent_now, corrected, closed }) => {
    const record = records.get(number);
    return record ? [{ number, record, now: { intent_now, corrected, closed } }] : [];
  });
  const last = rows.at(-1);
  const count = last?.count ?? 0;
  if (!last || rows.length < asked.limit) return { cases, count };
  return { cases, count, next: `${last.gravity_now}.${last.last_time}.${last.number}` };
}

export async function countCases(db: Db, asked: CasesOf): Promise<number> {
  const counted = casesOf(db, asked).select((eb) => eb.fn.countAll<number>().as("n"));
  return (await counted.executeTakeFirstOrThrow()).n;
}

/** Cases of spam and what is graver are harmful. */
const HARMFUL = 5;

/** The rows of `case_now` that are asked for. */
export function casesOf(db: Db, asked: CasesOf) {
  let query = db.selectFrom("case_now");
  if (asked.intent !== undefined) query = query.where("intent_now", "=", asked.intent);
  if (asked.source !== undefined) query = query.where("source_key", "=", sourceKey(asked.source));
  if (asked.without?.length) query = query.where((eb) => outside(eb, "case_now.source_ip", asked.without!));
  if (asked.since !== undefined) query = query.where("last_time", ">=", asked.since);
  if (asked.until !== undefined) query = query.where("first_time", "<", asked.until);
  if (asked.state !== undefined) query = query.where("closed", "=", asked.state === "closed");
  if (asked.q !== undefined) query = query.where(searching(asked.q, CASE_FIELDS));
  if (asked.rule !== undefined) {
    query = query.where(({ eb, selectFrom }) => {
      const of = selectFrom("case_rule").select("case_number").where("generation", "=", liveGeneration);
      return eb("number", "in", of.where("rule", "=", asked.rule!));
    });
  }
  if (!asked.undecided) return query;
  query = query
    .where("decided", "=", false)
    .where((eb) => eb.or([eb("gravity_now", "<=", HARMFUL), eb("intent_now", "=", "unknown")]));
  const { muted } = asked.undecided;
  if (muted.length === 0) return query;
  const carrying = (are: RawBuilder<unknown>) => sql`select 1 from case_rule as r where carries
    and r.generation = ${liveGeneration} and r.case_number = case_now.number and rule ${are} (${sql.join(muted)})`;
  return query.where(sql<boolean>`not (exists (${carrying(sql`in`)}) and not exists (${carrying(sql`not in`)}))`);
}

function place(after: string): [number, number, number] {
  const match = /^(\d{1,3})\.(\d{1,15})\.(\d{1,15})$/.exec(after);
  if (!match) throw new RangeError("the place to go on from is not one that an earlier answer gave");
  return [Number(match[1]), Number(match[2]), Number(match[3])];
}
