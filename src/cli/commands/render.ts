/** `inktrap render`: the pages of a print job as pictures, with what was read of it beside them. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readFileJob } from "../read-file.ts";
import { plural, print } from "../terminal.ts";

export interface RenderOptions {
  output: string;
  json?: boolean;
}

/** Writes `page-01.png`, `page-01.txt`, … and `reading.json`. The exit code is 1 where no page could be drawn. */
export async function render(file: string, { output, json }: RenderOptions): Promise<void> {
  await mkdir(output, { recursive: true });
  const write = (name: string, content: string | Uint8Array) => writeFile(join(output, name), content);
  const pictures = new Map<number, Uint8Array>();
  const { reading } = await readFileJob(file, (name, png) => {
    const page = /^(\d+)\.png$/.exec(name)?.[1];
    if (page !== undefined) pictures.set(Number(page), png);
  });
  for (const [page, png] of pictures) await write(nameOf(page, "png"), png);
  for (const { page, text } of reading.words) await write(nameOf(page, "txt"), text);
  await write("reading.json", `${JSON.stringify(reading, undefined, 2)}\n`);
  const { pages, outcome } = reading;
  if (pages.length === 0) process.exitCode = 1;
  if (json) {
    print(JSON.stringify({ pages, outcome, folder: output }, undefined, 2));
    return;
  }
  print(`${plural(pages.length, "page")} of ${file} in ${output}.`);
  if (outcome.status !== "ok") print(`${outcome.status}: ${outcome.why}`);
}

const nameOf = (page: number, kind: string) => `page-${String(page).padStart(2, "0")}.${kind}`;
