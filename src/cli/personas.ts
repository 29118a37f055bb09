/** The personas that come with the package. */
import { listPersonas, loadPersona } from "../printer/load.ts";
import type { Persona } from "../printer/persona.ts";
import { DATA_ROOT } from "../util/package.ts";
import { Problems } from "../util/problem.ts";

const FOLDER = `${DATA_ROOT}personas`;

export const personaIds = (): string[] => listPersonas(FOLDER);

/** Throws Problems with everything that is wrong with it, or with the names there are. */
export function personaOf(id: string): Persona {
  const result = loadPersona(FOLDER, id);
  if ("problems" in result) throw new Problems(result.problems);
  return result.persona;
}

/** What our own printers are called. */
export function modelNames(): string[] {
  return personaIds().flatMap((id) => personaOf(id).facts.values["model"] ?? []);
}
