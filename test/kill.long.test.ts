/** Either process is killed at random moments under traffic: nothing that was published as safe is lost or doubled. */
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { DataFolder } from "../src/cli/data-folder.ts";
import { openQuestions } from "../src/cli/questions.ts";
import { jobId } from "../src/evidence/recover.ts";
import { jobFile, readSafe } from "../src/evidence/folder.ts";
import { LogReader } from "../src/evidence/reader.ts";
import { FIRST_POSITION, KIND, readEvent, readJobRange } from "../src/evidence/record.ts";
import { openDuckdbStore } from "../src/store/duckdb/duckdb-store.ts";
import { freeOffset, startProgram, type Started } from "./support/program.ts";
import { PRODINFO, UEL, urllib27 } from "./support/visit.ts";

const KILLS = 20;
const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** A job whose every byte follows from its seed, so that a part of it can be checked too. */
function jobOf(seed: number, length: number): Buffer {
  const head = Buffer.from(`\x1bE job ${seed} `, "latin1");
  const chunks = [head];
  for (let i = 0, size = head.length; size < length; i++) {
    const block = createHash("sha256").update(`${seed}/${i}`).digest();
    chunks.push(block);
    size += block.length;
  }
  return Buffer.concat(chunks).subarray(0, length);
}

/** Visitors that come without pause until they are stopped, whatever happens to the printer. */
function traffic(site: () => Started) {
  let going = true;
  let seed = 0;
  const visitors = Array.from({ length: 12 }, async (_, i) => {
    for (let n = 0; going; n++) {
      const { raw, web } = site();
      const job = jobOf(++seed, 2000 + ((n * 7919) % 300_000));
      const visits = [
        [raw, Buffer.from(PRODINFO, "latin1")],
        [web, Buffer.from(urllib27("127.0.0.1"))],
        [raw, Buffer.concat([Buffer.from(`${UEL}@PJL ENTER LANGUAGE=PCL\r\n`, "latin1"), job, Buffer.from(UEL)])],
      ] as const;
      const [port, bytes] = visits[n % visits.length]!;
      await blindly(port, `127.0.${10 + i}.${1 + (n % 200)}`, bytes);
    }
  });
  return async () => {
    going = false;
    await Promise.all(visitors);
    return seed;
  };
}

function blindly(port: number, from: string, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1", localAddress: from });
    const done = () => {
      socket.destroy();
      setTimeout(resolve, 2);
    };
    socket.setTimeout(3000, done);
    socket.on("connect", () => socket.end(bytes));
    socket.on("data", () => {});
    socket.on("error", done);
    socket.on("close", done);
  });
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until the running collector has read all evidence there is. */
async function caughtUp(data: string): Promise<void> {
  const questions = await openQuestions(new DataFolder(data));
  for (let i = 0; i < 300; i++) {
    const { sensors } = await questions.ask("overview", {});
    if (sensors.length > 0 && sensors.every((sensor) => sensor.behind === 0)) return;
    await pause(100);
  }
  throw new Error("the collector did not catch up within 30 s");
}

describe("kill -9", () => {
  it(`of sensor or collector at ${KILLS} random moments under traffic`, async () => {
    const data = await mkdtemp(join(tmpdir(), "inktrap-kill-"));
    folders.push(data);
    const evidence = join(data, "sensors", "local", "evidence");
    const offset = await freeOffset();
    let site = await startProgram(data, offset);
    const stopTraffic = traffic(() => site);
    const published: number[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      await pause(150 + Math.random() * 900);
      const { sensor, collector } = site.pids();
      if (kill % 2 === 0) {
        const gone = new Promise((resolve) => site.child.once("exit", resolve));
        process.kill(sensor, "SIGKILL");
        await gone;
        published.push((await readSafe(evidence))!.position);
        site = await startProgram(data, offset);
      } else if (collector !== undefined) process.kill(collector, "SIGKILL");
    }
    await pause(1000);
    const seeds = await stopTraffic();
    expect(await site.stop()).toBe(0);
    site = await startProgram(data, offset);
    await caughtUp(data);
    expect(await site.stop()).toBe(0);

    // The log reads from its beginning to its end without a gap.
    const reader = new LogReader(evidence);
    const logged = new Map<string, number>();
    const captured = new Map<string, { sha256: string; bytes: number }>();
    const sessions = new Map<number, string>();
    const ranges = new Map<string, number>();
    let position = FIRST_POSITION;
    for (;;) {
      const { records, next, torn } = await reader.read(position);
      expect(torn).toBe(0);
      if (records.length === 0) break;
      for (const record of records) {
        expect(record.position).toBe(position);
        position += 28 + record.payload.length;
        if (record.kind === KIND.event) {
          const event = readEvent(record);
          const key = `${event.epoch}/${event.seq}`;
          expect(logged.has(key)).toBe(false);
          logged.set(key, record.position);
          if (event.type === "session.open") sessions.set(record.session, event.origin!.session);
          if (event.type === "job.captured") captured.set(event.data.job, event.data);
        }
        if (record.kind === KIND.jobRange) {
          const range = readJobRange(record.payload);
          ranges.set(jobId(sessions.get(record.session)!, range.job), range.offset + range.length);
        }
      }
      position = next;
    }
    await reader.close();
    for (const safe of published) expect(safe).toBeLessThanOrEqual(position);

    // Everything in the log is in the store, once.
    const store = await openDuckdbStore({ file: join(data, "store", "inktrap.duckdb"), readOnly: true });
    const rows = await store.db.selectFrom("event").select(["epoch", "seq", "position"]).execute();
    await store.close();
    expect(rows.length).toBe(logged.size);
    expect(new Map(rows.map((row) => [`${row.epoch}/${row.seq}`, row.position]))).toEqual(logged);

    // Every byte that the log says was captured is in its file, and is the byte that was sent.
    for (const [job, end] of ranges) expect(captured.get(job)?.bytes ?? 0, job).toBeGreaterThanOrEqual(end);
    let checked = 0;
    for (const { sha256, bytes } of captured.values()) {
      const body = await readFile(jobFile(evidence, sha256));
      expect(body.length).toBe(bytes);
      expect(createHash("sha256").update(body).digest("hex")).toBe(sha256);
      const seed = Number(/^\x1bE job (\d+) /.exec(body.subarray(0, 40).toString("latin1"))?.[1]);
      if (Number.isNaN(seed)) continue;
      expect(body.equals(jobOf(seed, body.length))).toBe(true);
      checked++;
    }
    expect(await readdir(join(evidence, "jobs", "part"))).toEqual([]);
    expect(checked).toBeGreaterThan(KILLS);
    console.log(
      `${KILLS} kills, ${seeds} visits, ${logged.size} events, ${captured.size} jobs, ${checked} checked by content`,
    );
  });
});
