import { describe, expect, it } from "vitest";
import { z } from "zod";
import { readYaml } from "./yaml.ts";

const schema = z.strictObject({ name: z.string(), ports: z.array(z.strictObject({ port: z.number() })).default([]) });

function problems(text: string) {
  const result = readYaml(text, "x.yaml", schema);
  return "problems" in result ? result.problems.map((p) => `${p.line}:${p.column} ${p.what}`) : [];
}

describe("readYaml", () => {
  it("gives the checked value and the place of a path", () => {
    const result = readYaml("name: a\nports:\n  - port: 1\n", "x.yaml", schema);
    expect(result).toMatchObject({ value: { name: "a", ports: [{ port: 1 }] } });
    if ("at" in result) expect(result.at(["ports", 0, "port"])).toEqual({ line: 3, column: 5 });
  });

  it("reports all problems at once with line and column", () => {
    expect(problems("nmae: a\nports:\n  - port: x\n    extra: 1\n")).toEqual([
      "1:1 name: invalid input: expected string, received undefined",
      "3:5 ports.0.port: invalid input: expected number, received string",
      '4:5 unknown key "ports.0.extra"',
      '1:1 unknown key "nmae"',
    ]);
  });

  it("reports broken YAML and doubled keys", () => {
    expect(problems("name: [a\n")).toHaveLength(1);
    expect(problems("name: a\nname: b\n")[0]).toMatch(/^2:1 /);
  });
});
