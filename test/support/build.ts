/** Builds dist/ before any test: workers and child processes are started from there, as they are for a user. */
import { build } from "../../bin/build.js";

export function setup(): void {
  if (!build()) throw new Error("dist/ could not be built");
}
