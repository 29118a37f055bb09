/**
 * The judge: a fold over committed events that keeps, for every source, the case it has open.
 *
 * A case is all visits of one source key with less than 30 days of silence between them. Its record depends on which
 * events it has, not on the order or the batches in which they came. One thing cannot be known twice: an event that
 * arrives so late that an earlier case of its source is closed, or that would have joined two, is counted to the latest.
 */
import type { Event } from "../event/event.ts";
import { sourceKey } from "../util/address.ts";
import type { CaseRecord, CaseSource, Finding, Judgement, Visits } from "./case.ts";
import type { RuleSet } from "./rules.ts";
import {
  byTime,
  type CaseState,
  evidenceOf,
  fromSummary,
  openCase,
  type Place,
  remember,
  takeEvent,
  toSummary,
} from "./summary.ts";
import { judgeCase, type Judged } from "./verdict.ts";

const HOUR_MS = 3_600_000;
export const SILENCE_MS = 30 * 86_400_000;
/** Cases kept in memory; the others are read again when their source comes back. */
const OPEN_CASES = 10_000;
/** The longest piece of work between two turns of the event loop. */
const SLICE_MS = 15;

interface OpenCase {
  state: CaseState;
  sourceKey: string;
  /** The key under which the case was last handed out; absent for a new one. */
  known?: string;
  /** Correlations that have been reported. */
  held: Set<string>;
}

/** A visit: an event with who caused it. */
type Visit = Event & { origin: NonNullable<Event["origin"]> };

export class Judge {
  readonly #rules: RuleSet;
  readonly #source: CaseSource;
  readonly #capacity: number;
  /** By source key, the least recently used first. */
  readonly #open = new Map<string, OpenCase>();

  constructor(rules: RuleSet, source: CaseSource, capacity = OPEN_CASES) {
    this.#rules = rules;
    this.#source = source;
    this.#capacity = capacity;
  }

  /** Forgets what is in memory: to be called when a judgement could not be committed, before its events are folded again. */
  forget(): void {
    this.#open.clear();
  }

  /**
   * Takes a batch of events, in any order, each exactly once. The judgement has to be committed before the next fold.
   * Events without origin are about the sensor itself and say nothing of a visitor.
   */
  async fold(events: readonly Event[]): Promise<Judgement> {
    const visits = events.filter((event): event is Visit => event.origin !== undefined).sort(byTime);
    this.#evict();
    await this.#load(new Set(visits.map((visit) => sourceKey(visit.origin.source.ip))));
    const breathe = pacer();
    const changed = new Set<OpenCase>();
    const said: [OpenCase, Finding][] = [];
    const opened: [OpenCase, Visit][] = [];
    for (const visit of visits) {
      const open = this.#caseOf(visit);
      changed.add(open);
      if (visit.type === "session.open") opened.push([open, visit]);
      takeEvent(open.state, visit, visit.origin.source.ip, visit.origin.service);
      for (const { signature, occurrence } of this.#rules.match(visit)) {
        const rule = signature.rule.id;
        remember(open.state, rule, occurrence);
        if (signature.rule.intent === undefined) continue;
        said.push([open, { caseKey: "", rule, kind: "signature", evidence: [evidenceOf(occurrence)] }]);
      }
      await breathe();
    }
    const judgement: Judgement = { cases: [], findings: [], renamed: [] };
    for (const open of changed) {
      const judged = judgeCase(open.state, this.#rules);
      const record = recordOf(open, judged);
      if (open.known !== undefined && open.known !== record.key) {
        judgement.renamed.push({ from: open.known, to: record.key });
      }
      open.known = record.key;
      judgement.cases.push(record);
      said.push(...newlyHeld(open, judged));
      await breathe();
    }
    for (const [open, finding] of said) finding.caseKey = open.known!;
    judgement.findings = said.map(([, finding]) => finding);
    judgement.visits = visitsOf(opened);
    return judgement;
  }

  /** The open case of the event's source, or a new one after a long silence. */
  #caseOf(visit: Visit): OpenCase {
    const { ip } = visit.origin.source;
    const key = sourceKey(ip);
    let open = this.#open.get(key);
    if (open && visit.time - open.state.last.time <= SILENCE_MS) return open;
    open = { state: openCase(visit, ip), sourceKey: key, held: new Set() };
    this.#open.delete(key);
    this.#open.set(key, open);
    return open;
  }

  async #load(keys: ReadonlySet<string>): Promise<void> {
    const missing: string[] = [];
    for (const key of keys) {
      const open = this.#open.get(key);
      if (!open) missing.push(key);
      else {
        this.#open.delete(key);
        this.#open.set(key, open);
      }
    }
    if (missing.length === 0) return;
    for (const record of await this.#source.latestCases(missing)) {
      const state = fromSummary(record.summary);
      const held = new Set(judgeCase(state, this.#rules).correlations.map(({ rule }) => rule.id));
      this.#open.set(record.sourceKey, { state, sourceKey: record.sourceKey, known: record.key, held });
    }
  }

  #evict(): void {
    for (const key of this.#open.keys()) {
      if (this.#open.size <= this.#capacity) return;
      this.#open.delete(key);
    }
  }
}

function newlyHeld(open: OpenCase, { correlations }: Judged): [OpenCase, Finding][] {
  const fresh = correlations.filter(({ rule }) => !open.held.has(rule.id));
  return fresh.map(({ rule, evidence }) => {
    open.held.add(rule.id);
    return [open, { caseKey: "", rule: rule.id, kind: "correlation", evidence: evidence.map(evidenceOf) }];
  });
}

function visitsOf(opened: readonly [OpenCase, Visit][]): Visits[] {
  const counted = new Map<string, Visits>();
  for (const [{ known }, { sensor, origin, time }] of opened) {
    const { service } = origin;
    const visits = { caseKey: known!, sensor, service, hour: Math.floor(time / HOUR_MS), sessions: 0 };
    const key = Object.values(visits).join("\n");
    if (!counted.has(key)) counted.set(key, visits);
    counted.get(key)!.sessions++;
  }
  return [...counted.values()];
}

const keyOf = ({ sensor, epoch, seq }: Place) => `${sensor}/${epoch}/${seq}`;

function recordOf({ state, sourceKey }: OpenCase, { verdict }: Judged): CaseRecord {
  return {
    key: keyOf(state.first),
    sourceKey,
    source: state.last.ip,
    firstTime: state.first.time,
    lastTime: state.last.time,
    ...verdict,
    sessions: state.sessions,
    jobs: state.jobs,
    summary: toSummary(state),
  };
}

/** Gives the event loop a turn when a slice of time is used up. */
function pacer(): () => Promise<void> | undefined {
  let until = performance.now() + SLICE_MS;
  return () => {
    if (performance.now() < until) return undefined;
    return new Promise((resolve) =>
      setImmediate(() => {
        until = performance.now() + SLICE_MS;
        resolve();
      }),
    );
  };
}
