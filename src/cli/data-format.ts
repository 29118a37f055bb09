/** The layouts a data folder has had, and how an older one becomes the one of today. */
import { access, copyFile, mkdir, rename } from "node:fs/promises";
import { dirname, join } from "node:path";

/**
 * One step forward. It may be cut short at any moment and is then done again from its beginning, so it has to bear that.
 * What it changes or removes it keeps first.
 */
export interface FormatStep {
  /** What it does, for the operator. */
  about: string;
  /** `keep` copies a file, given by its path in the folder, to where an older Inktrap's files are kept. */
  run(folder: string, keep: (path: string) => Promise<void>): Promise<void>;
}

/** From format 1 to 2 is the first one, and so on. The schema of the store has its own migrations. */
export const STEPS: readonly FormatStep[] = [];

/** The format that the steps lead to. */
export const formatOf = (steps: readonly FormatStep[]) => 1 + steps.length;

/** Files of a folder as they were in an older format. */
export const keptFolder = (folder: string, format: number) => join(folder, `before-format-${format + 1}`);

/** Takes a folder from one format to the newest; `reached` is told of each format when it is complete. */
export async function bringForward(
  folder: string,
  from: number,
  steps: readonly FormatStep[],
  reached: (format: number) => Promise<void>,
): Promise<void> {
  for (let format = from; format < formatOf(steps); format++) {
    const keep = async (path: string) => {
      const copy = join(keptFolder(folder, format), path);
      // Kept before, when this step was cut short: what is there now may be changed already.
      if (await isThere(copy)) return;
      await mkdir(dirname(copy), { recursive: true, mode: 0o700 });
      await copyFile(join(folder, path), `${copy}.new`);
      await rename(`${copy}.new`, copy);
    };
    await steps[format - 1]!.run(folder, keep);
    await reached(format + 1);
  }
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
