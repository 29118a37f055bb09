/** Ordinary printing, played against the real dialogues and read by the judge: nothing of it may look like harm. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { loadRules } from "../src/detect/load.ts";
import { sampleEvent } from "../src/detect/samples.ts";
import { judged } from "../src/detect/visits.fixture.ts";
import { payloadProblems } from "../src/event/catalogue.ts";
import type { Event } from "../src/event/event.ts";
import { web } from "../src/protocols/http/web.ts";
import { raw } from "../src/protocols/raw/service.ts";
import { play, type SeenEvent } from "./support/transcript.ts";
import { testDevice, TEST_VISITOR } from "./support/transcript-device.ts";

interface Benign {
  about: string;
  intent: "misconfigured" | "unknown";
  visits: { service: "raw" | "web"; after?: string; send: string }[];
}

const FOLDER = "test/benign";
const SERVICES = { raw, web };
const UNITS: Record<string, number> = { min: 60_000, h: 3_600_000 };
const rules = loadRules("data");

/** The events of one visit, as a session of its own would stamp them. */
function eventsOf({ service, after = "0 min", send }: Benign["visits"][0], number: number, device: string): Event[] {
  const [amount, unit] = after.split(" ") as [string, string];
  const time = Number(amount) * UNITS[unit]!;
  const said = Buffer.from(send, "latin1");
  const dialogue = SERVICES[service].open(testDevice(device), TEST_VISITOR);
  const exchange = { said, end: {}, reply: "", events: [], closes: true };
  const answers = play([exchange], dialogue, (bytes) => [bytes]);
  const seen: SeenEvent[] = [{ type: "session.open", data: {} }, ...answers.flatMap(({ events }) => events)];
  return seen.map(({ type, data }, i) => {
    const whole = type === "job.captured" ? { ...data, job: `${number}.1` } : data;
    expect(payloadProblems(type, whole)).toEqual([]);
    const event = sampleEvent(type as Event["type"], whole, { seq: number * 100 + i, time: time + i });
    Object.assign(event.origin!, { session: `1-${number}`, service });
    return event;
  });
}

describe.each(["hp-laserjet-p1102w", "hp-laserjet-4250"])("ordinary printing at a %s", (device) => {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith(".yaml"));
  it.each(names)("%s", async (name) => {
    const { intent, visits } = parse(readFileSync(`${FOLDER}/${name}`, "utf8")) as Benign;
    const events = visits.flatMap((visit, i) => eventsOf(visit, i + 1, device));
    const [record] = (await judged(rules, [events])).sorted();
    expect(record).toMatchObject({ intent, others: [] });
  });
});
