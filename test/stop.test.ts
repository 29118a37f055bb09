/** Stopping in order: what was going on is ended in the log, kept, and shipped. And stopping at once. */
import { mkdtemp, rm } from "node:fs/promises";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readSafe } from "../src/evidence/folder.ts";
import { openDuckdbStore } from "../src/store/duckdb/duckdb-store.ts";
import { freeOffset, run, startProgram } from "./support/program.ts";
import { UEL } from "./support/visit.ts";

let data: string;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), "inktrap-stop-"));
});
afterAll(() => rm(data, { recursive: true, force: true }));

const HALF = 300_000;

/** A visitor who sends something and stays. */
async function stay(port: number, from: string, bytes: Buffer | string): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", localAddress: from });
  socket.on("error", () => {});
  socket.on("data", () => {});
  await once(socket, "connect");
  await new Promise((resolve) => socket.write(bytes, resolve));
  return socket;
}

it("SIGTERM with 50 visitors and half a job: over within 5 s, code 0, nothing lost", async () => {
  const site = await startProgram(data, await freeOffset());
  const visitors = await Promise.all(
    Array.from({ length: 50 }, (_, i) =>
      i % 2 === 0
        ? stay(site.raw, `127.40.0.${i + 1}`, `${UEL}@PJL INFO ID\r\n`)
        : stay(site.web, `127.40.0.${i + 1}`, "GET / HTTP/1.1\r\nHost:"),
    ),
  );
  const job = `${UEL}@PJL ENTER LANGUAGE=PCL\r\n\x1bE${"x".repeat(HALF - 2)}`;
  visitors.push(await stay(site.raw, "127.40.1.1", Buffer.from(job, "latin1")));
  const ended = Promise.all(visitors.map((socket) => once(socket, "close")));
  const status = async () =>
    JSON.parse((await run(["status", "--json", "--data", data])).out) as { sensors: { visitors: number }[] };
  for (let i = 0; i < 20 && (await status()).sensors[0]?.visitors !== 51; i++);

  const before = Date.now();
  expect(await site.stop()).toBe(0);
  expect(Date.now() - before).toBeLessThan(5000);
  await ended;

  const store = await openDuckdbStore({ file: join(data, "store", "inktrap.duckdb"), readOnly: true });
  try {
    const [position] = await store.positions();
    const safe = await readSafe(join(data, "sensors", "local", "evidence"));
    expect(position!.position).toBe(safe!.position);
    expect(await store.eventsAfter(await store.judgeCursor(), 1)).toEqual([]);
    const sessions = await store.db.selectFrom("session").select(["source", "close_reason"]).execute();
    expect(sessions).toHaveLength(51);
    expect(sessions.filter((session) => session.close_reason !== "sensor-stopped")).toEqual([]);
    const jobs = await store.db.selectFrom("job").select(["bytes", "complete"]).where("language", "=", "pcl").execute();
    expect(jobs).toEqual([{ bytes: HALF, complete: false }]);
    const [last] = (await store.eventsAfter(0, 1000)).slice(-1);
    expect(last!.event).toMatchObject({ type: "sensor.stopped", data: { reason: "SIGTERM" } });
  } finally {
    await store.close();
  }
});

it("a second signal, whichever, ends at once", async () => {
  const site = await startProgram(data, await freeOffset());
  const { collector } = site.pids();
  // A collector that does not answer makes the first signal wait.
  process.kill(collector!, "SIGSTOP");
  const gone = once(site.child, "exit");
  site.child.kill("SIGTERM");
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(site.child.exitCode).toBeNull();
  const before = Date.now();
  site.child.kill("SIGINT");
  expect(await gone).toEqual([1, null]);
  expect(Date.now() - before).toBeLessThan(1000);
  process.kill(collector!, "SIGCONT");
});
