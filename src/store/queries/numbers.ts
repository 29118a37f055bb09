/** Under which numbers do people know these sessions and jobs, and where do the bytes of sessions end? */
import type { Db } from "./live.ts";

/** A session or job as a sensor names it. */
export interface SensorId {
  sensor: string;
  id: string;
  /** When something of it happened, in milliseconds since 1970: it is found sooner then. */
  time?: number;
}

const DAY_MS = 86_400_000;

export type NumberOf = (sensor: string, id: string) => number | undefined;

export interface SessionPlace {
  /** S-<number>. */
  number: number;
  /** Log position of its last record. */
  logEnd: number;
}

export type PlaceOf = (sensor: string, id: string) => SessionPlace | undefined;

/** Number and place of sessions. */
export async function sessionPlaces(db: Db, ids: readonly SensorId[]): Promise<PlaceOf> {
  const near = lookUp(await placesIn(db, ids, daysAround(ids)));
  // What lasted for days, what nobody knows the time of, and what was removed.
  const others = ids.filter(({ sensor, id }) => near(sensor, id) === undefined);
  const far = lookUp(await placesIn(db, others));
  return (sensor, id) => near(sensor, id) ?? far(sensor, id);
}

async function placesIn(db: Db, ids: readonly SensorId[], days?: readonly number[]) {
  if (ids.length === 0 || days?.length === 0) return [];
  const query = db
    .selectFrom("session")
    .select(["sensor", "session as id", "number", "log_end as logEnd"])
    .where("session", "in", different(ids.map((one) => one.id)));
  return (days ? query.where("day", "in", days) : query).execute();
}

/** Days in which sessions began in which something happened then: also after midnight, and by a clock put right. */
function daysAround(ids: readonly SensorId[]): number[] {
  const days = ids.flatMap(({ time }) => (time === undefined ? [] : [Math.floor(time / DAY_MS)]));
  return different(days.flatMap((day) => [day - 1, day, day + 1]));
}

/** S-<number> of sessions. */
export async function sessionNumbers(db: Db, ids: readonly SensorId[]): Promise<NumberOf> {
  const placeOf = await sessionPlaces(db, ids);
  return (sensor, id) => placeOf(sensor, id)?.number;
}

/** J-<number> of jobs. */
export async function jobNumbers(db: Db, ids: readonly SensorId[]): Promise<NumberOf> {
  if (ids.length === 0) return () => undefined;
  const query = db.selectFrom("job").select(["sensor", "job as id", "number"]);
  const jobOf = lookUp(await query.where("job", "in", different(ids.map((one) => one.id))).execute());
  return (sensor, id) => jobOf(sensor, id)?.number;
}

const different = <T>(values: readonly T[]) => [...new Set(values)];

function lookUp<R extends SensorId>(rows: readonly R[]): (sensor: string, id: string) => R | undefined {
  const byName = new Map(rows.map((row) => [`${row.sensor}\n${row.id}`, row]));
  return (sensor, id) => byName.get(`${sensor}\n${id}`);
}
