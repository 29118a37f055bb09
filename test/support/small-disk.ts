/** A small file system of its own, to be filled. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { open, rm, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";

export class SmallDisk {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** Undefined where this user may not mount one. */
  static mount(megabytes: number): SmallDisk | undefined {
    const path = mkdtempSync(join(tmpdir(), "inktrap-disk-"));
    try {
      const options = `size=${megabytes}m,mode=700`;
      execFileSync("mount", ["-t", "tmpfs", "-o", options, "inktrap-test", path], { stdio: "ignore" });
      return new SmallDisk(path);
    } catch {
      rmSync(path, { recursive: true });
      return undefined;
    }
  }

  remove(): void {
    execFileSync("umount", ["-l", this.path]);
    rmSync(this.path, { recursive: true });
  }

  async free(): Promise<number> {
    const { bavail, bsize } = await statfs(this.path);
    return bavail * bsize;
  }

  /** Fills it until so many bytes are left, 0: until nothing more can be written. */
  async fill(left: number): Promise<void> {
    const handle = await open(this.#ballast, "a");
    try {
      while ((await this.free()) > left) {
        await handle.write(Buffer.alloc(Math.max(4096, Math.min(1 << 20, (await this.free()) - left))));
      }
    } catch (error) {
      expect((error as NodeJS.ErrnoException).code).toBe("ENOSPC");
    } finally {
      await handle.close();
    }
  }

  /** Takes away what it was filled with. */
  async empty(): Promise<void> {
    await rm(this.#ballast);
  }

  get #ballast(): string {
    return join(this.path, "ballast");
  }
}
