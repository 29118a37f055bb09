/**
 * From the state of a case to its verdict.
 *
 * | evidence left after `explains`                    | intent                     | confidence |
 * |---------------------------------------------------|----------------------------|------------|
 * | some of level certain or likely                   | the gravest of these       | see below  |
 * | only of level possible                            | the gravest of these       | possible   |
 * | none                                              | unknown                    | possible   |
 *
 * | rules that carry the intent                                              | confidence |
 * |--------------------------------------------------------------------------|------------|
 * | one that is certain                                                      | certain    |
 * | two that are likely, neither built on what the other is built on         | certain    |
 * | one that is likely                                                       | likely     |
 *
 * What is only possible is listed among the others where something surer is there, even if it would be graver.
 */
import type { CaseRecord, Reason } from "./case.ts";
import { headline } from "./headline.ts";
import { type Intent, INTENT_ORDER, type Level } from "./intent.ts";
import type { RuleSet } from "./rules.ts";
import { accountedFor, type Spoken, spokenAbout, told } from "./spoken.ts";
import { byTime, type CaseState, evidenceOf, type Occurrence } from "./summary.ts";

export interface Judged {
  verdict: Pick<
    CaseRecord,
    "intent" | "confidence" | "others" | "headline" | "reasons" | "dropped" | "probeToJobMs" | "answered"
  >;
  /** The correlations that hold, whether or not something accounts for them. */
  correlations: Spoken[];
}

const EVIDENCE = 8;

export function judgeCase(state: CaseState, rules: RuleSet): Judged {
  const spoken = spokenAbout(state, rules);
  const explained = accountedFor(spoken, state);
  const left = spoken.filter((one) => !explained.has(one)).sort(inOrder);
  const carried = INTENT_ORDER.filter((intent) => left.some(({ rule }) => rule.intent === intent));
  const sure = left.filter(({ rule }) => rule.level !== "possible");
  const intent = gravest(sure) ?? gravest(left) ?? "unknown";
  const carrying = left.filter(({ rule }) => rule.intent === intent);
  const probes = marked("answer", state, rules);
  const probe = probes[0];
  const job = probe && marked("job", state, rules).find((one) => byTime(one, probe) > 0);
  const verdict = {
    intent,
    confidence: confidenceOf(carrying),
    others: carried.filter((other) => other !== intent),
    headline: headline({ state, intent, left, probes }),
    reasons: left.map((one) => reasonOf(one, left)),
    dropped: droppedOf(explained, left, carried),
    ...(job && { probeToJobMs: job.time - probe.time }),
    ...(probe && { answered: true as const }),
  };
  return { verdict, correlations: spoken.filter(({ correlation }) => correlation) };
}

function gravest(spoken: readonly Spoken[]): Intent | undefined {
  return INTENT_ORDER.find((intent) => spoken.some(({ rule }) => rule.intent === intent));
}

function confidenceOf(carrying: readonly Spoken[]): Level {
  if (carrying.some(({ rule }) => rule.level === "certain")) return "certain";
  const likely = carrying.filter(({ rule }) => rule.level === "likely");
  const contains = (a: Spoken, b: Spoken) => b.base.every((id) => a.base.includes(id));
  if (likely.some((a) => likely.some((b) => a !== b && !contains(a, b) && !contains(b, a)))) return "certain";
  return likely.length > 0 ? "likely" : "possible";
}

function inOrder(a: Spoken, b: Spoken): number {
  const first = byTime(a.evidence[0]!, b.evidence[0]!);
  return first || Number(b.correlation) - Number(a.correlation) || (a.rule.id < b.rule.id ? -1 : 1);
}

function reasonOf(one: Spoken, left: readonly Spoken[]): Reason {
  const { id, intent, level } = one.rule;
  const title = told(one.rule.title, one);
  const half = EVIDENCE / 2;
  const kept =
    one.evidence.length <= EVIDENCE ? one.evidence : [...one.evidence.slice(0, half), ...one.evidence.slice(-half)];
  const whole = one.correlation
    ? undefined
    : left.find((other) => other.correlation && other.rule.intent === intent && other.base.includes(id));
  const partOf = whole && { partOf: whole.rule.id };
  return { rule: id, title, intent, level, count: one.count, evidence: kept.map(evidenceOf), ...partOf };
}

function droppedOf(
  explained: ReadonlyMap<Spoken, Spoken>,
  left: readonly Spoken[],
  carried: readonly Intent[],
): CaseRecord["dropped"] {
  const why = new Map<Intent, string>();
  for (const [one, by] of explained) {
    const { intent, title } = one.rule;
    if (!carried.includes(intent) && !why.has(intent)) {
      why.set(intent, `${told(title, one)}: accounted for by ${by.rule.id}`);
    }
  }
  for (const { rule } of left) {
    for (const against of rule.against) {
      if (!carried.includes(against.intent) && !why.has(against.intent)) why.set(against.intent, against.why);
    }
  }
  return INTENT_ORDER.filter((intent) => why.has(intent)).map((intent) => ({ intent, why: why.get(intent)! }));
}

/** The kept occurrences of the signatures that mark an answered probe or a job, in order. */
function marked(mark: "answer" | "job", state: CaseState, rules: RuleSet): Occurrence[] {
  return [...state.traces]
    .filter(([id]) => rules.signatures.get(id)?.rule.marks === mark)
    .flatMap(([, { kept }]) => kept)
    .sort(byTime);
}
