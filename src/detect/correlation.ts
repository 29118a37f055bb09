/**
 * Correlations: rules about several events of one case. Each is a function of the bounded state of the case and of
 * nothing else, so it says the same in whatever order the events arrived.
 */
import type { Correlation } from "./rule.ts";
import { byTime, type CaseState, countBetween, type Occurrence } from "./summary.ts";

export interface CompiledCorrelation {
  rule: Correlation;
  /** The signature ids of each step, references resolved. */
  steps: readonly (readonly string[])[];
}

/** That a correlation holds: on what it rests, and which signatures gave that. */
export interface Held {
  evidence: Occurrence[];
  parts: string[];
}

type Sourced = { rule: string; occurrence: Occurrence };
type Kind = (correlation: CompiledCorrelation, state: CaseState) => Sourced[] | undefined;

const KINDS: Record<Correlation["kind"], Kind> = {
  temporal: (c, state) => chain(c, state, (at, start) => at.time >= start.time),
  "temporal-ordered": (c, state) => chain(c, state, (at, _, before) => byTime(at, before) > 0),
  count,
  spread,
};

export function evaluate(correlation: CompiledCorrelation, state: CaseState): Held | undefined {
  const needsAll = correlation.rule.kind.startsWith("temporal");
  const spoke = (step: readonly string[]) => step.some((id) => state.traces.has(id));
  if (!(needsAll ? correlation.steps.every(spoke) : correlation.steps.some(spoke))) return undefined;
  const found = KINDS[correlation.rule.kind](correlation, state);
  if (!found) return undefined;
  const evidence = found.map(({ occurrence }) => occurrence).sort(byTime);
  return { evidence, parts: [...new Set(found.map(({ rule }) => rule))].sort() };
}

/** The kept occurrences of some signatures, in order. */
function occurrences(step: readonly string[], state: CaseState): Sourced[] {
  const all = step.flatMap((rule) => (state.traces.get(rule)?.kept ?? []).map((occurrence) => ({ rule, occurrence })));
  return all.sort((a, b) => byTime(a.occurrence, b.occurrence) || (a.rule < b.rule ? -1 : 1));
}

/** One occurrence of every step within the time span: for each possible start the earliest of every step that may follow. */
function chain(
  { rule, steps }: CompiledCorrelation,
  state: CaseState,
  follows: (at: Occurrence, start: Occurrence, before: Occurrence) => boolean,
): Sourced[] | undefined {
  const lists = steps.map((step) => occurrences(step, state));
  const ordered = rule.kind === "temporal-ordered";
  const starts = ordered ? lists[0]! : lists.flat().sort((a, b) => byTime(a.occurrence, b.occurrence));
  for (const start of starts) {
    const taken: Sourced[] = ordered ? [start] : [];
    for (const list of ordered ? lists.slice(1) : lists) {
      const before = (taken.at(-1) ?? start).occurrence;
      const apart = taken.length === lists.length - 1 ? (rule.apart ?? 0) : 0;
      const next = list.find(
        ({ occurrence }) =>
          follows(occurrence, start.occurrence, before) &&
          occurrence.time - start.occurrence.time <= rule.within &&
          occurrence.time - start.occurrence.time >= apart &&
          sessionFits(rule, occurrence, start.occurrence, taken),
      );
      if (!next) break;
      taken.push(next);
    }
    if (taken.length === steps.length) return taken;
  }
  return undefined;
}

function sessionFits(rule: Correlation, at: Occurrence, start: Occurrence, taken: readonly Sourced[]): boolean {
  if (rule.sessions === "any") return true;
  const same = (other: Occurrence) => other.sensor === at.sensor && other.session === at.session;
  if (rule.sessions === "same") return same(start);
  return !taken.some(({ occurrence }) => same(occurrence));
}

/** `atLeast` occurrences of one signature within the time span. */
function count({ rule, steps }: CompiledCorrelation, state: CaseState): Sourced[] | undefined {
  for (const id of steps.flat()) {
    const trace = state.traces.get(id);
    if (!trace || trace.count < rule.atLeast!) continue;
    const { kept } = trace;
    for (let i = 0; i < kept.length; i++) {
      for (let j = kept.length - 1; j >= i; j--) {
        if (kept[j]!.time - kept[i]!.time > rule.within) continue;
        if (countBetween(trace, i, j) < rule.atLeast!) break;
        return kept.slice(i, j + 1).map((occurrence) => ({ rule: id, occurrence }));
      }
    }
  }
  return undefined;
}

const DISTINCT: Record<NonNullable<Correlation["distinct"]>, (s: Sourced) => string | undefined> = {
  signatures: ({ rule }) => rule,
  services: ({ occurrence }) => occurrence.service,
  devices: ({ occurrence }) => `${occurrence.sensor} ${occurrence.device}`,
  sessions: ({ occurrence }) => `${occurrence.sensor} ${occurrence.session}`,
  values: ({ rule, occurrence }) => occurrence.value && `${rule} ${occurrence.value}`,
};

/** `atLeast` different ones within the time span; the first of each is the evidence. */
function spread({ rule, steps }: CompiledCorrelation, state: CaseState): Sourced[] | undefined {
  const all = occurrences(steps.flat(), state);
  const what = DISTINCT[rule.distinct!];
  for (let i = 0; i < all.length; i++) {
    const seen = new Map<string, Sourced>();
    for (const one of all.slice(i)) {
      if (one.occurrence.time - all[i]!.occurrence.time > rule.within) break;
      const key = what(one);
      if (key !== undefined && !seen.has(key)) seen.set(key, one);
    }
    if (seen.size >= rule.atLeast!) return [...seen.values()];
  }
  return undefined;
}
