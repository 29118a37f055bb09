/** Which rules spoke about a case, and which of them account for what others say. */
import { evaluate } from "./correlation.ts";
import { type Level, LEVELS } from "./intent.ts";
import { VALUE } from "./rule.ts";
import type { Carrier, RuleSet } from "./rules.ts";
import type { CaseState, Occurrence, Trace } from "./summary.ts";

/** A rule that spoke and carries an intent. */
export interface Spoken {
  rule: Carrier;
  count: number;
  evidence: Occurrence[];
  /** Signatures it is built on: itself, or the parts of a correlation. */
  base: string[];
  correlation: boolean;
}

/** All rules with an intent that speak about the case, correlations after signatures. */
export function spokenAbout(state: CaseState, rules: RuleSet): Spoken[] {
  return [...signaturesOf(state, rules), ...correlationsOf(state, rules)];
}

/** A title or deed of the rule with its values in it. */
export function told(text: string, { evidence }: Spoken): string {
  if (!text.includes(VALUE)) return text;
  return text.replace(VALUE, [...new Set(evidence.map(({ value }) => value))].join(" and "));
}

/** What is accounted for, with what accounts for it. */
export function accountedFor(spoken: readonly Spoken[], state: CaseState): Map<Spoken, Spoken> {
  const explained = new Map<Spoken, Spoken>();
  for (const one of spoken) {
    const by = spoken.find((other) => other !== one && explains(other, one, state));
    if (by) explained.set(one, by);
  }
  return explained;
}

const strength = (level: Level) => LEVELS.length - LEVELS.indexOf(level);

function signaturesOf(state: CaseState, rules: RuleSet): Spoken[] {
  // By name: the order in which rules first spoke is that of arrival.
  const traces = [...state.traces].sort(([a], [b]) => (a < b ? -1 : 1));
  return traces.flatMap(([id, { count, kept }]) => {
    const rule = rules.signatures.get(id)?.rule;
    if (rule?.intent === undefined) return [];
    return [{ rule: rule as Carrier, count, evidence: kept, base: [id], correlation: false }];
  });
}

function correlationsOf(state: CaseState, rules: RuleSet): Spoken[] {
  return rules.correlations.flatMap((correlation) => {
    const held = evaluate(correlation, state);
    if (!held) return [];
    const rule = correlation.rule as Carrier;
    return [{ rule, count: 1, evidence: held.evidence, base: held.parts, correlation: true }];
  });
}

/** Whether `by` accounts for `one`: in the whole case, or in all the sessions that `one` rests on. */
function explains(by: Spoken, one: Spoken, state: CaseState): boolean {
  const { intent, level } = one.rule;
  if (by.rule.explains.some((other) => other === intent) && strength(by.rule.level) >= strength(level)) return true;
  if (level !== "possible" || !("explainsInSession" in by.rule)) return false;
  if (!by.rule.explainsInSession.includes(intent)) return false;
  const sessions = new Set(keptOf(state, by.base[0]!).map(sessionOf));
  return one.evidence.every((occurrence) => sessions.has(sessionOf(occurrence)));
}

const keptOf = (state: CaseState, id: string) => (state.traces.get(id) as Trace).kept;
const sessionOf = (o: Occurrence) => `${o.sensor} ${o.session}`;
