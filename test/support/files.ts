/** What stands in the files of a folder, whatever they are. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Files below a folder that hold the bytes, in any place. Sockets and the like are passed over. */
export async function filesWith(folder: string, ...words: (string | Buffer)[]): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path);
    if (words.some((word) => bytes.includes(word))) found.push(path.slice(folder.length + 1));
  }
  return found.sort();
}
