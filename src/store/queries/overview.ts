/** How much is there? */
import { type Db, liveGeneration, outside, type SourceRange } from "./live.ts";

export interface Overview {
  cases: number;
  /** Cases that were left out. */
  own: number;
  /** Sessions. */
  visits: number;
  jobs: number;
  strays: number;
  /** Begin of the first session in milliseconds since 1970, null while there is none. */
  first: number | null;
  /** The last ordinal committed, and the last one judged. */
  events: number;
  judged: number;
}

/** Counts everything but what came from the sources in `without`. */
export async function overview(db: Db, without: readonly SourceRange[] = []): Promise<Overview> {
  const n = db.fn.countAll<number>().as("n");
  const cases = db.selectFrom("case_record").select(n).where("generation", "=", liveGeneration);
  const sessions = db.selectFrom("session").where((eb) => outside(eb, "session.source_ip", without));
  const jobs = db
    .selectFrom("job")
    .select(n)
    .where((eb) => {
      if (without.length === 0) return eb.lit(true);
      const visit = eb
        .selectFrom("session")
        .select("session.number")
        .whereRef("session.sensor", "=", "job.sensor")
        .whereRef("session.session", "=", "job.session")
        .where((eb) => outside(eb, "session.source_ip", without));
      return eb.exists(visit);
    });
  const counts = await db
    .selectFrom("counter")
    .select((eb) => [
      "counter.ordinal as events",
      cases.where((eb) => outside(eb, "case_record.source_ip", without)).as("cases"),
      cases.where((eb) => eb.not(outside(eb, "case_record.source_ip", without))).as("own"),
      sessions.select(n).as("visits"),
      jobs.where("kind", "=", "job").as("jobs"),
      jobs.where("kind", "=", "stray").as("strays"),
      sessions.select(db.fn.min("session.opened").as("first")).as("first"),
      eb.selectFrom("generation").select("cursor").where("live", "=", true).as("judged"),
    ])
    .executeTakeFirstOrThrow();
  return counts as Overview;
}

/** The last ordinal committed, and the last one judged. */
export function progress(db: Db): Promise<Pick<Overview, "events" | "judged">> {
  const judged = db.selectFrom("generation").select("cursor").where("live", "=", true);
  const counter = db
    .selectFrom("counter")
    .select(["ordinal as events", judged.$castTo<{ cursor: number }>().as("judged")]);
  return counter.$castTo<Pick<Overview, "events" | "judged">>().executeTakeFirstOrThrow();
}

/** The visit that was recorded last, but for those from the sources in `without`. */
export async function lastVisit(
  db: Db,
  without: readonly SourceRange[] = [],
): Promise<{ number: number; source: string; opened: number } | undefined> {
  return db
    .selectFrom("session")
    .select(["number", "source", "opened"])
    .where((eb) => outside(eb, "session.source_ip", without))
    .orderBy("number", "desc")
    .limit(1)
    .executeTakeFirst();
}
