/** What is told of a case, and of many at once. Both are kept until they are sent, so both are bounded. */
import type { CaseRecord } from "../detect/case.ts";
import { type Intent, INTENT_ORDER, type Level } from "../detect/intent.ts";
import { cut, plain, quoted } from "./text.ts";

/** A case as people name it, with its verdict. */
export interface NumberedCase {
  number: number;
  record: CaseRecord;
}

/** One case that became worth a message. All text in it is plain: visible, on one line, cut. */
export interface Alert {
  /** The same however often it is sent: `<installation>.C-12.spam`. Letters, digits, dots and hyphens. */
  id: string;
  case: number;
  intent: Intent;
  confidence: Level;
  /** The intent that was alerted before, where the case became graver. */
  before?: Intent;
  headline: string;
  source: string;
  /** Milliseconds since 1970. */
  first: number;
  last: number;
  sessions: number;
  jobs: number;
  reasons: { rule: string; title: string; count: number; words: string[] }[];
}

/** Many alerts in one message: how many of what, which cases, and the gravest with their reasons. */
export interface Digest {
  /** Milliseconds since 1970 of the first alert in it and of the last one. */
  since: number;
  until: number;
  count: number;
  intents: Partial<Record<Intent, number>>;
  /** Numbers of the cases, each once, at most {@link NAMED}. */
  cases: number[];
  /** At most {@link GRAVEST}, the gravest first. */
  gravest: Alert[];
}

/** Cases that a digest names, and those it tells about. */
export const NAMED = 2000;
export const GRAVEST = 10;
const REASONS = 5;
const WORDS = 3;

export function alertOf(installation: string, { number, record }: NumberedCase, before?: Intent): Alert {
  const reasons = record.reasons.filter(({ partOf }) => partOf === undefined);
  const carrying = reasons.filter(({ intent }) => intent === record.intent);
  const others = reasons.filter(({ intent }) => intent !== record.intent);
  return {
    id: `${installation}.C-${number}.${record.intent}`,
    case: number,
    intent: record.intent,
    confidence: record.confidence,
    ...(before === undefined ? {} : { before }),
    headline: plain(record.headline),
    source: plain(record.source, 60),
    first: record.firstTime,
    last: record.lastTime,
    sessions: record.sessions,
    jobs: record.jobs,
    reasons: [...carrying, ...others].slice(0, REASONS).map(({ rule, title, count, evidence }) => ({
      rule: cut(rule, 64),
      title: plain(title, 160),
      count,
      words: [...new Set(evidence.flatMap(({ words }) => words ?? []))].slice(0, WORDS).map((word) => quoted(word)),
    })),
  };
}

/** Adds an alert to a digest, or begins one. `now`: milliseconds since 1970. */
export function gather(digest: Digest | undefined, alert: Alert, now: number): Digest {
  const { since = now, count = 0, intents = {}, cases = [], gravest = [] } = digest ?? {};
  const others = gravest.filter((one) => one.case !== alert.case);
  const known = cases.length >= NAMED || cases.includes(alert.case);
  return {
    since,
    until: now,
    count: count + 1,
    intents: { ...intents, [alert.intent]: (intents[alert.intent] ?? 0) + 1 },
    cases: known ? cases : [...cases, alert.case],
    gravest: [...others, alert].sort((a, b) => gravity(a.intent) - gravity(b.intent)).slice(0, GRAVEST),
  };
}

/** Place in the order of intents: 0 is gravest. */
export const gravity = (intent: Intent) => INTENT_ORDER.indexOf(intent);
