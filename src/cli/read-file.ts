/** Reads a print job that lies in a file, as the job desk reads captured ones, with nothing running. */
import { access, constants } from "node:fs/promises";
import { loadRules } from "../detect/load.ts";
import type { Event, Origin } from "../event/event.ts";
import type { ReadOptions } from "../jobs/read.ts";
import { readJob } from "../jobs/read.ts";
import type { Reading } from "../jobs/reading.ts";
import { defang } from "../jobs/indicators.ts";
import { LANGUAGES } from "../jobs/language.ts";
import { toldOf } from "../jobs/told.ts";
import { DATA_ROOT } from "../util/package.ts";
import { Problems } from "../util/problem.ts";
import type { Dossier } from "./dossier-lines.ts";
import { modelNames } from "./personas.ts";

/** Nobody: a file has no connection that it came over. */
const NOWHERE: Origin = {
  sensor: "",
  device: "",
  persona: "",
  service: "file",
  session: "",
  transport: "tcp",
  source: { ip: "0.0.0.0", port: 0, verified: false },
  target: { ip: "0.0.0.0", port: 0 },
};

/** Throws Problems where the file cannot be read. Whatever is in it, it is no problem but an outcome. */
export async function readFileJob(
  file: string,
  onPicture?: ReadOptions["onPicture"],
): Promise<{ reading: Reading; dossier: Dossier }> {
  await access(file, constants.R_OK).catch(() => {
    const remedy = "Name a file with a print job in it, or a captured job such as J-2.";
    throw new Problems([{ where: file, what: "cannot be read", remedy }]);
  });
  const models = modelNames();
  const reading = await readJob(file, { own: models, ...(onPicture && { onPicture }) });
  const captured = { job: "file", kind: "job", bytes: reading.bytes, sha256: reading.sha256 } as const;
  const data = toldOf(
    { ...captured, language: "", complete: true, at: [0, reading.bytes], wrapper: [], head: "" },
    reading,
    reading.claims,
    models,
  );
  const event: Event = { type: "job.read", data, sensor: "", epoch: 0, seq: 0, time: 0, origin: NOWHERE };
  const { kind, rule, words } = loadRules(DATA_ROOT).kindOf(event);
  const dossier: Dossier = {
    ...reading,
    sections: reading.sections.map((one) => ({ ...one, name: LANGUAGES[one.language].name })),
    indicators: reading.indicators.map((one) => ({ ...one, shown: defang(one.value) })),
    names: data.names ?? null,
    kind: { is: kind, rule: rule ?? null, words: [...words] },
  };
  return { reading, dossier };
}
