/** Optional programs that some tests talk to: where one is missing, the test is skipped by name. */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Whether a program is on the PATH, or at the absolute path given. */
export function has(program: string): boolean {
  if (program.startsWith("/")) return existsSync(program);
  return (process.env["PATH"] ?? "").split(delimiter).some((folder) => existsSync(join(folder, program)));
}
