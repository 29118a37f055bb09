/** The bytes that findings rest on, with a little of what stands around them, out of the evidence. */
import { join } from "node:path";
import type { Evidence } from "../detect/case.ts";
import { toByteText } from "../event/bytes-text.ts";
import { LogReader } from "../evidence/reader.ts";
import { Outline } from "../evidence/stretch.ts";
import type { PlaceOf } from "../store/queries/numbers.ts";
import type { Excerpt } from "./contract.ts";

/** Bytes of an excerpt. */
const BEFORE = 24;
const MATCH = 160;
const AFTER = 48;
/** Records of a session that are looked at; of longer ones there are no excerpts. */
const RECORDS = 500;

/** What is known of places, by `sensor`, `session` and `at`. */
export type ExcerptOf = (one: Evidence) => Excerpt | undefined;

/** Excerpts for places of evidence in sessions that `placeOf` knows; those in job bodies only with `jobs`. Places that are gone have none. */
export async function excerptsOf(
  placeOf: PlaceOf,
  sensors: string,
  places: readonly Evidence[],
  jobs: boolean,
): Promise<ExcerptOf> {
  const found = new Map<string, Excerpt>();
  const bySession = new Map<string, Evidence[]>();
  for (const one of places) {
    if (!one.at || (one.job !== undefined && !jobs)) continue;
    const key = `${one.sensor}\n${one.session}`;
    bySession.set(key, [...(bySession.get(key) ?? []), one]);
  }
  await Promise.all(
    [...bySession.values()].map(async (group) => {
      const { sensor, session } = group[0]!;
      const end = placeOf(sensor, session)?.logEnd;
      if (end === undefined) return;
      const evidence = join(sensors, sensor, "evidence");
      const reader = new LogReader(evidence);
      try {
        const outline = await Outline.of(reader, evidence, session, end, RECORDS);
        if (!outline) return;
        for (const { at } of group) found.set(placeKey(sensor, session, at!), await excerpt(outline, at!, jobs));
      } finally {
        await reader.close();
      }
    }),
  );
  return ({ sensor, session, at }) => at && found.get(placeKey(sensor, session, at));
}

const placeKey = (sensor: string, session: string, at: readonly [number, number]) =>
  `${sensor}\n${session}\n${at.join("\n")}`;

async function excerpt(outline: Outline, [from, to]: readonly [number, number], jobs: boolean): Promise<Excerpt> {
  const start = Math.max(0, from - BEFORE);
  const matchEnd = Math.min(to, from + MATCH);
  const end = matchEnd < to ? matchEnd : to + AFTER;
  const { bytes, total } = await outline.read("in", start, end, jobs);
  const text = toByteText(bytes);
  return {
    before: text.slice(0, from - start),
    match: text.slice(from - start, matchEnd - start),
    after: text.slice(matchEnd - start),
    cutBefore: start,
    cutMatch: to - matchEnd,
    cutAfter: Math.max(0, total - Math.max(to, start + bytes.length)),
  };
}
