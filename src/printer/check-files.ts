/** Checks of a persona's file system: it agrees with the commands that ask for it, and its disks with its tree. */
import type { TreeNode } from "./file-system.ts";
import { baseTree } from "./file-tree.ts";
import type { Loaded, PersonaFile, Report } from "./loaded.ts";
import { parseTemplate } from "./template.ts";
import { VALUES } from "./values.ts";

export function checkFiles({ persona, files }: Loaded, report: Report): void {
  const { fileSystem, pjl } = persona;
  const asks = pjl.commands.some((command) => command.startsWith("FS"));
  if (!fileSystem || !files.files) {
    if (asks) report(files.pjl, ["pjl", "commands"], "FS commands without files.yaml", "Write it, or remove them.");
    return;
  }
  const file = files.files;
  if (!asks) report(file, ["fileSystem"], "no FS command asks for it", "Name them in pjl.commands.");
  if (Object.hasOwn(pjl.info, "FILESYS")) {
    report(files.pjl, ["pjl", "info", "FILESYS"], "INFO FILESYS is made from files.yaml", "Remove the reply.");
  }
  const tree = baseTree(fileSystem);
  const { disks } = fileSystem;
  if (!disks.some(({ at }) => at === "/")) {
    report(file, ["fileSystem", "disks"], "no disk is mounted at /", "Add the one the system runs from.");
  }
  for (const [i, { at, size, free, volume }] of disks.entries()) {
    const tell = (key: string, what: string, remedy: string) =>
      report(file, ["fileSystem", "disks", i, key], what, remedy);
    const base = tree.get(at);
    if (!base || !("names" in base)) tell("at", `${at} is no directory of the tree`, "Add it to the tree.");
    if (free > size) tell("free", "more is free than there is", "Give fewer bytes.");
    const twice = disks.findIndex((disk) => disk.at === at || (volume !== undefined && disk.volume === volume)) < i;
    if (twice) tell("at", `${volume ?? at} is mounted twice`, "Remove one.");
  }
  checkContents(persona, file, fileSystem.tree, ["fileSystem", "tree"], report);
}

/** Contents are templates of what never changes: a file is the same whenever it is read. */
function checkContents(
  persona: Loaded["persona"],
  file: PersonaFile,
  node: TreeNode,
  path: readonly PropertyKey[],
  report: Report,
): void {
  if (typeof node === "number") return;
  if (typeof node !== "string") {
    for (const [name, inner] of Object.entries(node)) checkContents(persona, file, inner, [...path, name], report);
    return;
  }
  const { names, loose } = parseTemplate(node);
  for (const { name } of names) {
    if (!VALUES.has(name) && Object.hasOwn(persona.facts.values, name)) continue;
    report(file, path, `a file cannot use {${name}}`, "Use the name of a fact, or double the braces.");
  }
  if (loose.length > 0) report(file, path, "a brace stands alone", "Double it, or put the name of a fact between two.");
}
