/** All rules, compiled, and sorted so that an event meets only the few signatures that can speak about it. */
import type { EventType } from "../event/catalogue.ts";
import type { Event } from "../event/event.ts";
import type { CompiledCorrelation } from "./correlation.ts";
import type { Intent, Level } from "./intent.ts";
import { JOB_KIND_ORDER, type KindOfJob } from "./job-kind.ts";
import type { Correlation, Signature } from "./rule.ts";
import { type CompiledSignature, occurrenceOf } from "./signature.ts";
import type { Occurrence } from "./summary.ts";

export interface Hit {
  signature: CompiledSignature;
  occurrence: Occurrence;
}

/** The signatures of one event type. `field` is the one that most of them ask for one of few values. */
interface TypeTable {
  field: string | undefined;
  byValue: ReadonlyMap<string, readonly CompiledSignature[]>;
  rest: readonly CompiledSignature[];
  /** Asked last. */
  dependent: readonly Dependent[];
}

/** A signature with `together` or `butNot`, and the signatures it refers to. */
interface Dependent {
  signature: CompiledSignature;
  together?: Set<string>;
  butNot?: Set<string>;
}

/** A rule that carries an intent. */
export type Carrier = (Signature | Correlation) & { intent: Intent; level: Level };

export class RuleSet {
  readonly signatures: ReadonlyMap<string, CompiledSignature>;
  readonly correlations: readonly CompiledCorrelation[];
  readonly #tables = new Map<EventType, TypeTable>();

  constructor(signatures: readonly CompiledSignature[], correlations: readonly Correlation[]) {
    this.signatures = new Map(signatures.map((signature) => [signature.rule.id, signature]));
    this.correlations = correlations.map((rule) => ({ rule, steps: rule.of.map((step) => this.resolve(step)) }));
    for (const type of new Set(signatures.map(({ rule }) => rule.on))) {
      this.#tables.set(type, this.#table(signatures.filter(({ rule }) => rule.on === type)));
    }
  }

  /** The signature ids that references stand for; an unknown one stands for none. */
  resolve(references: readonly string[]): string[] {
    return references.flatMap((reference) =>
      reference.endsWith("/*")
        ? [...this.signatures.values()].filter((s) => `${s.family}/*` === reference).map((s) => s.rule.id)
        : this.signatures.has(reference)
          ? [reference]
          : [],
    );
  }

  /** What the signatures say about an event of a session. */
  match(event: Event): Hit[] {
    const table = this.#tables.get(event.type);
    if (!table) return [];
    const hits: Hit[] = [];
    const ask = (signature: CompiledSignature) => {
      const outcome = signature.match(event);
      if (outcome === false) return;
      hits.push({ signature, occurrence: occurrenceOf(event, outcome, signature.value(event)) });
    };
    const value = table.field && (event.data as Record<string, unknown>)[table.field];
    for (const signature of table.byValue.get(value as string) ?? table.rest) ask(signature);
    if (table.dependent.length === 0) return hits;
    const spoke = new Set(hits.map(({ signature }) => signature.rule.id));
    const any = (ids: Set<string>) => [...spoke].some((id) => ids.has(id));
    for (const { signature, together, butNot } of table.dependent) {
      if ((!together || any(together)) && (!butNot || !any(butNot))) ask(signature);
    }
    return hits;
  }

  /** What kind of job a `job.read` speaks of: the first kind in the order of the vocabulary that a signature says. */
  kindOf(read: Event): KindOfJob {
    const says = this.match(read).filter(({ signature }) => signature.rule.says !== undefined);
    for (const kind of JOB_KIND_ORDER) {
      const hit = says.find(({ signature }) => signature.rule.says === kind);
      if (hit) return { kind, rule: hit.signature.rule.id, words: hit.occurrence.words ?? [] };
    }
    return { kind: "unknown", words: [] };
  }

  #table(signatures: readonly CompiledSignature[]): TypeTable {
    const plain = signatures.filter(({ rule }) => !rule.together && !rule.butNot);
    const field = mostAsked(plain);
    const values = new Set(plain.flatMap((signature) => valuesOf(signature, field) ?? []));
    const rest = plain.filter((signature) => !valuesOf(signature, field));
    const meets = (signature: CompiledSignature, value: string) => valuesOf(signature, field)?.includes(value) ?? true;
    const dependent: Dependent[] = [];
    for (const signature of signatures) {
      const { together, butNot } = signature.rule;
      if (!together && !butNot) continue;
      const needs: Dependent = { signature };
      if (together) needs.together = new Set(this.resolve(together));
      if (butNot) needs.butNot = new Set(this.resolve(butNot));
      dependent.push(needs);
    }
    return {
      field,
      byValue: new Map([...values].map((value) => [value, plain.filter((signature) => meets(signature, value))])),
      rest,
      dependent,
    };
  }
}

/** The values of a field that a signature can speak about, or undefined when it does not ask for any. */
function valuesOf({ rule }: CompiledSignature, field: string | undefined): string[] | undefined {
  const test = field === undefined ? undefined : rule.when[field];
  if (!test || test.ignoreCase) return undefined;
  const values = [test.equals, ...(test.oneOf ?? [])].filter((value) => typeof value === "string");
  return values.length > 0 ? values : undefined;
}

function mostAsked(signatures: readonly CompiledSignature[]): string | undefined {
  const asked = new Map<string, number>();
  for (const signature of signatures) {
    for (const field of Object.keys(signature.rule.when)) {
      if (!field.includes(".") && valuesOf(signature, field)) asked.set(field, (asked.get(field) ?? 0) + 1);
    }
  }
  return [...asked].sort((a, b) => b[1] - a[1])[0]?.[0];
}
