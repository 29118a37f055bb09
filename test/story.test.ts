/** The story the project began with, and its neighbours, over real sockets. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CaseView } from "../src/collector/contract.ts";
import { fromByteText } from "../src/event/bytes-text.ts";
import { install, type Installation } from "./support/installation.ts";
import { FLYER, PRODINFO, UEL, urllib27, visit } from "./support/visit.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;

let site: Installation;
beforeAll(async () => {
  site = await install();
});
afterAll(() => site.close());

const probe = (from: string) => visit({ port: site.raw, from, send: [PRODINFO] });
const fetchPage = (from: string, request = urllib27(`127.0.0.1:${site.web}`)) =>
  visit({ port: site.web, from, send: [request] });
const print = (from: string, job: string | Buffer) => visit({ port: site.raw, from, send: [job] });

async function caseOf(source: string): Promise<CaseView> {
  const found = (await site.cases()).filter((one) => one.source === source);
  expect(found).toHaveLength(1);
  return found[0]!;
}

const rulesOf = (one: CaseView) => one.reasons.map((reason) => reason.rule);

describe("the story", () => {
  it("probe, web page, answer, and days later a job: one case of spam with its reasons", async () => {
    const from = "127.0.1.1";
    const record = await probe(from);
    const page = await fetchPage(from);
    site.clock.now += 3 * MINUTE;
    expect((await caseOf(from)).intent).toBe("reconnaissance");
    site.clock.now += 3 * DAY;
    await print(from, FLYER);

    const found = await caseOf(from);
    expect(found).toMatchObject({ intent: "spam", sessionCount: 3, jobCount: 1 });
    expect(found.probeToJobMs).toBe(3 * DAY + 3 * MINUTE);
    expect(found.headline).toMatch(/3 d 3 min|3 d 0 h 3 min/);
    const touched = new Set(found.reasons.flatMap((reason) => reason.evidence.map((one) => one.session)));
    expect(touched).toEqual(new Set(found.sessions.map((session) => session.id)));
    expect(found.reasons.flatMap((reason) => reason.evidence).some((one) => one.job === found.jobs[0]!.id)).toBe(true);
    const { file } = await site.view.answer("job", { number: Number(found.jobs[0]!.id.slice(2)) });
    expect(await readFile(join(site.data.path, file), "latin1")).toBe(FLYER);

    const fields = Object.fromEntries(record.split("\r\n").map((line) => line.split(" = ", 2)));
    expect(fields).toMatchObject({ ProductName: "HP LaserJet Professional P1102w", IPAddress: "127.0.0.1" });
    for (const name of ["ProductName", "ProductSerialNumber"]) expect(page).toContain(fields[name]!);
    const mac = fields["HWAddress"]!.replaceAll(":", "");
    expect(page.replaceAll(/[:-]/g, "")).toContain(mac);
  });

  it("shows the conversation byte for byte", async () => {
    const from = "127.0.1.2";
    const answer = await probe(from);
    const [session] = (await caseOf(from)).sessions;
    const { messages } = await site.view.answer("session", { number: Number(session!.id.slice(2)) });
    const said = (direction: string) =>
      fromByteText(
        messages
          .filter((one) => one.direction === direction)
          .map((one) => one.text)
          .join(""),
      ).toString("latin1");
    expect(said("in")).toBe(PRODINFO);
    expect(said("out")).toBe(answer);
    const [finding] = messages[0]!.findings;
    expect(finding).toMatchObject({ number: 1, rule: "pjl-prodinfo" });
    expect(PRODINFO.slice(...finding!.at)).toBe("PRODINFO");
  });
});

describe("its neighbours", () => {
  it("line feeds alone", async () => {
    const from = "127.0.2.1";
    const answer = await visit({ port: site.raw, from, send: [`${UEL}@PJL INFO PRODINFO\n${UEL}`] });
    expect(answer).toContain("ProductSerialNumber = ");
    await fetchPage(from);
    await print(from, FLYER.replaceAll("\r\n", "\n"));
    expect((await caseOf(from)).intent).toBe("spam");
  });

  const host = "127.0.0.1";
  const clients: Record<string, string> = {
    "another header order": `GET / HTTP/1.1\r\nUser-Agent: Python-urllib/2.7\r\nConnection: close\r\nHost: ${host}\r\nAccept-Encoding: identity\r\n\r\n`,
    "Python 3": `GET / HTTP/1.1\r\nAccept-Encoding: identity\r\nHost: ${host}\r\nUser-Agent: Python-urllib/3.11\r\nConnection: close\r\n\r\n`,
    requests: `GET / HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: python-requests/2.31.0\r\nAccept-Encoding: gzip, deflate\r\nAccept: */*\r\nConnection: keep-alive\r\n\r\n`,
    curl: `GET / HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: curl/7.88.1\r\nAccept: */*\r\n\r\n`,
  };
  it.each(Object.entries(clients))("%s", async (name, request) => {
    const from = `127.0.2.${10 + Object.keys(clients).indexOf(name)}`;
    await probe(from);
    expect(await fetchPage(from, request)).toMatch(/^HTTP\/1\.1 200 /);
    expect((await caseOf(from)).intent).toBe("reconnaissance");
    site.clock.now += 20 * MINUTE;
    await print(from, FLYER);
    const found = await caseOf(from);
    expect(found.intent).toBe("spam");
    expect(rulesOf(found)).toContain("pjl-prodinfo-with-web-page");
  });

  it("the web page before the raw port", async () => {
    const from = "127.0.2.20";
    await fetchPage(from);
    await probe(from);
    await print(from, FLYER);
    const found = await caseOf(from);
    expect(found.intent).toBe("spam");
    expect(rulesOf(found)).toContain("pjl-prodinfo-with-web-page");
  });

  it("a probe without a web request, and a job without a probe", async () => {
    await probe("127.0.2.30");
    await print("127.0.2.30", FLYER);
    expect((await caseOf("127.0.2.30")).intent).toBe("spam");
    await print("127.0.2.31", FLYER);
    const found = await caseOf("127.0.2.31");
    expect(found.intent).toBe("spam");
    expect(found.probeToJobMs).toBeUndefined();
  });

  it("visitors between each other's steps stay apart", async () => {
    const spammers = Array.from({ length: 10 }, (_, i) => `127.0.3.${i + 1}`);
    const others = Array.from({ length: 10 }, (_, i) => `127.0.4.${i + 1}`);
    await Promise.all([...spammers, ...others].map(probe));
    await Promise.all([...others, ...spammers].map((from) => fetchPage(from)));
    await Promise.all(spammers.map((from) => print(from, FLYER)));
    const intents = new Map((await site.cases()).map((one) => [one.source, one.intent]));
    expect(spammers.map((from) => intents.get(from))).toEqual(spammers.map(() => "spam"));
    expect(others.map((from) => intents.get(from))).toEqual(others.map(() => "reconnaissance"));
  });

  it("an ordinary driver's page or a lone test page after the same probe is no spam", async () => {
    const wrapper = [
      `${UEL}@PJL JOB NAME="Quarterly report"`,
      '@PJL SET JOBNAME="Quarterly report"',
      '@PJL SET USERNAME="lena"',
      '@PJL COMMENT "Username: lena; App Filename: report.odt; 11-16-2026"',
      '@PJL SET JOBATTR="JobAcct1=lena"',
      '@PJL SET JOBATTR="JobAcct2=office-7"',
      "@PJL ENTER LANGUAGE=PCL",
      "",
    ].join("\r\n");
    const page = `${wrapper}\x1bE\x1b&l0O\x1b(s0pQuarterly report for the board\x0c\x1bE${UEL}@PJL EOJ NAME="Quarterly report"\r\n${UEL}`;
    for (const [from, job] of [
      ["127.0.5.1", page],
      ["127.0.5.2", "Printer test page\r\nIf you can read this, the printer works.\r\n\f"],
    ] as const) {
      await probe(from);
      await fetchPage(from);
      site.clock.now += 5 * MINUTE;
      await print(from, job);
      expect((await caseOf(from)).intent).not.toBe("spam");
    }
  });
});

describe("IPv6", () => {
  it("visitors are told apart by their network and the story is the same", async () => {
    const six = await install("hp-laserjet-p1102w", "::1");
    try {
      await visit({ port: six.raw, from: "::1", send: [PRODINFO] });
      await visit({ port: six.web, from: "::1", send: [urllib27("[::1]")] });
      six.clock.now += DAY;
      await visit({ port: six.raw, from: "::1", send: [FLYER] });
      const cases = await six.cases();
      expect(cases).toHaveLength(1);
      expect(cases[0]).toMatchObject({ source: "::1", intent: "spam", sessionCount: 3, probeToJobMs: DAY });
    } finally {
      await six.close();
    }
  });
});
