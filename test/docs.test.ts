/**
 * The papers agree with the code: generated documents are fresh (`npm run docs` makes them again), links lead somewhere,
 * and commands, options and scripts that are named exist.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { format } from "prettier";
import { describe, expect, it } from "vitest";
import { ALERTS_EXAMPLE, configurationDocument, EXAMPLE } from "../src/cli/config-document.ts";
import { configSchema } from "../src/cli/config.ts";
import { apiDocument } from "../src/collector/contract-document.ts";
import { signaturesDocument } from "../src/detect/document.ts";
import { loadRules } from "../src/detect/load.ts";
import { completePayload, SAMPLED } from "../src/detect/samples.ts";
import { eventsDocument } from "../src/event/document.ts";
import { DATA_ROOT } from "../src/util/package.ts";
import { readYaml } from "../src/util/yaml.ts";
import { layerTable } from "./support/layers.ts";

const read = (path: string) => readFileSync(path, "utf8");

const papers = [
  ...readdirSync("."),
  ...readdirSync("docs", { recursive: true, encoding: "utf8" }).map((path) => join("docs", path)),
].filter((path) => path.endsWith(".md"));

describe("generated documents", () => {
  const examples = Object.fromEntries(SAMPLED.map((type) => [type, completePayload(type, {})]));

  it.each([
    ["events.md", () => eventsDocument(examples)],
    ["signatures.md", () => signaturesDocument(loadRules(DATA_ROOT))],
    ["configuration.md", configurationDocument],
    ["api.md", apiDocument],
  ])("docs/%s is fresh", async (file, document) => {
    await expect(document()).toMatchFileSnapshot(`../docs/${file}`);
  });

  it("the example configuration is right", () => {
    expect(readYaml(EXAMPLE, "example", configSchema)).not.toHaveProperty("problems");
    expect(readYaml(ALERTS_EXAMPLE, "example", configSchema)).not.toHaveProperty("problems");
  });

  it("docs/architecture.md shows the layers that are enforced", async () => {
    const text = read("docs/architecture.md");
    const table = await format(layerTable(), { parser: "markdown" });
    const shown = text.replace(/^\| folder of `src`[^]*?\n(?=\n)/m, () => table);
    await expect(shown).toMatchFileSnapshot("../docs/architecture.md");
  });
});

describe.each(papers)("%s", (paper) => {
  const text = read(paper);

  it("has links that lead somewhere", () => {
    const broken = [...text.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)/g)].filter(([, file = "", anchor]) => {
      const path = file === "" ? paper : join(dirname(paper), file);
      return !existsSync(path) || (anchor !== undefined && !anchors(read(path)).includes(anchor));
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });

  it("names commands that exist", () => {
    expect(wrongCommands(text)).toEqual([]);
  });
});

it("what the program and its source say about the papers is true", () => {
  const sources = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".ts"));
  const named = sources.flatMap((path) => read(join("src", path)).match(/\bdocs\/[\w/-]+\.md(#[\w-]+)?/g) ?? []);
  expect(named.length).toBeGreaterThan(0);
  for (const [file = "", anchor] of named.map((place) => place.split("#"))) {
    expect(existsSync(file), file).toBe(true);
    if (anchor !== undefined) expect(anchors(read(file))).toContain(anchor);
  }
});

it("the README's test command is the one that is run for everybody", () => {
  expect(read("README.md")).toContain("npm ci && npm test");
  expect(read(".ci/run")).toContain('run "npm ci && npm test"');
});

it("the check of commands can fail", () => {
  expect(wrongCommands("`npx inktrap fly`\n\n    npx inktrap start --wings 2\n\n`npm run sing`")).toEqual([
    "inktrap fly",
    "--wings",
    "npm run sing",
  ]);
  expect(wrongCommands("`npm ci && npm start`, `npx inktrap show C-1 --json`")).toEqual([]);
});

/** Anchors of the headings, as GitHub makes them. */
function anchors(text: string): string[] {
  const headings = text.match(/^#+ .*/gm) ?? [];
  return headings.map((heading) =>
    heading
      .replace(/^#+ /, "")
      .toLowerCase()
      .replace(/[^\w -]/g, "")
      .replaceAll(" ", "-"),
  );
}

/** What is said to be a command, an option or a script, in code, and is none. */
function wrongCommands(text: string): string[] {
  const program = read("src/cli/main.ts");
  const commands = new Set([...program.matchAll(/\bcommand\("(\w+)"/g)].map(([, name]) => name));
  const options = new Set(["--help", "--version", ...(program.match(/--[a-z][a-z-]*/g) ?? [])]);
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
  const code = [...text.matchAll(/`([^`\n]+)`|^(?: {4}|\$ |npx )(.*)/gm)].map(([whole]) => whole);
  return code.flatMap((line) => {
    const [called, command, rest = ""] = /\binktrap ([a-z]+)\b([^`|;]*)/.exec(line) ?? [];
    const wrong = called !== undefined && !commands.has(command) ? [called] : [];
    const strange =
      called === undefined ? [] : (rest.match(/--[a-z][a-z-]*/g) ?? []).filter((one) => !options.has(one));
    const run = [...line.matchAll(/\bnpm run (?:--silent )?([\w:]+)/g)].filter(([, script]) => !scripts[script!]);
    return wrong.concat(
      strange,
      run.map(([call]) => call),
    );
  });
}
