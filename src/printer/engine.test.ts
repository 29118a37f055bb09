import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { Asker } from "./device.ts";
import { makeIdentity } from "./identity.ts";
import { LiveDevice } from "./live-device.ts";
import { loadPersona } from "./load.ts";
import { Office } from "./office.ts";

const DATA = fileURLToPath(new URL("../../data/personas", import.meta.url));
const [HOUR, DAY] = [3_600_000, 86_400_000];
/** A Friday at noon. */
const START = Date.UTC(2026, 10, 20, 12);
const ANNA: Asker = { key: "192.0.2.1", localIp: "198.51.100.5" };
const BERT: Asker = { key: "192.0.2.2", localIp: "198.51.100.5" };

const loaded = loadPersona(DATA, "hp-laserjet-4250");
if ("problems" in loaded) throw new Error(loaded.problems[0]!.what);
const { persona } = loaded;
const USAGE = persona.pacing!.usage;
const SEEDS = Array.from({ length: 20 }, (_, i) => String(i).repeat(32).slice(0, 32));

function device(seed = SEEDS[0]!, more: { printedBefore?: number; lastPrint?: { at: number; pages: number } } = {}) {
  const identity = makeIdentity(persona, seed, START);
  const clock = { now: START };
  return { clock, live: new LiveDevice({ id: "d", persona, identity, now: () => clock.now, pacing: true, ...more }) };
}

/** A moment after `from` at which nothing goes on and everybody is away. */
const NIGHT = Date.UTC(2026, 10, 22, 2);

describe("the office", () => {
  it("prints on working days, in its hours, the same for ever and another way for another seed", () => {
    const office = new Office("a", USAGE, START);
    const again = new Office("a", USAGE, START);
    const other = new Office("b", USAGE, START);
    let last = 0;
    for (let now = START; now < START + 20 * DAY; now += 20 * 60_000) {
      const pages = office.pagesUntil(now);
      expect(pages).toBeGreaterThanOrEqual(last);
      const hour = (now % DAY) / HOUR;
      const weekend = [0, 6].includes(new Date(now).getUTCDay());
      if (weekend || hour < 6.5 || hour > 19) expect(pages).toBe(last);
      last = pages;
    }
    expect(again.pagesUntil(START + 20 * DAY)).toBe(last);
    expect(other.pagesUntil(START + 20 * DAY)).not.toBe(last);
    expect(last).toBeGreaterThan(500);
    expect(office.pagesUntil(START - 5 * DAY)).toBe(0);
  });

  it("has somebody come within minutes while people are there, and on the next working day otherwise", () => {
    for (const seed of SEEDS) {
      const office = new Office(seed, USAGE, START);
      const noon = office.comes(START, "x") - START;
      expect(noon).toBeGreaterThan(60_000);
      expect(noon).toBeLessThan(HOUR);
      const sunday = office.comes(NIGHT, "x");
      expect(new Date(sunday).toISOString()).toMatch(/^2026-11-23T0[789]/);
    }
  });
});

describe("the engine", () => {
  it("sleeps when nobody prints, and gets up for a job, which takes its time", () => {
    const { live, clock } = device();
    clock.now = NIGHT;
    expect(live.status(ANNA)).toMatchObject({ code: 35078, display: "Sleep mode on", online: true });
    live.wake(ANNA.key, true);
    expect(live.status(ANNA).code).toBe(10003);
    clock.now += 1000;
    const { first, each, done, pages } = live.print(ANNA.key, 4);
    expect(pages).toBe(4);
    expect(first).toBeGreaterThan(clock.now + 13_000 + 6000);
    expect(each).toBeCloseTo(60_000 / 45);
    expect(done).toBe(Math.round(first + 3 * each));
    clock.now = first;
    expect(live.status(ANNA).code).toBe(10023);
    expect(live.status(BERT).code).not.toBe(35078);
    clock.now = done;
    expect(live.status(ANNA)).toMatchObject({ code: 10001, display: "Ready" });
    clock.now += 40 * 60_000;
    expect(live.status(ANNA).code).toBe(35078);
  });

  it("is awake at once when somebody puts a message on its panel", () => {
    const { live, clock } = device();
    clock.now = NIGHT;
    live.wake(ANNA.key, false);
    live.memory(ANNA.key).readyMessage = "hello";
    expect(live.status(ANNA)).toMatchObject({ code: 10001, display: "hello" });
    expect(live.status(BERT).code).toBe(35078);
  });

  it("takes one job of a source at a time, and does not start anew for the next", () => {
    const { live, clock } = device();
    clock.now = NIGHT;
    expect(live.takesJob(ANNA.key)).toBe(true);
    live.wake(ANNA.key, true);
    const one = live.print(ANNA.key, 2);
    expect([live.takesJob(ANNA.key), live.takesJob(BERT.key)]).toEqual([false, true]);
    const two = live.print(ANNA.key, 1);
    expect(two.first).toBe(Math.round(one.done + one.each));
    expect(live.closesIn(ANNA.key)).toBeGreaterThan(500);
    expect(live.closesIn(ANNA.key)).toBeLessThan(2500);
    expect(live.closesIn(BERT.key)).toBe(0);
    clock.now = two.done;
    expect([live.takesJob(ANNA.key), live.closesIn(ANNA.key)]).toEqual([true, 0]);
  });

  it("counts the office's pages for everybody, upwards only, and the same after a restart of the program", () => {
    const { live, clock } = device();
    let last = 0;
    for (const _ of Array.from({ length: 50 })) {
      clock.now += 3 * HOUR;
      live.printed(1);
      const count = Number(live.value("pageCount", ANNA));
      expect(count).toBeGreaterThan(last);
      last = count;
    }
    const next = device(SEEDS[0], { printedBefore: live.pagesPrinted, lastPrint: live.lastPrint! });
    next.clock.now = clock.now;
    for (const name of ["pageCount", "lastUse", "uptime", "toner.percent", "tray.state", "status.code"]) {
      expect(next.live.value(name, BERT), name).toBe(live.value(name, BERT));
    }
  });

  it("runs out of paper now and then, until somebody fills the tray; pages and status say the same", () => {
    const { live, clock } = device();
    const empty: number[] = [];
    for (; clock.now < START + 28 * DAY; clock.now += 5 * 60_000) {
      const { code, also = [] } = live.status(ANNA);
      const codes = new Set([code, ...also.map((one) => one.code)]);
      const said = live.value("tray.state", ANNA);
      if (codes.has(11204)) empty.push(clock.now);
      if (code === 11204) expect(live.status(ANNA)).toMatchObject({ display: "TRAY 2 EMPTY PLAIN A4", online: true });
      if (code !== 10023) expect(said).toBe(codes.has(11204) ? "EMPTY" : "OK");
    }
    expect(empty.length).toBeGreaterThan(0);
    expect(empty.length).toBeLessThan((28 * DAY) / (5 * 60_000) / 5);
  });

  it("names toner that is low behind what it shows otherwise", () => {
    const { live, clock } = device();
    clock.now = NIGHT;
    live.wake(ANNA.key, true);
    clock.now += 60_000;
    for (let i = 0; i < 30_000 && live.value("toner.low", ANNA) === "0"; i += 100) live.printed(100);
    const { code, also } = live.status(ANNA);
    expect([code, ...also!.map((one) => one.code)]).toContain(10006);
    expect(also!.at(-1)).toEqual({ code: 10006, display: "ORDER CARTRIDGE" });
  });
});

describe("messages and restarts", () => {
  it("is offline until somebody presses the key, for this source only", () => {
    const { live, clock } = device();
    live.memory(ANNA.key).readyMessage = "mine";
    const { until } = live.attend(ANNA.key, 40048, "LOAD PAPER");
    expect(live.status(ANNA)).toEqual({ code: 40048, display: "LOAD PAPER", online: false });
    expect(live.status(BERT).online).toBe(true);
    clock.now = until - 1;
    expect(live.status(ANNA).online).toBe(false);
    clock.now = until;
    expect(live.status(ANNA).online).toBe(true);
    expect(until - START).toBeLessThan(HOUR);
  });

  it("answers nobody while it restarts, warms up, and has forgotten what is not kept", () => {
    const { live, clock } = device();
    const memory = live.memory(ANNA.key);
    memory.readyMessage = "x";
    memory.defaults.set("COPIES", "3");
    const pages = live.value("pageCount", ANNA);
    live.restart(ANNA.key, false);
    expect([live.answers(ANNA.key), live.answers(BERT.key)]).toEqual([false, true]);
    const { until } = memory.restart!;
    expect(until - START).toBeGreaterThanOrEqual(60_000);
    expect(until - START).toBeLessThanOrEqual(90_000);
    clock.now = until + 5000;
    expect(live.answers(ANNA.key)).toBe(true);
    expect(live.status(ANNA).code).toBe(10003);
    expect(live.value("uptime", ANNA)).toBe("5");
    expect(Number(live.value("uptime", BERT))).toBeGreaterThan(DAY / 1000);
    expect(Number(live.value("pageCount", ANNA))).toBeGreaterThanOrEqual(Number(pages));
    clock.now = until + 60_000;
    expect([10001, 10023]).toContain(live.status(ANNA).code);
    expect(memory.defaults.get("COPIES")).toBe("3");
    live.restart(ANNA.key, true);
    expect(memory.defaults.size).toBe(0);
  });

  it("prints nothing while printing is switched off", () => {
    const { live } = device();
    live.memory(ANNA.key).defaults.set("JOBMEDIA", "OFF");
    const before = live.value("pageCount", ANNA);
    expect(live.print(ANNA.key, 5).pages).toBe(0);
    expect(live.value("pageCount", ANNA)).toBe(before);
    expect(live.print(BERT.key, 5).pages).toBe(5);
  });
});
