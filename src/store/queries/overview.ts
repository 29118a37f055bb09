/** How much is there? */
import { type Db, liveGeneration } from "./live.ts";

export interface Overview {
  cases: number;
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

export async function overview(db: Db): Promise<Overview> {
  const n = db.fn.countAll<number>().as("n");
  const counts = await db
    .selectFrom("counter")
    .select((eb) => [
      "counter.ordinal as events",
      eb.selectFrom("case_record").select(n).where("generation", "=", liveGeneration).as("cases"),
      eb.selectFrom("session").select(n).as("visits"),
      eb.selectFrom("job").select(n).where("kind", "=", "job").as("jobs"),
      eb.selectFrom("job").select(n).where("kind", "=", "stray").as("strays"),
      eb.selectFrom("session").select(db.fn.min("session.opened").as("first")).as("first"),
      eb.selectFrom("generation").select("cursor").where("live", "=", true).as("judged"),
    ])
    .executeTakeFirstOrThrow();
  return counts as Overview;
}
