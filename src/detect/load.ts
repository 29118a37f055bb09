/** Reads the rules of a data folder. The only input and output in this folder; all problems are reported at once. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";
import { type Problem, Problems } from "../util/problem.ts";
import { readYaml } from "../util/yaml.ts";
import { correlationExampleProblems, type Fault, signatureExampleProblems } from "./examples.ts";
import { type Correlation, correlationSchema, type Signature, signatureSchema, wordTableSchema } from "./rule.ts";
import { RuleSet } from "./rules.ts";
import { type CompiledSignature, compileSignature } from "./signature.ts";
import { Surveys, surveySchema } from "./surveys.ts";
import { compileWords, type WordFinder } from "./words.ts";

/** A rule with the file it came from and a way to say what is wrong in it. */
interface Read<T> {
  value: T;
  family: string;
  fault: Fault;
}

/**
 * The rules under `data`: signatures/<family>/<id>.yaml, correlations/<id>.yaml, words/<id>.yaml, sources/<id>.yaml.
 * Throws Problems with everything that is wrong: form, names, fields, patterns, references, examples.
 */
export function loadRules(data: string): RuleSet {
  const problems: Problem[] = [];
  const folder = join(data, "signatures");
  const families = existsSync(folder) ? readdirSync(folder).sort() : [];
  if (families.length === 0) {
    problems.push({ where: folder, what: "has no rules", remedy: "Put back the folder that came with the package." });
  }
  const words = readFolder(join(data, "words"), "", wordTableSchema, problems);
  const signatures = families.flatMap((family) => readFolder(join(folder, family), family, signatureSchema, problems));
  const correlations = readFolder(join(data, "correlations"), "", correlationSchema, problems);
  const surveys = Surveys.of(readFolder(join(data, "sources"), "", surveySchema, problems));
  reportTwins([...signatures, ...correlations]);

  const finders = new Map<string, WordFinder>(words.map(({ value }) => [value.id, compileWords(value)]));
  const compiled = signatures.map(({ value, family, fault }): CompiledSignature =>
    compileSignature(value, family, { words: finders, surveys }, fault),
  );
  const rules = new RuleSet(
    compiled,
    correlations.map(({ value }) => value),
  );
  for (const { value, fault } of signatures) checkReferences(value, rules, fault);
  for (const { value, fault } of correlations) {
    value.of.forEach((step, i) => unknownReferences(step, rules).forEach((what) => fault(["of", i], what)));
  }
  // Examples are tried only where everything else is right: else one mistake is told many times.
  if (problems.length === 0) {
    for (const { value, fault } of signatures) signatureExampleProblems(value, rules, fault);
    for (const { value, fault } of correlations) correlationExampleProblems(value, rules, fault);
  }
  if (problems.length > 0) throw new Problems(problems);
  return rules;
}

function readFolder<S extends z.ZodType<{ id: string }>>(
  folder: string,
  family: string,
  schema: S,
  problems: Problem[],
): Read<z.output<S>>[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const file = join(folder, name);
      const add = (what: string, remedy: string, place = {}) => problems.push({ where: file, ...place, what, remedy });
      if (!name.endsWith(".yaml")) {
        add("is not a .yaml file", "Move it elsewhere.");
        return [];
      }
      const result = readYaml(readFileSync(file, "utf8"), file, schema);
      if ("problems" in result) {
        problems.push(...result.problems);
        return [];
      }
      const { value, at } = result;
      const fault: Fault = (path, what) => add(what, "Correct the rule.", at(path));
      if (name !== `${value.id}.yaml`) add(`id is "${value.id}"`, `Name the file ${value.id}.yaml.`, at(["id"]));
      return [{ value, family, fault }];
    });
}

function reportTwins(all: readonly Read<Signature | Correlation>[]): void {
  const seen = new Set<string>();
  for (const { value, fault } of all) {
    if (seen.has(value.id)) fault(["id"], `another rule is called "${value.id}" too`);
    seen.add(value.id);
  }
}

function unknownReferences(references: readonly string[], rules: RuleSet): string[] {
  return references.filter((one) => rules.resolve([one]).length === 0).map((one) => `there is no signature "${one}"`);
}

/** `together` and `butNot` name signatures of the same event type that do not depend on others themselves. */
function checkReferences(rule: Signature, rules: RuleSet, fault: Fault): void {
  for (const key of ["together", "butNot"] as const) {
    const references = rule[key] ?? [];
    for (const what of unknownReferences(references, rules)) fault([key], what);
    for (const id of rules.resolve(references)) {
      const other = rules.signatures.get(id)!.rule;
      if (other.together || other.butNot) fault([key], `"${id}" depends on other signatures itself`);
      if (other.on !== rule.on && references.includes(id)) fault([key], `"${id}" is not about ${rule.on}`);
    }
  }
}
