/** Builds dist/ from src/ where it is missing or older. In an installed package there is nothing to build with, and no need. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const source = join(root, "src");
const stamp = join(root, "dist", "built");
const compiler = join(root, "node_modules", "typescript", "bin", "tsc");

/** What dist/ was built from: changes whenever a source file does. */
function state() {
  const files = readdirSync(source, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return String(Math.max(...files.map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs)) + files.length);
}

/** Returns whether dist/ is as new as the source now. Types are checked elsewhere (npm run check). */
export function build() {
  if (!existsSync(source) || !existsSync(compiler)) return true;
  const now = state();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === now) return true;
  process.stderr.write("Building Inktrap, once after each change of its source ...\n");
  const words = [compiler, "-p", join(root, "tsconfig.build.json"), "--noCheck"];
  if (spawnSync(process.execPath, words, { stdio: "inherit" }).status !== 0) return false;
  writeFileSync(stamp, now);
  return true;
}

if (import.meta.url === new URL(process.argv[1] ?? "", "file:").href && !build()) process.exit(1);
