/** What a program of this package has to read, so that it is allowed that and nothing more. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../util/package.ts";

/** The built code of some folders of `src`, and the packages that it loads, with all that these load in turn. */
export function codeOf(folders: readonly string[], packages: readonly string[]): string[] {
  const code = folders.map((folder) => join(PACKAGE_ROOT, "dist", folder, "/"));
  return [join(PACKAGE_ROOT, "package.json"), ...code, ...packageFolders(packages)];
}

function packageFolders(packages: readonly string[]): string[] {
  const places = createRequire(join(PACKAGE_ROOT, "package.json")).resolve.paths("x") ?? [];
  const found = new Map<string, string>();
  const open = [...packages];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const folder = places.map((place) => join(place, name!, "/")).find((path) => existsSync(path));
    if (found.has(name) || folder === undefined) continue;
    found.set(name, folder);
    const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { dependencies?: object };
    open.push(...Object.keys(about.dependencies ?? {}));
  }
  return [...found.values()];
}
