/** The sessions of a case, one lane for each service of each sensor. */
import { caseByNumber } from "../../store/queries/case.ts";
import type { SessionTable } from "../../store/tables.ts";
import type { Reply } from "../contract.ts";
import { nameOf } from "../lines.ts";
import { NotFound } from "../refusals.ts";
import { iso, isoOrNull, type Room } from "../room.ts";

/** Sessions that are looked at, and those that one lane has. */
const LOOKED_AT = 2000;
const LANE = 200;

export async function timeline({ store }: Room, number: number): Promise<Reply<"timeline">> {
  const found = await caseByNumber(store.db, number, LOOKED_AT);
  if (!found) throw new NotFound(`There is no case C-${number}`);
  const reasons = new Map<string, Set<number>>();
  found.record.reasons.forEach(({ evidence }, i) => {
    for (const one of evidence) add(reasons, keyOf(one.sensor, one.session), i + 1);
  });
  const jobs = new Map(found.jobs.toReversed().map((job) => [keyOf(job.sensor, job.session), job.number]));
  const lanes = new Map<string, SessionTable[]>();
  for (const session of found.sessions) {
    const key = keyOf(session.sensor, session.service);
    lanes.set(key, [...(lanes.get(key) ?? []), session]);
  }
  return {
    lanes: [...lanes.values()].map((sessions) => ({
      service: sessions[0]!.service,
      sensor: sessions[0]!.sensor,
      sessions: spread(sessions).map((session) => {
        const key = keyOf(session.sensor, session.session);
        const job = jobs.get(key);
        return {
          id: `S-${session.number}`,
          opened: iso(session.opened),
          closed: isoOrNull(session.closed),
          answered: session.bytes_out > 0,
          reasons: [...(reasons.get(key) ?? [])],
          ...(job === undefined ? {} : { job: nameOf("J", job) }),
        };
      }),
      leftOut: Math.max(0, sessions.length - LANE),
    })),
  };
}

/** The first and the last ones. */
function spread(sessions: readonly SessionTable[]): SessionTable[] {
  if (sessions.length <= LANE) return [...sessions];
  return [...sessions.slice(0, LANE / 2), ...sessions.slice(-LANE / 2)];
}

const keyOf = (sensor: string, name: string) => `${sensor}\n${name}`;

function add(map: Map<string, Set<number>>, key: string, value: number): void {
  const set = map.get(key);
  if (set) set.add(value);
  else map.set(key, new Set([value]));
}
