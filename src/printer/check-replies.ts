/** Checks of what the services answer from: templates, PJL variables, web pages. */
import type { Problem } from "../util/problem.ts";
import type { Loaded, Path, PersonaFile, Report } from "./loaded.ts";
import { REPLY_NAMES, type Variable } from "./persona.ts";
import { parseTemplate } from "./template.ts";
import { VALUES } from "./values.ts";

type Said = Pick<Problem, "what" | "remedy">;
const LOOSE: Said = { what: "a brace stands alone", remedy: "Double it, or put the name of a value between two." };
const unknown = (name: string): Said => ({
  what: `there is no value {${name}}`,
  remedy: "Correct the name, add it to facts.values, or double the braces.",
});

/** Templates name values that there are, and have no loose brace. */
export function checkTemplates(loaded: Loaded, report: Report, problems: Problem[]): void {
  const { persona, files, pages, probes } = loaded;
  const own = [...Object.keys(persona.facts.values), ...Object.keys(persona.identity.numbers)];
  const known = new Set([...VALUES.keys(), ...own]);
  for (const [i, name] of own.entries()) {
    if (!VALUES.has(name) && own.indexOf(name) === i) continue;
    report(files.main, ["facts", "values", name], `a value "${name}" is there already`, "Choose another name.");
  }
  const check = (file: PersonaFile, path: Path, text: string, more: readonly string[] = []) => {
    const { names, loose: braces } = parseTemplate(text);
    for (const { name } of names) {
      if (!known.has(name) && !more.includes(name)) report(file, path, unknown(name).what, unknown(name).remedy);
    }
    if (braces.length > 0) report(file, path, LOOSE.what, LOOSE.remedy);
  };
  for (const [category, { reply, suffix }] of Object.entries(persona.pjl.info)) {
    check(files.pjl, ["pjl", "info", category, "reply"], reply);
    check(files.pjl, ["pjl", "info", category, "suffix"], suffix);
  }
  for (const [i, variable] of persona.pjl.variables.entries()) {
    check(files.pjl, ["pjl", "variables", i, "value"], variable.value);
    for (const [j, value] of variable.values.entries()) check(files.pjl, ["pjl", "variables", i, "values", j], value);
  }
  for (const [i, { value }] of persona.pjl.pml?.objects.entries() ?? []) {
    check(files.pjl, ["pjl", "pml", "objects", i, "value"], value);
  }
  for (const [i, [, value]] of persona.web.headers.entries()) {
    check(files.web, ["web", "headers", i, 1], value, REPLY_NAMES);
  }
  for (const [status, answer] of Object.entries(persona.web.answers)) {
    check(files.web, ["web", "answers", status, "body"], answer.body);
    for (const [i, [, value]] of answer.headers.entries()) {
      check(files.web, ["web", "answers", status, "headers", i, 1], value, REPLY_NAMES);
    }
  }
  for (const [i, probe] of probes.entries()) {
    check(files.probes, ["probes", i, "expect"], probe.expect ?? "");
    for (const [j, text] of (probe.contains ?? []).entries()) check(files.probes, ["probes", i, "contains", j], text);
  }
  for (const page of pages.values()) {
    const { names, loose: braces } = parseTemplate(page.text);
    const tell = (offset: number, said: Said) =>
      problems.push(Object.assign(lineOf(page.text, offset), { where: page.path }, said));
    for (const { name, offset } of names) if (!known.has(name)) tell(offset, unknown(name));
    for (const offset of braces) tell(offset, LOOSE);
  }
}

function lineOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: before.at(-1)!.length + 1 };
}

/** Variables have one of their own values; every INFO category has one origin. */
export function checkPjl({ persona: { pjl }, files }: Loaded, report: Report): void {
  for (const list of ["variables", "ustatus"] as const) {
    const seen = new Set<string>();
    for (const [i, variable] of pjl[list].entries()) {
      const path = ["pjl", list, i];
      const wrong = variableFault(variable);
      if (wrong) report(files.pjl, [...path, wrong.key], `${variable.name}: ${wrong.what}`, wrong.remedy);
      if (seen.has(variable.name))
        report(files.pjl, [...path, "name"], `${variable.name} is there twice`, "Remove one.");
      seen.add(variable.name);
    }
  }
  for (const [i, category] of pjl.generated.entries()) {
    const at = ["pjl", "generated", i];
    if (Object.hasOwn(pjl.info, category)) {
      report(files.pjl, at, `INFO ${category} is generated and has a reply too`, "Keep one of them.");
    }
    if (category !== "STATUS" && pjl[category === "USTATUS" ? "ustatus" : "variables"].length === 0) {
      report(files.pjl, at, `INFO ${category} has nothing to list`, "Fill the list, or do not generate it.");
    }
  }
}

function variableFault(v: Variable): { key: string; what: string; remedy: string } | undefined {
  const [low, high] = v.values.map(Number);
  if (v.kind === "range" && !(v.values.length === 2 && low! <= high!)) {
    return { key: "values", what: "a range has two ends, the lower first", remedy: "Give two numbers." };
  }
  if (v.kind === "string" && v.values.length !== 1) {
    return { key: "values", what: "a string is listed with one value", remedy: "Give one." };
  }
  const number = Number(v.value);
  const fits = v.kind === "range" ? v.value !== "" && number >= low! && number <= high! : v.values.includes(v.value);
  if (fits || v.also.includes(v.value) || v.value.includes("{")) return undefined;
  return {
    key: "value",
    what: `"${v.value}" is not one of its values`,
    remedy: "Correct it, or list it under `also`.",
  };
}

/** Paths lead to one page each; every status that a method gives has an answer. */
export function checkWeb({ persona: { web }, files }: Loaded, report: Report): void {
  const seen = new Set<string>();
  for (const [i, page] of web.pages.entries()) {
    for (const path of [page.path, ...page.aliases]) {
      if (seen.has(path)) report(files.web, ["web", "pages", i, "path"], `"${path}" leads to two pages`, "Remove one.");
      seen.add(path);
    }
  }
  const needed = new Map<string, Path>(["400", "404", "413", "505"].map((status) => [status, ["web", "answers"]]));
  for (const [method, does] of Object.entries(web.methods)) {
    if (does !== "page") needed.set(does, ["web", "methods", method]);
  }
  for (const [status, path] of needed) {
    if (Object.hasOwn(web.answers, status)) continue;
    report(files.web, path, `there is no answer "${status}"`, "Add it to web.answers.");
  }
}
