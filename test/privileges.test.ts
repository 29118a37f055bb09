/** Started as root: ports are bound as root, and nothing else is done as root. */
import { cpSync, readFileSync, statSync } from "node:fs";
import { chmod, chown, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findUser } from "../src/cli/user.ts";
import { launch, PROGRAM, run } from "./support/program.ts";
import { PRODINFO, visit } from "./support/visit.ts";

const asRoot = process.getuid?.() === 0;
const NOBODY = 65534;
const ADDRESS = "127.93.0.1";

let folder: string;
let program = resolve(PROGRAM);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "inktrap-user-"));
  await chmod(folder, 0o755);
  if (asRoot && !readableByAll(program)) program = join(copyProgram(), PROGRAM);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Whether every folder on the way may be entered by everybody. */
function readableByAll(path: string): boolean {
  if ((statSync(path).mode & 0o005) === 0) return false;
  return path === dirname(path) || readableByAll(dirname(path));
}

/** The program where everybody may read it, as an operator would install it: what the package holds, and no compiler. */
function copyProgram(): string {
  const to = join(folder, "program");
  const { files } = JSON.parse(readFileSync("package.json", "utf8")) as { files: string[] };
  for (const part of [...files, "node_modules", "package.json"]) {
    const filter = (path: string) => !path.endsWith(join("node_modules", "typescript"));
    cpSync(part, join(to, part), { recursive: true, dereference: true, filter });
  }
  return to;
}

/** A port below 1024 that is free. */
async function lowPort(): Promise<number> {
  for (let port = 80; port < 1024; port++) {
    const server = createServer();
    const free = await new Promise<boolean>((resolve) => {
      server.once("error", () => resolve(false));
      server.listen(port, ADDRESS, () => server.close(() => resolve(true)));
    });
    if (free) return port;
  }
  throw new Error("no port is free");
}

async function config(text: string): Promise<string> {
  const path = join(folder, "inktrap.yaml");
  await writeFile(path, text);
  return path;
}

/** Real, effective, saved and file system ids, groups, and capabilities of a process. */
async function identity(pid: number) {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const field = (name: string) => new RegExp(`^${name}:\\s*(.*)$`, "m").exec(status)![1]!.trim().split(/\s+/);
  return { uid: field("Uid"), gid: field("Gid"), groups: field("Groups"), capabilities: field("CapEff") };
}

describe.skipIf(!asRoot)("started as root", () => {
  it("with user: both processes are that user, the low port is open, the data folder is the user's", async () => {
    const data = join(folder, "data");
    const port = await lowPort();
    const file = await config(`user: nobody\nlisten: ${ADDRESS}\nports:\n  raw: ${port}\n`);
    const words = ["--config", file, "--data", data, "--port-offset", "29000"];
    let site = await launch(words, program);
    try {
      expect(site.errors()).toBe("");
      const nobody = Array.from({ length: 4 }, () => String(NOBODY));
      const { sensor, collector } = site.pids();
      for (const pid of [sensor, collector!]) {
        expect(await identity(pid)).toMatchObject({ uid: nobody, gid: nobody, capabilities: ["0000000000000000"] });
        expect((await identity(pid)).groups).toEqual([String(NOBODY)]);
      }
      expect(site.raw).toBe(port);
      expect(await visit({ port, to: ADDRESS, from: "127.93.0.2", send: [PRODINFO] })).toContain("ProductName");
      for (const part of ["", "format.json", "sensors", "store", "run/api.sock"]) {
        expect([part, (await stat(join(data, part))).uid]).toEqual([part, NOBODY]);
      }
      expect((await run(["status", "--data", data])).code).toBe(0);
    } finally {
      expect(await site.stop()).toBe(0);
    }
    site = await launch(words, program);
    expect((await identity(site.pids().sensor)).uid).toContain(String(NOBODY));
    expect(await site.stop()).toBe(0);
  });

  it("a data folder of somebody else, and one that the user cannot reach, are refused with what to do", async () => {
    const data = join(folder, "root's");
    await mkdir(join(data, "sensors"), { recursive: true });
    await chown(data, NOBODY, NOBODY);
    const file = await config("user: nobody\n");
    const words = ["--config", file, "--data"];
    for (const command of ["start", "check"]) {
      const { code, err } = await run([command, ...words, data]);
      expect([code, err]).toEqual([1, expect.stringContaining(`sensors: belongs to user 0, not to nobody`)]);
      expect(err).toContain(`chown -R ${NOBODY}:`);
    }
    const locked = join(folder, "locked");
    await mkdir(locked, { mode: 0o700 });
    const { code, err } = await run(["start", ...words, join(locked, "data")], 30_000, program);
    expect([code, err]).toEqual([1, expect.stringContaining("may not be written")]);
  });

  it("without user: one line says so and names the remedy", async () => {
    const site = await launch(["--data", join(folder, "as-root"), "--listen", ADDRESS, "--port-offset", "29000"]);
    expect(await site.stop()).toBe(0);
    expect(site.errors().trim().split("\n")).toEqual([expect.stringMatching(/runs as root.*user:/)]);
  });
});

describe("the user of the configuration", () => {
  const files = async () => {
    await writeFile(join(folder, "passwd"), "root:x:0:0::/:/bin/sh\ninktrap:x:990:980::/:/bin/false\n");
    await writeFile(join(folder, "group"), "root:x:0:\ninktrap:x:980:\nlp:x:7:\n");
    return { passwd: join(folder, "passwd"), group: join(folder, "group") };
  };

  it.skipIf(!asRoot)("is found by name and by number, with its group or another", async () => {
    const found = { name: "inktrap", uid: 990, gid: 980 };
    expect(findUser({ user: "inktrap" }, await files())).toEqual(found);
    expect(findUser({ user: 990 }, await files())).toEqual(found);
    expect(findUser({ user: "inktrap", group: "lp" }, await files())).toEqual({ ...found, gid: 7 });
    expect(findUser({ user: 1234, group: 7 }, await files())).toEqual({ name: "1234", uid: 1234, gid: 7 });
  });

  it.each([
    [{ user: "nobody-here" }, ["user"], "there is no user"],
    [{ user: "root" }, ["user"], "root would give up nothing"],
    [{ user: 1234 }, ["user"], "has no group"],
    [{ user: "inktrap", group: "nobody-here" }, ["group"], "there is no group"],
    [{ user: "x", group: "y" }, ["user", "group"], "there is no user"],
  ])("%j is told to be wrong", async (asked, where, what) => {
    const problems = findUser(asked, await files());
    expect(problems).toMatchObject(where.map((where) => ({ where })));
    expect(problems).toMatchObject([
      { what: expect.stringContaining(what) as string },
      ...where.slice(1).map(() => ({})),
    ]);
  });
});
