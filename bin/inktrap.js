#!/usr/bin/env node
/**
 * The program's entry. From a checkout it builds what is not built; in an installed package everything is built.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));

/** When the newest source file was changed. */
function newest(folder) {
  return Math.max(
    ...readdirSync(folder, { withFileTypes: true }).map((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? newest(path) : statSync(path).mtimeMs;
    }),
  );
}

function built() {
  const stamp = join(root, "dist", ".tsbuildinfo");
  return existsSync(stamp) && statSync(stamp).mtimeMs >= newest(join(root, "src"));
}

const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
if (existsSync(join(root, "src")) && existsSync(compiler) && !built()) {
  process.stderr.write("Building Inktrap, once after each change of its source ...\n");
  const result = spawnSync(process.execPath, [compiler, "-p", join(root, "tsconfig.build.json"), "--noCheck"], {
    stdio: "inherit",
  });
  if (result.status !== 0) process.exit(1);
}

const { main } = await import("../dist/cli/main.js");
process.exitCode = await main(process.argv.slice(2));
