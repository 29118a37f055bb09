/** One signature, compiled: does it speak about an event, and because of which bytes. */
import type { Range } from "../event/catalogue.ts";
import type { Event } from "../event/event.ts";
import { compileCondition, type Compiled, type Outcome, type Span, type Tables } from "./condition.ts";
import { getterOf, offsetInEvent } from "./field.ts";
import { type Signature, VALUE_LENGTH } from "./rule.ts";
import type { Occurrence } from "./summary.ts";

export interface CompiledSignature {
  rule: Signature;
  family: string;
  /** Without regard to `together` and `butNot`, which are the rule set's. */
  match: Compiled;
  value(event: Event): string | undefined;
}

/** `fault` is told of everything wrong, with the path in the file. */
export function compileSignature(
  rule: Signature,
  family: string,
  tables: Tables,
  fault: (path: (string | number)[], what: string) => void,
): CompiledSignature {
  const compile = (condition: Signature["when"], path: (string | number)[]) =>
    compileCondition(rule.on, condition, tables, (inner, what) => fault([...path, ...inner], what));
  const when = compile(rule.when, ["when"]);
  const anyOf = rule.anyOf.map((condition, i) => compile(condition, ["anyOf", i]));
  const noneOf = rule.noneOf.map((condition, i) => compile(condition, ["noneOf", i]));
  const value = rule.value === undefined ? undefined : getterOf(rule.on, rule.value, tables.surveys);
  if (rule.value !== undefined && !value) fault(["value"], `${rule.on} has no field "${rule.value}"`);
  return {
    rule,
    family,
    match: (event) => {
      const outcome = when(event);
      if (outcome === false) return false;
      const further = anyOf.length === 0 ? true : first(anyOf, event);
      if (further === false || noneOf.some((condition) => condition(event) !== false)) return false;
      return further === true ? outcome : further;
    },
    value: (event) => {
      const found = value?.(event);
      return found === undefined ? undefined : String(found).slice(0, VALUE_LENGTH);
    },
  };
}

function first(conditions: readonly Compiled[], event: Event): Outcome {
  for (const condition of conditions) {
    const outcome = condition(event);
    if (outcome !== false) return outcome;
  }
  return false;
}

/** Fields whose matched text says nothing that the byte range does not say. */
const PLAIN = new Set([
  "kind",
  "languages",
  "status",
  "language",
  "command",
  "answer",
  "line",
  "argument",
  "method",
  "what",
]);

/** The occurrence of a signature on an event of a session, with the byte range as narrow as it is known. */
export function occurrenceOf(event: Event, outcome: Exclude<Outcome, false>, value: string | undefined): Occurrence {
  const { session, device, service } = event.origin!;
  const { time, sensor, epoch, seq } = event;
  const occurrence: Occurrence = { sensor, epoch, seq, time, session, service, device };
  const span = outcome === true ? undefined : outcome;
  const at = "at" in event.data ? event.data.at : undefined;
  if (event.type === "job.read") occurrence.at = (span && event.data.spot) ?? event.data.at;
  else if (Array.isArray(at)) occurrence.at = span ? narrowed(event, at, span) : at;
  if (event.type === "job.captured" || event.type === "job.read") occurrence.job = event.data.job;
  if (span && !PLAIN.has(span.field)) occurrence.words = span.words;
  if (value !== undefined) occurrence.value = value;
  return occurrence;
}

/** The bytes that matched, where the field stands in the visitor's bytes as it came; else the whole range of the event. */
function narrowed(event: Event, at: Range, { field, start, end }: Span): Range {
  const offset = offsetInEvent(event, field);
  if (offset === undefined) return at;
  return [Math.min(at[0] + offset + start, at[1]), Math.min(at[0] + offset + end, at[1])];
}
