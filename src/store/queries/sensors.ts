/** What are the sensors, and what came from them lately? */
import { sql } from "kysely";
import type { Payload } from "../../event/catalogue.ts";
import type { Event } from "../../event/event.ts";
import { type Db, liveGeneration } from "./live.ts";

const DAY_MS = 86_400_000;

export interface SensorRow {
  sensor: string;
  /** As it said when it began last. */
  started: Payload<"sensor.started"> | null;
  /** Milliseconds since 1970. */
  lastEvent: number | null;
  sources: number;
  /** Sessions of the last days, oldest first. */
  perDay: number[];
}

/** The sensors that have delivered something, with what came in the last `days` days before `now`. */
export async function sensorRows(db: Db, now: number, days: number): Promise<SensorRow[]> {
  const today = Math.floor(now / DAY_MS);
  const firstHour = (today - days + 1) * 24;
  const [positions, started, hours] = await Promise.all([
    db.selectFrom("sensor_position").select("sensor").orderBy("sensor").execute(),
    startedEvents(db),
    db
      .selectFrom("case_hour")
      .select(({ fn }) => ["sensor", "hour", fn.sum<number>("sessions").as("sessions")])
      .where("generation", "=", liveGeneration)
      .where("hour", ">=", firstHour)
      .groupBy(["sensor", "hour"])
      .execute(),
  ]);
  const begun = new Map(started.map(({ sensor, body }) => [sensor, JSON.parse(body) as Event]));
  const [sources, last] = await Promise.all([
    sourcesOf(db, firstHour),
    lastEvents(
      db,
      positions.map((one) => one.sensor),
    ),
  ]);
  return positions.map(({ sensor }) => {
    const perDay = Array.from({ length: days }, () => 0);
    for (const row of hours) {
      const day = Math.floor(row.hour / 24) - (today - days + 1);
      if (row.sensor === sensor && day >= 0 && day < days) perDay[day]! += Number(row.sessions);
    }
    const event = begun.get(sensor);
    return {
      sensor,
      started: event?.type === "sensor.started" ? event.data : null,
      lastEvent: last.get(sensor) ?? null,
      sources: sources.get(sensor) ?? 0,
      perDay,
    };
  });
}

async function sourcesOf(db: Db, firstHour: number): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom("case_hour")
    .select(({ fn }) => ["sensor", fn.count<number>("case_number").distinct().as("sources")])
    .where("generation", "=", liveGeneration)
    .where("hour", ">=", firstHour)
    .groupBy("sensor")
    .execute();
  return new Map(rows.map(({ sensor, sources }) => [sensor, sources]));
}

/** Before a sensor says that it began, it only ends what its last run had left: most of the table need not be looked at. */
const FIRST_EVENTS = 10_000;

/** What sensors said when they began, the latest last. */
function startedEvents(db: Db) {
  const events = db.selectFrom("event").select(["sensor", "body"]).where("seq", "<=", FIRST_EVENTS);
  return events.where("type", "=", "sensor.started").orderBy("ordinal").execute();
}

/** The latest events in which a sensor is looked for before all others. */
const RECENT = 200_000;

async function lastEvents(db: Db, sensors: readonly string[]): Promise<Map<string, number>> {
  const query = db
    .selectFrom("event")
    .select(({ fn }) => ["sensor", fn.max<number>("time").as("time")])
    .groupBy("sensor");
  const newest = db.selectFrom("counter").select(sql<number>`ordinal - ${RECENT}`.as("ordinal"));
  const rows = await query.where("ordinal", ">", newest).execute();
  const silent = sensors.filter((name) => !rows.some((row) => row.sensor === name));
  if (silent.length > 0) rows.push(...(await query.where("sensor", "in", silent).execute()));
  return new Map(rows.map(({ sensor, time }) => [sensor, time]));
}
