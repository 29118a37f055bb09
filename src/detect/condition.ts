/** Conditions of rules, compiled to functions over an event. */
import type { EventType } from "../event/catalogue.ts";
import type { Event } from "../event/event.ts";
import { type FieldValue, getterOf } from "./field.ts";
import { compilePattern } from "./pattern.ts";
import type { Condition, FieldTest } from "./rule.ts";
import type { Surveys } from "./surveys.ts";
import type { WordFinder } from "./words.ts";

/** Where in a field something matched, and the pieces of text to show for it. */
export interface Span {
  field: string;
  start: number;
  end: number;
  words: string[];
}

/** False: does not hold. True: holds. A span: holds, because of this place. */
export type Outcome = boolean | Span;
export type Compiled = (event: Event) => Outcome;
type TextTest = (text: string, lower: () => string) => boolean | Omit<Span, "field">;

export interface Tables {
  words: ReadonlyMap<string, WordFinder>;
  surveys: Surveys;
}

/**
 * Compiles a condition for one event type. `fault` is told of every field the type does not have, every pattern that
 * is no RE2 syntax and every unknown table of words, with the path inside the condition.
 */
export function compileCondition(
  type: EventType,
  condition: Condition,
  tables: Tables,
  fault: (path: string[], what: string) => void,
): Compiled {
  const tests = Object.entries(condition).map(([field, test]) => {
    const get = getterOf(type, field, tables.surveys);
    if (!get) fault([field], `${type} has no field "${field}"`);
    const holds = compileTest(field, test, tables, (what) => fault([field], what));
    return { get: get ?? (() => undefined), holds };
  });
  return (event) => {
    let place: Span | undefined;
    for (const { get, holds } of tests) {
      const outcome = holds(get(event));
      if (outcome === false) return false;
      if (outcome !== true) place = outcome;
    }
    return place ?? true;
  };
}

function compileTest(
  field: string,
  test: FieldTest,
  tables: Tables,
  fault: (what: string) => void,
): (value: FieldValue) => Outcome {
  const parts = textTests(test, tables, fault);
  const scalars = [test.equals, ...(test.oneOf ?? [])].filter(
    (value) => typeof value !== "string" && value !== undefined,
  );
  const { atLeast = -Infinity, atMost = Infinity } = test;
  const numeric = test.atLeast !== undefined || test.atMost !== undefined;

  const ofText = (text: string): Outcome => {
    let lowered: string | undefined;
    const lower = () => (lowered ??= text.toLowerCase());
    let place: Span | undefined;
    for (const part of parts) {
      const outcome = part(text, lower);
      if (outcome === false) return false;
      if (outcome !== true) place = { field, ...outcome };
    }
    return place ?? true;
  };
  return (value) => {
    const present = value !== undefined && !(Array.isArray(value) && value.length === 0);
    if (test.exists !== undefined && test.exists !== present) return false;
    if (!present) return test.exists === false;
    if (typeof value === "string") return !numeric && scalars.length === 0 && ofText(value);
    if (typeof value === "object") {
      for (const item of value) {
        const outcome = ofText(item);
        if (outcome !== false) return outcome;
      }
      return false;
    }
    if (parts.length > 0) return false;
    if (scalars.length > 0 && !scalars.includes(value)) return false;
    return !numeric || (typeof value === "number" && value >= atLeast && value <= atMost);
  };
}

const slice = (text: string, start: number, end: number) => ({
  start,
  end,
  words: [text.slice(start, Math.min(end, start + 200))],
});

/** What is asked of a text, cheapest first. */
function textTests(test: FieldTest, tables: Tables, fault: (what: string) => void): TextTest[] {
  const fold = (text: string) => (test.ignoreCase ? text.toLowerCase() : text);
  const view = test.ignoreCase ? (_: string, lower: () => string) => lower() : (text: string) => text;
  const list: TextTest[] = [];
  const equal = [test.equals, ...(test.oneOf ?? [])].filter((value) => typeof value === "string").map(fold);
  if (equal.length > 0) {
    list.push((text, lower) => equal.includes(view(text, lower)) && slice(text, 0, text.length));
  }
  if (test.startsWith) {
    const starts = test.startsWith.map(fold);
    list.push((text, lower) => {
      const start = starts.find((one) => view(text, lower).startsWith(one));
      return start !== undefined && slice(text, 0, start.length);
    });
  }
  if (test.contains) {
    const inner = test.contains.map(fold);
    list.push((text, lower) => {
      for (const one of inner) {
        const index = view(text, lower).indexOf(one);
        if (index >= 0) return slice(text, index, index + one.length);
      }
      return false;
    });
  }
  if (test.matches !== undefined) list.push(patternTest(test, fault));
  if (test.words) {
    const { table, score } = test.words;
    const finder = tables.words.get(table);
    if (!finder) fault(`there is no table of words "${table}"`);
    list.push((text) => {
      const spoken = finder?.scan(text);
      if (!spoken || spoken.score < score) return false;
      const [start, end] = spoken.found[0]!.at;
      return { start, end, words: spoken.found.slice(0, 16).map((one) => one.text.slice(0, 200)) };
    });
  }
  return list;
}

function patternTest(test: FieldTest, fault: (what: string) => void): TextTest {
  try {
    const pattern = compilePattern(test.matches!, test.literals);
    return (text, lower) => {
      const view = pattern.ignoreCase ? lower() : text;
      if (!pattern.literals.some((one) => view.includes(one))) return false;
      const found = pattern.find(text);
      return found !== undefined && slice(text, ...found);
    };
  } catch (error) {
    fault(`pattern: ${(error as Error).message}`);
    return () => false;
  }
}
