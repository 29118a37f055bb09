/** The states of a sensor: how they look, and which is worse. */
import type { Reply } from "../../src/collector/contract.ts";

type Sensor = Reply<"sensors">["sensors"][number];
type Look = { state: "ok" | "warn" | "failed" | "muted"; word: string };

export const SENSOR_STATES: Record<Sensor["state"], Look> = {
  silent: { state: "failed", word: "silent" },
  partly: { state: "warn", word: "partly open" },
  behind: { state: "warn", word: "behind" },
  unknown: { state: "muted", word: "not known" },
  ok: { state: "ok", word: "ok" },
};
const WORST = Object.keys(SENSOR_STATES);

export function worstFirst<S extends { state: Sensor["state"]; sensor: string }>(sensors: readonly S[]): S[] {
  return sensors.toSorted(
    (a, b) => WORST.indexOf(a.state) - WORST.indexOf(b.state) || a.sensor.localeCompare(b.sensor),
  );
}
