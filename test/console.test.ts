/** The console's server over real connections: who may ask what, and what answers look like to who may not see all. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { contract } from "../src/collector/contract.ts";
import type { Download, Entry } from "../src/collector/contract/asks.ts";
import { downloads } from "../src/collector/contract/downloads.ts";
import { ROLES, scopeOf, SCOPES } from "../src/collector/roles.ts";
import { type Answer, Caller, PASSWORD } from "./support/caller.ts";
import { type ConsoleSite, consoleSite } from "./support/console-site.ts";
import { openapiFaults } from "./support/openapi-laws.ts";
import { FLYER, PRODINFO } from "./support/visit.ts";

const ENTRIES: [string, Entry | Download][] = [...Object.entries(contract), ...Object.entries(downloads)];
let site: ConsoleSite["site"];
let who: ConsoleSite["who"];
let url: string;

beforeAll(async () => {
  ({ site, who, url } = await consoleSite());
});
afterAll(() => site.close());

/** A path of the entry that leads somewhere. */
function pathOf(entry: Entry | Download): string {
  const values: Record<string, string> = { number: "1", sensor: "local", id: "pjl-prodinfo", name: "nobody-there" };
  return entry.path.replaceAll(/:(\w+)/g, (_, field: string) => values[field]!);
}

/** Status of an entry; of a stream only its head. */
async function statusOf(caller: Caller, entry: Entry | Download): Promise<number> {
  const body = entry.method === "GET" || entry.method === "DELETE" ? undefined : "{}";
  const type: Record<string, string> = body === undefined ? {} : { "content-type": "application/json" };
  const response = await caller.open(entry.method, pathOf(entry), body, type);
  response.destroy();
  return response.statusCode!;
}

const refused = (status: number) => status === 401 || status === 403;

describe("every entry of the contract", () => {
  // Ending the login itself has a test of its own.
  const entries = ENTRIES.filter(([name]) => name !== "logout");

  it("is asked by nobody without a login, but for login and health", async () => {
    const open: string[] = [];
    for (const [name, entry] of ENTRIES) {
      const status = await statusOf(who.nobody, entry);
      if (status !== 401) open.push(name);
    }
    expect(open).toEqual(["health", "login", "useLink"]);
  });

  it.each(ROLES)("lets a %s ask what the role may, and nothing else", async (role) => {
    for (const [name, entry] of entries) {
      const may = entry.role === "public" || ROLES.indexOf(role) >= ROLES.indexOf(entry.role);
      expect([name, refused(await statusOf(who[role], entry))]).toEqual([name, !may]);
    }
  });

  it.each(SCOPES)("lets a token with the scope %s do that, and nothing else", async (scope) => {
    const { json } = await who.admin.post("/api/tokens", { name: `only ${scope}`, scopes: [scope] });
    const caller = new Caller(url, { token: (json as { secret: string }).secret });
    for (const [name, entry] of entries) {
      if (entry.role === "public") continue;
      expect([name, refused(await statusOf(caller, entry))]).toEqual([name, scopeOf(entry) !== scope]);
    }
  });

  it("is not kept by any cache, and lets nothing inline run", async () => {
    for (const [name, entry] of ENTRIES.filter(([, one]) => one.method === "GET" && one.path !== "/api/live")) {
      const { headers } = await who.admin.get(pathOf(entry));
      expect([name, headers["cache-control"]]).toEqual([name, "no-store"]);
      expect([name, headers["x-content-type-options"]]).toEqual([name, "nosniff"]);
      expect(headers["content-security-policy"]).toMatch(/default-src 'none'/);
      if (name !== "devicePage") expect(headers["content-security-policy"]).not.toMatch(/unsafe/);
    }
  });

  it("tells what is wrong as RFC 9457 says", async () => {
    for (const answer of [
      await who.nobody.get("/api/cases"),
      await who.viewer.get("/api/jobs"),
      await who.admin.get("/api/cases/999"),
      await who.admin.get("/api/cases?limit=0"),
      await who.admin.get("/api/cases?q=colour:red"),
      await who.admin.get("/api/cases?after=x"),
      await who.admin.get("/api/nothing"),
      await who.admin.post("/api/cases/1/notes", "text"),
    ]) {
      expect(answer.headers["content-type"]).toMatch(/^application\/problem\+json/);
      expect(answer.json).toMatchObject({ status: answer.status, title: expect.any(String) as string });
      expect(answer.status).toBeLessThan(500);
      expect(answer.status).toBeGreaterThanOrEqual(400);
    }
  });
});

describe("the OpenAPI document", () => {
  it("is served whole, and valid as it comes", async () => {
    const { json, headers } = await who.viewer.get("/api/openapi.json");
    expect(headers["content-type"]).toMatch(/^application\/json/);
    expect(openapiFaults(json)).toEqual([]);
    expect(Object.keys((json as { paths: object }).paths).length).toBe(
      new Set(ENTRIES.map(([, one]) => one.path)).size,
    );
  });
});

describe("a login", () => {
  it("is a cookie that scripts and other sites have no use of", async () => {
    const caller = new Caller(url);
    const { headers } = await caller.login("ada", PASSWORD);
    expect(headers["set-cookie"]?.[0]).toMatch(
      /^inktrap=[\w-]{43}; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Strict$/,
    );
  });

  it("ends when it is ended", async () => {
    const caller = new Caller(url);
    await caller.login("vic", PASSWORD);
    expect((await caller.get("/api/access")).json).toMatchObject({ account: "vic", role: "viewer" });
    expect((await caller.post("/api/logout")).status).toBe(200);
    expect((await caller.get("/api/access")).status).toBe(401);
  });

  it("is listed to its owner only, ended by them or an admin, and that is written down", async () => {
    const [here, there] = [new Caller(url), new Caller(url)];
    for (const caller of [here, there]) await caller.login("vic", PASSWORD);
    const logins = async () =>
      ((await here.get("/api/access/logins")).json as { logins: { id: string; current: boolean; address: string }[] })
        .logins;
    const before = await logins();
    expect(before[0]).toMatchObject({ current: false, address: "127.0.0.1" });
    expect(before.filter((one) => one.current).map(({ id }) => id)).toEqual([before[1]!.id]);
    expect(JSON.stringify(before)).not.toContain(here.cookie!.split("=")[1]);
    const end = (caller: Caller, id: string) => caller.send("DELETE", `/api/access/logins/${id}`);
    expect((await end(who.analyst, before[0]!.id)).status).toBe(404);
    expect((await end(here, before[0]!.id)).status).toBe(200);
    expect((await there.get("/api/access")).status).toBe(401);
    await there.login("vic", PASSWORD);
    expect((await here.post("/api/access/logins/end")).json).toEqual({ ended: before.length - 1 });
    expect([(await there.get("/api/access")).status, (await here.get("/api/access")).status]).toEqual([401, 200]);
    const accounts = (await who.admin.get("/api/accounts")).json as { accounts: { name: string; logins: number }[] };
    expect(accounts.accounts.find(({ name }) => name === "vic")?.logins).toBe(1);
    expect((await here.post("/api/accounts/vic/logins/end")).status).toBe(403);
    expect((await who.admin.post("/api/accounts/vic/logins/end")).json).toEqual({ ended: 1 });
    expect((await here.get("/api/access")).status).toBe(401);
    await who.viewer.login("vic", PASSWORD);
    const audit = (await who.admin.get("/api/audit?limit=200")).json as {
      entries: { what: string; about: string; who: string }[];
    };
    const seen = audit.entries.filter(({ what }) => /^end(Login|Logins|OtherLogins)$/.test(what)).slice(0, 3);
    expect(seen).toMatchObject([
      { what: "endLogins", about: "vic", who: "ada" },
      { what: "endOtherLogins", who: "vic" },
      { what: "endLogin", about: before[0]!.id, who: "vic" },
    ]);
  });

  it("is refused in the same words whether or not there is an account", async () => {
    const [wrong, unknown] = [
      await new Caller(url).login("ada", "not the password"),
      await new Caller(url).login("eve", "not the password"),
    ];
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    const said = ({ json }: Answer) => ({ ...(json as object), instance: "" });
    expect(said(wrong)).toEqual(said(unknown));
    const { json } = await who.admin.get("/api/audit?what=login-refused");
    expect(json).toMatchObject({ entries: [{ who: "eve", address: "127.0.0.1" }, { who: "ada" }] });
    expect(JSON.stringify(json)).not.toContain("not the password");
  });

  it("begins by a one-time link only once", async () => {
    const { json } = await who.admin.post("/api/accounts", { name: "una", role: "viewer" });
    const { link } = json as { link: string };
    expect(link).toMatch(/\/first\?for=una#[\w-]{43}$/);
    expect((await new Caller(url).useLink(link, "short")).status).toBe(400);
    expect((await new Caller(url).useLink(link, PASSWORD)).status).toBe(200);
    expect((await new Caller(url).useLink(link, PASSWORD)).status).toBe(401);
    expect((await new Caller(url).useLink(site.collector.console!.firstLink!, PASSWORD, "mallory")).status).toBe(401);
  });
});

describe("a change", () => {
  const note = (caller: Caller, headers: Record<string, string>) =>
    caller.post("/api/cases/1/notes", { text: "hello" }, headers);

  it("has to come from the console's own pages", async () => {
    const bare = new Caller(url, { cookie: who.analyst.cookie! });
    expect((await note(bare, {})).status).toBe(403);
    expect((await note(bare, { "x-inktrap-csrf": who.viewer.csrf! })).status).toBe(403);
    expect((await note(who.analyst, { origin: "https://elsewhere.example" })).status).toBe(403);
    expect((await note(who.analyst, { origin: "null" })).status).toBe(403);
    expect((await note(who.analyst, { "sec-fetch-site": "cross-site" })).status).toBe(403);
    expect((await note(who.analyst, { origin: url })).status).toBe(200);
    const login = await new Caller(url).post(
      "/api/login",
      { name: "a", password: "b" },
      { origin: "https://x.example" },
    );
    expect(login.status).toBe(403);
    const form = await who.analyst.send("POST", "/api/cases/1/notes", "text=hello", {
      "content-type": "application/x-www-form-urlencoded",
    });
    expect(form.status).toBe(415);
    const huge = await who.analyst.post("/api/cases/1/notes", { text: "x".repeat(100_000) });
    expect(huge.status).toBe(413);
  });

  it("is written down, with who it was", async () => {
    await who.analyst.post("/api/cases/1/notes", { text: "seen" });
    const { json } = await who.admin.get("/api/audit?what=note&limit=1");
    expect(json).toMatchObject({ entries: [{ who: "ana", about: "C-1", detail: { text: "seen" } }] });
  });
});

describe("what was printed", () => {
  it("is opened by nobody without a trace", async () => {
    await who.analyst.get("/api/jobs/1");
    await who.analyst.get("/api/jobs/1/body");
    const { json } = await who.admin.get("/api/audit?who=ana&about=J-1&limit=2");
    expect(json).toMatchObject({ entries: [{ what: "jobBody" }, { what: "job" }] });
  });

  it("is a download named by its hash, whatever the visitor called it", async () => {
    const { json } = await who.analyst.get("/api/jobs");
    const jobs = (json as { jobs: { id: string; sha256: string; name: string | null }[] }).jobs;
    const hostile = jobs.find((job) => job.name !== null)!;
    expect(hostile.name).toContain("<script>");
    const { headers, text } = await who.analyst.get(`/api/jobs/${hostile.id.slice(2)}/body`);
    expect(headers["content-disposition"]).toBe(`attachment; filename="${hostile.sha256}.bin"`);
    expect(headers["content-type"]).toBe("application/octet-stream");
    expect(headers["content-security-policy"]).toBe("sandbox; default-src 'none'");
    expect(text).toContain("TONER SALE");
  });

  it("is not shown to who may not see jobs, wherever it stands", async () => {
    const seen = async (caller: Caller) => {
      const paths = ["/api/cases", "/api/cases/1", "/api/cases/2", "/api/events?limit=1000"].concat(
        [1, 2, 3].flatMap((n) => [`/api/sessions/${n}`, `/api/overview/undecided`, `/api/overview/first-words`]),
      );
      const answers = await Promise.all(paths.map((path) => caller.get(path)));
      return answers.map(({ text }) => text).join("\n");
    };
    expect(await seen(who.analyst)).toContain("TONER SALE");
    expect(await seen(who.viewer)).not.toContain("TONER SALE");
    const bytes = async (caller: Caller) => {
      const { json } = await caller.get("/api/sessions/2/bytes");
      return json as { base64: string; missing: number };
    };
    expect(Buffer.from((await bytes(who.analyst)).base64, "base64").toString()).toBe(FLYER);
    const hidden = await bytes(who.viewer);
    expect([hidden.missing, Buffer.from(hidden.base64, "base64").every((byte) => byte === 0)]).toEqual([
      FLYER.length,
      true,
    ]);
  });
});

describe("downloads", () => {
  it("are CSV without formulas, and JSON lines", async () => {
    const { text, headers } = await who.analyst.get("/api/export/jobs");
    expect(headers["content-disposition"]).toMatch(/^attachment; filename="inktrap-jobs-\d{4}-\d\d-\d\d\.csv"$/);
    const cells = text.split("\r\n").flatMap((line) => line.match(/"(?:[^"]|"")*"/g) ?? []);
    expect(cells.filter((cell) => /^"\s*[=+\-@]/.test(cell))).toEqual([]);
    expect(text).toContain(`"'=cmd|`);
    const lines = (await who.analyst.get("/api/export/sessions?format=jsonl")).text.trimEnd().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { id: string }).id)).toEqual(["S-1", "S-2", "S-3"]);
  });

  it("give streams and captures of sessions", async () => {
    const { text } = await who.analyst.get("/api/sessions/1/raw");
    expect(text).toBe(PRODINFO);
    const capture = await who.analyst.get("/api/sessions/1/pcap");
    expect(capture.headers["content-disposition"]).toBe(`attachment; filename="S-1.pcap"`);
    expect(capture.text.length).toBeGreaterThan(100);
  });

  it("show the printer's own page in a frame that runs nothing", async () => {
    const { headers, text } = await who.viewer.get("/api/sensors/local/page");
    expect(text).toContain("<script>");
    expect(headers["content-security-policy"]).toMatch(/^sandbox; default-src 'none'/);
    expect(headers["content-security-policy"]).not.toContain("allow-scripts");
  });
});

describe("tokens", () => {
  it("belong to one account, and end with it", async () => {
    const made = await who.viewer.post("/api/tokens", { name: "mine", scopes: ["read", "admin"] });
    const { secret, token } = made.json as { secret: string; token: { id: string } };
    const caller = new Caller(url, { token: secret });
    expect((await caller.get("/api/cases")).status).toBe(200);
    expect((await caller.get("/api/accounts")).status).toBe(403);
    expect((await who.analyst.get("/api/tokens")).text).not.toContain(token.id);
    expect((await who.analyst.send("DELETE", `/api/tokens/${token.id}`)).status).toBe(404);
    expect((await who.admin.get("/api/tokens")).text).toContain(token.id);
    expect((await who.admin.get("/api/tokens")).text).not.toContain(secret);
    const { name } = (await who.viewer.get("/api/access")).json as { name: string };
    expect(name).toBeUndefined();
    await who.admin.send("PATCH", "/api/accounts/vic", JSON.stringify({ disabled: true }), {
      "content-type": "application/json",
    });
    expect((await caller.get("/api/cases")).status).toBe(401);
    expect((await who.viewer.get("/api/cases")).status).toBe(401);
    await who.admin.send("PATCH", "/api/accounts/vic", JSON.stringify({ disabled: false }), {
      "content-type": "application/json",
    });
    expect((await caller.get("/api/cases")).status).toBe(200);
    await who.viewer.login("vic", PASSWORD);
    expect((await who.viewer.send("DELETE", `/api/tokens/${token.id}`)).status).toBe(200);
    expect((await caller.get("/api/cases")).status).toBe(401);
  });

  it("are nothing to a page of another site, and nothing when they are wrong", async () => {
    const wrong = new Caller(url, { token: `inktrap_${"A".repeat(43)}` });
    expect((await wrong.get("/api/cases")).status).toBe(401);
    expect((await new Caller(url, { token: "x" }).get("/api/cases")).status).toBe(401);
  });
});
