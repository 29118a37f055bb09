import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, expect, it } from "vitest";
import { TinyPersona } from "../../test/support/tiny-persona.ts";
import { loadPersona } from "./load.ts";

const FILES = `fileSystem:
  source: book
  blockSize: 512
  disks:
    - { at: /, size: 10000, free: 10 }
    - { at: /ram, volume: "0:", size: 10000, free: 9000 }
  tree:
    ram: { note: "made by {model}" }
    boot: 12
`;
const tiny = new TinyPersona();
beforeEach(() => {
  tiny.reset();
  tiny.change("pjl.yaml", "commands: [INFO]", "commands: [INFO, FSQUERY]");
});
afterAll(() => tiny.delete());

function problems(files: string | undefined): string[] {
  if (files !== undefined) writeFileSync(join(tiny.dir, "tiny", "files.yaml"), files);
  const loaded = loadPersona(tiny.dir, "tiny");
  if (!("problems" in loaded)) return [];
  for (const problem of loaded.problems) expect(problem.remedy).toMatch(/\.$/);
  return loaded.problems.map(({ what }) => what);
}

it("loads a persona with a file system", () => {
  expect(problems(FILES)).toEqual([]);
});

it("wants commands and files together", () => {
  expect(problems(undefined)).toEqual(["FS commands without files.yaml"]);
  tiny.change("pjl.yaml", "INFO, FSQUERY", "INFO");
  expect(problems(FILES)).toEqual(["no FS command asks for it"]);
});

const FAULTS: [name: string, old: string, text: string, what: string][] = [
  ["nothing of where it was learnt", "  source: book\n", "", "fileSystem does not say where it was learnt"],
  ["an unknown source", "source: book", "source: boook", 'there is no source "boook"'],
  [
    "an exception to nothing",
    "  blockSize",
    "  except: { tree.x: { assumed: true } }\n  blockSize",
    'fileSystem has no entry "tree.x"',
  ],
  ["no disk at the root", "{ at: /, size", "{ at: /boot, size", "no disk is mounted at /"],
  ["a disk in a file", "at: /ram", "at: /boot", "/boot is no directory of the tree"],
  ["more free than there is", "free: 9000", "free: 90000", "more is free than there is"],
  ["a volume twice", "{ at: /,", '{ at: /, volume: "0:",', "0: is mounted twice"],
  ["a content that changes", "{model}", "{ip}", "a file cannot use {ip}"],
  ["a loose brace", "{model}", "{", "a brace stands alone"],
  ["a file too large", "boot: 12", "boot: 1000000", "fileSystem.tree"],
  ["a name with a slash", "boot: 12", '"b/t": 12', "fileSystem.tree"],
];
it.each(FAULTS)("finds %s", (_, old, text, what) => {
  const found = problems(FILES.replace(old, text));
  expect(found.join("; ")).toContain(what);
});

it("makes INFO FILESYS itself", () => {
  tiny.change("pjl.yaml", "  info:\n", "  info:\n    FILESYS: { reply: x }\n");
  expect(problems(FILES)).toEqual(["INFO FILESYS is made from files.yaml"]);
});
