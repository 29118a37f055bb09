/** How the console is served: over TLS, its pages and what caches may keep of them, and from the command line. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { madeCertificate } from "../src/collector/tls.ts";
import { Caller, callers, PASSWORD } from "./support/caller.ts";
import { install, type Installation } from "./support/installation.ts";
import { freeOffset, run, type Started, startProgram } from "./support/program.ts";
import { PRODINFO, visit } from "./support/visit.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "inktrap-served-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("over TLS, with built pages", () => {
  let site: Installation;
  let caller: Caller;
  beforeAll(async () => {
    const web = join(folder, "web");
    await mkdir(join(web, "assets"), { recursive: true });
    await writeFile(join(web, "index.html"), "<!doctype html><title>built</title>");
    await writeFile(join(web, "assets", "app-12345678.js"), "1;");
    await writeFile(join(web, "theme.js"), "2;");
    const certificate = await madeCertificate(join(folder, "tls"), [], Date.now());
    const publicUrl = "https://trap.example";
    site = await install("hp-laserjet-p1102w", "127.0.0.1", 0, { console: { web, certificate, publicUrl } });
    caller = new Caller(`https://127.0.0.1:${site.collector.console!.port}`);
  });
  afterAll(() => site.close());

  it("cookies go over TLS only, to this host only", async () => {
    expect(site.collector.console!.firstLink).toMatch(/^https:\/\/trap\.example\/first\?new#[\w-]{43}$/);
    const { headers } = await caller.useLink(site.collector.console!.firstLink!, PASSWORD, "ada");
    expect(headers["set-cookie"]?.[0]).toMatch(/^__Host-inktrap=.*; Path=\/;.*HttpOnly; Secure; SameSite=Strict$/);
    expect(headers["strict-transport-security"]).toMatch(/^max-age=\d+$/);
    expect((await caller.get("/api/access")).status).toBe(200);
    const changed = (origin: string) => caller.post("/api/cases/1/notes", { text: "x" }, { origin });
    expect((await changed("https://trap.example")).status).toBe(404);
    expect((await changed("https://trap.example.org")).status).toBe(403);
  });

  it("pages are found under every address, and kept as long as they hold", async () => {
    for (const path of ["/", "/cases", "/cases/C-1?x=1", "/sessions/S-4"]) {
      const page = await caller.get(path);
      expect([path, page.status, page.headers["cache-control"]]).toEqual([path, 200, "no-cache"]);
      expect(page.text).toContain("<title>built</title>");
      expect(page.headers["content-security-policy"]).toMatch(/script-src 'self';style-src 'self'/);
      expect(page.headers["content-security-policy"]).not.toMatch(/unsafe/);
      expect(page.headers["x-frame-options"]).toBe("DENY");
    }
    expect((await caller.get("/assets/app-12345678.js")).headers["cache-control"]).toMatch(/immutable/);
    expect((await caller.get("/theme.js")).headers["cache-control"]).toBe("no-cache");
    expect((await caller.get("/assets/none.js")).status).toBe(404);
    expect((await caller.get("/..%2f..%2fstore%2finktrap.duckdb")).text).not.toContain("DUCK");
    expect((await caller.get("/source")).text).toContain("GNU Affero General Public License");
  });
});

describe("with the program", () => {
  let program: Started;
  const data = () => join(folder, "data");
  const user = (...args: string[]) => run(["user", ...args, "--data", data(), "--json"]);
  let offset: number;
  beforeAll(async () => {
    offset = await freeOffset();
    program = await startProgram(data(), offset);
  });
  afterAll(() => program.stop());

  it("what was decided survives a restart, as do accounts; the first link is shown once", async () => {
    const { admin, analyst } = await callers(program.console!.url, program.console!.firstLink!);
    await visit({ port: program.raw, from: "127.31.0.1", send: [PRODINFO] });
    await expect.poll(async () => (await admin.get("/api/cases/1")).status, { timeout: 10_000 }).toBe(200);
    await analyst.post("/api/cases/1/intent", { intent: "misconfigured", why: "our inventory" });
    await program.stop();
    program = await startProgram(data(), offset);
    expect(program.console?.firstLink).toBeUndefined();
    const back = new Caller(program.console!.url, { cookie: analyst.cookie! });
    expect((await back.get("/api/cases/1")).json).toMatchObject({ intent: "misconfigured", judged: "reconnaissance" });
    const { json } = await back.get("/api/settings");
    expect(json).toMatchObject({ status: 403 });
  });

  it("accounts are listed, made, and given back from the command line", async () => {
    const names = async () => (JSON.parse((await user()).out) as { name: string }[]).map(({ name }) => name);
    expect(await names()).toEqual(["ada", "ana", "vic"]);
    const made = JSON.parse((await user("kim", "--role", "analyst")).out) as { link: string };
    const kim = new Caller(program.console!.url);
    expect((await kim.useLink(made.link, PASSWORD)).json).toMatchObject({ account: "kim", role: "analyst" });
    expect((await user("kim", "--role", "king")).err).toMatch(/there is no role king/);
    expect((await user("kim")).code).toBe(1);
    await user("kim", "--disable");
    expect((await kim.get("/api/access")).status).toBe(401);
    const ada = JSON.parse((await user("ada", "--link")).out) as { link: string };
    expect((await new Caller(program.console!.url).useLink(ada.link, "a second password")).status).toBe(200);
  });

  it("a second Inktrap finds another port for its console", async () => {
    const other = await startProgram(join(folder, "other"), await freeOffset());
    expect(other.console?.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(other.console?.url).not.toBe(program.console?.url);
    await other.stop();
  });

  it("a console that cannot be opened as it was asked for is told of, and nothing runs", async () => {
    const config = join(folder, "taken.yaml");
    await writeFile(config, `console:\n  port: ${new URL(program.console!.url).port}\n`);
    const args = ["start", "--data", join(folder, "third"), "--config", config, "--listen", "127.0.0.1"];
    const { code, err } = await run([...args, "--port-offset", String(await freeOffset())], 40_000);
    expect(code).toBe(1);
    expect(err).toMatch(/console 127\.0\.0\.1:\d+: is taken by another program/);
  });
});
