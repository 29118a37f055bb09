/** The walls of the house: layers, no cycles, no barrels, no default exports, small files. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { violations } from "./support/layers.ts";

function read(): Map<string, string> {
  const paths = ["src", "test", "bench"].flatMap((root) => {
    try {
      return readdirSync(root, { recursive: true, encoding: "utf8" }).map((path) => `${root}/${path}`);
    } catch {
      return [];
    }
  });
  const sources = [...paths.filter((path) => path.endsWith(".ts")), "vitest.config.ts"];
  return new Map(sources.map((path) => [path, readFileSync(path, "utf8")]));
}

describe("architecture", () => {
  const files = read();

  it("keeps its laws", () => {
    expect(files.size).toBeGreaterThan(100);
    expect(violations(files)).toEqual([]);
  });

  it("is made of small files", () => {
    const lengths = [...files]
      .filter(([path]) => path.startsWith("src/") && !path.endsWith(".test.ts"))
      .map(([, text]) => text.split("\n").length - 1)
      .sort((a, b) => a - b);
    const median = lengths[Math.floor(lengths.length / 2)]!;
    console.log(`${lengths.length} source files, median ${median} lines, longest ${lengths.at(-1)}`);
    expect(median).toBeLessThanOrEqual(120);
  });
});

describe("the check itself", () => {
  const faults = (files: Record<string, string>) => violations(new Map(Object.entries(files)));

  it("lets pass what is right", () => {
    expect(
      faults({
        "src/event/event.ts": 'import { z } from "zod";\nexport type Event = z.Infer;\n',
        "src/util/address.ts": 'import { isIPv4, isIPv6 } from "node:net";\n',
        "src/detect/case.ts": 'import type { Event } from "../event/event.ts";\n// Date.now() would be wrong\n',
        "src/store/store.ts": 'import { type Case } from "../detect/case.ts";\nimport fs from "node:fs";\n',
        "src/protocols/x/head.ts": "",
        "src/protocols/x/codec.ts": 'import { head } from "./head.ts";\n',
        "src/store/store.test.ts": 'import { Sensor } from "../cli/main.ts";\n',
        "src/cli/main.ts": 'await import("./start.ts");\n',
        "src/cli/start.ts": "",
      }),
    ).toEqual([]);
  });

  it.each([
    [
      "an upward import",
      { "src/event/a.ts": 'import type { B } from "../detect/b.ts";\n', "src/detect/b.ts": "" },
      /^src\/event\/a.ts: may not import src\/detect\/b.ts/,
    ],
    [
      "an import called",
      { "src/sensor/a.ts": 'await import("../collector/b.ts");\n', "src/collector/b.ts": "" },
      /may not import/,
    ],
    [
      "a value where only types may be",
      { "src/store/a.ts": 'import { type A, b } from "../detect/b.ts";\n', "src/detect/b.ts": "" },
      /may not import/,
    ],
    [
      "an import over several lines",
      { "src/util/a.ts": 'import {\n  a,\n  b,\n} from "../event/b.ts";\n', "src/event/b.ts": "" },
      /may not import/,
    ],
    [
      "a codec that knows more",
      { "src/protocols/x/codec.ts": 'import "../../event/b.ts";\n', "src/event/b.ts": "" },
      /codec.ts: may not import/,
    ],
    [
      "source that imports a test's helper",
      { "src/util/a.ts": 'import "../../test/b.ts";\n', "test/b.ts": "" },
      /may not import test\/b.ts/,
    ],
    ["a folder outside the table", { "src/misc/a.ts": "" }, /lies in no layer/],
    ["input in a pure folder", { "src/detect/a.ts": 'import { readFileSync } from "node:fs";\n' }, /imports node:fs/],
    [
      "sockets in a pure folder",
      { "src/util/a.ts": 'import { isIP, connect } from "node:net";\n' },
      /imports node:net/,
    ],
    ["the clock in a pure folder", { "src/protocols/x/a.ts": "const now = Date.now();\n" }, /reaches out/],
    [
      "a cycle of types",
      { "src/util/a.ts": 'import type { B } from "./b.ts";\n', "src/util/b.ts": 'export type { A } from "./a.ts";\n' },
      /through src\/util\/b.ts, src\/util\/a.ts/,
    ],
    ["a barrel by name", { "src/util/index.ts": "" }, /barrel/],
    ["a barrel by content", { "src/util/all.ts": 'export * from "./a.ts";\n', "src/util/a.ts": "" }, /barrel/],
    ["a default export", { "src/util/a.ts": "export default 1;\n" }, /default export/],
    ["a long file", { "src/util/a.ts": "\n".repeat(401) }, /401 lines/],
  ])("finds %s", (_, files, fault) => {
    const found = faults(files as unknown as Record<string, string>);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(fault);
  });
});
