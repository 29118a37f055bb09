/** Captures made of the evidence, read by tshark: the same bytes, addresses, ports and times as on the wire. */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { pcap } from "../src/cli/commands/pcap.ts";
import { PCAP_HEADER, TcpFlow, UdpFlow } from "../src/evidence/pcap.ts";
import { has } from "./support/has.ts";
import { install, type Installation } from "./support/installation.ts";
import { complaints, fields, follow } from "./support/tshark.ts";
import { PRODINFO, UEL, urllib27, visit } from "./support/visit.ts";

let folder: string;
let site: Installation | undefined;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "inktrap-pcap-"));
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(async () => {
  await site?.close();
  site = undefined;
});

async function captured(id: string): Promise<string> {
  const output = join(folder, `${id}.pcap`);
  await pcap(id, { data: site!.data.path, output });
  return output;
}

const job = Buffer.concat([Buffer.from("\x1bE", "latin1"), randomBytes(400_000), Buffer.from("\x1bE", "latin1")]);

describe.skipIf(!has("tshark"))("a capture read by tshark", () => {
  it("has both streams of every conversation of a case byte for byte, in the order of time", async () => {
    site = await install("hp-laserjet-4250");
    const from = "127.4.0.1";
    const print = [`${UEL}@PJL INFO ID\r\n@PJL ENTER LANGUAGE=PCL\r\n`, job, `${UEL}@PJL ECHO done\r\n${UEL}`];
    const visits: [number, (string | Buffer)[]][] = [
      [site.raw, [PRODINFO]],
      [site.web, [urllib27("127.0.0.1")]],
      [site.raw, print],
      [site.raw, ["just text\r\n", "in two pieces\f"]],
    ];
    const times: number[] = [];
    const answers: string[] = [];
    for (const [port, send] of visits) {
      times.push(site.clock.now / 1000);
      answers.push(await visit({ port, from, send }));
      site.clock.now += 3600_123;
    }
    await visit({ port: site.raw, from: "127.4.0.2", send: [PRODINFO] });
    const own = (await site.cases()).find((one) => one.source === from);
    const file = await captured(own!.id);

    expect(await complaints(file)).toEqual([]);
    for (const [i, [, send]] of visits.entries()) {
      const stream = await follow(file, i);
      expect(stream.sent.equals(Buffer.concat(send.map((piece) => Buffer.from(piece as string, "latin1"))))).toBe(true);
      expect(stream.answered.toString("latin1")).toBe(answers[i]);
    }
    const opened = (
      await fields(file, "tcp.flags.syn", "tcp.flags.ack", "frame.time_epoch", "ip.src", "ip.dst", "tcp.dstport")
    ).filter(([syn, ack]) => syn === "1" && ack === "0");
    expect(opened.map(([, , time, ...ends]) => [Number(time), ...ends])).toEqual(
      visits.map(([port], i) => [times[i], from, "127.0.0.1", String(port)]),
    );
    const sizes = (await fields(file, "tcp.len")).map(([length]) => Number(length));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1460);
    expect((await fields(file, "tcp.flags.fin")).filter(([fin]) => fin === "1")).toHaveLength(2 * visits.length);
  });

  it("of one session over IPv6", async () => {
    site = await install("hp-laserjet-p1102w", "::1");
    const answer = await visit({ port: site.raw, from: "::1", send: [PRODINFO] });
    await site.cases();
    const file = await captured("S-1");
    expect(await complaints(file)).toEqual([]);
    const stream = await follow(file, 0);
    expect([stream.sent.toString("latin1"), stream.answered.toString("latin1")]).toEqual([PRODINFO, answer]);
    const ends = await fields(file, "ipv6.src", "ipv6.dst", "tcp.srcport", "tcp.dstport");
    expect(ends[0]).toEqual(["::1", "::1", expect.any(String), String(site.raw)]);
  });

  it("with a gap shows the gap, and datagrams as datagrams", async () => {
    const [visitor, printer] = [
      { ip: "192.0.2.7", port: 50000 },
      { ip: "198.51.100.9", port: 161 },
    ];
    const tcp = new TcpFlow(visitor, printer, 0xffff_fff0);
    const udp = new UdpFlow(visitor, printer);
    const packets = [
      ...tcp.open(1_700_000_000_001),
      ...tcp.data("in", 0, Buffer.alloc(5000, "a"), 1_700_000_000_002),
      ...tcp.data("in", 9000, Buffer.from("after the gap"), 1_700_000_000_003),
      ...tcp.close("reset", 1_700_000_000_004),
      ...udp.data("in", 0, Buffer.from("odd"), 1_700_000_000_005),
      ...udp.data("out", 0, Buffer.from("even"), 1_700_000_000_006),
    ];
    const file = join(folder, "made.pcap");
    await writeFile(file, Buffer.concat([PCAP_HEADER, ...packets]));
    const rows = await fields(
      file,
      "tcp.analysis.lost_segment",
      "tcp.flags.reset",
      "udp.payload",
      "udp.checksum.status",
    );
    expect(rows.filter(([lost]) => lost === "1")).toHaveLength(1);
    expect(rows.filter(([, reset]) => reset === "1")).toHaveLength(1);
    expect(rows.slice(-2)).toEqual([
      ["", "", Buffer.from("odd").toString("hex"), "1"],
      ["", "", Buffer.from("even").toString("hex"), "1"],
    ]);
  });
});

describe("a capture that cannot be made", () => {
  it("is one problem", async () => {
    site = await install();
    const ask = (id: string) => pcap(id, { data: site!.data.path, output: join(folder, "none") });
    await expect(ask("J-1")).rejects.toThrow("is not the name of a session or case");
    await expect(ask("S-77")).rejects.toThrow("there is no session S-77");
  });
});
