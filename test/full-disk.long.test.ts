/**
 * A disk that is full, a small one of its own: visitors are answered as before, capturing stops with an event and goes
 * on when there is space, and nothing that is torn claims to be whole.
 */
import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { DataFolder } from "../src/cli/data-folder.ts";
import { openQuestions } from "../src/cli/questions.ts";
import type { EventOf } from "../src/event/event.ts";
import { jobFile, partFolder } from "../src/evidence/folder.ts";
import { KIND, readEvent } from "../src/evidence/record.ts";
import { openDuckdbStore } from "../src/store/duckdb/duckdb-store.ts";
import { wholeLog } from "./support/log.ts";
import { freeOffset, startProgram, type Started } from "./support/program.ts";
import { SmallDisk } from "./support/small-disk.ts";
import { PRODINFO, UEL, visit } from "./support/visit.ts";

const small = SmallDisk.mount(96);
const disk = small?.path ?? "";
afterAll(() => small?.remove());

const RESERVE = 20;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const evidence = join(disk, "data", "sensors", "local", "evidence");

/** Visitors without pause: each asks and has to be answered, and every second one prints. */
function traffic(site: Started) {
  const told = { answered: 0, unanswered: 0, printed: 0 };
  let going = true;
  const visitors = Array.from({ length: 6 }, async (_, i) => {
    for (let n = 0; going; n++) {
      const from = `127.6.${i + 1}.${1 + (n % 200)}`;
      const answer = await visit({ port: site.raw, from, send: [PRODINFO], timeoutMs: 5000 }).catch(() => "");
      if (answer.includes("ProductName")) told.answered++;
      else told.unanswered++;
      if (n % 2 === 0) {
        const page = createHash("sha256").update(`${i}/${n}`).digest("hex").repeat(4000);
        await blindly(site.raw, from, `${UEL}@PJL ENTER LANGUAGE=PCL\r\n\x1bE${page}${UEL}`);
        told.printed++;
      }
      await pause(20);
    }
  });
  return {
    told,
    stop: async () => {
      going = false;
      await Promise.all(visitors);
    },
  };
}

function blindly(port: number, from: string, text: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1", localAddress: from });
    socket.setTimeout(5000, () => socket.destroy());
    socket.on("connect", () => socket.end(text, "latin1"));
    socket.on("data", () => {});
    socket.on("error", () => {});
    socket.on("close", () => resolve());
  });
}

/** A job of 4 MB that takes its time, and is whole for the one who sends it. */
async function slowJob(port: number): Promise<void> {
  const piece = Buffer.alloc(64 * 1024, "slow ");
  const send = [`${UEL}@PJL ENTER LANGUAGE=PCL\r\n\x1bE`, ...Array.from({ length: 64 }, () => piece), UEL];
  await visit({ port, from: "127.6.99.1", send, pauseMs: 60, timeoutMs: 60_000 });
}

/** Events of the sensor itself as they stand in the log on disk, whatever the collector knows of them. */
async function captureEvents(): Promise<(EventOf<"capture.stopped"> | EventOf<"capture.resumed">)[]> {
  const records = await wholeLog(evidence).catch(() => []);
  return records.flatMap((record) => {
    if (record.kind !== KIND.event) return [];
    const event = readEvent(record);
    return event.type === "capture.stopped" || event.type === "capture.resumed" ? [event] : [];
  });
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 240; i++) {
    if (await holds()) return;
    await pause(250);
  }
  throw new Error(`it never happened that ${what}`);
}

describe.skipIf(!small)("a full disk", () => {
  it("stops capturing and nothing else, twice, and is got over", async () => {
    const config = join(disk, "inktrap.yaml");
    await writeFile(config, `disk: {reserveMegabytes: ${RESERVE}}\nstore: {memoryMb: 128}\n`);
    const data = join(disk, "data");
    const site = await startProgram(data, await freeOffset(), ["--config", config]);
    const visitors = traffic(site);
    const answersGoOn = async (ms: number) => {
      const before = visitors.told.answered;
      await pause(ms);
      expect(visitors.told.answered).toBeGreaterThan(before + 5);
      expect(visitors.told.unanswered).toBe(0);
    };
    await answersGoOn(1500);

    const slow = slowJob(site.raw);
    await pause(300);

    // Less than the reserve: it stops by itself, and the event is on disk at once.
    await small!.fill(RESERVE * 0.9e6);
    await until("capturing stops", async () => (await captureEvents()).length === 1);
    expect((await captureEvents())[0]).toMatchObject({ type: "capture.stopped", data: { why: "space" } });
    await pause(1000);
    const left = await small!.free();
    await answersGoOn(3000);
    // Nothing but last words and the store's own work is written any more.
    expect(left - (await small!.free())).toBeLessThan(8e6);
    await slow;
    await small!.empty();
    await until("capturing goes on", async () => (await captureEvents()).length === 2);
    const resumed = (await captureEvents())[1] as EventOf<"capture.resumed">;
    expect(resumed.data.lostSessions).toBeGreaterThan(5);
    expect(resumed.data.lostBytes).toBeGreaterThan(100_000);
    await answersGoOn(1500);

    // Somebody else fills it to the last byte, between two looks.
    await small!.fill(0);
    await until("capturing stops again", async () => (await captureEvents()).length === 3);
    await answersGoOn(6000);
    const kept = await readdir(partFolder(evidence));
    await small!.empty();
    await until("capturing goes on again", async () => (await captureEvents()).length >= 4);
    await answersGoOn(3000);
    await visitors.stop();

    // The collector has got over it too.
    const questions = await openQuestions(new DataFolder(data));
    expect(questions.live).toBe(true);
    await until("everything is committed and judged", async () => {
      const { sensors, events, judged } = await questions.ask("overview", {});
      return sensors.every((sensor) => sensor.behind === 0) && events === judged;
    });
    expect(await site.stop()).toBe(0);

    const logged = (await wholeLog(evidence)).filter((record) => record.kind === KIND.event).map(readEvent);
    const store = await openDuckdbStore({ file: join(data, "store", "inktrap.duckdb"), readOnly: true });
    // What was read of jobs is the collector's, and in no log.
    const rows = await store.db.selectFrom("event").select(["epoch", "seq"]).where("type", "!=", "job.read").execute();
    await store.close();
    const names = (list: readonly { epoch: number; seq: number }[]) => list.map((e) => `${e.epoch}/${e.seq}`).sort();
    expect(names(rows)).toEqual(names(logged));

    let cut = 0;
    let whole = 0;
    for (const event of logged) {
      if (event.type !== "job.captured") continue;
      const { sha256, bytes, complete, why } = event.data;
      const body = await readFile(jobFile(evidence, sha256));
      expect(body.length).toBe(bytes);
      expect(createHash("sha256").update(body).digest("hex")).toBe(sha256);
      if (complete) {
        expect(bytes).toBe(2 + 64 * 4000);
        whole++;
      } else if (why === "disk") cut++;
    }
    expect(await readdir(partFolder(evidence))).toEqual([]);
    console.log(
      `${visitors.told.answered} visits answered, ${whole} jobs whole, ${cut} cut by the disk, ${kept.length} on their way when it was full`,
    );
    expect(whole).toBeGreaterThan(10);
    expect(cut).toBeGreaterThan(0);
  });
});
