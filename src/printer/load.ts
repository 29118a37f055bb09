/** Reads personas from a folder; the only input of the printer. All problems of a persona are told at once. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Problem } from "../util/problem.ts";
import { readYaml, type YamlResult } from "../util/yaml.ts";
import { checkPersona } from "./check.ts";
import { publishedForm } from "./identity.ts";
import type { PersonaFile, PersonaText } from "./loaded.ts";
import { type Persona, personaFiles } from "./persona.ts";
import { type Probe, probesSchema } from "./probes.ts";

const publishedSchema = z.array(z.strictObject({ value: z.string(), what: z.string(), seen: z.string() }));

/** Where a page stands in the frame around it. */
const PAGE = "<!--page-->\n";

/** Ids of the personas in `dir`: the folders that hold a persona.yaml, in order. */
export function listPersonas(dir: string): string[] {
  if (!existsSync(dir)) return [];
  const folders = readdirSync(dir, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders
    .map((folder) => folder.name)
    .filter((id) => existsSync(join(dir, id, "persona.yaml")))
    .sort();
}

/**
 * Reads and cross-checks the persona `id` of `dir` (data/personas), with published-values.yaml beside `dir`.
 * Its probes come with it, as a persona without them does not load.
 */
export function loadPersona(
  dir: string,
  id: string,
): { persona: Persona; probes: readonly Probe[] } | { problems: Problem[] } {
  const known = listPersonas(dir);
  if (!known.includes(id)) {
    const remedy = known.length > 0 ? `Use one of: ${known.join(", ")}.` : `Put the personas into ${dir}.`;
    return { problems: [{ where: id, what: "there is no such persona", remedy }] };
  }
  const problems: Problem[] = [];
  const folder = join(dir, id);

  function read<S extends z.ZodType>(path: string, schema: S): (PersonaText & YamlResult<z.output<S>>) | undefined {
    const text = readText(path, problems);
    if (text === undefined) return undefined;
    const result = readYaml(text, path, schema);
    if ("value" in result) return { ...result, path, text };
    problems.push(...result.problems);
    return undefined;
  }
  const main = read(join(folder, "persona.yaml"), personaFiles["persona.yaml"]);
  const pjl = read(join(folder, "pjl.yaml"), personaFiles["pjl.yaml"]);
  const web = read(join(folder, "web.yaml"), personaFiles["web.yaml"]);
  const probes = read(join(folder, "probes.yaml"), probesSchema);
  const published = read(join(dir, "..", "published-values.yaml"), publishedSchema);
  const hasFiles = existsSync(join(folder, "files.yaml"));
  const files = hasFiles ? read(join(folder, "files.yaml"), personaFiles["files.yaml"]) : undefined;
  if (!main || !pjl || !web || !probes || !published || (hasFiles && !files)) return { problems };

  const pages = new Map<string, PersonaText>();
  const { frame, pages: listed } = web.value.web;
  const around = frame === undefined ? undefined : webFile(frame, ["web", "frame"]);
  if (around && !around.text.includes(PAGE)) {
    problems.push({
      where: around.path,
      what: `there is no ${PAGE} in it`,
      remedy: "Write it where the page shall stand.",
    });
  }
  for (const [i, { file }] of listed.entries()) {
    const page = pages.has(file) ? undefined : webFile(file, ["web", "pages", i, "file"]);
    if (page) pages.set(file, around ? { path: page.path, text: around.text.replace(PAGE, () => page.text) } : page);
  }

  /** A file of the folder web/ that web.yaml names at `at`. */
  function webFile(name: string, at: PropertyKey[]): PersonaText | undefined {
    const path = join(folder, "web", name);
    const place = { where: web!.path, ...web!.at(at) };
    if (!/^[\w-][\w.-]*$/.test(name)) {
      problems.push({ ...place, what: `"${name}" is no file name`, remedy: "Name a file of the folder web/." });
    } else if (!existsSync(path)) {
      problems.push({ ...place, what: `there is no file web/${name}`, remedy: `Write it, or correct its name.` });
    } else return { path, text: readFileSync(path, "utf8") };
    return undefined;
  }
  const persona: Persona = {
    ...main.value,
    sources: { ...main.value.sources, ...pjl.value.sources, ...web.value.sources, ...files?.value.sources },
    pjl: pjl.value.pjl,
    web: web.value.web,
    fileSystem: files?.value.fileSystem,
    files: new Map([...pages].map(([name, page]) => [name, page.text])),
    published: new Set(published.value.map(({ value }) => publishedForm(value))),
  };
  const parts = { main, pjl, web, probes, ...(files && { files }) } satisfies Record<string, PersonaFile>;
  problems.push(...checkPersona({ id, persona, probes: probes.value.probes, files: parts, pages }));
  return problems.length > 0 ? { problems } : { persona, probes: probes.value.probes };
}

function readText(path: string, problems: Problem[]): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === "ENOENT" ? "the file is missing" : (error as Error).message;
    problems.push({ where: path, what: why, remedy: "Every persona needs it; see CONTRIBUTING.md." });
    return undefined;
  }
}
