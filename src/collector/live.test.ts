import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CaseRecord } from "../detect/case.ts";
import { Networks } from "../util/network.ts";
import { Live } from "./live.ts";

let live: Live;
let server: Server;
let port: number;

beforeEach(async () => {
  live = new Live({
    own: new Networks(["198.51.100.0/24"]),
    lastCase: 1,
    intentOf: (number) => (number === 7 ? "misconfigured" : undefined),
    counts: () => Promise.resolve({ cases: 1, visits: 2, jobs: 3, events: 4 }),
  });
  server = createServer((request, response) => {
    const lastId = request.headers["last-event-id"];
    if (!live.attend(response, {}, lastId as string | undefined)) response.writeHead(503).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  port = (server.address() as AddressInfo).port;
});
afterEach(() => {
  live.close();
  server.closeAllConnections();
  server.close();
});

const caseOf = (number: number, source = "192.0.2.1", headline = "Came") => {
  const record = { source, headline, intent: "spam", confidence: "likely", lastTime: 0, sessions: 1, jobs: 1 };
  return { number, record: record as unknown as CaseRecord };
};

async function listen(lastId?: string) {
  const socket = connect(port, "127.0.0.1");
  const before = live.readers;
  socket.write(`GET / HTTP/1.1\r\nhost: x\r\n${lastId === undefined ? "" : `last-event-id: ${lastId}\r\n`}\r\n`);
  const reader = { socket, text: "" };
  socket.on("data", (chunk) => (reader.text += chunk.toString()));
  socket.on("error", () => {});
  await expect.poll(() => live.readers).toBeGreaterThan(before);
  return reader;
}

describe("news", () => {
  it("tell of cases, with what a person said of them, and not of own networks", async () => {
    const reader = await listen();
    live.tell({ events: [], cases: [caseOf(1), caseOf(7), caseOf(8, "198.51.100.9")] });
    await expect.poll(() => reader.text).toContain('"id":"C-7","intent":"misconfigured"');
    expect(reader.text).toMatch(/"id":"C-1".*"new":false/);
    expect(reader.text).toMatch(/"id":"C-7".*"new":true/);
    expect(reader.text).not.toContain("C-8");
    await expect.poll(() => reader.text, { timeout: 3000 }).toContain('event: counts\ndata: {"cases":1');
  });

  it("are one line of data each, whatever is in them", async () => {
    const reader = await listen();
    live.tell({ events: [], cases: [caseOf(1, "192.0.2.1", "a\r\n\r\nevent: case\ndata: {}\u2028")] });
    await expect.poll(() => reader.text).toContain("C-1");
    expect(reader.text.match(/^event: /gm)).toHaveLength(1);
  });

  it("of very many are left out, and that is told", async () => {
    const reader = await listen();
    live.tell({ events: [], cases: Array.from({ length: 500 }, (_, i) => caseOf(i + 1)) });
    await expect.poll(() => reader.text).toContain("event: missed");
    expect(reader.text.match(/event: case/g)).toHaveLength(100);
  });

  it("go on where a reader was, or tell that something was missed", async () => {
    const first = await listen();
    live.tell({ events: [], cases: [caseOf(2), caseOf(3)] });
    await expect.poll(() => first.text).toContain("C-3");
    const [id] = /(?<=id: )\d+/.exec(first.text)!;
    const second = await listen(id);
    await expect.poll(() => second.text).toContain("C-3");
    expect(second.text).not.toContain("C-2");
    for (const strange of ["1", "x", "99999999999999999"]) {
      const lost = await listen(strange);
      await expect.poll(() => lost.text).toContain("event: missed");
    }
  });

  it("let go of who does not read, and of who has gone", async () => {
    const slow = await listen();
    slow.socket.pause();
    const quick = await listen();
    const closed = once(slow.socket, "close");
    for (let i = 0; i < 400 && live.readers > 1; i++) {
      live.tell({ events: [], cases: Array.from({ length: 100 }, (_, n) => caseOf(n, "192.0.2.1", "x".repeat(400))) });
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    expect(live.readers).toBe(1);
    slow.socket.resume();
    await closed;
    quick.socket.destroy();
    await expect.poll(() => live.readers).toBe(0);
  });

  it("are told to a bounded number of readers", async () => {
    for (let i = 0; i < 64; i++) await listen();
    const socket = connect(port, "127.0.0.1");
    socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
    const [answer] = (await once(socket, "data")) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1.1 503/);
  });
});
