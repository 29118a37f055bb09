/** What the judge says: findings, and the case they belong to. All of it derived, none of it evidence. */
import type { Range } from "../event/catalogue.ts";
import type { Intent, Level } from "./intent.ts";

/** The place a finding rests on: an event, and where it can be said the bytes or words. */
export interface Evidence {
  sensor: string;
  epoch: number;
  seq: number;
  /** Milliseconds since 1970 of the event. */
  time: number;
  session: string;
  service: string;
  /** Byte range of the session's inbound stream. */
  at?: Range;
  /** Job id when the event is about a job. */
  job?: string;
  /** The text that matched, byte text, at most 16 pieces of 200 characters. */
  words?: string[];
}

/** One signature or correlation that spoke about one case. */
export interface Finding {
  /** Case key. */
  caseKey: string;
  /** Signature or correlation id. */
  rule: string;
  kind: "signature" | "correlation";
  evidence: Evidence[];
}

/** Why a case has its intent: a rule with what it rests on, in the order things happened. */
export interface Reason {
  rule: string;
  /** A sentence in the past tense without subject: "Asked for the product list". */
  title: string;
  intent: Intent;
  level: Level;
  /** How often; `evidence` holds at most 8 of them, the first and the last ones. */
  count: number;
  evidence: Evidence[];
  /** The correlation among the reasons that names this one too, so that a short list can leave it out. */
  partOf?: string;
}

/** All visits of one source that belong together. */
export interface CaseRecord {
  /** `<sensor>/<epoch>/<seq>` of the opening event: stays the same however often the case is judged again. */
  key: string;
  sourceKey: string;
  /** The address as it came last. */
  source: string;
  firstTime: number;
  lastTime: number;
  intent: Intent;
  confidence: Level;
  /** Further intents that the evidence carries, gravest first. */
  others: Intent[];
  /** One sentence: what the source did. */
  headline: string;
  reasons: Reason[];
  /** Intents that were considered and dropped, each with why. */
  dropped: { intent: Intent; why: string }[];
  sessions: number;
  jobs: number;
  /** Milliseconds from the first answered probe to the first job; absent without both. */
  probeToJobMs?: number;
  /** A probe of it was answered. */
  answered?: true;
  /** The bounded state the verdict is a function of, as JSON data; only the judge reads it. */
  summary: unknown;
}

export interface Visits {
  caseKey: string;
  sensor: string;
  service: string;
  hour: number;
  sessions: number;
}

/** What one batch of events changed. */
export interface Judgement {
  cases: CaseRecord[];
  findings: Finding[];
  /** Cases whose opening event turned out to be an earlier one that arrived late: the case keeps its number. */
  renamed: { from: string; to: string }[];
  /** Sessions that were opened, by case, door and hour since 1970. */
  visits?: Visits[];
}

/** Where the judge finds the case a source has open. */
export interface CaseSource {
  /** The latest case of each source key, where there is one. */
  latestCases(sourceKeys: readonly string[]): Promise<CaseRecord[]>;
}
