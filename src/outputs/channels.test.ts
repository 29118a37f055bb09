/** Every kind of channel against a real far end. */
import { createHmac } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  certificate,
  mailReceiver,
  type Receiver,
  silentReceiver,
  streamReceiver,
  udpReceiver,
  until,
  webReceiver,
} from "../../test/support/receivers.ts";
import { octetCounted, parseSyslog } from "../../test/support/rfc5424.ts";
import { alertOf } from "./alert.ts";
import { caseOf } from "./cases.fixture.ts";
import type { Channel, NotTaken } from "./channel.ts";
import { channelSettings, openChannel } from "./channels.ts";
import { alertMessage } from "./message.ts";

const NOW = Date.UTC(2026, 10, 16, 8, 11, 18);
const AROUND = { version: "0.1.0", hostname: "collector" };
const message = (headline = "Printed an advertisement") =>
  alertMessage(alertOf("1f2e", caseOf(12, { headline })), { demo: false }, NOW);
const SECRET = "correct horse battery";

let folder: string;
let tls: { cert: string; key: string };
let caFile: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "inktrap-channels-"));
  tls = await certificate();
  caFile = join(folder, "ca.pem");
  await writeFile(caFile, tls.cert);
});
afterAll(() => rm(folder, { recursive: true }));

const open: Receiver<unknown>[] = [];
afterEach(async () => {
  for (const receiver of open.splice(0)) await receiver.close();
});
async function opened<T>(receiver: Promise<Receiver<T>>): Promise<Receiver<T>> {
  open.push(await receiver);
  return receiver;
}

const channel = (settings: object): Promise<Channel> =>
  openChannel(channelSettings.parse({ name: "c", ...settings }), AROUND);
const send = async (settings: object, what = message(), signal = AbortSignal.timeout(20_000)) =>
  (await channel(settings)).send(what, signal);

describe("webhook", () => {
  const to = (port: number, more: object = {}) => ({
    type: "webhook",
    url: `http://127.0.0.1:${port}/hook?a=b`,
    ...more,
  });

  it("is signed, has the id of the message, and tells what the far end said", async () => {
    const far = await opened(webReceiver(() => [202]));
    const secretFile = join(folder, "secret");
    await writeFile(secretFile, `${SECRET}\n`);
    expect(await send(to(far.port, { secretFile, headers: { Authorization: "Bearer x" } }))).toBe(
      "202 Accepted: as you say",
    );
    const [{ path, headers, body }] = far.got as [(typeof far.got)[0]];
    expect(path).toBe("/hook?a=b");
    expect(headers).toMatchObject({
      authorization: "Bearer x",
      "inktrap-id": "1f2e.C-12.spam",
      "content-type": "application/json",
    });
    const seconds = headers["inktrap-timestamp"] as string;
    expect(Math.abs(Number(seconds) - Date.now() / 1000)).toBeLessThan(60);
    const mac = createHmac("sha256", SECRET).update(`${seconds}.${body}`).digest("hex");
    expect(headers["inktrap-signature"]).toBe(`v1=${mac}`);
    expect(JSON.parse(body)).toMatchObject({
      id: "1f2e.C-12.spam",
      kind: "alert",
      time: "2026-11-16T08:11:18.000Z",
      case: "C-12",
      intent: "spam",
      confidence: "likely",
      source: "198.51.100.12",
      reasons: [{ rule: "job-advertises", words: ["TONER"] }],
    });
  });

  it("follows no redirect", async () => {
    const elsewhere = await opened(webReceiver());
    const far = await opened(webReceiver(() => [307, { Location: `http://127.0.0.1:${elsewhere.port}/` }]));
    await expect(send(to(far.port))).rejects.toThrow(/307 .*redirects are not followed/);
    expect(elsewhere.got).toEqual([]);
  });

  it("hears when it is to come again", async () => {
    const far = await opened(webReceiver(() => [429, { "Retry-After": "120" }]));
    const error = await send(to(far.port)).catch((reason: NotTaken) => reason);
    expect(error).toMatchObject({ message: "429 Too Many Requests: as you say", retryAfterMs: 120_000 });
  });

  it("gives up on a far end that says nothing, and on one that is not there", async () => {
    const far = await opened(silentReceiver());
    await expect(send(to(far.port), message(), AbortSignal.timeout(200))).rejects.toThrow();
    await expect(send(to(1))).rejects.toThrow(/ECONNREFUSED/);
  });

  it.each([
    ["slack", "/hook?a=b", (body: Record<string, unknown>) => expect(body).toHaveProperty("blocks")],
    ["teams", "/hook?a=b", (body: Record<string, unknown>) => expect(body["type"]).toBe("message")],
    ["discord", "/hook?a=b", (body: Record<string, unknown>) => expect(body).toHaveProperty("embeds")],
    ["ntfy", "/", (body: Record<string, unknown>) => expect(body["topic"]).toBe("hook")],
  ])("in the form of %s", async (preset, path, check) => {
    const far = await opened(webReceiver());
    await send(to(far.port, { preset }));
    expect(far.got[0]!.path).toBe(path);
    check(JSON.parse(far.got[0]!.body) as Record<string, unknown>);
  });

  it("refuses a setting that would break a header", () => {
    for (const wrong of [
      { headers: { "X-A": "b\r\nc: d" } },
      { headers: { "X A": "b" } },
      { url: "file:///etc/passwd" },
    ]) {
      expect(channelSettings.safeParse({ name: "c", ...to(1), ...wrong }).success).toBe(false);
    }
  });

  it("says which file cannot be read", async () => {
    await expect(send(to(1, { secretFile: join(folder, "nowhere") }))).rejects.toThrow(/nowhere: cannot be read/);
  });
});

describe("mail", () => {
  const to = (port: number, more: object = {}) => ({
    type: "mail",
    host: "127.0.0.1",
    port,
    from: "inktrap@office.example",
    to: ["duty@office.example", "second@office.example"],
    ...more,
  });
  const login = { user: "inktrap", pass: "s3cret" };
  const inClear = { tls: "none" };

  /** Header lines of a letter, unfolded. */
  const headersOf = (raw: string) =>
    raw
      .slice(0, raw.indexOf("\r\n\r\n"))
      .replace(/\r\n[ \t]+/g, " ")
      .split("\r\n");

  it("in the clear where it is told to", async () => {
    const far = await opened(mailReceiver());
    expect(await send(to(far.port, inClear))).toMatch(/^250 /);
    const [{ from, to: receivers, raw, secure }] = far.got as [(typeof far.got)[0]];
    expect([from, receivers, secure]).toEqual([
      "inktrap@office.example",
      ["duty@office.example", "second@office.example"],
      false,
    ]);
    const headers = headersOf(raw);
    expect(headers).toContain("Subject: C-12 spam, likely: 198.51.100.12");
    expect(headers).toContain("Message-ID: <1f2e.C-12.spam@office.example>");
    expect(headers).toContain("References: <1f2e.C-12@office.example>");
    expect(headers).toContain("Auto-Submitted: auto-generated");
    expect(raw).toContain("Printed an advertisement.");
  });

  it("over TLS, from the first byte and after STARTTLS, with a login", async () => {
    for (const [how, options] of [
      ["implicit", { ...tls, secure: true }],
      ["starttls", { ...tls }],
    ] as const) {
      const far = await opened(mailReceiver(options, login));
      const settings = { tls: how, caFile, user: login.user, password: login.pass };
      expect(await send(to(far.port, settings))).toMatch(/^250 /);
      expect(far.got).toMatchObject([{ secure: true, user: "inktrap" }]);
      await expect(send(to(far.port, { ...settings, password: "wrong" }))).rejects.toThrow(/535|Wrong/);
      expect(far.got).toHaveLength(1);
    }
  });

  it("sends nothing where TLS is not there or not to be trusted", async () => {
    const bare = await opened(mailReceiver({ hideSTARTTLS: true }));
    await expect(send(to(bare.port))).rejects.toThrow();
    const strange = await opened(mailReceiver({ ...tls }));
    await expect(send(to(strange.port))).rejects.toThrow(/self-signed/);
    expect([...bare.got, ...strange.got]).toEqual([]);
  });

  it("gives up on a server that is dead or says nothing", async () => {
    const far = await opened(silentReceiver());
    await expect(send(to(far.port, inClear), message(), AbortSignal.timeout(300))).rejects.toThrow("no answer in time");
    await expect(send(to(1, inClear))).rejects.toThrow(/ECONNREFUSED/);
  });

  it("has the headers it has, whatever a visitor sent", async () => {
    const far = await opened(mailReceiver());
    const headline = "x\r\nBcc: victim@office.example\r\n\r\n<b>body</b>\u202E\u001B[31m";
    const alert = alertOf("1f2e", caseOf(12, { headline, source: headline }));
    await send(to(far.port, inClear), alertMessage(alert, { demo: false }, NOW));
    const [{ raw, to: receivers }] = far.got as [(typeof far.got)[0]];
    const names = headersOf(raw).map((line) => line.split(":")[0]!);
    expect(names.sort()).toEqual(
      [
        "Auto-Submitted",
        "Content-Transfer-Encoding",
        "Content-Type",
        "Date",
        "From",
        "MIME-Version",
        "Message-ID",
        "References",
        "Subject",
        "To",
      ].sort(),
    );
    expect(receivers).toHaveLength(2);
    expect(raw).toMatch(/Content-Type: text\/plain/);
    expect(raw).not.toMatch(/\u001B|\u202E/);
  });

  it("refuses a password in the clear to another machine", () => {
    const more = { ...inClear, user: "a", password: "b" };
    expect(channelSettings.safeParse({ name: "c", ...to(25, { ...more, host: "mail.office.example" }) }).success).toBe(
      false,
    );
    expect(channelSettings.safeParse({ name: "c", ...to(25, more) }).success).toBe(true);
  });
});

describe("syslog", () => {
  const to = (port: number, more: object = {}) => ({ type: "syslog", host: "127.0.0.1", port, ...more });

  it("over UDP, one message in a datagram", async () => {
    const far = await opened(udpReceiver());
    expect(await send(to(far.port))).toBe("sent; nobody answers over UDP");
    await until("a datagram", () => far.got.length === 1);
    expect(parseSyslog(far.got[0]!)).toMatchObject({
      facility: 16,
      severity: 4,
      timestamp: "2026-11-16T08:11:18.000Z",
      hostname: "collector",
      appName: "inktrap",
      msgId: "alert",
      data: {
        "inktrap@32473": {
          id: "1f2e.C-12.spam",
          case: "C-12",
          intent: "spam",
          source: "198.51.100.12",
          signature: "job-advertises",
        },
      },
      text: expect.stringMatching(/^C-12 spam, likely: 198\.51\.100\.12\. Printed an advertisement\./) as string,
    });
  });

  it("over TCP and TLS, counted", async () => {
    for (const [transport, receiver] of [
      ["tcp", streamReceiver()],
      ["tls", streamReceiver(tls)],
    ] as const) {
      const far = await opened(receiver);
      expect(await send(to(far.port, { transport, caFile, facility: "auth", format: "cef" }))).toMatch(
        /^\d+ bytes taken$/,
      );
      await until("the stream's end", () => far.got.length === 1);
      const [only, ...more] = octetCounted(far.got[0]!);
      expect(more).toEqual([]);
      expect(parseSyslog(only!)).toMatchObject({
        facility: 4,
        utf8: false,
        text: expect.stringMatching(/^CEF:0\|Inktrap\|Inktrap\|0\.1\.0\|spam\|C-12 spam/) as string,
      });
    }
  });

  it("is not sent where nobody listens or who listens is not to be trusted", async () => {
    await expect(send(to(1, { transport: "tcp" }))).rejects.toThrow(/ECONNREFUSED/);
    const far = await opened(streamReceiver(tls));
    await expect(send(to(far.port, { transport: "tls" }))).rejects.toThrow(/self-signed/);
    const silent = await opened(silentReceiver());
    await expect(send(to(silent.port, { transport: "tls" }), message(), AbortSignal.timeout(200))).rejects.toThrow();
  });
});
