import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openDuckdbStore } from "../store/duckdb/duckdb-store.ts";
import type { Store } from "../store/store.ts";
import { Access, type Begun, loginId, TooMany } from "./access.ts";
import { Attempts } from "./attempts.ts";
import { hashOf } from "./secrets.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const PASSWORD = "correct horse battery staple";
const HERE = "192.0.2.1";

let folder: string;
let store: Store;
let access: Access;
let admin: Begun;
const clock = { now: Date.UTC(2026, 10, 1) };

const open = async () => {
  store = await openDuckdbStore({ file: join(folder, "store.duckdb"), memoryMb: 128 });
  access = new Access(store.accounts, () => clock.now);
};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "inktrap-access-"));
  await open();
  const link = await access.firstLink();
  admin = await access.useLink(link!, "ada", PASSWORD, HERE);
});
afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});
beforeEach(() => {
  clock.now += DAY;
});

const account = async (name: string, role: "viewer" | "analyst" | "admin" = "viewer") => {
  const { secret } = await access.addAccount(name, role);
  return access.useLink(secret, undefined, PASSWORD, HERE);
};

describe("one-time links", () => {
  it("make the first account, once, and no other ever after", async () => {
    expect(admin.who).toMatchObject({ account: "ada", role: "admin" });
    expect(await access.firstLink()).toBeUndefined();
  });

  it("end by use, by time, and by a newer one", async () => {
    const { secret } = await access.addAccount("old", "viewer");
    clock.now += 4 * DAY;
    await expect(access.useLink(secret, undefined, PASSWORD, HERE)).rejects.toThrow("its time is over");
    const first = await access.renewLink("old");
    const second = await access.renewLink("old");
    await expect(access.useLink(first.secret, undefined, PASSWORD, HERE)).rejects.toThrow("used already");
    const both = await Promise.allSettled([1, 2].map(() => access.useLink(second.secret, undefined, PASSWORD, HERE)));
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  it("give a lost password back, and end the logins there were", async () => {
    const before = await account("kim");
    const { secret } = await access.renewLink("kim");
    expect(access.byCookie(before.secret, HERE)?.account).toBe("kim");
    await access.useLink(secret, undefined, "another good password", HERE);
    expect(access.byCookie(before.secret, HERE)).toBeUndefined();
    await expect(access.login("kim", PASSWORD, HERE)).rejects.toThrow("wrong");
    await access.login("KIM", "another good password", HERE);
  });
});

describe("logins", () => {
  it("end when nobody uses them, and in any case after a week", async () => {
    const idle = await access.login("ada", PASSWORD, HERE);
    clock.now += 11 * HOUR;
    expect(access.byCookie(idle.secret, HERE)?.account).toBe("ada");
    await new Promise((resolve) => setTimeout(resolve, 50));
    for (let i = 0; i < 13; i++) {
      clock.now += 11.5 * HOUR;
      expect(access.byCookie(idle.secret, HERE)?.account).toBe("ada");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    clock.now += 11 * HOUR;
    expect(access.byCookie(idle.secret, HERE)).toBeUndefined();
    const left = await access.login("ada", PASSWORD, HERE);
    clock.now += 13 * HOUR;
    expect(access.byCookie(left.secret, HERE)).toBeUndefined();
  });

  it("survive a restart, and nothing that is kept lets anybody in", async () => {
    const { secret, who } = await access.login("ada", PASSWORD, HERE);
    await store.close();
    await open();
    expect(access.byCookie(secret, HERE)).toMatchObject({ account: "ada" });
    expect(access.byCookie(who.login!, HERE)).toBeUndefined();
    const rows = await store.db.selectFrom("account").selectAll().execute();
    expect(rows.every(({ password }) => password === null || password.startsWith("$argon2id$"))).toBe(true);
    expect(JSON.stringify(await store.db.selectFrom("login").selectAll().execute())).not.toContain(secret);
  });

  it("are waited for after failures, by address and by account", async () => {
    const wrong = (name: string, from: string) => access.login(name, "wrong", from).catch((error: unknown) => error);
    for (let i = 0; i < 10; i++) expect(await wrong(`nobody${i}`, "198.51.100.1")).not.toBeInstanceOf(TooMany);
    expect(await wrong("ada", "198.51.100.1")).toBeInstanceOf(TooMany);
    await expect(access.login("ada", PASSWORD, "198.51.100.1")).rejects.toThrow(TooMany);
    await access.login("ada", PASSWORD, "198.51.100.2");
    clock.now += 16 * 60_000;
    await access.login("ada", PASSWORD, "198.51.100.1");
    const many = await Promise.all(Array.from({ length: 40 }, (_, i) => wrong("kim", `203.0.113.${i}`)));
    expect(many.filter((error) => error instanceof TooMany).length).toBeGreaterThanOrEqual(10);
  });
});

describe("logins that hold", () => {
  const ids = (name: string) => access.logins(name).map(({ hash }) => loginId(hash));

  it("are listed with where and when they began, the latest first, without what is over", async () => {
    const first = await account("liv");
    clock.now += HOUR;
    await access.login("LIV", PASSWORD, "2001:db8::7");
    expect(access.logins("liv")).toMatchObject([
      { address: "2001:db8::7", created: clock.now },
      { address: HERE, created: clock.now - HOUR, hash: first.who.login },
    ]);
    expect(ids("liv").every((id) => /^L-[A-Za-z0-9]{8}$/.test(id))).toBe(true);
    clock.now += 11.5 * HOUR;
    expect(access.logins("liv")).toMatchObject([{ address: "2001:db8::7" }]);
    clock.now += HOUR;
    expect(access.logins("liv")).toEqual([]);
  });

  it("are ended one by one, by their owner or an admin", async () => {
    const [mine, strange] = [await account("max"), await account("mia")];
    const boss = await access.login("ada", PASSWORD, HERE);
    const second = await access.login("max", PASSWORD, HERE);
    await expect(access.endLogin(strange.who, ids("max")[0]!)).rejects.toThrow("There is no login");
    await access.endLogin(mine.who, loginId(second.who.login!));
    expect([access.byCookie(second.secret, HERE), access.byCookie(mine.secret, HERE)?.account]).toEqual([
      undefined,
      "max",
    ]);
    await access.endLogin(boss.who, ids("max")[0]!);
    expect(access.byCookie(mine.secret, HERE)).toBeUndefined();
    await expect(access.endLogin(boss.who, loginId(second.who.login!))).rejects.toThrow("There is no login");
  });

  it("are ended all together: one's others, or those of an account", async () => {
    const mine = await account("ole");
    for (let i = 0; i < 3; i++) await access.login("ole", PASSWORD, HERE);
    const token = await access.addToken(mine.who, { name: "t", scopes: ["decide"], days: 1 });
    await expect(access.endOthers(access.byToken(token.secret, HERE)!)).rejects.toThrow("A token is no login");
    expect(await access.endOthers(mine.who)).toBe(3);
    expect(access.byCookie(mine.secret, HERE)?.account).toBe("ole");
    expect(await access.endLogins("OLE")).toBe(1);
    expect(access.byCookie(mine.secret, HERE)).toBeUndefined();
    expect(await access.endLogins("ole")).toBe(0);
    await expect(access.endLogins("nobody")).rejects.toThrow("There is no account");
  });
});

describe("accounts", () => {
  it("keep one admin at least", async () => {
    await expect(access.changeAccount("ada", { role: "viewer" })).rejects.toThrow("last admin");
    await expect(access.changeAccount("ada", { disabled: true })).rejects.toThrow("last admin");
    await account("eva", "admin");
    await access.changeAccount("eva", { role: "viewer" });
    await expect(access.addAccount("Eva", "viewer")).rejects.toThrow("already");
  });

  it("let nobody in when they are disabled, by whatever way", async () => {
    const { secret, who } = await account("tom");
    const token = await access.addToken(who, { name: "t", scopes: ["read"], days: 1 });
    await access.changeAccount("tom", { disabled: true });
    expect(access.byCookie(secret, HERE)).toBeUndefined();
    expect(access.byToken(token.secret, HERE)).toBeUndefined();
    await expect(access.login("tom", PASSWORD, HERE)).rejects.toThrow("wrong");
  });

  it("change their password by the old one, which ends the other logins", async () => {
    const mine = await account("lea");
    const other = await access.login("lea", PASSWORD, HERE);
    await expect(access.changePassword(mine.who, "wrong", "yet another password")).rejects.toThrow("old password");
    await access.changePassword(mine.who, PASSWORD, "yet another password");
    expect([access.byCookie(mine.secret, HERE)?.account, access.byCookie(other.secret, HERE)]).toEqual([
      "lea",
      undefined,
    ]);
  });
});

describe("tokens", () => {
  it("end with their time, and follow the role of their account", async () => {
    const { who } = await account("uli", "analyst");
    const { secret, row } = await access.addToken(who, { name: "export", scopes: ["jobs", "read"], days: 2 });
    expect(row.hash).toBe(hashOf(secret));
    expect(access.byToken(secret, HERE)).toMatchObject({
      role: "analyst",
      scopes: ["read", "jobs"],
      name: `uli/${row.id}`,
    });
    await access.changeAccount("uli", { role: "viewer" });
    expect(access.byToken(secret, HERE)?.role).toBe("viewer");
    clock.now += 3 * DAY;
    expect(access.byToken(secret, HERE)).toBeUndefined();
  });

  it("make no token that may do more", async () => {
    const { who } = await account("nia", "analyst");
    const narrow = { ...who, scopes: ["decide"] as const };
    await expect(access.addToken(narrow, { name: "x", scopes: ["read"], days: 1 })).rejects.toThrow("more than itself");
  });
});

describe("attempts", () => {
  it("are remembered of a bounded number of keys", () => {
    const attempts = new Attempts({ most: 1, windowMs: 1000, keys: 3 });
    for (const key of ["a", "b", "c", "d"]) attempts.fail(key, 0);
    expect(["a", "b", "c", "d"].map((key) => attempts.wait(key, 100))).toEqual([0, 900, 900, 900]);
    expect(attempts.wait("d", 1000)).toBe(0);
    attempts.succeed("c");
    expect(attempts.wait("c", 100)).toBe(0);
  });
});
