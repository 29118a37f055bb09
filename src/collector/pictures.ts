/** Where the pictures of pages lie: `<2 digits>/<sha256>/<page>.png`, and `<page>.thumb.png` for a small one. */
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readBodies } from "../store/queries/readings.ts";
import type { Store } from "../store/store.ts";

/** Pictures of a body that is being read. */
const PART = ".part";

const folderOf = (pages: string, sha256: string) => join(pages, sha256.slice(0, 2), sha256);
const nameOf = (page: number, small: boolean) => `${page}${small ? ".thumb" : ""}.png`;

/** The file of a picture, which is there when the page was drawn. */
export function pictureFile(pages: string, sha256: string, page: number, small: boolean): string {
  return join(folderOf(pages, sha256), nameOf(page, small));
}

/** Takes the pictures of one body: they are all there, or none. */
export class PictureFolder {
  readonly #folder: string;
  readonly #written: Promise<void>[] = [];

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Begins anew; what was left of an earlier try is removed. */
  static async begin(pages: string, sha256: string): Promise<PictureFolder> {
    const folder = new PictureFolder(folderOf(pages, sha256));
    await folder.drop();
    await mkdir(folder.#folder + PART, { recursive: true, mode: 0o700 });
    return folder;
  }

  /** `name`: as the reader of jobs gives it, `3.png` or `3.thumb.png`. */
  take(name: string, png: Uint8Array): void {
    const written = writeFile(join(this.#folder + PART, name), png, { mode: 0o600 });
    written.catch(() => {});
    this.#written.push(written);
  }

  /** Rejects when a picture could not be written. */
  async keep(): Promise<void> {
    await Promise.all(this.#written);
    await rm(this.#folder, { recursive: true, force: true });
    await rename(this.#folder + PART, this.#folder);
  }

  async drop(): Promise<void> {
    await Promise.allSettled(this.#written);
    await rm(this.#folder + PART, { recursive: true, force: true });
  }
}

/** Removes pictures of bodies that the store does not know, and returns their hashes. `reading`: one that is left. */
export async function sweepPictures(store: Store, pages: string, reading?: string): Promise<string[]> {
  const removed: string[] = [];
  for (const shelf of await readdir(pages).catch(() => [])) {
    const names = await readdir(join(pages, shelf)).catch(() => []);
    const known = await readBodies(store.db, names);
    for (const name of names) {
      const sha256 = name.replace(PART, "");
      if (known.has(name) || sha256 === reading) continue;
      await rm(join(pages, shelf, name), { recursive: true, force: true });
      removed.push(sha256);
    }
  }
  return removed;
}
