/** From cases to far ends: what is told, how often, and what a crash or a dead far end changes about it. */
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import {
  mailReceiver,
  type Posted,
  type Receiver,
  silentReceiver,
  until,
  webReceiver,
} from "../../test/support/receivers.ts";
import { silent } from "../util/log.ts";
import { Networks } from "../util/network.ts";
import { Alerts, type AlertOptions } from "./alerts.ts";
import { caseOf } from "./cases.fixture.ts";
import { forgetInJournal, readJournal } from "./journal.ts";
import { alertSettings } from "./settings.ts";
import { alertProblems, alertsStatus } from "./status.ts";

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function far<T>(receiver: Promise<Receiver<T>>): Promise<Receiver<T>> {
  const opened = await receiver;
  ends.push(() => opened.close());
  return opened;
}

async function folderOf(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "inktrap-alerts-"));
  ends.push(() => rm(folder, { recursive: true }));
  return folder;
}

const hook = (port: number, more: object = {}) => ({
  name: "hook",
  type: "webhook",
  url: `http://127.0.0.1:${port}/`,
  ...more,
});

async function alertsOf(folder: string, settings: object, more: Partial<AlertOptions> = {}): Promise<Alerts> {
  const alerts = await Alerts.open({
    folder,
    settings: alertSettings.parse(settings),
    own: new Networks(["192.0.2.0/24"]),
    demo: false,
    log: silent,
    version: "0.1.0",
    hostname: "collector",
    retryMs: 30,
    chance: () => 1,
    ...more,
  });
  ends.push(() => alerts.close());
  return alerts;
}

const idsOf = (got: readonly Posted[]) =>
  got.map(({ headers }) => String(headers["inktrap-id"]).split(".").slice(1).join("."));
const bodies = (got: readonly Posted[]) => got.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
const NOW = Date.UTC(2026, 10, 16, 8);

describe("what is told", () => {
  it("a case that is grave and sure enough, once, and once more when it becomes graver", async () => {
    const { port, got } = await far(webReceiver());
    const alerts = await alertsOf(await folderOf(), { channels: [hook(port)] });
    await alerts.decide(1, [
      caseOf(1),
      caseOf(2, { intent: "reconnaissance" }),
      caseOf(3, { confidence: "possible" }),
      caseOf(4, { source: "192.0.2.7" }),
    ]);
    await alerts.decide(2, [caseOf(1, { sessions: 9 }), caseOf(2, { intent: "reconnaissance" })]);
    await alerts.decide(3, [caseOf(1, { intent: "tampering" }), caseOf(2, { intent: "spam" })]);
    await alerts.decide(4, [caseOf(1), caseOf(3)]);
    await until("four messages", () => got.length === 4);
    expect(idsOf(got)).toEqual(["C-1.spam", "C-1.tampering", "C-2.spam", "C-3.spam"]);
    expect(bodies(got)[1]).toMatchObject({ before: "spam", intent: "tampering" });
  });

  it("not what is ignored or muted, until something else carries it", async () => {
    const { port, got } = await far(webReceiver());
    const folder = await folderOf();
    const ignore = [{ signature: "job-advertises", reason: "our own flyer", until: "2999-01-01" }];
    const settings = { channels: [hook(port)], ignore };
    const muted = new Set<string>();
    const alerts = await alertsOf(folder, settings, { muted: () => muted });
    const [reason] = caseOf(1).record.reasons;
    const extorts = { reasons: [{ ...reason!, rule: "job-extorts" }] };
    await alerts.decide(1, [caseOf(1)]);
    await alerts.decide(2, [caseOf(1)]);
    muted.add("job-extorts");
    await alerts.decide(3, [caseOf(2, extorts)]);
    muted.clear();
    await alerts.decide(4, [caseOf(1, { reasons: [reason!, ...extorts.reasons] })]);
    await until("one message", () => got.length === 1);
    expect(idsOf(got)).toEqual(["C-1.spam"]);
    const status = alertsStatus(await readJournal(folder), alertSettings.parse(settings), Date.now());
    expect(status).toMatchObject({ ignored: 2, told: 1, rules: [{ expired: false }] });
  });
});

describe("a thousand new cases in a minute", () => {
  it("make ten messages and one digest, and nothing is lost", async () => {
    const { port, got } = await far(webReceiver());
    const folder = await folderOf();
    const clock = { now: NOW };
    const settings = { channels: [hook(port)], digestAfter: 300 };
    const alerts = await alertsOf(folder, settings, { clock: () => clock.now });
    for (let i = 0; i < 100; i++) {
      clock.now += 600;
      await alerts.decide(
        i + 1,
        Array.from({ length: 10 }, (_, j) => caseOf(i * 10 + j + 1)),
      );
    }
    await until("ten messages", () => got.length === 10);
    clock.now += 5 * 60_000;
    await alerts.decide(101, [caseOf(1001)]);
    await until("the digest", () => got.length === 11);
    const [digest] = bodies(got.slice(10));
    expect(digest).toMatchObject({ kind: "digest", alerts: 991, intents: { spam: 991 } });
    const told = [...bodies(got.slice(0, 10)).map((body) => body["case"]), ...(digest!["cases"] as string[])];
    expect(new Set(told).size).toBe(1001);
    clock.now += 2 * 3_600_000;
    await alerts.decide(102, []);
    expect(got).toHaveLength(11);
  });
});

describe("a far end that fails", () => {
  it("gets the message again, under the same id, and its failures are counted", async () => {
    const { port, got } = await far(webReceiver((_, count) => [count < 4 ? 503 : 200]));
    const folder = await folderOf();
    const settings = { channels: [hook(port)] };
    const alerts = await alertsOf(folder, settings);
    await alerts.decide(1, [caseOf(1)]);
    await until("four attempts", () => got.length === 4);
    await until("the answer to the last", () => alerts.status().channels[0]?.sent.messages === 1);
    await alerts.close();
    expect(new Set(idsOf(got))).toEqual(new Set(["C-1.spam"]));
    const [channel] = alertsStatus(await readJournal(folder), alertSettings.parse(settings), Date.now()).channels;
    expect(channel).toMatchObject({
      failures: 3,
      sent: { messages: 1, alerts: 1 },
      waiting: { messages: 0 },
      lastFailure: { what: "503 Service Unavailable: as you say" },
      lastSent: { said: "200 OK: as you say" },
    });
  });

  it("holds up no other: with a dead mail server and a silent one the webhook hears at once", async () => {
    const { port, got } = await far(webReceiver());
    const still = await far(silentReceiver());
    const mail = { type: "mail", host: "127.0.0.1", tls: "none", from: "a@office.example", to: ["b@office.example"] };
    const channels = [{ ...mail, name: "dead", port: 1 }, { ...mail, name: "slow", port: still.port }, hook(port)];
    const alerts = await alertsOf(await folderOf(), { channels });
    const begun = Date.now();
    await alerts.decide(1, [caseOf(1)]);
    await until("the webhook", () => got.length === 1, 2000);
    expect(Date.now() - begun).toBeLessThan(2000);
  });

  it("has a bounded queue: what is too much becomes part of the digest", async () => {
    let up = false;
    const { port, got } = await far(webReceiver(() => [up ? 200 : 500]));
    const clock = { now: NOW };
    const alerts = await alertsOf(await folderOf(), { channels: [hook(port)] }, { clock: () => clock.now });
    for (let i = 1; i <= 30; i++) {
      clock.now += 3_600_000 / 2;
      await alerts.decide(i, [caseOf(i)]);
    }
    await until("attempts", () => got.length >= 10);
    got.length = 0;
    up = true;
    clock.now += 2 * 3_600_000;
    await alerts.decide(31, [caseOf(31)]);
    const named = () => bodies(got).flatMap((body) => (body["cases"] ?? [body["case"]]) as string[]);
    await until("all of them", () => new Set(named()).size === 31);
    expect(named()).toHaveLength(31);
    expect(got.length).toBeLessThanOrEqual(12);
  });
});

describe("quiet hours", () => {
  it("gather what comes and tell of it afterwards; a channel may be left out of them", async () => {
    const tired = await far(webReceiver());
    const awake = await far(webReceiver());
    const clock = { now: Date.parse("2026-11-16T22:30:00Z") };
    const quiet = { from: "22:00", to: "06:00", zone: "UTC" };
    const channels = [hook(tired.port), hook(awake.port, { name: "siem", quiet: false })];
    const alerts = await alertsOf(await folderOf(), { channels, quiet }, { clock: () => clock.now });
    await alerts.decide(1, [caseOf(1), caseOf(2)]);
    await until("the one that is awake", () => awake.got.length === 2);
    expect(tired.got).toEqual([]);
    clock.now = Date.parse("2026-11-17T06:00:00Z");
    await alerts.decide(2, [caseOf(3)]);
    await until("the digest", () => tired.got.length === 1);
    expect(bodies(tired.got)).toMatchObject([{ kind: "digest", cases: ["C-1", "C-2", "C-3"] }]);
  });
});

describe("a restart", () => {
  it("goes on with what waited, and doubles nothing that was taken", async () => {
    let up = false;
    const { port, got } = await far(webReceiver(() => [up ? 200 : 500]));
    const folder = await folderOf();
    const settings = { channels: [hook(port)], perHour: 2, digestAfter: 0 };
    const first = await alertsOf(folder, settings, { retryMs: 60_000 });
    await first.decide(7, [caseOf(1), caseOf(2), caseOf(3)]);
    await until("attempts", () => got.length >= 3);
    // As if the process had been killed now: what is on disk is all there is.
    const copy = await folderOf();
    await cp(folder, copy, { recursive: true });
    await first.close();
    got.length = 0;
    up = true;
    const second = await alertsOf(copy, settings);
    await until("everything that waited", () => got.length === 3);
    expect(idsOf(got).sort()).toEqual(["C-1.spam", "C-2.spam", "hook.digest-1"]);
    await second.decide(8, [caseOf(1), caseOf(2), caseOf(3)]);
    await second.close();
    const third = await alertsOf(copy, settings);
    await third.recover(8, () => Promise.reject(new Error("nothing is missing")));
    await third.decide(9, [caseOf(1), caseOf(2), caseOf(3)]);
    expect(got).toHaveLength(3);
  });

  it("decides on what was judged and not decided, but not on what is old", async () => {
    const { port, got } = await far(webReceiver());
    const folder = await folderOf();
    const settings = { channels: [hook(port)] };
    const first = await alertsOf(folder, settings);
    await first.recover(5, () => Promise.reject(new Error("a new installation has missed nothing")));
    await first.close();
    const second = await alertsOf(folder, settings);
    let asked: object | undefined;
    await second.recover(9, async (missed) => {
      asked = missed;
      return [caseOf(1)];
    });
    expect(asked).toMatchObject({ after: 5, upTo: 9, gravity: 5 });
    await until("the case that was missed", () => got.length === 1);
  });

  it("keeps nothing of what is forgotten", async () => {
    const { port, got } = await far(webReceiver(() => [500]));
    const folder = await folderOf();
    const settings = { channels: [hook(port)], perHour: 1 };
    const alerts = await alertsOf(folder, settings, { retryMs: 60_000 });
    await alerts.decide(1, [caseOf(1), caseOf(2), caseOf(3)]);
    await until("an attempt", () => got.length === 1);
    expect(alerts.status().channels).toMatchObject([{ waiting: { messages: 1 }, gathered: 2 }]);
    await until("a failure", () => alertProblems(alerts.status()).length === 1);
    await alerts.forget([1, 2]);
    const text = await readFile(join(folder, "journal.jsonl"), "utf8");
    expect(text).not.toMatch(/198\.51\.100\.[12]\b/);
    expect(text).toContain("198.51.100.3");
    expect(alerts.status().channels).toMatchObject([{ waiting: { messages: 0 } }]);
    await alerts.close();
    await forgetInJournal(folder, [3]);
    expect(await readFile(join(folder, "journal.jsonl"), "utf8")).not.toContain("198.51.100");
  });

  it("survives a line that was cut, and says what it cannot read", async () => {
    const folder = await folderOf();
    const { port, got } = await far(webReceiver());
    const settings = { channels: [hook(port)] };
    const first = await alertsOf(folder, settings);
    await first.decide(1, [caseOf(1)]);
    await until("the message", () => got.length === 1);
    await first.close();
    const file = join(folder, "journal.jsonl");
    await writeFile(file, `${await readFile(file, "utf8")}{"judged":2,"told":[[9,`);
    const second = await alertsOf(folder, settings);
    await second.decide(2, [caseOf(1), caseOf(9)]);
    await until("the other case", () => got.length === 2);
    expect(idsOf(got)).toEqual(["C-1.spam", "C-9.spam"]);
    await second.close();
    await writeFile(file, "something else\n");
    await expect(alertsOf(folder, settings)).rejects.toThrow(/Move it away/);
  });
});

it("a letter about each case goes through a real mail server", async () => {
  const mail = await far(mailReceiver());
  const channel = {
    name: "duty",
    type: "mail",
    host: "127.0.0.1",
    port: mail.port,
    tls: "none",
    from: "inktrap@office.example",
    to: ["duty@office.example"],
  };
  const alerts = await alertsOf(await folderOf(), { channels: [channel], console: "https://inktrap.office.example/" });
  await alerts.decide(1, [caseOf(1), caseOf(2, { intent: "exploit" })]);
  await until("two letters", () => mail.got.length === 2);
  expect(mail.got[0]!.raw).toContain("https://inktrap.office.example/cases/C-1");
});
