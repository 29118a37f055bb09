/** What is this job? */
import type { Payload } from "../../event/catalogue.ts";
import type { Event, Origin } from "../../event/event.ts";
import type { JobTable } from "../tables.ts";
import { type Db, liveGeneration, ofJob } from "./live.ts";

export interface JobAnswer {
  job: JobTable;
  /** As the sensor told of it. */
  captured: Payload<"job.captured">;
  origin: Origin | undefined;
  sessionNumber: number | null;
  caseNumber: number | null;
}

/** Job J-<number>; undefined where there is none. */
export async function jobByNumber(db: Db, number: number): Promise<JobAnswer | undefined> {
  const job = await db.selectFrom("job").selectAll().where("number", "=", number).executeTakeFirst();
  if (!job) return undefined;
  const [events, session, belonging] = await Promise.all([
    db
      .selectFrom("event")
      .select("body")
      .where("sensor", "=", job.sensor)
      .where("session", "=", job.session)
      .where("type", "=", "job.captured")
      .where("day", "=", job.day)
      .execute(),
    db
      .selectFrom("session")
      .select("number")
      .where("sensor", "=", job.sensor)
      .where("session", "=", job.session)
      .executeTakeFirst(),
    db
      .selectFrom("case_record")
      .innerJoin("job", (join) => join.on(ofJob))
      .select("case_record.number")
      .where("case_record.generation", "=", liveGeneration)
      .where("job.number", "=", number)
      .orderBy("case_record.last_time", "desc")
      .limit(1)
      .executeTakeFirst(),
  ]);
  const all = events.map((row) => JSON.parse(row.body) as Event);
  const captured = all.flatMap((event) => (event.type === "job.captured" ? [event] : []));
  const own = captured.find(({ data }) => data.job === job.job);
  if (!own) return undefined;
  return {
    job,
    captured: own.data,
    origin: own.origin,
    sessionNumber: session?.number ?? null,
    caseNumber: belonging?.number ?? null,
  };
}
