/** `inktrap job`: what a print job is and says, whether it was captured (J-2) or lies in a file. */
import { dossierLines } from "../dossier-lines.ts";
import { readFileJob } from "../read-file.ts";
import { bold, print, size } from "../terminal.ts";
import { show, type ShowOptions } from "./show.ts";

export async function job(what: string, options: ShowOptions): Promise<void> {
  if (/^J-\d+$/i.test(what)) return show(what, options);
  const { reading, dossier } = await readFileJob(what);
  if (options.json) {
    print(JSON.stringify({ ...reading, kind: dossier.kind }, undefined, 2));
    return;
  }
  print(bold(what));
  print();
  print(`  ${size(reading.bytes)}, SHA-256 ${reading.sha256}`);
  for (const line of dossierLines(dossier)) print(line);
}
