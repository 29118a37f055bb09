/** What is older than is kept leaves log, jobs and store together, and an event tells of it. */
import { existsSync } from "node:fs";
import { createHash } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { personaOf } from "../src/cli/personas.ts";
import { jobFile, segments } from "../src/evidence/folder.ts";
import { openDoors } from "../src/sensor/listen.ts";
import { evidenceFolder, Sensor } from "../src/sensor/sensor.ts";
import { silent } from "../src/util/log.ts";
import { filesWith } from "./support/files.ts";
import { install, type Installation } from "./support/installation.ts";
import { FLYER, PRODINFO, visit } from "./support/visit.ts";

const DAY = 86_400_000;
const [EARLY, LATE, BOTH] = ["127.8.0.1", "127.8.0.2", "127.8.0.3"];

let site: Installation;
let second: Sensor | undefined;
afterEach(async () => {
  await second?.stop("test over");
  await site.close();
});

describe("retention", () => {
  it("removes the days that are too old, after which everything goes on", async () => {
    site = await install();
    const evidence = evidenceFolder(site.data.sensor("local"));
    const early = `early ${FLYER}`;
    await visit({ port: site.raw, from: EARLY, send: [PRODINFO] });
    await visit({ port: site.raw, from: EARLY, send: [early] });
    await visit({ port: site.raw, from: BOTH, send: [FLYER] });
    for (const days of [1, 4]) {
      await site.sensor.flush();
      site.clock.now += days * DAY;
      await visit({ port: site.raw, from: LATE, send: [PRODINFO] });
      await visit({ port: site.raw, from: BOTH, send: [FLYER] });
    }
    const before = await site.cases();
    expect(before.map((one) => one.source).sort()).toEqual([EARLY, LATE, BOTH]);
    expect((await segments(evidence)).length).toBeGreaterThan(2);
    await site.sensor.stop("restart");

    const doors = await openDoors([{ service: "raw", address: "127.0.0.1", port: 0 }]);
    second = await Sensor.start({
      id: "local",
      folder: site.data.sensor("local"),
      persona: personaOf("hp-laserjet-p1102w"),
      doors,
      link: site.data.linkSocket,
      retention: { age: 3 * DAY, bytes: 1e9 },
      clock: () => site.clock.now,
      version: "0.0.0",
      log: silent,
    });
    const removed = async () => {
      const { events } = await site.view.answer("events", { type: "evidence.removed", limit: 10 });
      return events[0]?.["data"] as Record<string, unknown> | undefined;
    };
    for (let i = 0; i < 100 && !(await removed()); i++) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await removed()).toMatchObject({ why: "age", jobs: 1 });
    await site.collector.pipeline.settled();

    const kept = (await site.view.answer("cases", { limit: 10 })).cases;
    expect(kept.map((one) => one.source).sort()).toEqual([LATE, BOTH]);
    for (const one of kept) {
      expect(one.id).toBe(before.find((other) => other.source === one.source)!.id);
      for (const session of one.sessions) {
        const { messages } = await site.view.answer("session", { number: Number(session.id.slice(2)) });
        expect(messages.length).toBeGreaterThan(0);
      }
    }
    expect(existsSync(jobFile(evidence, createHash("sha256").update(early).digest("hex")))).toBe(false);
    expect(existsSync(jobFile(evidence, createHash("sha256").update(FLYER).digest("hex")))).toBe(true);
    expect(await filesWith(evidence, EARLY)).toEqual([]);

    await visit({ port: doors[0]!.port, from: EARLY, send: [PRODINFO] });
    await second.flush();
    const again = async () => (await site.view.answer("cases", { limit: 10, source: EARLY })).cases[0];
    for (let i = 0; i < 100 && !(await again()); i++) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await again()).toMatchObject({ sessionCount: 1, first: new Date(site.clock.now).toISOString() });
    expect(site.faults).toEqual([]);
  });
});
