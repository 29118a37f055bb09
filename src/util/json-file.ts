/** Small files of state: written whole or not at all. */
import { open, readFile, rename } from "node:fs/promises";

/** The value in a JSON file, or undefined where there is none. Throws on a file that is not JSON. */
export async function readJsonFile<T>(path: string): Promise<T | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
  return JSON.parse(text) as T;
}

/** Replaces a JSON file: a crash at any moment leaves the old one or the new one. */
export async function writeJsonFile(path: string, value: unknown): Promise<void> {
  const draft = `${path}.new`;
  const handle = await open(draft, "w", 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(value, undefined, 2)}\n`);
    await handle.datasync();
  } finally {
    await handle.close();
  }
  await rename(draft, path);
}
