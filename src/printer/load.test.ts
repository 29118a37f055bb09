import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { TinyPersona } from "../../test/support/tiny-persona.ts";
import { listPersonas, loadPersona } from "./load.ts";

const DATA = fileURLToPath(new URL("../../data/personas", import.meta.url));
const tiny = new TinyPersona();
beforeEach(() => tiny.reset());
afterAll(() => tiny.delete());

/** Problems as `file:line what`, the file from the persona's folder on. */
function problems(): string[] {
  const loaded = loadPersona(tiny.dir, "tiny");
  if (!("problems" in loaded)) return [];
  for (const problem of loaded.problems) expect(problem.remedy).toMatch(/\.$/);
  const folder = join(tiny.dir, "tiny");
  return loaded.problems.map((p) => `${p.where.replace(`${folder}/`, "")}${p.line ? `:${p.line}` : ""} ${p.what}`);
}

describe("loadPersona", () => {
  it.each(listPersonas(DATA))("loads %s", (id) => {
    const loaded = loadPersona(DATA, id);
    if ("problems" in loaded) expect(loaded.problems).toEqual([]);
    else expect(loaded.persona.id).toBe(id);
  });

  it("knows both LaserJets", () => {
    expect(listPersonas(DATA)).toEqual(expect.arrayContaining(["hp-laserjet-4250", "hp-laserjet-p1102w"]));
  });

  it("loads the smallest persona with its pages, probes, sources and published values", () => {
    const loaded = loadPersona(tiny.dir, "tiny");
    if ("problems" in loaded) throw new Error(JSON.stringify(loaded.problems));
    expect(loaded.persona.files.get("start.html")).toContain("{serial}");
    expect(loaded.probes).toHaveLength(1);
    expect(Object.keys(loaded.persona.sources)).toEqual(["book", "page"]);
    expect([...loaded.persona.published]).toEqual(["ABCDEF000001", "ZZ100001"]);
  });

  it("names the known personas for an unknown one", () => {
    expect(loadPersona(tiny.dir, "large")).toEqual({
      problems: [{ where: "large", what: "there is no such persona", remedy: "Use one of: tiny." }],
    });
    const empty = mkdtempSync(join(tmpdir(), "inktrap-empty-"));
    expect(loadPersona(join(empty, "none"), "../x")).toMatchObject({ problems: [{ where: "../x" }] });
    rmSync(empty, { recursive: true });
  });

  it.each(["pjl.yaml", "web.yaml", "probes.yaml"])("misses %s", (file) => {
    tiny.remove(file);
    expect(problems()).toEqual([`${file} the file is missing`]);
  });

  const FAULTS: [name: string, file: string, old: string, text: string, what: string][] = [
    ["another id", "persona.yaml", "id: tiny", "id: huge", 'the id is "huge" in folder "tiny"'],
    ["an unknown key", "persona.yaml", "status: stable", "status: stable\nstate: x", 'unknown key "state"'],
    ["no model", "persona.yaml", "values:\n    model: ", "values:\n    modell: ", "facts have no `model`"],
    [
      "a section without source",
      "persona.yaml",
      "raw:\n  assumed: true",
      "raw:",
      "raw does not say where it was learnt",
    ],
    [
      "an unknown source",
      "persona.yaml",
      "source: book\n  values",
      "source: boook\n  values",
      'there is no source "boook"',
    ],
    [
      "source and guess",
      "persona.yaml",
      "assumed: true\n  toner",
      "assumed: true\n  source: book\n  toner",
      "what has a source is not assumed",
    ],
    [
      "an exception to nothing",
      "persona.yaml",
      "    pageCount: { assumed",
      "    pages: { assumed",
      'identity has no entry "pages"',
    ],
    [
      "a wrong pattern",
      "persona.yaml",
      "serial: ZZ######",
      "serial: ZZ<9-",
      'pattern "ZZ<9-": < begins or ends no <001-360> and no [A-F]',
    ],
    [
      "a narrow pattern",
      "persona.yaml",
      "numbers: {",
      "numbers: { slot: ZZ##,",
      'pattern "ZZ##" stands for fewer than 1000 texts',
    ],
    [
      "a range upside down",
      "persona.yaml",
      "pageCount: [1, 1000]",
      "pageCount: [9, 8]",
      "identity.pageCount runs from 9 to 8",
    ],
    ["a host name with a serial", "persona.yaml", "TINY{mac6}", "TINY{serial}", "a host name cannot use {serial}"],
    [
      "a fact named as a value",
      "persona.yaml",
      "    model:",
      "    mac: x\n    model:",
      'a value "mac" is there already',
    ],
    [
      "a published value",
      "persona.yaml",
      "title: A book",
      "title: ab-cdef000001",
      '"ABCDEF000001" is a published value of another device',
    ],
    [
      "another name in INFO ID",
      "pjl.yaml",
      'reply: |\n        "{model}"',
      'reply: |\n        "Other"',
      "INFO ID does not name the model",
    ],
    [
      "an unknown value in a reply",
      "pjl.yaml",
      'reply: |\n        "{model}"',
      'reply: "{model} {modle}"',
      "there is no value {modle}",
    ],
    [
      "a loose brace in a reply",
      "pjl.yaml",
      'reply: |\n        "{model}"',
      'reply: "{model} {"',
      "a brace stands alone",
    ],
    [
      "a default out of range",
      "pjl.yaml",
      'name: COPIES, value: "1"',
      'name: COPIES, value: "10"',
      'COPIES: "10" is not one of its values',
    ],
    [
      "a default out of choice",
      "pjl.yaml",
      "name: PAPER, value: A4",
      "name: PAPER, value: A3",
      'PAPER: "A3" is not one of its values',
    ],
    [
      "a range with one end",
      "pjl.yaml",
      'values: ["1", "9"]',
      'values: ["1"]',
      "COPIES: a range has two ends, the lower first",
    ],
    ["a variable twice", "pjl.yaml", "name: PAPER", "name: COPIES", "COPIES is there twice"],
    [
      "nothing to generate from",
      "pjl.yaml",
      "generated: [VARIABLES]",
      "generated: [USTATUS]",
      "INFO USTATUS has nothing to list",
    ],
    ["two origins", "pjl.yaml", "generated: [VARIABLES]", "generated: [VARIABLES]\n  x: 1", 'unknown key "pjl.x"'],
    [
      "an unknown source of an entry",
      "pjl.yaml",
      "values: [A4, A5], assumed: true",
      "values: [A4, A5], source: pagee",
      'there is no source "pagee"',
    ],
    ["a source twice", "web.yaml", "  page: {", "  book: {", 'persona.yaml has a source "book" already'],
    ["a page without file", "web.yaml", "file: start.html", "file: stop.html", "there is no file web/stop.html"],
    ["a page outside", "web.yaml", "file: start.html", "file: ../pjl.yaml", '"../pjl.yaml" is no file name'],
    ["no root", "web.yaml", "path: /,", "path: /start,", "no page has the path `/`"],
    ["a path twice", "web.yaml", "path: /,", "path: /, aliases: [/],", '"/" leads to two pages'],
    ["an unknown value in a header", "web.yaml", '"{length}"', '"{size}"', "there is no value {size}"],
    ["a status without answer", "web.yaml", '"*": "501"', '"*": "405"', 'there is no answer "405"'],
    [
      "another name in the title",
      "web/start.html",
      "<title>{model}",
      "<title>Other",
      "the title of the page at `/` does not name the model",
    ],
    ["an unknown value in a page", "web/start.html", "{serial}", "{sreial}", "there is no value {sreial}"],
    ["a loose brace in a page", "web/start.html", "p {{ margin", "p { margin", "a brace stands alone"],
    [
      "a probe without source",
      "probes.yaml",
      "    source: book\n",
      "",
      'probe "INFO ID" does not say where its answer was learnt',
    ],
    ["a probe with an unknown value", "probes.yaml", '\\"{model}', '\\"{molde}', "there is no value {molde}"],
    [
      "a probe without answer",
      "probes.yaml",
      "    expect:",
      "    contains: [x]\n    expect:",
      "probes.0: one of `expect` and `contains` is needed, and not both",
    ],
  ];
  /** Where a problem is told elsewhere than on the line that was changed: at the key its value belongs to, or lines below. */
  const ELSEWHERE: Record<string, [file: string, needle: string]> = {
    "an unknown key": ["persona.yaml", "state:"],
    "no model": ["persona.yaml", "values:"],
    "source and guess": ["persona.yaml", "assumed: true\n  source"],
    "a section without source": ["persona.yaml", "raw:"],
    "two origins": ["pjl.yaml", "x: 1"],
    "a status without answer": ["web.yaml", "methods:"],
    "no root": ["web.yaml", "pages:"],
    "another name in the title": ["web.yaml", "file: start.html"],
    "a probe without source": ["probes.yaml", "- name"],
    "a probe with an unknown value": ["probes.yaml", "expect:"],
    "a probe without answer": ["probes.yaml", "- name"],
  };

  it.each(FAULTS)("tells of %s at its line", (name, file, old, text, what) => {
    const changed = tiny.change(file, old, text);
    const [where, needle] = ELSEWHERE[name] ?? [file, ""];
    const line = needle === "" ? changed : tiny.change(where, needle, needle);
    expect(problems()).toContain(`${where}:${line} ${what}`);
  });

  it("tells of a category that is generated and written too", () => {
    const line = tiny.change("pjl.yaml", "generated:", "generated:");
    tiny.change("pjl.yaml", "    ID:", "    VARIABLES: { reply: x }\n    ID:");
    expect(problems()).toEqual([`pjl.yaml:${line + 1} INFO VARIABLES is generated and has a reply too`]);
  });

  it("wants a persona with assumed framing to be a draft", () => {
    const line = tiny.change("persona.yaml", "status:", "status:");
    tiny.change("pjl.yaml", "  source: book", "  source: book\n  except: { lineEnd: { assumed: true } }");
    expect(problems()).toEqual([`persona.yaml:${line} the framing of PJL replies is assumed`]);
    tiny.change("persona.yaml", "status: stable", "status: draft");
    expect(problems()).toEqual([]);
  });

  it("tells all problems at once", () => {
    tiny.change("persona.yaml", "id: tiny", "id: huge");
    tiny.change("pjl.yaml", "value: A4", "value: A3");
    tiny.change("web/start.html", "{serial}", "{sreial}");
    expect(problems()).toHaveLength(3);
    tiny.change("persona.yaml", "panel:", "pannel:");
    tiny.change("pjl.yaml", "lineEnd: crlf", "lineEnd: cr");
    expect(problems().map((p) => p.split(":")[0])).toEqual(["persona.yaml", "persona.yaml", "pjl.yaml"]);
  });
});
