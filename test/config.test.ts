/** The configuration file: everything that is wrong in it is told at once, with its place and what to do. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { checkedConfig } from "../src/cli/config-check.ts";
import { configSchema } from "../src/cli/config.ts";
import { problemLine, Problems } from "../src/util/problem.ts";
import { readYaml } from "../src/util/yaml.ts";
import { run } from "./support/program.ts";

const EXAMPLE = "docs/inktrap.example.yaml";

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "inktrap-config-"));
  file = join(folder, "inktrap.yaml");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What is said of a configuration, without the name of the file. */
async function said(text: string, overrides = {}): Promise<string[]> {
  await writeFile(file, text);
  try {
    await checkedConfig(file, overrides);
    return [];
  } catch (error) {
    if (!(error instanceof Problems)) throw error;
    return error.list.map((problem) => problemLine(problem).replace(`${file}:`, ""));
  }
}

describe("a configuration", () => {
  it("all that is wrong with form and meaning comes at once, each with line, column and remedy", async () => {
    const text = [
      "persona: hp-laserjet-9000",
      "listen: [127.0.0.1, 192.0.2.61, 127.0.0.1]",
      "prots: {}",
      "ports: { raw: 9100, web: 9100 }",
      "user: nobody-here",
      "own:",
      "  - 192.0.2.7/24",
      "  - printers.example",
      "proxy:",
      "  from: [0.0.0.0/0]",
      "store:",
      "  memoryMb: much",
      "",
    ].join("\n");
    const lines = await said(text);
    const expected = [
      /^1:1: there is no persona "hp-laserjet-9000"\. Use one of: .*hp-laserjet-4250/,
      /^2:21: "192\.0\.2\.61" is not an address of this machine\. Use one of: .*127\.0\.0\.1/,
      /^2:33: "127\.0\.0\.1" is named twice\. /,
      /^3:1: unknown key "prots"\. /,
      /^5:1: there is no user "nobody-here"\. Make it with: useradd/,
      /^7:5: own\.0: "192\.0\.2\.7\/24" is an address with a prefix, the network is 192\.0\.2\.0\/24\. /,
      /^8:5: own\.1: "printers\.example" is neither an address nor a network/,
      /^10:10: proxy\.from\.0: "0\.0\.0\.0\/0" is every address there is/,
      /^12:3: store\.memoryMb: /,
    ];
    for (const line of expected) expect(lines).toContainEqual(expect.stringMatching(line));
    expect(lines).toHaveLength(expected.length);
  });

  it.each([
    ["ports: { raw: 9100, web: 9100 }\n", "1:21: raw and web both have port 9100. "],
    ["ports:\n  web: 9100\n", "2:3: raw and web both have port 9100. "],
    ["portOffset: 60000\n", "1:1: the port of raw becomes 69100. "],
    ['listen: ["::", 127.0.0.1]\n', '1:10: "::" is every address already. '],
    ["listen: 192.0.2.61\n", '1:1: "192.0.2.61" is not an address of this machine. '],
    ["group: lp\n", "1:1: a group without a user. "],
    ["proxy: { from: [] }\n", "1:10: proxy.from: "],
    ["own: 192.0.2.0/24\n", "1:1: own: "],
  ])("%j", async (text, line) => {
    expect(await said(text)).toEqual([expect.stringContaining(line)]);
  });

  it("what the command line says stands above the file, and is what a problem names", async () => {
    const text = "persona: hp-laserjet-9000\nlisten: 192.0.2.61\n";
    expect(await said(text, { persona: "hp-laserjet-4250", listen: ["127.0.0.1"] })).toEqual([]);
    expect(await said("", { persona: "x", listen: ["192.0.2.61"], portOffset: 60_000 })).toEqual([
      expect.stringMatching(/^--persona: /),
      expect.stringMatching(/^--listen: /),
    ]);
    expect(await said("", { portOffset: 60_000 })).toEqual([expect.stringMatching(/^--port-offset: /)]);
  });

  it("an empty one is right, and YAML that is none is told with its place", async () => {
    expect(await said("")).toEqual([]);
    expect(await said("# nothing\n")).toEqual([]);
    expect(await said("own: [192.0.2.0/24\n")).toEqual([expect.stringMatching(/^\d+:\d+: /)]);
  });
});

describe("inktrap check", () => {
  it("tells all of it, and a folder that cannot be written, in one run and changes nothing", async () => {
    await writeFile(file, "ports: { raw: 9100, web: 9100 }\n");
    const { code, err } = await run(["check", "--config", file, "--data", join(file, "data")]);
    expect(code).toBe(1);
    expect(err.trim().split("\n")).toEqual([
      expect.stringContaining(`${file}:1:21: raw and web both have port 9100`),
      expect.stringContaining("data: is not a folder"),
    ]);
    const right = await run(["check", "--data", join(folder, "none", "data")]);
    expect([right.code, right.err]).toEqual([0, ""]);
  });
});

describe("the example", () => {
  it("is right, and has every key there is", async () => {
    const result = readYaml(await readFile(EXAMPLE, "utf8"), EXAMPLE, configSchema);
    if ("problems" in result) throw new Problems(result.problems);
    expect(keys(await given())).toEqual(keysOf(z.toJSONSchema(configSchema, { io: "input" }) as Shape));
  });

  const given = async () => {
    const result = readYaml(await readFile(EXAMPLE, "utf8"), EXAMPLE, z.record(z.string(), z.unknown()));
    if ("problems" in result) throw new Problems(result.problems);
    return result.value;
  };
});

interface Shape {
  properties?: Record<string, Shape>;
}

/** Paths of all keys that a schema knows, in order. */
function keysOf(shape: Shape, before = ""): string[] {
  return Object.entries(shape.properties ?? {})
    .flatMap(([name, inner]) => [before + name, ...keysOf(inner, `${before}${name}.`)])
    .sort();
}

function keys(value: Record<string, unknown>, before = ""): string[] {
  return Object.entries(value)
    .flatMap(([name, inner]) => {
      const deeper = typeof inner === "object" && inner !== null && !Array.isArray(inner);
      return [before + name, ...(deeper ? keys(inner as Record<string, unknown>, `${before}${name}.`) : [])];
    })
    .sort();
}
