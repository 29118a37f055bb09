/** Under which numbers do people know these sessions and jobs? */
import type { Db } from "./live.ts";

/** A session or job as a sensor names it. */
export interface SensorId {
  sensor: string;
  id: string;
}

export type NumberOf = (sensor: string, id: string) => number | undefined;

/** S-<number> of sessions. */
export async function sessionNumbers(db: Db, ids: readonly SensorId[]): Promise<NumberOf> {
  if (ids.length === 0) return () => undefined;
  const query = db.selectFrom("session").select(["sensor", "session as id", "number"]);
  return lookUp(await query.where("session", "in", [...new Set(ids.map((one) => one.id))]).execute());
}

/** J-<number> of jobs. */
export async function jobNumbers(db: Db, ids: readonly SensorId[]): Promise<NumberOf> {
  if (ids.length === 0) return () => undefined;
  const query = db.selectFrom("job").select(["sensor", "job as id", "number"]);
  return lookUp(await query.where("job", "in", [...new Set(ids.map((one) => one.id))]).execute());
}

function lookUp(rows: readonly (SensorId & { number: number })[]): NumberOf {
  const numbers = new Map(rows.map((row) => [`${row.sensor}\n${row.id}`, row.number]));
  return (sensor, id) => numbers.get(`${sensor}\n${id}`);
}
