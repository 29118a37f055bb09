/** Builds dist/ from src/ and dist/web from web/ where they are missing or older. In an installed package there is nothing to build with, and no need. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const modules = join(root, "node_modules");

const TARGETS = [
  {
    what: "Inktrap",
    source: "src",
    stamp: join("dist", "built"),
    tool: join(modules, "typescript", "bin", "tsc"),
    // Types are checked elsewhere (npm run check).
    words: ["-p", join(root, "tsconfig.build.json"), "--noCheck"],
  },
  {
    what: "the console",
    source: "web",
    stamp: join("dist", "built-web"),
    tool: join(modules, "vite", "bin", "vite.js"),
    words: ["build", "--config", join(root, "web", "vite.config.ts")],
  },
];

/** What a target was built from: changes whenever a source file does. */
function state(source) {
  const files = readdirSync(source, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return String(Math.max(...files.map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs)) + files.length);
}

function buildOne({ what, source, stamp, tool, words }) {
  if (!existsSync(join(root, source)) || !existsSync(tool)) return true;
  const now = state(join(root, source));
  if (existsSync(join(root, stamp)) && readFileSync(join(root, stamp), "utf8") === now) return true;
  process.stderr.write(`Building ${what}, once after each change of its source ...\n`);
  if (spawnSync(process.execPath, [tool, ...words], { stdio: ["ignore", 2, "inherit"] }).status !== 0) return false;
  writeFileSync(join(root, stamp), now);
  return true;
}

/** Returns whether dist/ is as new as the source now. */
export function build() {
  return TARGETS.every(buildOne);
}

if (import.meta.url === new URL(process.argv[1] ?? "", "file:").href && !build()) process.exit(1);
