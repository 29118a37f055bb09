import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Problems } from "../util/problem.ts";
import { loadRules } from "./load.ts";

let data: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), "rules-"));
});
afterEach(() => rmSync(data, { recursive: true }));

function write(path: string, text: string): void {
  const file = join(data, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** The problems of the folder, one line each, without the folder's name and the remedy. */
function problems(): string[] {
  try {
    loadRules(data);
    return [];
  } catch (error) {
    const { list } = error as Problems;
    return list.map(({ where, line, what }) => `${where.slice(data.length + 1)}:${line ?? ""} ${what}`);
  }
}

const PROBE = `id: probe
title: Asked for the model
description: A question that is asked to learn the model.
on: pjl.command
when:
  command: INFO
intent: reconnaissance
level: likely
status: stable
examples:
  hits:
    - line: "@PJL INFO ID"
  misses:
    - line: "@PJL ECHO x"
`;
const TWICE = `id: twice
title: Asked twice within a minute
description: The same question twice, which nobody needs to ask.
kind: count
of: [probe]
atLeast: 2
within: 1 min
intent: reconnaissance
level: possible
status: stable
examples:
  hits:
    - [[probe, 0], [probe, 50]]
  misses:
    - [[probe, 0], [probe, 70]]
`;

describe("the loader", () => {
  it("reads signatures by family and correlations", () => {
    write("signatures/probe/probe.yaml", PROBE);
    write("correlations/twice.yaml", TWICE);
    const rules = loadRules(data);
    expect(rules.resolve(["probe/*"])).toEqual(["probe"]);
    expect(rules.correlations[0]!.rule.within).toBe(60_000);
  });

  it("refuses an empty folder", () => {
    expect(problems()).toEqual(["signatures: has no rules"]);
  });

  it("reports everything at once, each with its line", () => {
    write("signatures/probe/probe.yaml", PROBE.replace("command: INFO", "verb: INFO\n  argument: { matches: '(a' }"));
    write("signatures/probe/other.yaml", PROBE.replace("status: stable", "state: stable"));
    write("signatures/probe/third.yaml", PROBE);
    write("signatures/probe/notes.txt", "");
    write("correlations/twice.yaml", TWICE.replace("of: [probe]", "of: [prode]"));
    expect(problems()).toEqual([
      "signatures/probe/notes.txt: is not a .yaml file",
      expect.stringMatching(/^signatures\/probe\/other\.yaml:\d+ status: invalid option/),
      'signatures/probe/other.yaml:9 unknown key "state"',
      'signatures/probe/third.yaml:1 id is "probe"',
      'signatures/probe/third.yaml:1 another rule is called "probe" too',
      'signatures/probe/probe.yaml:6 pjl.command has no field "verb"',
      expect.stringMatching(/^signatures\/probe\/probe\.yaml:7 pattern: /),
      'correlations/twice.yaml:5 there is no signature "prode"',
    ]);
  });

  it.each([
    ["a hit that does not match", '"@PJL INFO ID"', '"@PJL ECHO ID"', "12 should match but does not"],
    ["a miss that matches", '"@PJL ECHO x"', '"@PJL INFO x"', "14 should not match but does"],
    [
      "an example that is no such event",
      '"@PJL INFO ID"',
      '"@PJL INFO ID"\n      answer: never',
      "12 is no pjl.command: ",
    ],
  ])("refuses a signature with %s", (_, before, after, problem) => {
    write("signatures/probe/probe.yaml", PROBE.replace(before, after));
    expect(problems().join("\n")).toContain(problem);
  });

  it("refuses rules without a hit or without a miss", () => {
    write("signatures/probe/probe.yaml", PROBE.replace(/ {2}misses:[^]*/, ""));
    write("correlations/twice.yaml", TWICE.replace("70", "10"));
    expect(problems()[0]).toMatch(/probe\.yaml:\d+ examples\.misses: /);
    write("signatures/probe/probe.yaml", PROBE);
    expect(problems()).toEqual(["correlations/twice.yaml:15 should not hold but does"]);
  });

  it("reads known surveys, and says what is wrong in them", () => {
    const survey = (network: string) =>
      `id: survey\nname: Survey\nsite: https://survey.example/\nentries:\n  - from: its own list\n    on: "2026-06-22"\n    networks:\n      - ${network}\n`;
    const probe = PROBE.replace("command: INFO", 'origin.survey: "Survey"').replace(
      'line: "@PJL INFO ID"',
      'line: "@PJL INFO ID"\n      from: 203.0.113.7',
    );
    write("signatures/probe/probe.yaml", probe);
    write("sources/survey.yaml", survey("203.0.113.0/24"));
    expect(problems()).toEqual([]);
    write("sources/survey.yaml", survey("203.0.113.0/33"));
    expect(problems()[0]).toMatch(
      /^sources\/survey\.yaml:8 entries\.0\.networks\.0: "203\.0\.113\.0\/33" has a prefix/,
    );
    write("sources/survey.yaml", survey("203.0.113.0/24\n      - 203.0.113.9"));
    expect(problems()[0]).toBe('sources/survey.yaml:9 "203.0.113.9" overlaps with another network of Survey');
  });

  it("lets no visitor's text into a title", () => {
    const titled = PROBE.replace("for the model\n", "for {value}\n").replace("intent:", "value: argument\nintent:");
    write("signatures/probe/probe.yaml", titled);
    expect(problems()[0]).toMatch(/what a visitor sends has no place in a title/);
  });

  it("refuses `together` and `butNot` that cannot be answered", () => {
    write("signatures/probe/probe.yaml", PROBE);
    write("signatures/job/a.yaml", PROBE.replace("id: probe", "id: a").replace("intent:", "butNot: b\nintent:"));
    write(
      "signatures/job/b.yaml",
      PROBE.replace("id: probe", "id: b").replace("intent:", "together: nowhere\nintent:"),
    );
    expect(problems()).toEqual([
      'signatures/job/a.yaml:7 "b" depends on other signatures itself',
      'signatures/job/b.yaml:7 there is no signature "nowhere"',
    ]);
  });
});
