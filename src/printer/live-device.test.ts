import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { Asker } from "./device.ts";
import { makeIdentity } from "./identity.ts";
import { LiveDevice } from "./live-device.ts";
import { listPersonas, loadPersona } from "./load.ts";

const DATA = fileURLToPath(new URL("../../data/personas", import.meta.url));
const START = Date.UTC(2026, 10, 20);

function device(id = "hp-laserjet-p1102w", options: { seed?: string; printedBefore?: number } = {}) {
  const loaded = loadPersona(DATA, id);
  if ("problems" in loaded) throw new Error(loaded.problems[0]!.what);
  const { persona } = loaded;
  const identity = makeIdentity(persona, options.seed ?? "00", START);
  const clock = { now: START };
  const printedBefore = options.printedBefore ?? 0;
  return { clock, live: new LiveDevice({ id: "d", persona, identity, now: () => clock.now, printedBefore }) };
}

const ANNA: Asker = { key: "192.0.2.1", localIp: "198.51.100.5" };
const BERT: Asker = { key: "192.0.2.2", localIp: "198.51.100.6" };

describe("LiveDevice", () => {
  it("shows the panel, a source's own ready message, and that its job is being received", () => {
    const { live } = device();
    expect(live.status(ANNA)).toEqual({ code: 10001, display: "Ready", online: true });
    live.memory(ANNA.key).readyMessage = "Load A3";
    expect(live.status(ANNA)).toEqual({ code: 10001, display: "Load A3", online: true });
    expect(live.status(BERT).display).toBe("Ready");
    live.memory(ANNA.key).jobsNow++;
    expect(live.status(ANNA)).toMatchObject({ code: 10023, online: true });
    live.memory(ANNA.key).jobsNow--;
    live.memory(ANNA.key).readyMessage = undefined;
    expect(live.status(ANNA).display).toBe("Ready");
  });

  it("cuts a message to the width of the panel", () => {
    const { live } = device("hp-laserjet-4250");
    live.memory(ANNA.key).readyMessage = "x".repeat(200);
    expect(live.status(ANNA).display).toBe("x".repeat(80));
  });

  it("fills templates with values of identity, facts, asker and state, escaped where asked", () => {
    const { live } = device();
    const { serial, mac, numbers } = live.identity;
    expect(live.fill("{model}|{serial}|{mac}|{formatter}|{ip}|{{x}}|{none}", ANNA)).toBe(
      `HP LaserJet Professional P1102w|${serial}|${mac}|${numbers["formatter"]}|198.51.100.5|{x}|{none}`,
    );
    live.memory(ANNA.key).readyMessage = "<b>{serial}";
    expect(live.fill("{status.display}", ANNA, (v) => v.replaceAll("<", "&lt;"))).toBe("&lt;b>{serial}");
    expect(live.value("constructor", ANNA)).toBeUndefined();
  });

  it("counts pages for everybody, and goes on counting after a restart", () => {
    const { live, clock } = device("hp-laserjet-p1102w", { printedBefore: 10 });
    const first = live.identity.pageCount + 10;
    expect(live.value("pageCount", ANNA)).toBe(String(first));
    clock.now += 86_400_000;
    live.printed(3);
    for (const nothing of [0, -5, Number.NaN]) live.printed(nothing);
    expect(live.value("pageCount", BERT)).toBe(String(first + 3));
    expect(live.pagesPrinted).toBe(13);
    expect(live.value("lastUse", BERT)).toBe("20261121");
  });

  it("has been up since its boot time", () => {
    const { live, clock } = device();
    clock.now = live.identity.bootTime + (2 * 86_400 + 3 * 3600 + 4 * 60 + 5) * 1000;
    expect(live.fill("{uptime} {uptime.text}", ANNA)).toBe("183845 2 days, 3:04:05");
  });

  it("uses up toner page by page, reports it low, and gets a new cartridge when it is empty", () => {
    const { live } = device();
    const toner = () => {
      const [percent, left, low, serial] = live
        .fill("{toner.percent} {toner.pagesLeft} {toner.low} {toner.serial}", ANNA)
        .split(" ");
      return { percent: Number(percent), left: Number(left), low, serial };
    };
    let last = toner();
    let replaced = 0;
    for (let i = 0; i < 2500 && replaced === 0; i++) {
      live.printed(1);
      const now = toner();
      expect(now.low).toBe(now.percent <= 10 ? "1" : "0");
      if (now.serial === last.serial) {
        expect(now.percent).toBeLessThanOrEqual(last.percent);
        expect(now.left).toBeLessThanOrEqual(last.left);
      } else {
        expect(now.percent).toBe(100);
        expect(last.percent).toBeLessThanOrEqual(2);
        replaced++;
      }
      last = now;
    }
    expect(replaced).toBe(1);
  });
});

describe.each(listPersonas(DATA))("%s", (id) => {
  it("fills every reply and page without a name left over", () => {
    const { live } = device(id);
    for (const { reply } of Object.values(live.persona.pjl.info)) expect(live.fill(reply, ANNA)).not.toMatch(/[{}]/);
    for (const page of live.persona.files.values()) {
      expect(live.fill(page, ANNA)).not.toMatch(/\{[a-z][A-Za-z.]*\}/);
    }
  });
});
