/** Cases with what they rest on and what was decided about them, by the names people know. */
import type { CaseRecord, Evidence } from "../../detect/case.ts";
import type { Intent } from "../../detect/intent.ts";
import { type CaseAnswer, caseByNumber } from "../../store/queries/case.ts";
import { type CasesOf, countCases, listCases, type ListedCase } from "../../store/queries/cases.ts";
import { decisionsOfCases } from "../../store/queries/desk.ts";
import { jobNumbers, type NumberOf, sessionPlaces } from "../../store/queries/numbers.ts";
import { jobsOfCases, sessionsOfCases } from "../../store/queries/visits.ts";
import type { DecisionTable } from "../../store/tables.ts";
import type { Asked, CaseView } from "../contract.ts";
import { type ExcerptOf, excerptsOf } from "../excerpts.ts";
import { decisionView, jobLine, nameOf, sessionLine } from "../lines.ts";
import { NotFound } from "../refusals.ts";
import { type Answers, iso, type Room } from "../room.ts";
import { seesJobs, type Who } from "../who.ts";
import { timeline } from "./timeline.ts";

/** Sessions and jobs that a case lists. */
const LISTED = 100;
/** Places of one reason that come with their bytes, in all and when a list of cases is shown. */
const PLACES = { case: 3, list: 1 };

/** What cases a question is about. */
export function casesAsked(room: Room, asked: Asked<"cases"> | Omit<Asked<"cases">, "limit">): CasesOf {
  const { since, until, intent, own, source, state, q } = asked;
  return {
    since: since?.getTime(),
    until: until?.getTime(),
    intent: intent as Intent | undefined,
    without: own ? [] : room.own.ranges(),
    source,
    state,
    q,
  };
}

export function caseAnswers(room: Room): Answers<"cases" | "case" | "timeline" | "undecided"> {
  const { db, decisions } = room.store;
  return {
    cases: async (asked, who) => {
      const { limit, after, order, brief } = asked;
      const { cases, next } = await listCases(db, { ...casesAsked(room, asked), limit, after, order });
      const full = brief ? cases.map(alone) : await withVisits(room, cases);
      return { cases: await caseViews(room, full, who, { excerpts: brief ? "list" : "none" }), next: next ?? null };
    },
    case: async ({ number }, who) => {
      const found = await caseByNumber(db, number, LISTED);
      if (!found) throw new NotFound(`There is no case C-${number}`);
      return (await caseViews(room, [found], who, { excerpts: "case" }))[0]!;
    },
    timeline: ({ number }) => timeline(room, number),
    undecided: async ({ since, until, limit }, who) => {
      const muted = [...decisions.mutes(room.clock()).keys()];
      const asked = {
        since: since?.getTime(),
        until: until?.getTime(),
        without: room.own.ranges(),
        undecided: { muted },
      };
      if (limit === 0) return { count: await countCases(db, asked), cases: [] };
      const { cases, count } = await listCases(db, { ...asked, counted: true, limit });
      return { count, cases: await caseViews(room, cases.map(alone), who, { excerpts: "list" }) };
    },
  };
}

export const alone = (one: ListedCase): CaseAnswer => ({ ...one, sessions: [], jobs: [] });

async function withVisits({ store }: Room, cases: readonly ListedCase[]): Promise<CaseAnswer[]> {
  const numbers = cases.map((one) => one.number);
  const [sessions, jobs] = await Promise.all([
    sessionsOfCases(store.db, numbers, LISTED),
    jobsOfCases(store.db, numbers, LISTED),
  ]);
  return cases.map((one) => ({
    ...one,
    sessions: sessions.get(one.number) ?? [],
    jobs: jobs.get(one.number) ?? [],
  }));
}

/** `excerpts`: for one case the first places of every reason, for a list those that carry its intent. */
export async function caseViews(
  room: Room,
  found: readonly CaseAnswer[],
  who: Who,
  { excerpts }: { excerpts: "case" | "list" | "none" },
): Promise<CaseView[]> {
  const { db, decisions } = room.store;
  const evidence = found.flatMap(({ record }) => record.reasons.flatMap((reason) => reason.evidence));
  const jobs = evidence.flatMap(({ sensor, job }) => (job === undefined ? [] : [{ sensor, id: job }]));
  const sessions = [
    ...evidence.map(({ sensor, session, time }) => ({ sensor, id: session, time })),
    ...found.flatMap((one) => one.jobs.map(({ sensor, session, time }) => ({ sensor, id: session, time }))),
  ];
  const places = found.flatMap(({ record }) => placesOf(record, excerpts));
  const [placeOf, jobOf, decided] = await Promise.all([
    sessionPlaces(db, sessions),
    jobNumbers(db, jobs),
    decisionsOfCases(
      db,
      found.map((one) => one.number),
    ),
  ]);
  const sessionOf: NumberOf = (sensor, id) => placeOf(sensor, id)?.number;
  const excerptOf = await excerptsOf(placeOf, room.sensors, places, seesJobs(who));
  const muted = new Set(decisions.mutes(room.clock()).keys());
  const names = { sessionOf, jobOf, excerptOf, muted, who };
  return found.map((one) => caseView(room, one, decided.get(one.number) ?? [], names));
}

function placesOf({ reasons, intent }: CaseRecord, excerpts: "case" | "list" | "none"): Evidence[] {
  if (excerpts === "none") return [];
  const asked = excerpts === "case" ? reasons : reasons.filter((reason) => reason.intent === intent);
  return asked.flatMap((reason) => reason.evidence.slice(0, PLACES[excerpts]));
}

interface Names {
  sessionOf: NumberOf;
  jobOf: NumberOf;
  excerptOf: ExcerptOf;
  muted: ReadonlySet<string>;
  who: Who;
}

function caseView(room: Room, one: CaseAnswer, decided: readonly DecisionTable[], names: Names): CaseView {
  const { number, record, now, sessions, jobs } = one;
  const carrying = record.reasons.filter((reason) => reason.intent === record.intent);
  return {
    id: `C-${number}`,
    source: record.source,
    sourceKey: record.sourceKey,
    own: room.own.has(record.source),
    intent: now.intent_now,
    confidence: record.confidence,
    others: record.others,
    headline: record.headline,
    first: iso(record.firstTime),
    last: iso(record.lastTime),
    sessionCount: record.sessions,
    jobCount: record.jobs,
    ...(record.probeToJobMs === undefined ? {} : { probeToJobMs: record.probeToJobMs }),
    reasons: reasonsOf(record, names),
    dropped: record.dropped,
    judged: record.intent,
    corrected: now.corrected,
    state: now.closed ? "closed" : "open",
    muted: carrying.length > 0 && carrying.every(({ rule }) => names.muted.has(rule)),
    decisions: decided.map(decisionView),
    sessions: sessions.map(sessionLine),
    jobs: jobs.map((job) => jobLine(job, names.sessionOf, names.who)),
  };
}

function reasonsOf(record: CaseRecord, { sessionOf, jobOf, excerptOf, muted, who }: Names): CaseView["reasons"] {
  const seen = seesJobs(who);
  return record.reasons.map((reason, i) => ({
    number: i + 1,
    rule: reason.rule,
    title: reason.title,
    intent: reason.intent,
    level: reason.level,
    count: reason.count,
    ...(reason.partOf === undefined ? {} : { partOf: reason.partOf }),
    muted: muted.has(reason.rule),
    evidence: reason.evidence.map((one: Evidence) => {
      const bytes = excerptOf(one);
      return {
        session: nameOf("S", sessionOf(one.sensor, one.session)),
        service: one.service,
        time: iso(one.time),
        ...(one.job === undefined ? {} : { job: nameOf("J", jobOf(one.sensor, one.job)) }),
        ...(one.at ? { at: one.at } : {}),
        ...(one.words && (seen || one.job === undefined) ? { words: one.words } : {}),
        ...(bytes ? { bytes } : {}),
      };
    }),
  }));
}
