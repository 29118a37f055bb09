/** How much is there, and what is going on? */
import { INTENT_ORDER } from "../../detect/intent.ts";
import { readSafe } from "../../evidence/folder.ts";
import { overview } from "../../store/queries/overview.ts";
import {
  activeIntents,
  activity,
  doors,
  firstBodies,
  firstWords,
  funnel,
  type Span,
} from "../../store/queries/panels.ts";
import type { Reply } from "../contract.ts";
import { NotFound } from "../refusals.ts";
import { type Answers, iso, isoOrNull, type Room } from "../room.ts";
import { seesJobs } from "../who.ts";
import { evidenceOf } from "./evidence.ts";
import { headOf } from "./jobs.ts";

const HOUR_MS = 3_600_000;
/** What is looked at when no time is asked for. */
const WEEK_MS = 7 * 24 * HOUR_MS;
/** Of what a visitor said first. */
const WORDS_BYTES = 96;
/** Bins of an hour or more. */
const MOST_HOURS = 24 * 366 * 10;

export function overviewAnswers(
  room: Room,
): Answers<"status" | "overview" | "funnel" | "activity" | "doors" | "firstWords"> {
  const { db } = room.store;
  const spanOf = ({ since, until }: { since?: Date | undefined; until?: Date | undefined }): Span => {
    const end = until?.getTime() ?? room.clock();
    const start = since?.getTime() ?? end - WEEK_MS;
    return { since: Math.max(start, end - MOST_HOURS * HOUR_MS), until: end, without: room.own.ranges() };
  };
  return {
    status: async () => {
      if (!room.health) throw new NotFound("No collector runs");
      return room.health.answer();
    },
    overview: () => counts(room),
    funnel: async (asked) => {
      const { timed, medianMs, ms, ...rest } = await funnel(db, spanOf(asked));
      return { ...rest, toJob: { cases: timed, medianMs: medianMs === null ? null : Math.round(medianMs), ms } };
    },
    activity: async (asked) => {
      const span = spanOf(asked);
      const first = Math.floor(span.since / HOUR_MS);
      const hours = Math.max(1, Math.ceil(span.until / HOUR_MS) - first);
      const binHours = Math.ceil(hours / asked.bins);
      const [rows, cases] = await Promise.all([activity(db, span, binHours), activeIntents(db, span)]);
      const bins: Reply<"activity">["bins"] = Array.from({ length: Math.ceil(hours / binHours) }, (_, i) => ({
        from: iso((first + i * binHours) * HOUR_MS),
        sessions: 0,
        intents: {},
        cases: {},
      }));
      for (const row of rows) {
        const bin = bins[row.bin];
        if (!bin) continue;
        bin.sessions += row.sessions;
        bin.intents[row.intent] = row.sessions;
        if (row.cases > 0) bin.cases[row.intent] = row.cases;
      }
      return {
        since: iso(first * HOUR_MS),
        until: iso((first + bins.length * binHours) * HOUR_MS),
        binMs: binHours * HOUR_MS,
        bins,
        intents: Object.fromEntries(INTENT_ORDER.map((intent) => [intent, cases.get(intent) ?? 0])),
      };
    },
    doors: async (asked) => {
      const rows = await doors(db, spanOf(asked));
      return {
        doors: rows.flatMap(({ sensor, ...rest }) => (sensor === null ? [] : [{ sensor, ...rest }])),
        services: rows.flatMap(({ sensor, ...rest }) => (sensor === null ? [rest] : [])),
      };
    },
    firstWords: async (asked, who) => {
      const span = spanOf(asked);
      const rows = await firstWords(db, span, asked.limit);
      const bodies = await firstBodies(
        db,
        span,
        rows.map((row) => row.firstLine),
      );
      const words = rows.map(async (row) => {
        const body = bodies.find((one) => one.firstLine === row.firstLine && one.service === row.service);
        if (!body) return { ...row, words: row.firstLine, different: 1 };
        const said = seesJobs(who) ? await headOf(room, body.job, WORDS_BYTES) : null;
        return { ...row, words: said, different: body.different };
      });
      return { words: await Promise.all(words) };
    },
  };
}

async function counts(room: Room): Promise<Reply<"overview">> {
  // In this order, so that what is not behind is counted.
  const sensors = await Promise.all(
    (await room.store.positions()).map(async ({ sensor, position }) => {
      const safe = await readSafe(evidenceOf(room, sensor));
      return { sensor, position, behind: Math.max(0, (safe?.position ?? position) - position) };
    }),
  );
  const { cases, own, visits, jobs, first, events, judged } = await overview(room.store.db, room.own.ranges());
  return { cases, own, visits, jobs, first: isoOrNull(first), events, judged, sensors };
}
