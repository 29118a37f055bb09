/** Ordinary printing, played against the real dialogues and read by the judge: nothing of it may look like harm. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { loadRules } from "../src/detect/load.ts";
import { judged } from "../src/detect/visits.fixture.ts";
import { eventsOfVisits, type PlayedVisit } from "./support/played-visits.ts";

interface Benign {
  about: string;
  intent: "misconfigured" | "not-printer" | "unknown";
  visits: PlayedVisit[];
}

const FOLDER = "test/benign";
const rules = loadRules("data");

describe.each(["hp-laserjet-p1102w", "hp-laserjet-4250"])("ordinary printing at a %s", (device) => {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith(".yaml"));
  it.each(names)("%s", async (name) => {
    const { intent, visits } = parse(readFileSync(`${FOLDER}/${name}`, "utf8")) as Benign;
    const [record] = (await judged(rules, [eventsOfVisits(visits, device)])).sorted();
    expect(record).toMatchObject({ intent, others: [] });
  });
});
