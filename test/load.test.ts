/** Many visitors at once, slow ones, and large jobs. */
import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freeOffset, run, startProgram, type Started } from "./support/program.ts";
import { PRODINFO, UEL, visit } from "./support/visit.ts";

let data: string;
let site: Started;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), "inktrap-load-"));
  site = await startProgram(data, await freeOffset());
}, 60_000);
afterAll(async () => {
  await site.stop();
  await rm(data, { recursive: true, force: true });
});

describe("many at once", () => {
  it("500 visitors from 250 addresses, while one of them is silent: all are answered in full", async () => {
    const silent = connect({ port: site.raw, host: "127.0.0.1", localAddress: "127.1.0.1" });
    await new Promise((resolve) => silent.once("connect", resolve));
    const visits = Array.from({ length: 500 }, (_, i) =>
      visit({ port: site.raw, from: `127.1.0.${1 + (i % 250)}`, send: [PRODINFO], timeoutMs: 20_000 }),
    );
    const answers = await Promise.all(visits);
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain(`ProductSerialNumber = ${site.serial}`);
    silent.destroy();
  });

  it("a command in single bytes, and ten commands in one packet", async () => {
    const whole = await visit({ port: site.raw, send: [PRODINFO] });
    const bytes = await visit({ port: site.raw, send: [...PRODINFO], pauseMs: 1 });
    expect(bytes).toBe(whole);
    const ten = Array.from({ length: 10 }, (_, i) => `@PJL ECHO ${i}\r\n`);
    const answer = await visit({ port: site.raw, send: [`${UEL}${ten.join("")}${UEL}`] });
    expect(answer).toBe(ten.map((line) => `${line}\f`).join(""));
  });
});

describe("a job of 100 MiB", () => {
  it("is kept byte for byte while the sensor's memory hardly grows", async () => {
    const piece = randomBytes(1 << 20);
    const hash = createHash("sha256");
    const before = await memoryOf(site.pids().sensor);
    let peak = before;
    const watch = setInterval(() => void memoryOf(site.pids().sensor).then((now) => (peak = Math.max(peak, now))), 20);
    await new Promise<void>((resolve, reject) => {
      const socket = connect({ port: site.raw, host: "127.0.0.1", localAddress: "127.2.0.1" });
      let sent = 0;
      const more = () => {
        while (sent < 100) {
          piece.writeUInt32LE(sent++, 0);
          const copy = Buffer.from(piece);
          hash.update(copy);
          if (!socket.write(copy)) {
            socket.once("drain", more);
            return;
          }
        }
        socket.end();
      };
      socket.on("connect", more);
      socket.on("data", () => {});
      socket.on("error", reject);
      socket.on("close", () => resolve());
    });
    clearInterval(watch);
    const sha256 = hash.digest("hex");
    let found: { sha256: string; bytes: number; complete: boolean }[] = [];
    for (let i = 0; i < 100 && found.length === 0; i++) {
      found = JSON.parse((await run(["jobs", "--json", "--data", data])).out);
    }
    expect(found[0]).toMatchObject({ sha256, bytes: 100 << 20, complete: true });
    const file = createReadStream(join(data, "sensors/local/evidence/jobs", sha256.slice(0, 2), sha256));
    const kept = createHash("sha256");
    for await (const chunk of file) kept.update(chunk as Buffer);
    expect(kept.digest("hex")).toBe(sha256);
    expect(peak - before).toBeLessThan(32 << 20);
  });
});

/** Resident bytes of a process, by /proc. */
async function memoryOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)![1]) * 1024;
}
