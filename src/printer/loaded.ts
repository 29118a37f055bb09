/** A persona on its way in: what was read, and where each part of it stands. */
import type { YamlResult } from "../util/yaml.ts";
import type { Persona } from "./persona.ts";
import type { Probe } from "./probes.ts";

/** A file as it was read. */
export interface PersonaText {
  path: string;
  text: string;
}
export type Sources = Readonly<Record<string, unknown>>;
export type PersonaFile = PersonaText & YamlResult<{ sources: Sources }>;

export interface Loaded {
  id: string;
  persona: Persona;
  probes: readonly Probe[];
  files: Record<"main" | "pjl" | "web" | "probes", PersonaFile> & { files?: PersonaFile };
  /** Pages of the web folder by name. */
  pages: ReadonlyMap<string, PersonaText>;
}

export type Path = readonly PropertyKey[];
/** Tells a problem of a file at the place of a path. */
export type Report = (file: PersonaFile, path: Path, what: string, remedy: string) => void;
