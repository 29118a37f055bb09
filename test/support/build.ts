/**
 * Builds dist/ before any test: workers and child processes are started from there, as they are for a user.
 * Types are checked by `npm run check`, not here.
 */
import { execFileSync } from "node:child_process";

export function setup(): void {
  const tsc = "node_modules/typescript/bin/tsc";
  execFileSync(process.execPath, [tsc, "-p", "tsconfig.build.json", "--noCheck"], { stdio: "inherit" });
}
