/** How much of the disk may still be used, and a little of it put aside for what must be said when it is full. */
import { open, stat, statfs, unlink } from "node:fs/promises";
import { reserveFile } from "./folder.ts";

/** Bytes that anybody may still write on the disk of a folder. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** What is put aside: the records that are waiting when the disk is full, and those that tell of it and end sessions. */
export const ASIDE = 8 * 1024 * 1024;

/** Puts space aside. Throws where there is none. */
export async function putAside(evidence: string): Promise<void> {
  const path = reserveFile(evidence);
  if ((await stat(path).catch(() => undefined))?.size === ASIDE) return;
  const handle = await open(path, "w");
  try {
    // Zeroes are written, as a file that is only made long takes no space.
    await handle.writeFile(Buffer.alloc(ASIDE));
    await handle.datasync();
  } catch (error) {
    await unlink(path).catch(() => {});
    throw error;
  } finally {
    await handle.close();
  }
}

/** Gives the space that was put aside to whoever writes next. */
export async function giveBack(evidence: string): Promise<void> {
  await unlink(reserveFile(evidence)).catch(() => {});
}
