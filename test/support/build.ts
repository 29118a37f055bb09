/** Builds dist/ before any test: workers and child processes are started from there, as they are for a user. */
import { execFileSync } from "node:child_process";

export function setup(): void {
  execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"], {
    stdio: "inherit",
  });
}
