/** The real program with its console, on a data folder that can be started again. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { freeOffset, startProgram, type Started } from "./program.ts";

export const PASSWORD = "correct horse battery staple";

export interface Site {
  /** As of the last start. */
  program: Started;
  url: string;
  firstLink: string | undefined;
  /** Stops the program and starts it on the same data and, as browsers keep it, at the same address. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** `more`: further lines of the configuration. */
export async function startSite(more = ""): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), "inktrap-console-"));
  const offset = await freeOffset();
  const config = join(folder, "inktrap.yaml");
  await writeFile(config, `console:\n  port: ${9180 + (offset % 40_000)}\n${more}`);
  const start = async () => {
    const program = await startProgram(join(folder, "data"), offset, ["--config", config]);
    if (!program.console) throw new Error("the program has no console");
    return program;
  };
  let program = await start();
  const { url, firstLink } = program.console!;
  return {
    get program() {
      return program;
    },
    url,
    firstLink,
    restart: async () => {
      await program.stop();
      program = await start();
      if (program.console?.url !== url) throw new Error(`the console moved to ${program.console?.url}`);
    },
    close: async () => {
      await program.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** Makes the account that a one-time link is for, and waits for the page behind it. */
export async function useLink(page: Page, link: string, name?: string): Promise<void> {
  await page.goto(link);
  if (name !== undefined) await page.getByLabel("Account").fill(name);
  await page.getByLabel(/^Password/).fill(PASSWORD);
  await page.locator("button[type=submit]").click();
  await page.getByRole("navigation", { name: "Main", exact: true }).waitFor({ state: "attached" });
}
