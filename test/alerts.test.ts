/** Alerts through the real program: configured, proved, sent and told about. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { callers } from "./support/caller.ts";
import { freeOffset, run, startProgram, type Started } from "./support/program.ts";
import { mailReceiver, type Posted, udpReceiver, until, webReceiver } from "./support/receivers.ts";
import { parseSyslog } from "./support/rfc5424.ts";
import { FLYER, PRODINFO, visit } from "./support/visit.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "inktrap-alerting-"));
});
afterAll(() => rm(folder, { recursive: true }));

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function config(name: string, text: string): Promise<string> {
  const path = join(folder, `${name}.yaml`);
  await writeFile(path, text);
  return path;
}

async function far<T extends { close(): Promise<void> }>(receiver: Promise<T>): Promise<T> {
  const opened = await receiver;
  ends.push(() => opened.close());
  return opened;
}

async function started(data: string, file: string): Promise<Started> {
  const site = await startProgram(data, await freeOffset(), ["--config", file]);
  ends.push(() => site.stop());
  return site;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const bodyOf = ({ body }: Posted) => JSON.parse(body) as object;

describe("inktrap alerts test", () => {
  it("proves each channel and prints what the far end said", async () => {
    const [web, mail, siem] = [
      await far(webReceiver(() => [204])),
      await far(mailReceiver()),
      await far(udpReceiver()),
    ];
    const file = await config(
      "test",
      `alerts:
  channels:
    - { name: chat, type: webhook, preset: slack, url: "http://127.0.0.1:${web.port}/" }
    - { name: duty, type: mail, host: 127.0.0.1, port: ${mail.port}, tls: none, from: a@office.example, to: [b@office.example] }
    - { name: siem, type: syslog, host: 127.0.0.1, port: ${siem.port} }
    - { name: dead, type: mail, host: 127.0.0.1, port: 1, tls: none, from: a@office.example, to: [b@office.example] }
`,
    );
    const data = join(folder, "none");
    const all = await run(["alerts", "test", "--config", file, "--data", data]);
    expect(all.code).toBe(1);
    expect(all.out).toMatch(/chat +webhook +taken +204 No Content/);
    expect(all.out).toMatch(/duty +mail +taken +250 /);
    expect(all.out).toMatch(/siem +syslog +taken +sent/);
    expect(all.err).toMatch(/^dead: the test message was not taken: .*ECONNREFUSED/m);
    expect(web.got).toHaveLength(1);
    expect(mail.got[0]!.raw).toContain("Subject: Test of the channel duty");
    expect(parseSyslog(siem.got[0]!)).toMatchObject({ msgId: "test", severity: 5 });
    expect((await run(["alerts", "test", "siem", "--config", file, "--data", data])).code).toBe(0);
    expect((await run(["alerts", "test", "fax", "--config", file, "--data", data])).err).toContain(
      "Use one of: chat, duty",
    );
    expect((await run(["alerts", "--data", data])).err).toContain("no channel");
  });

  it("refuses a configuration that would not work, with line and remedy", async () => {
    const file = await config(
      "wrong",
      `alerts:
  quiet: { from: "25:00", to: "06:00", zone: UTC }
  ignore:
    - { signature: no-such-rule, reason: none, until: 2999-01-01 }
    - { service: raw, until: 2999-01-01 }
  channels:
    - { name: a, type: carrier-pigeon }
    - { name: b, type: webhook, url: "http://127.0.0.1:1/", secretFile: /nonexistent/secret }
    - { name: b, type: webhook, url: "http://127.0.0.1:1/" }
`,
    );
    const { code, err } = await run(["check", "--config", file, "--data", join(folder, "none")]);
    expect(code).toBe(1);
    for (const line of [/wrong\.yaml:2:.*22:00/, /wrong\.yaml:5:.*reason/, /wrong\.yaml:7:.*channels/])
      expect(err).toMatch(line);
    const names = await config(
      "names",
      "alerts:\n  ignore:\n    - { signature: no-such-rule, reason: none, until: 2999-01-01 }\n",
    );
    expect((await run(["check", "--config", names])).err).toContain(
      'names.yaml:3:9: there is no signature "no-such-rule"',
    );
    const secret = await config(
      "secret",
      "alerts:\n  channels:\n    - { name: b, type: webhook, url: 'http://127.0.0.1:1/', secretFile: /nonexistent/secret }\n",
    );
    expect((await run(["check", "--config", secret])).err).toContain("/nonexistent/secret: cannot be read");
  });
});

describe("a running installation", () => {
  it("tells once of what is spam, and shows how alerts stand", async () => {
    const web = await far(webReceiver());
    const data = join(folder, "one");
    const file = await config(
      "one",
      `pacing: false\nalerts:\n  channels:\n    - { name: chat, type: webhook, url: "http://127.0.0.1:${web.port}/" }\n`,
    );
    const site = await started(data, file);
    await visit({ port: site.raw, from: "127.7.0.1", send: [PRODINFO] });
    await visit({ port: site.raw, from: "127.7.0.1", send: [FLYER] });
    await visit({ port: site.raw, from: "127.7.0.1", send: [FLYER] });
    await visit({ port: site.raw, from: "127.7.0.2", send: [PRODINFO] });
    await until("the alert", () => web.got.length > 0);
    await pause(500);
    expect(web.got.map(bodyOf)).toMatchObject([{ case: "C-1", intent: "spam", source: "127.7.0.1" }]);
    const { out } = await run(["alerts", "--config", file, "--data", data]);
    expect(out).toMatch(/chat +webhook +1 +0 +0 +0 .*taken: 200 OK/);
    expect(out).toContain("1 case told of, 0 alerts held back.");
    const json = JSON.parse((await run(["alerts", "--json", "--config", file, "--data", data])).out) as object;
    expect(json).toMatchObject({
      told: 1,
      channels: [{ name: "chat", sent: { messages: 1, alerts: 1 }, failures: 0 }],
    });
    await site.stop();
  });

  it("shows in the console what was told, what waits and what failed, and nothing of how channels are reached", async () => {
    const web = await far(webReceiver(({ path }) => (path === "/secret-path" ? [503] : [200])));
    const address = `http://127.0.0.1:${web.port}`;
    const file = await config(
      "shown",
      `pacing: false
alerts:
  quiet: { from: "00:00", to: "23:59", zone: UTC }
  ignore:
    - { source: 127.7.0.9, reason: our own scanner, until: 2999-01-01 }
  channels:
    - { name: chat, type: webhook, url: "${address}/", quiet: false }
    - { name: dead, type: webhook, url: "${address}/secret-path", quiet: false }
    - { name: late, type: webhook, url: "${address}/", quiet: true }
`,
    );
    const site = await started(join(folder, "shown"), file);
    const { viewer, admin } = await callers(site.console!.url, site.console!.firstLink!);
    expect((await viewer.get("/api/alerts")).json).toMatchObject({ told: 0, channels: [{ state: "ok" }, {}, {}] });
    for (const from of ["127.7.0.1", "127.7.0.9"]) {
      await visit({ port: site.raw, from, send: [PRODINFO] });
      await visit({ port: site.raw, from, send: [FLYER] });
    }
    const shown = async () => (await viewer.get("/api/alerts")).json as { ignored: number; channels: object[] };
    const time = expect.any(String) as string;
    await expect.poll(shown, { timeout: 15_000 }).toMatchObject({
      intent: "spam",
      told: 1,
      ignored: 1,
      rules: [{ source: "127.7.0.9", reason: "our own scanner", expired: false }],
      quiet: { from: "00:00", zone: "UTC", until: time },
      channels: [
        {
          name: "chat",
          state: "ok",
          sent: { messages: 1, alerts: 1 },
          failures: 0,
          lastSent: { time, said: expect.stringMatching(/^200 OK/) as string },
        },
        {
          name: "dead",
          state: "failing",
          sent: { messages: 0 },
          waiting: { messages: 1, alerts: 1 },
          nextAttempt: time,
          failures: expect.any(Number) as number,
          lastFailure: { time, what: expect.stringContaining("503") as string },
        },
        { name: "late", state: "waiting", gathered: 1, digestDue: time, failures: 0, lastSent: null },
      ],
    });
    expect(JSON.stringify(await shown())).not.toMatch(/secret-path|127\.0\.0\.1/);
    const { problems } = (await admin.get("/api/status")).json as { problems: { where: string }[] };
    expect(problems).toMatchObject([{ where: "alerts dead" }]);
    await site.stop();
  });
});
