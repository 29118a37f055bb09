/**
 * What gives an emulated printer away, looked for over real sockets: values that two installations share or that are public,
 * behaviour that peers are known by, and mixes of features that no printer has. Nothing of it may be found.
 */
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { publishedForm } from "../src/printer/identity.ts";
import { type Printer, startPrinter } from "./support/printer.ts";
import { UEL, urllib27, visit } from "./support/visit.ts";

/** A Tuesday morning. */
const AT = Date.UTC(2026, 10, 24, 10);
const DAY = 86_400_000;
const FROM = "127.0.9.1";

const CATEGORIES = [
  "ID",
  "CONFIG",
  "PRODINFO",
  "SUPPLIES",
  "LOG",
  "MEMORY",
  "PAGECOUNT",
  "FILESYS",
  "VARIABLES",
  "USTATUS",
];
const pjl = (printer: Printer, lines: readonly string[], from = FROM) =>
  visit({ port: printer.raw, from, send: [UEL + lines.map((line) => `@PJL ${line}\r\n`).join("") + UEL] });
const raw = (printer: Printer, bytes: string | Uint8Array, from = FROM) =>
  visit({ port: printer.raw, from, send: [bytes] });
const paths = (printer: Printer) =>
  printer.sensor.device.persona.web.pages.map(({ path, aliases }) => aliases[1] ?? path);
const page = (printer: Printer, path: string) =>
  visit({ port: printer.web, from: FROM, send: [urllib27("192.0.2.10").replace("GET /", `GET ${path}`)] });

/** Everything that the printer says of itself. */
async function surface(printer: Printer): Promise<string> {
  const said = [
    await pjl(
      printer,
      CATEGORIES.map((category) => `INFO ${category}`),
    ),
  ];
  for (const path of paths(printer)) said.push(await page(printer, path));
  return said.join("\n");
}

/** The values that make this installation's device itself, the long ones first. */
function own(printer: Printer): string[] {
  const { identity } = printer.sensor.device;
  const asker = { key: "nobody", localIp: "127.0.0.1" };
  const { serial, mac, hostName, numbers } = identity;
  const shown = Object.values(printer.sensor.device.persona.panel).flatMap((state) =>
    typeof state === "object" && "display" in state ? [`>${state.display}<`] : [],
  );
  const drawn = ["mac.colons", "toner.serial", "pageCount", "uptime"].map((name) =>
    printer.sensor.device.value(name, asker)!,
  );
  return [serial, mac, hostName, ...Object.values(numbers), ...drawn, ...shown].sort((a, b) => b.length - a.length);
}

/** What is left of a surface when own values, numbers, and what the panel and the tray show at the moment are taken out. */
function shape(said: string, values: readonly string[]): string {
  let text = said;
  for (const value of values) text = text.replaceAll(value, "?");
  return text
    .replace(/\b(?:OK|EMPTY|Loaded|Empty)\b/g, "?")
    .replace(/^[0-9A-F]{1,4}\r$/gm, "?")
    .replace(/[\d:]+/g, "?");
}

/** Milliseconds from the end of what the visitor sends to the end of the connection. */
async function leave(printer: Printer, bytes: string, from: string): Promise<number> {
  const started = performance.now();
  await raw(printer, bytes, from);
  return performance.now() - started;
}

describe.each(["hp-laserjet-4250", "hp-laserjet-p1102w"])("%s", (persona) => {
  let one: Printer;
  let two: Printer;
  beforeAll(async () => {
    one = await startPrinter(persona, AT);
    two = await startPrinter(persona, AT);
  });
  afterAll(async () => {
    await one.close();
    await two.close();
  });

  it("has nothing of its own in common with another installation, and behaves the same", async () => {
    const [first, second] = [await surface(one), await surface(two)];
    const { serial, mac, hostName, numbers } = one.sensor.device.identity;
    for (const value of [serial, mac, hostName, mac.slice(6), numbers["formatter"]!]) {
      expect(first + own(one).join(" ")).toContain(value);
      expect(second, value).not.toContain(value);
    }
    expect(own(one).filter((value) => own(two).includes(value) && !value.startsWith(">"))).toEqual([]);
    expect(shape(first, own(one))).toBe(shape(second, own(two)));
  });

  it("shows no value that is public", async () => {
    const file = readFileSync(new URL("../data/published-values.yaml", import.meta.url), "utf8");
    const published = (parse(file) as { value: string }[]).map(({ value }) => publishedForm(value));
    const known = new Set(own(one).map(publishedForm));
    const said = publishedForm(await surface(one));
    for (const value of published) {
      expect(known.has(value), value).toBe(false);
      if (value.length > 6) expect(said).not.toContain(value);
    }
    for (const text of [
      "HP LASERJET 4ML",
      "hp LaserJet 4200",
      "hp LaserJet 4300",
      "Brother",
      "Non HP supply",
      "Foooo",
      "<HT>",
    ]) {
      expect(await surface(one)).not.toContain(text);
    }
  });

  it("frames every answer as PJL does", async () => {
    const questions = [
      ...CATEGORIES.map((name) => `INFO ${name}`),
      "INFO STATUS",
      "ECHO a b",
      "INQUIRE COPIES",
      "DINQUIRE X",
    ];
    for (const question of [...questions, "INFO NOSUCH"]) {
      const answer = await pjl(one, [question]);
      expect(answer, question).toMatch(/^@PJL [A-Z]+ [^\r\n]+\r\n/);
      expect(answer.startsWith(`@PJL ${question}`), answer).toBe(true);
      expect(answer.endsWith("\f"), answer).toBe(true);
      expect(answer.slice(0, -1)).not.toMatch(/[\x1b\f\0\x04]|[^\r]\n/);
    }
    expect(await pjl(one, ["INFO ID"])).toMatch(/^@PJL INFO ID\r\n"HP LaserJet [^"]+"\r\n\f$/);
    expect(await pjl(one, ["INFO STATUS"])).toMatch(
      /CODE=\d{5}\r\nDISPLAY="[^"]*"\r\n(?:CODE2[^]*)?ONLINE=(TRUE|FALSE)\r\n\f$/,
    );
    expect(await pjl(one, ["INFO NOSUCH"])).toBe('@PJL INFO NOSUCH\r\n"?"\r\n\f');
    expect(await pjl(one, ["ECHO two words"])).toBe("@PJL ECHO two words\r\n\f");
  });

  it.each([
    ["lower case", "@pjl info id\r\n@pjl echo test\r\n"],
    ["PRODINFO without INFO", "@PJL PRODINFO\r\n@PJL INFO\r\n"],
    ["a web request", "GET / HTTP/1.1\r\nHost: x\r\n\r\n"],
    ["a request for metrics", "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"],
    [
      "an IPP request",
      "POST /ipp HTTP/1.1\r\nContent-Type: application/ipp\r\nContent-Length: 9\r\n\r\n\x01\x01\x00\x0b\x00\x00\x00\x01\x03",
    ],
    ["a TLS hello", Buffer.from("16030100050100000100", "hex")],
    ["SSH", "SSH-2.0-x\r\n"],
    ["empty lines", "\r\n\r\n"],
    ["SMB", Buffer.from("00000054ff534d4272", "hex")],
    ["a SOCKS greeting", Buffer.from("050100", "hex")],
    ["a serial number of a dead honeypot", "@PJL RNVRAM ADDRESS=1\r\n@PJL SUPERUSER PASSWORD=0\r\n"],
  ])("is silent to %s on the print port", async (_, bytes) => {
    expect(await raw(one, bytes, "127.0.9.3")).toBe("");
  });

  it("does not speak first, goes on after an answer, and puts together what comes in pieces", async () => {
    expect(await visit({ port: one.raw, from: FROM, send: ["", ""], pauseMs: 300 })).toBe("");
    const send = ["@PJL INFO", " ID\r", "\n", "@PJL ECHO 1\r\n", "@PJL ECHO 2\r\n"];
    const answer = await visit({ port: one.raw, from: FROM, send, pauseMs: 40 });
    expect(answer.match(/@PJL [^\r]+/g)).toEqual(["@PJL INFO ID", "@PJL ECHO 1", "@PJL ECHO 2"]);
  });

  it("answers while other connections are idle", async () => {
    const idle = await Promise.all(
      [FROM, FROM, "127.0.9.2"].map(
        (localAddress) =>
          new Promise<{ destroy(): void }>((resolve) => {
            const socket = connect({ port: one.raw, host: "127.0.0.1", localAddress }, () => resolve(socket));
          }),
      ),
    );
    const started = performance.now();
    expect(await pjl(one, ["INFO ID"])).toContain("LaserJet");
    expect(performance.now() - started).toBeLessThan(2000);
    for (const socket of idle) socket.destroy();
  });

  it("has the features of one model: PRODINFO or files, never both; its model by one name", async () => {
    const prodinfo = !(await pjl(one, ["INFO PRODINFO"])).includes('"?"');
    const listing = await pjl(one, ['FSDIRLIST NAME="0:\\" ENTRY=1 COUNT=9']);
    expect(prodinfo).toBe(listing === "");
    expect(await pjl(one, ['FSQUERY NAME="0:\\nowhere"'])).toMatch(prodinfo ? /^$/ : /\r\nFILEERROR=3\r\n\f$/);
    const { model } = one.sensor.device.persona.facts.values;
    expect(await page(one, "/")).toContain(`<title>${model}`);
    expect(await pjl(one, ["INFO ID"])).toContain(`"${model}"`);
    const models = (await surface(one)).match(/\bHP LaserJet (?:Professional )?[A-Z]?\d+\w*/g)!;
    expect(new Set(models)).toEqual(new Set([model]));
  });

  it("changes when it is told to, and remembers it in the next connection", async () => {
    const from = "127.0.9.4";
    await pjl(one, ["DEFAULT COPIES=7", 'RDYMSG DISPLAY="told"'], from);
    expect(await pjl(one, ["INQUIRE COPIES"], from)).toContain("\r\n7\r\n");
    expect(one.sensor.device.memory(from).readyMessage).toBe("told");
  });

  it("counts: a page for a page, pages of others in the course of a day, and the web says the same", async () => {
    const count = async (from = FROM) => Number(/(\d+)\r\n\f/.exec(await pjl(one, ["INFO PAGECOUNT"], from))![1]);
    const before = await count();
    await raw(one, "one page\f", "127.0.9.5");
    const after = await count();
    expect(after).toBeGreaterThan(before);
    expect(await count("127.0.9.6")).toBe(after);
    expect(await surface(one)).toMatch(new RegExp(`PAGECOUNT[^]*${after}[^]*</html>`));
    one.ahead += 3 * DAY;
    expect(await count()).toBeGreaterThan(after);
    expect(await count()).toBeLessThan(after + 3000);
  });

  it("takes its time with a job, and not the same for each; questions are answered at once", async () => {
    const times: number[] = [];
    for (let i = 0; i < 6; i++) times.push(await leave(two, `page ${i}\f`, `127.0.9.${20 + i}`));
    expect(Math.min(...times)).toBeGreaterThan(300);
    expect(Math.max(...times)).toBeLessThan(5000);
    expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(50);
    expect(await leave(two, "@PJL INFO ID\r\n", FROM)).toBeLessThan(300);
    expect(await pjl(two, ["INFO STATUS"], "127.0.9.25")).toMatch(/CODE=(10023|10003)\r\n/);
  });

  it("is the same device after a restart of the program, older and not younger", { timeout: 30_000 }, async () => {
    const asker = { key: FROM, localIp: "127.0.0.1" };
    const look = async () => {
      const { device } = two.sensor;
      const numbers = ["pageCount", "uptime", "lastUse"].map((name) => Number(device.value(name, asker)));
      return { identity: device.identity, numbers, shape: shape(await surface(two), own(two)) };
    };
    await raw(two, "two\fpages\f", "127.0.9.40");
    const before = await look();
    await two.restart();
    const now = await look();
    two.ahead += 5 * 3_600_000;
    const later = await look();
    expect(later.identity).toEqual(before.identity);
    expect(later.shape).toBe(before.shape);
    expect(now.numbers[0]).toBeGreaterThanOrEqual(before.numbers[0]!);
    before.numbers.forEach((number, i) => expect(later.numbers[i]).toBeGreaterThanOrEqual(number));
    expect(later.numbers[1]! - before.numbers[1]!).toBeGreaterThan(5 * 3600 - 60);
  });

  it("has a web server of its maker", async () => {
    const head = (await page(one, "/")).split("\r\n\r\n", 1)[0]!;
    expect(head).not.toMatch(/TwistedWeb|Lexmark|Python|nginx|Apache|Express|BaseHTTP|X-Powered-By|node/i);
    expect(await page(one, "/no/such/page")).toMatch(/^HTTP\/1\.[01] 404 /);
    expect(await page(one, "/")).toBe(await page(one, "/"));
  });
});
