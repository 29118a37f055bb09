/** The package this code belongs to. Source and build both lie one folder below its root. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const PACKAGE_ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Folder of personas, signatures and word lists that come with the package. */
export const DATA_ROOT = fileURLToPath(new URL("../../data/", import.meta.url));

export const VERSION = (
  JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { version: string }
).version;
