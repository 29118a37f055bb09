/** A session sent again: to another installation it is the same conversation but for the identity of the device. */
import { createServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { replay as replayCommand } from "../src/cli/commands/replay.ts";
import { DataFolder } from "../src/cli/data-folder.ts";
import { openQuestions } from "../src/cli/questions.ts";
import { replay } from "../src/cli/replayer.ts";
import { piecesOf, visitsOf } from "../src/cli/visits.ts";
import { LogReader } from "../src/evidence/reader.ts";
import { evidenceFolder } from "../src/sensor/sensor.ts";
import { install, type Installation } from "./support/installation.ts";
import { run } from "./support/program.ts";
import { PRODINFO, UEL, urllib27, visit } from "./support/visit.ts";

let sites: Installation[] = [];
afterEach(async () => {
  for (const site of sites.splice(0)) await site.close();
});

async function twoSites(persona: string): Promise<[Installation, Installation]> {
  sites = [await install(persona), await install(persona)];
  return sites as [Installation, Installation];
}

/** Everything that is this installation's own becomes a word that says what it is. */
function masked(answer: string, { sensor }: Installation): string {
  const { serial, mac, hostName, numbers, pageCount } = sensor.device.identity;
  const asker = { key: "127.0.0.1", ip: "127.0.0.1", port: 0, localIp: "127.0.0.1", localPort: 0 };
  const value = (name: string) => sensor.device.value(name, asker)!;
  const pairs = mac.match(/../g)!;
  const own: [string, string][] = [
    [serial, "SERIAL"],
    [value("toner.serial"), "TONER SERIAL"],
    [mac, "MAC"],
    [pairs.join(":"), "MAC"],
    [pairs.join("-"), "MAC"],
    [hostName, "HOST"],
    ...Object.entries(numbers).map(([name, number]): [string, string] => [number, name]),
    // The counter moves by the pages that were printed.
    ...Array.from({ length: 4 }, (_, i): [string, string] => [String(pageCount + 3 - i), "PAGES"]),
    [`${value("toner.percent")}%`, "TONER"],
    [`${value("toner.lifePercent")}%`, "TONER"],
    // The length of a page follows from the lengths of all these.
    [/Content-Length: (\d+)/.exec(answer)?.[1] ?? "no page", "LENGTH"],
  ];
  return own.reduce((text, [one, word]) => text.replaceAll(new RegExp(one, "gi"), word), answer);
}

/** Replays session `number` of one installation to another and gives what came back. */
async function again(from: Installation, to: Installation, number: number, service: "raw" | "web") {
  await from.cases();
  const data = new DataFolder(from.data.path);
  const questions = await openQuestions(data);
  const [visit] = await visitsOf(questions, { letter: "S", number });
  await questions.close();
  const reader = new LogReader(evidenceFolder(data.sensor("local")));
  const heard: Buffer[] = [];
  const done = await replay(piecesOf(data, visit!, reader), {
    host: "127.0.0.1",
    port: to[service],
    speed: 1000,
    hangUp: visit!.closeReason === "visitor",
    onHeard: (bytes) => heard.push(bytes),
  });
  await reader.close();
  return { ...done, answer: Buffer.concat(heard).toString("latin1") };
}

const SAID = [
  `${UEL}@PJL INFO ID\r\n@PJL INFO STATUS\r\n`,
  `@PJL INQUIRE COPIES\r\n@PJL SET COPIES=3\r\n@PJL INQUIRE COPIES\r\n`,
  `@PJL ECHO between\r\n@PJL RDYMSG DISPLAY="OUT OF ORDER"\r\n@PJL INFO STATUS\r\n`,
  `@PJL ENTER LANGUAGE=PCL\r\n\x1bE${"page of text ".repeat(20_000)}\x1bE${UEL}`,
  `@PJL ECHO after\r\n${UEL}`,
];

describe("a session replayed", () => {
  it.each(["hp-laserjet-4250", "hp-laserjet-p1102w"])("to another %s is the same but for identity", async (persona) => {
    const [one, two] = await twoSites(persona);
    const answers = [
      await visit({ port: one.raw, send: [PRODINFO] }),
      await visit({ port: one.raw, send: SAID }),
      await visit({ port: one.web, send: [urllib27("127.0.0.1")] }),
    ];
    for (const [i, answer] of answers.entries()) {
      const done = await again(one, two, i + 1, i === 2 ? "web" : "raw");
      expect(masked(done.answer, two)).toBe(masked(answer, one));
      expect(done.answer.length).toBeGreaterThan(i === 1 && persona.endsWith("w") ? 0 : 20);
      expect(done.sent).toBe((i === 1 ? SAID.join("") : i === 0 ? PRODINFO : urllib27("127.0.0.1")).length);
    }
  });

  it("tells where the answers part", async () => {
    const [one, two] = await twoSites("hp-laserjet-p1102w");
    const first = await visit({ port: one.raw, send: [PRODINFO] });
    const same = await again(one, one, 1, "raw");
    expect([same.comparison.same, same.answer]).toEqual([true, first]);
    const other = await again(one, two, 1, "raw");
    const at = [...first].findIndex((char, i) => char !== other.answer[i]);
    expect(other.comparison).toMatchObject({ same: false, difference: { at } });
  });

  it("keeps the visitor's time, or is as much faster as is asked", async () => {
    const [one] = await twoSites("hp-laserjet-p1102w");
    const send = ["first\r\n", "second\r\n", "third\f"];
    const begun = Date.now();
    const start = one.clock.now;
    Object.defineProperty(one.clock, "now", { get: () => start + (Date.now() - begun) * 5 });
    await visit({ port: one.raw, send, pauseMs: 100 });
    await one.cases();
    const times: number[] = [];
    const server = createServer((socket) => {
      socket.on("data", () => times.push(Date.now()));
      socket.on("end", () => socket.end());
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as { port: number };
    const words = ["replay", "S-1", "--data", one.data.path, "--to", `localhost:${port}`, "--speed", "2", "--json"];
    const { code, out } = await run(words);
    server.close();
    // The clock ran five times as fast as time, so at double speed there are 250 ms between the pieces.
    expect(times).toHaveLength(3);
    const spent = times[2]! - times[0]!;
    expect(spent).toBeGreaterThan(300);
    expect(spent).toBeLessThan(2000);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ session: "S-1", sent: send.join("").length, same: true, differsAt: null });
  });
});

describe("the guard", () => {
  it("lets bytes of a visitor go to this machine only, unless told", async () => {
    const [one] = await twoSites("hp-laserjet-p1102w");
    await visit({ port: one.raw, send: [PRODINFO] });
    await one.cases();
    const send = (to: string, more = {}) => replayCommand("S-1", { data: one.data.path, to, speed: 1, ...more });
    for (const to of ["192.0.2.1:9100", "[2001:db8::1]:9100", "0.0.0.0:9100", "[::ffff:192.0.2.1]:9100"]) {
      await expect(send(to)).rejects.toThrow(/^--to: .* is not this machine\..*--allow-remote/);
    }
    await expect(send("nonsense")).rejects.toThrow("is not host:port");
    const closed = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => closed.once("listening", resolve));
    const { port } = closed.address() as { port: number };
    await new Promise((resolve) => closed.close(resolve));
    await expect(send(`127.0.0.1:${port}`, { allowRemote: true })).rejects.toThrow("does not answer");
  });
});
