/** A folder that is written once, with a list of what it holds. Names are ours: nothing of a visitor becomes one. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { access, mkdir, open, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Problems } from "../util/problem.ts";

export interface Listed {
  path: string;
  bytes: number;
  sha256: string;
}

export class ExportFolder {
  readonly #path: string;
  readonly files: Listed[] = [];

  private constructor(path: string) {
    this.#path = path;
  }

  /** Throws Problems where something is there already. */
  static async create(path: string): Promise<ExportFolder> {
    try {
      await mkdir(path, { recursive: true, mode: 0o700 });
      if ((await readdir(path)).length === 0) return new ExportFolder(path);
    } catch (error) {
      const what = `cannot be written: ${(error as Error).message}`;
      throw new Problems([{ where: path, what, remedy: "Give another folder with -o." }]);
    }
    throw new Problems([{ where: path, what: "is not empty", remedy: "Give a folder that is new or empty with -o." }]);
  }

  /** Writes a file and puts it on the list. */
  async write(path: string, chunks: AsyncIterable<string | Buffer> | Iterable<string | Buffer>): Promise<void> {
    const full = join(this.#path, path);
    await mkdir(dirname(full), { recursive: true, mode: 0o700 });
    const hash = createHash("sha256");
    let bytes = 0;
    const handle = await open(full, "wx", 0o600);
    try {
      for await (const chunk of chunks) {
        const part = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
        hash.update(part);
        bytes += (await handle.write(part)).bytesWritten;
      }
    } finally {
      await handle.close();
    }
    this.files.push({ path, bytes, sha256: hash.digest("hex") });
  }

  /** Copies a file. Whether it was there. */
  async copy(path: string, from: string): Promise<boolean> {
    const there = await access(from).then(
      () => true,
      () => false,
    );
    if (there) await this.write(path, createReadStream(from) as AsyncIterable<Buffer>);
    return there;
  }

  /** Writes the list, with what is said about the whole. */
  async close(about: Record<string, unknown>): Promise<void> {
    const manifest = { ...about, files: this.files.slice() };
    await this.write("manifest.json", [`${JSON.stringify(manifest, undefined, 2)}\n`]);
  }
}
