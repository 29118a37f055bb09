/** Visitors who come through an upstream that says who they are, over real sockets. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fromByteText } from "../src/event/bytes-text.ts";
import type { Event } from "../src/event/event.ts";
import { Networks } from "../src/util/network.ts";
import { install, type Installation } from "./support/installation.ts";
import { proxyHeader } from "./support/proxy-header.ts";
import { PRODINFO, urllib27, visit } from "./support/visit.ts";

const UPSTREAM = "127.9.0.1";
const VISITOR = { source: { ip: "198.51.100.23", port: 40122 }, target: { ip: "192.0.2.61", port: 9100 } };

let site: Installation;
beforeAll(async () => {
  site = await install("hp-laserjet-p1102w", "127.0.0.1", 0, { upstreams: new Networks(["127.9.0.0/30"]) });
});
afterAll(() => site.close());

async function events(): Promise<Event[]> {
  await site.settle();
  return (await site.view.answer("events", { after: 0, limit: 1000 })).events as unknown as Event[];
}

/** The events of the session that was opened last. */
async function lastSession(): Promise<Event[]> {
  const all = await events();
  const id = all.findLast((event) => event.type === "session.open")!.origin!.session;
  return all.filter((event) => event.origin?.session === id);
}

async function inbound(source: string): Promise<string> {
  const found = (await site.cases()).find((one) => one.source === source)!;
  const { messages } = await site.view.answer("session", { number: Number(found.sessions.at(-1)!.id.slice(2)) });
  return messages
    .filter((one) => one.direction === "in")
    .map((one) => fromByteText(one.text).toString("latin1"))
    .join("");
}

describe("a listed upstream", () => {
  it("its visitor is who the header names, and its header is in no stream", async () => {
    const direct = await visit({ port: site.raw, from: "127.9.1.1", send: [PRODINFO] });
    const bytes = Buffer.concat([proxyHeader(VISITOR), Buffer.from(PRODINFO, "latin1")]);
    const cut = [bytes.subarray(0, 5), bytes.subarray(5, 20), bytes.subarray(20)];
    for (const send of [[bytes], cut, [...bytes].map((byte) => Uint8Array.of(byte))]) {
      const answer = await visit({ port: site.raw, from: UPSTREAM, send, pauseMs: 1 });
      expect(answer).toBe(direct.replace("127.0.0.1", VISITOR.target.ip));
      const [open, command] = await lastSession();
      expect(open!.origin).toMatchObject({
        source: { ...VISITOR.source, via: UPSTREAM, verified: true },
        target: VISITOR.target,
      });
      expect(command).toMatchObject({ type: "pjl.command", data: { command: "INFO", at: [9, 29] } });
      expect(await inbound(VISITOR.source.ip)).toBe(PRODINFO);
    }
  });

  it("carries IPv6 visitors over an IPv4 connection, on every door", async () => {
    const six = { source: { ip: "2001:db8::23", port: 5 }, target: { ip: "2001:db8:1::61", port: 80 } };
    const send = [proxyHeader(six, { tlvs: Buffer.from("\x04\0\x01x", "latin1") }), urllib27("[2001:db8:1::61]")];
    expect(await visit({ port: site.web, from: "127.9.0.2", send })).toMatch(/^HTTP\/1\.1 200 /);
    const [open] = await lastSession();
    expect(open!.origin).toMatchObject({ source: { ...six.source, via: "127.9.0.2" }, target: six.target });
  });

  it("speaks for itself with LOCAL, and may look whether the port is open", async () => {
    await visit({
      port: site.raw,
      from: UPSTREAM,
      send: [Buffer.concat([proxyHeader(undefined), Buffer.from(PRODINFO)])],
    });
    const [open] = await lastSession();
    expect(open!.origin!.source).toMatchObject({ ip: UPSTREAM });
    expect(open!.origin!.source).not.toHaveProperty("via");
    const before = (await events()).length;
    await visit({ port: site.raw, from: UPSTREAM, send: [] });
    expect((await events()).length).toBe(before);
  });

  it.each([
    ["no header", PRODINFO, "does not begin"],
    ["version 1", `PROXY TCP4 198.51.100.23 192.0.2.61 40122 9100\r\n${PRODINFO}`, "does not begin"],
    ["a header of UDP", proxyHeader(VISITOR, { family: 0x12 }), "other than TCP"],
    ["half a header", proxyHeader(VISITOR).subarray(0, 20), "ended within"],
  ])("%s: not a word is said, and the bytes are kept with an event", async (_, bytes, why) => {
    expect(await visit({ port: site.raw, from: UPSTREAM, send: [bytes] }).catch(() => "")).toBe("");
    const found = await lastSession();
    expect(found.map((event) => event.type)).toEqual(["session.open", "protocol.odd", "session.close"]);
    expect(found[0]!.origin!.source.ip).toBe(UPSTREAM);
    expect(found[1]!.data).toMatchObject({ protocol: "proxy", what: expect.stringContaining(why) as string });
    expect(await inbound(UPSTREAM)).toBe(typeof bytes === "string" ? bytes : bytes.toString("latin1"));
  });
});

it("a header from anybody else is what a visitor sent", async () => {
  const from = "127.9.0.4";
  const header = proxyHeader(VISITOR);
  await visit({ port: site.raw, from, send: [Buffer.concat([header, Buffer.from(PRODINFO, "latin1")])] });
  const found = await lastSession();
  expect(found[0]!.origin).toMatchObject({ source: { ip: from }, target: { port: site.raw } });
  const closed = found.find((event) => event.type === "session.close");
  expect(closed).toMatchObject({ data: { bytesIn: header.length + PRODINFO.length } });
});
