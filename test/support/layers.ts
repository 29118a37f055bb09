/**
 * The folders of the source as layers: which may import which, and which may touch the world outside the process.
 * The same table stands in docs/architecture.md, made from this one.
 */

/** A folder of `src`, or the files of it that `files` fits. The first line that fits a file is its layer. */
export interface Layer {
  folder: string;
  files?: RegExp;
  /** What the files are called in the documentation, where they are not the whole folder. */
  name?: string;
  /** Folders it may import besides itself. `types of x`: only with `import type`; a path to a file: only that file. */
  imports: readonly string[];
  /** Files that may do input and output, as a sentence and as a pattern of paths below the folder. */
  io: readonly [string, RegExp];
}

const NOWHERE = ["no", /^$/] as const;
const EVERYWHERE = ["yes", /./] as const;

export const LAYERS: readonly Layer[] = [
  { folder: "event", imports: [], io: NOWHERE },
  {
    folder: "util",
    imports: [],
    io: ["only `json-file`, `yaml`, `log`, `package`", /^(json-file|yaml|log|package)\.ts$/],
  },
  { folder: "evidence", imports: ["event", "util"], io: EVERYWHERE },
  { folder: "link", imports: ["event", "evidence", "util"], io: EVERYWHERE },
  { folder: "printer", imports: ["util"], io: ["only `load`", /^load\.ts$/] },
  {
    folder: "protocols",
    files: /\/codec\.ts$/,
    name: "protocols/*/codec.ts",
    imports: ["own folder", "protocols/contract.ts", "protocols/bytes.ts", "protocols/http/codec.ts"],
    io: NOWHERE,
  },
  { folder: "protocols", imports: ["event", "printer", "util"], io: NOWHERE },
  { folder: "jail", imports: ["util"], io: ["yes: the only place that starts processes for what visitors sent", /./] },
  {
    folder: "jobs",
    files: /^src\/jobs\/(reader|read)\.ts$/,
    name: "jobs/reader.ts, jobs/read.ts",
    imports: ["event", "jail", "jobs", "util"],
    io: ["yes: the two ends of the jail", /./],
  },
  {
    folder: "jobs",
    imports: [
      "event",
      "util",
      "protocols/raw/language.ts",
      "protocols/pjl/parse.ts",
      "protocols/http/codec.ts",
      "protocols/bytes.ts",
      "protocols/contract.ts",
    ],
    io: ["only `render`: loads the WASM packages", /^render\//],
  },
  {
    folder: "detect",
    imports: ["event", "util"],
    io: ["only `load`; `judge` looks at a clock to let others have a turn", /^(load|judge)\.ts$/],
  },
  {
    folder: "store",
    imports: ["event", "util", "types of detect", "detect/intent.ts", "detect/job-kind.ts", "types of jobs"],
    io: EVERYWHERE,
  },
  { folder: "outputs", imports: ["event", "util", "types of detect", "detect/intent.ts"], io: EVERYWHERE },
  {
    folder: "sensor",
    imports: ["event", "evidence", "link", "printer", "protocols", "util"],
    io: ["yes: the only sockets towards visitors", /./],
  },
  {
    folder: "collector",
    imports: ["detect", "event", "evidence", "jail", "jobs", "link", "outputs", "store", "util"],
    io: EVERYWHERE,
  },
  {
    folder: "cli",
    imports: [
      "collector",
      "detect",
      "event",
      "evidence",
      "jail",
      "jobs",
      "link",
      "outputs",
      "printer",
      "protocols",
      "sensor",
      "store",
      "util",
    ],
    io: ["yes: the only place where sensor meets collector", /./],
  },
];

/** Lines a file may have. What needs more is data, and data is YAML. */
export const HARD_STOP = 400;

/** Modules that compute and nothing else. */
const PURE =
  /^(node:(assert|buffer|crypto|path|string_decoder|url|util|zlib)|zod|re2js|jsqr|pngjs|libphonenumber-js(\/.*)?|tldts|iconv-lite|franc)$/;
/** Reaching out without importing: process, clock, timers, randomness, network. */
const REACHES_OUT =
  /\b(process|console|performance)\.|\b(fetch|set(Timeout|Interval|Immediate)|randomBytes|randomUUID|randomInt)\(|\bDate\.now|\bMath\.random|\bnew Date\(\)/;
const DEFAULT_EXPORTS = new Set(["vitest.config.ts", "test/support/reporter.ts"]);

/** Tests and what only tests use may import whatever they test with. */
const TESTING = /\.(test|fixture)\.ts$|^src\/store\/conformance/;

interface Import {
  /** Path from the root for files of the project, else the name of a module. */
  to: string;
  typeOnly: boolean;
  names: string;
}

/** All that is wrong in the files, given as path from the root and text. A sentence each, beginning with the path. */
export function violations(files: ReadonlyMap<string, string>): string[] {
  const graph = new Map([...files].map(([path, text]) => [path, importsOf(path, text)]));
  const found = [...files].flatMap(([path, text]) => formFaults(path, text).concat(layerFaults(path, text, graph)));
  return found.concat(cycles(graph)).sort();
}

/** `import … "x"`, `export … from "x"`, `import("x")`. */
const IMPORT =
  /^(?:import|export(?= (?:type )?[{*]))\b([^;"'`=]*?)(?:\bfrom )?"([^"\n]+)"|\bimport\(\s*"([^"\n]+)"\s*\)/gm;

function importsOf(path: string, text: string): Import[] {
  const statements = text.matchAll(IMPORT);
  return [...statements].map(([, names = "", named, called]) => {
    const listed = /\{([^}]*)\}/
      .exec(names)?.[1]
      ?.split(",")
      .filter((name) => name.trim() !== "");
    const onlyTypes = listed !== undefined && listed.every((name) => /^\s*type /.test(name));
    return { to: resolve(path, named ?? called!), typeOnly: /^\s*type\b/.test(names) || onlyTypes, names };
  });
}

function resolve(from: string, to: string): string {
  if (!to.startsWith(".")) return to;
  return new URL(to, `file:///${from}`).pathname.slice(1);
}

function formFaults(path: string, text: string): string[] {
  const faults: string[] = [];
  const lines = text.split("\n").length - 1;
  if (lines > HARD_STOP) faults.push(`${path}: has ${lines} lines, more than ${HARD_STOP}`);
  if (/^export default\b|^export \{[^}]*\bas default\b/m.test(text) && !DEFAULT_EXPORTS.has(path)) {
    faults.push(`${path}: has a default export`);
  }
  if (/(^|\/)index\.ts$/.test(path) || /^export \*/m.test(text)) faults.push(`${path}: is a barrel`);
  return faults;
}

function layerFaults(path: string, text: string, graph: ReadonlyMap<string, Import[]>): string[] {
  const [root, folder, ...rest] = path.split("/");
  if (root !== "src" || TESTING.test(path)) return [];
  const layer = LAYERS.find((one) => one.folder === folder && (one.files?.test(path) ?? true));
  if (!layer) return [`${path}: lies in no layer, add its folder to test/support/layers.ts`];
  const mayReachOut = layer.io[1].test(rest.join("/"));
  const faults: string[] = [];
  if (!mayReachOut && REACHES_OUT.test(withoutComments(text))) faults.push(`${path}: reaches out of the process`);
  for (const one of graph.get(path)!) {
    const inside = graph.has(one.to) || one.to.includes("/src/") || one.to.startsWith("src/");
    if (inside && !allowed(layer, path, one)) faults.push(`${path}: may not import ${one.to}`);
    if (!inside && !mayReachOut && !pure(one)) faults.push(`${path}: may do no I/O but imports ${one.to}`);
  }
  return faults;
}

function allowed(layer: Layer, path: string, { to, typeOnly }: Import): boolean {
  const ownFolder = path.slice(0, path.lastIndexOf("/") + 1);
  const [, folder, ...rest] = to.split("/");
  if (!to.startsWith("src/")) return false;
  if (!layer.files && folder === layer.folder) return true;
  return layer.imports.some(
    (name) =>
      name === folder ||
      name === [folder, ...rest].join("/") ||
      (name === `types of ${folder}` && typeOnly) ||
      (name === "own folder" && to.startsWith(ownFolder)),
  );
}

/** A module without input and output, or the functions of node:net that only look at a text. */
function pure({ to, names }: Import): boolean {
  return PURE.test(to) || (to === "node:net" && /^\s*\{( ?isIP(v4|v6)?,?)+ \}\s*$/.test(names));
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[^]*?\*\/|(^|\s)\/\/.*/g, " ");
}

/** Every way round, told once, by its files in the order of import. */
function cycles(graph: ReadonlyMap<string, Import[]>): string[] {
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) found.push(`${path}: imports itself through ${[...trail.slice(start + 1), path].join(", ")}`);
    if (start >= 0 || done.has(path)) return;
    for (const { to } of graph.get(path) ?? []) visit(to, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  return found;
}

/** The table as docs/architecture.md shows it. */
export function layerTable(): string {
  const rows = LAYERS.map(({ folder, name = folder, imports, io }) => {
    const list = imports.length > 0 ? imports.map((one) => one.replace(/^protocols\//, "")).join(", ") : "nothing";
    return `| \`${name}\` | ${list} | ${io[0]} |`;
  });
  return ["| folder of `src` | may import besides itself | may do I/O |", "|---|---|---|", ...rows].join("\n");
}
