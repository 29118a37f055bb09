/** What happened in this session? */
import type { Evidence } from "../../detect/case.ts";
import { storedEvent } from "../rows.ts";
import type { StoredEvent } from "../store.ts";
import type { SessionTable } from "../tables.ts";
import { type Db, liveGeneration } from "./live.ts";

/** A place in the session that a signature or correlation spoke about. */
export interface SessionFinding {
  caseKey: string;
  rule: string;
  kind: string;
  evidence: Evidence;
}

export interface SessionAnswer {
  session: SessionTable;
  /** In the order of commitment. */
  events: StoredEvent[];
  /** In the order of time. */
  findings: SessionFinding[];
  /** Number of the case it belongs to, null when it was not judged yet. */
  caseNumber: number | null;
}

const DAY_MS = 86_400_000;

/** Session S-<number> with at most `limit` events and findings; undefined where there is none. */
export async function sessionByNumber(db: Db, number: number, limit = 1000): Promise<SessionAnswer | undefined> {
  const session = await db.selectFrom("session").selectAll().where("number", "=", number).executeTakeFirst();
  if (!session) return undefined;
  // What it said lies between its begin and its end, with a day on either side for clocks that were put right.
  const begin = session.opened - DAY_MS;
  const end = (session.closed ?? Number.MAX_SAFE_INTEGER - DAY_MS) + DAY_MS;
  const [events, findings, belonging] = await Promise.all([
    db
      .selectFrom("event")
      .select(["ordinal", "position", "body"])
      .where("sensor", "=", session.sensor)
      .where("session", "=", session.session)
      .where("time", ">=", begin)
      .where("time", "<=", end)
      .orderBy("ordinal")
      .limit(limit)
      .execute(),
    db
      .selectFrom("finding")
      .select(["case_key", "rule", "kind", "body"])
      .where("generation", "=", liveGeneration)
      .where("sensor", "=", session.sensor)
      .where("session", "=", session.session)
      .where("time", ">=", begin)
      .where("time", "<=", end)
      .orderBy("time")
      .orderBy("at_from")
      .orderBy("rule")
      .limit(limit)
      .execute(),
    db
      .selectFrom("case_record")
      .select("number")
      .where("generation", "=", liveGeneration)
      .where("source_key", "=", session.source_key)
      .where("last_time", ">=", session.opened)
      .where("first_time", "<=", session.closed ?? Number.MAX_SAFE_INTEGER)
      .orderBy("last_time", "desc")
      .limit(1)
      .executeTakeFirst(),
  ]);
  return {
    session,
    events: events.map(storedEvent),
    findings: findings.map((row) => ({
      caseKey: row.case_key,
      rule: row.rule,
      kind: row.kind,
      evidence: JSON.parse(row.body) as Evidence,
    })),
    caseNumber: belonging?.number ?? null,
  };
}
