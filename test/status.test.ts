/** Whether an installation works is told by itself: over the local socket, as a command, and when there is nothing to list. */
import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { StatusView } from "../src/collector/contract.ts";
import { Networks } from "../src/util/network.ts";
import { install, type Installation } from "./support/installation.ts";
import { freeOffset, run, startProgram } from "./support/program.ts";
import { PRODINFO, visit } from "./support/visit.ts";

describe("the health of a collector", () => {
  let site: Installation;
  beforeAll(async () => {
    site = await install("hp-laserjet-p1102w", "127.0.0.1", 0, { own: new Networks(["127.20.0.0/16"]) });
  });
  afterAll(() => site.close());

  function healthz(): Promise<{ code: number; status: StatusView }> {
    return new Promise((resolve, reject) => {
      const asked = request({ socketPath: site.data.apiSocket, path: "/healthz" }, (response) => {
        let text = "";
        response.on("data", (chunk: Buffer) => (text += chunk.toString()));
        response.on("end", () => resolve({ code: response.statusCode!, status: JSON.parse(text) as StatusView }));
      });
      asked.on("error", reject).end();
    });
  }

  /** The first answer with this code that names this place first, when one is given. */
  async function healthBecomes(code: number, where?: string): Promise<StatusView> {
    for (let i = 0; ; i++) {
      const found = await healthz();
      if (found.code === code && (where === undefined || found.status.problems[0]?.where === where))
        return found.status;
      if (i === 100) throw new Error(`health stays ${found.code}: ${JSON.stringify(found.status)}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  it("is good while doors listen and everything is committed", async () => {
    await healthBecomes(200);
    await visit({ port: site.raw, from: "127.22.0.1", send: [PRODINFO] });
    await visit({ port: site.raw, from: "127.20.0.1", send: [PRODINFO] });
    await site.settle();
    const { status } = await healthz();
    expect(status).toMatchObject({
      ok: true,
      problems: [],
      receiving: true,
      store: { ok: true },
      judge: { behind: 0, lagMs: 0 },
      lastVisit: { session: "S-1", source: "127.22.0.1" },
      sensors: [
        {
          sensor: "local",
          connected: true,
          evidenceWritten: true,
          behind: 0,
          doors: [
            { service: "raw", port: site.raw, listening: true },
            { service: "web", port: site.web, listening: true },
          ],
        },
      ],
    });
    expect(status.disk.freeBytes).toBeGreaterThan(0);
    expect(status.sensors[0]!.position).toBeGreaterThan(0);
  });

  it("is bad when the store fails, and good again after the next commit", async () => {
    const { store } = site.collector;
    const commit = store.commit.bind(store);
    store.commit = () => Promise.reject(new Error("the disk is gone"));
    await visit({ port: site.raw, from: "127.22.0.2", send: [PRODINFO] });
    const status = await healthBecomes(503, "store");
    expect(status.store.ok).toBe(false);
    expect(status.problems).toContainEqual(
      expect.objectContaining({ where: "store", what: expect.stringContaining("the disk is gone") as string }),
    );
    store.commit = commit;
    await healthBecomes(200);
    site.faults.length = 0;
  });

  it("is bad when a door is shut, and when the sensor is gone", async () => {
    await new Promise((resolve) => site.sensor.doors[1]!.server.close(resolve));
    const shut = await healthBecomes(503, "sensor local");
    expect(shut).toMatchObject({ receiving: false, ok: false });
    expect(shut.problems).toEqual([
      expect.objectContaining({ where: "sensor local", what: `port ${site.web} (web) does not listen any more` }),
    ]);
    await site.sensor.stop("test");
    const gone = await healthBecomes(503);
    expect(gone.problems).toContainEqual(expect.objectContaining({ what: "is not connected" }));
  });
});

describe("inktrap status", () => {
  it("says in a few lines whether it works, and an empty list says it too", async () => {
    const data = await mkdtemp(join(tmpdir(), "inktrap-status-"));
    const site = await startProgram(data, await freeOffset());
    try {
      let { code, out } = await run(["status", "--data", data]);
      for (let i = 0; i < 20 && code !== 0; i++) ({ code, out } = await run(["status", "--data", data]));
      expect(code).toBe(0);
      expect(out).toMatch(/^Working: 2 of 2 ports listen; last checked \d+ s ago\.\n/);
      expect(out).toContain(`${site.raw} raw, ${site.web} web`);
      expect(out).toContain("none came yet");
      expect((await run(["cases", "--data", data])).out).toMatch(
        /^No visitor yet\. 2 of 2 ports listen; last checked \d+ s ago\.\n$/,
      );
      await visit({ port: site.raw, from: "127.22.0.3", send: [PRODINFO] });
      const json = JSON.parse((await run(["status", "--json", "--data", data])).out) as StatusView;
      expect(json).toMatchObject({ ok: true, receiving: true });
    } finally {
      await site.stop();
    }
    const stopped = await run(["status", "--data", data]);
    expect([stopped.code, stopped.err]).toEqual([1, expect.stringContaining("nothing runs on it")]);
    await rm(data, { recursive: true });
  });
});
