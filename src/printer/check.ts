/** What a persona's schema cannot say: that its parts agree with each other, name their sources and give nothing away. */
import type { Problem } from "../util/problem.ts";
import { checkFiles } from "./check-files.ts";
import { checkPjl, checkTemplates, checkWeb } from "./check-replies.ts";
import { publishedForm } from "./identity.ts";
import type { Loaded, Path, PersonaFile, Report, Sources } from "./loaded.ts";
import { parsePattern, patternSize } from "./pattern.ts";
import { parseTemplate } from "./template.ts";

/** Fewer texts than these, and installations would share them. */
const PATTERN_SIZE = 1000;

/** All problems that the parts of a persona have with each other. */
export function checkPersona(loaded: Loaded): Problem[] {
  const problems: Problem[] = [];
  const report: Report = (file, path, what, remedy) =>
    problems.push({ where: file.path, ...file.at(path), what, remedy });
  checkNames(loaded, report);
  checkProvenance(loaded, report);
  checkIdentity(loaded, report);
  checkTemplates(loaded, report, problems);
  checkPjl(loaded, report);
  checkWeb(loaded, report);
  checkFiles(loaded, report);
  problems.push(...publishedProblems(loaded));
  return problems;
}

/** One model by one name, everywhere. */
function checkNames({ id, persona, files, pages }: Loaded, report: Report): void {
  if (persona.id !== id) {
    report(files.main, ["id"], `the id is "${persona.id}" in folder "${id}"`, "Give both the same name.");
  }
  const model = persona.facts.values["model"];
  if (model === undefined) {
    report(files.main, ["facts", "values"], "facts have no `model`", "Add it: replies and pages name it.");
    return;
  }
  const named = (text: string) => text.replaceAll("{model}", model);
  const rule = `Write {model}, or correct facts.values.model ("${model}").`;
  for (const category of ["ID", "PRODINFO"]) {
    const info = persona.pjl.info[category];
    if (info === undefined && category === "PRODINFO") continue;
    if (info === undefined || !named(info.reply).includes(model)) {
      const path = ["pjl", "info", ...(info ? [category, "reply"] : [])];
      report(files.pjl, path, `INFO ${category} does not name the model`, rule);
    }
  }
  const start = persona.web.pages.findIndex((page) => [page.path, ...page.aliases].includes("/"));
  if (start < 0) {
    report(files.web, ["web", "pages"], "no page has the path `/`", "Say what the root shows.");
    return;
  }
  const title = /<title>([^]*?)<\/title>/i.exec(
    pages.get(persona.web.pages[start]!.file)?.text ?? "<title>{model}</title>",
  );
  if (!named(title?.[1] ?? "").includes(model)) {
    report(files.web, ["web", "pages", start, "file"], "the title of the page at `/` does not name the model", rule);
  }
}

/** Every section says where it was learnt, and names only sources there are. */
function checkProvenance({ persona, files, probes }: Loaded, report: Report): void {
  const { identity, facts, panel, supplies, pacing, raw, pjl, web, fileSystem } = persona;
  const optional = { ...(pacing && { pacing }), ...(fileSystem && { fileSystem }) };
  const sections = { identity, facts, panel, supplies, raw, pjl, web, ...optional };
  for (const [name, section] of Object.entries(sections)) {
    const file = { pjl: files.pjl, web: files.web, fileSystem: files.files }[name] ?? files.main;
    if (section.source === undefined && section.assumed === undefined) {
      report(file, [name], `${name} does not say where it was learnt`, "Add `source:` or `assumed: true`.");
    }
    for (const path of Object.keys(section.except)) {
      if (hasPath(section, path)) continue;
      report(file, [name, "except", path], `${name} has no entry "${path}"`, "Name one by its dotted path.");
    }
    checkSources(section, [name], file, persona.sources, report);
  }
  for (const file of [files.pjl, files.web, files.files ?? [], files.probes].flat()) {
    for (const name of Object.keys(file.value.sources)) {
      if (!Object.hasOwn(files.main.value.sources, name)) continue;
      report(file, ["sources", name], `persona.yaml has a source "${name}" already`, "Use that one, or another name.");
    }
  }
  for (const [i, probe] of probes.entries()) {
    const path = ["probes", i];
    if (probe.source === undefined && probe.assumed === undefined) {
      report(
        files.probes,
        path,
        `probe "${probe.name}" does not say where its answer was learnt`,
        "Add `source:` or `assumed: true`.",
      );
    }
    checkSources(probe, path, files.probes, { ...persona.sources, ...files.probes.value.sources }, report);
  }
  const framingAssumed = pjl.assumed ?? pjl.except["lineEnd"]?.assumed ?? false;
  if (framingAssumed && persona.status === "stable") {
    report(
      files.main,
      ["status"],
      "the framing of PJL replies is assumed",
      "Set `status: draft`, or learn the framing.",
    );
  }
}

/** The `source` of a value and of everything inside it. */
function checkSources(value: unknown, path: Path, file: PersonaFile, sources: Sources, report: Report): void {
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (key !== "source" || inner === undefined) {
      checkSources(inner, [...path, Array.isArray(value) ? Number(key) : key], file, sources, report);
      continue;
    }
    for (const name of [inner].flat() as unknown[]) {
      if (typeof name !== "string" || Object.hasOwn(sources, name)) continue;
      report(
        file,
        [...path, "source"],
        `there is no source "${name}"`,
        `Add it to \`sources\`, or use one of: ${Object.keys(sources).join(", ")}.`,
      );
    }
  }
  const { source, assumed } = value as { source?: unknown; assumed?: unknown };
  if (source !== undefined && assumed !== undefined) {
    report(file, [...path, "assumed"], "what has a source is not assumed", "Keep one of `source` and `assumed`.");
  }
}

function hasPath(value: unknown, path: string): boolean {
  let inner = value;
  for (const key of path.split(".")) {
    if (typeof inner !== "object" || inner === null || !Object.hasOwn(inner, key)) return false;
    inner = (inner as Record<string, unknown>)[key];
  }
  return true;
}

/** Patterns can be read and stand for enough texts; ranges run upwards. */
function checkIdentity({ persona: { identity, supplies, pacing }, files: { main } }: Loaded, report: Report): void {
  const patterns: [Path, string][] = [
    [["identity", "serial"], identity.serial],
    ...Object.entries(identity.numbers).map(([name, text]): [Path, string] => [["identity", "numbers", name], text]),
    [["supplies", "toner", "serial"], supplies.toner.serial],
  ];
  for (const [path, text] of patterns) {
    const parsed = parsePattern(text);
    if ("error" in parsed) {
      report(main, path, `pattern "${text}": ${parsed.error}`, "Correct the pattern.");
    } else if (patternSize(parsed.pattern) < PATTERN_SIZE) {
      report(main, path, `pattern "${text}" stands for fewer than ${PATTERN_SIZE} texts`, "Leave more of it open.");
    }
  }
  const ranges: [Path, readonly [number, number]][] = [
    [["identity", "pageCount"], identity.pageCount],
    [["identity", "uptimeDays"], identity.uptimeDays],
    [["supplies", "toner", "coverage"], supplies.toner.coverage],
    ...(pacing
      ? ([
          [["pacing", "restartSeconds"], pacing.restartSeconds],
          [["pacing", "closeSeconds"], pacing.closeSeconds],
          [["pacing", "usage", "jobsPerDay"], pacing.usage.jobsPerDay],
          [["pacing", "usage", "pagesPerJob"], pacing.usage.pagesPerJob],
        ] satisfies [Path, readonly [number, number]][])
      : []),
  ];
  for (const [path, [low, high]] of ranges) {
    if (low >= 0 && low <= high) continue;
    report(main, path, `${path.join(".")} runs from ${low} to ${high}`, "Give the lower end first, 0 or more.");
  }
  for (const { name } of parseTemplate(identity.hostName).names) {
    if (name === "mac6") continue;
    report(main, ["identity", "hostName"], `a host name cannot use {${name}}`, "Only {mac6} is known when it is made.");
  }
}

/** Nothing published stands in the data. Short values, such as counters, occur by chance and are left to identities. */
function publishedProblems({ persona, files, pages }: Loaded): Problem[] {
  const given = [...persona.published].filter((value) => value.length > 6);
  return [...Object.values(files), ...pages.values()].flatMap(({ path, text }) =>
    text.split("\n").flatMap((line, i) => {
      const form = publishedForm(line);
      return given
        .filter((value) => form.includes(value))
        .map((value) => ({
          where: path,
          line: i + 1,
          what: `"${value}" is a published value of another device`,
          remedy: "Let the identity make one from a pattern.",
        }));
    }),
  );
}
