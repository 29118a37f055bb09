/** Known attacks and tools, played against the real dialogues: each must set off its rules and come to its intent. */
import { describe, expect, it } from "vitest";
import { loadRules } from "../../src/detect/load.ts";
import { judged } from "../../src/detect/visits.fixture.ts";
import { eventsOfVisits } from "../support/played-visits.ts";
import type { Attack } from "./attack.ts";
import { GAPS } from "./gaps.ts";
import { PJL_ATTACKS } from "./pjl.ts";
import { PCL_ATTACKS, POSTSCRIPT_ATTACKS } from "./postscript.ts";
import { PAGES, STRAYS } from "./strays.ts";
import { TOOLS } from "./tools.ts";

const rules = loadRules("data");
const TABLES: Record<string, Attack[]> = {
  PJL: PJL_ATTACKS,
  PostScript: POSTSCRIPT_ATTACKS,
  PCL: PCL_ATTACKS,
  tools: TOOLS,
  strays: STRAYS,
  pages: PAGES,
};
const PERSONAS = ["hp-laserjet-4250", "hp-laserjet-p1102w"];
/** Rules that only ordinary printing sets off: test/benign has their bytes. */
const OFFICE = /^(driver|office|test-page)\//;

async function verdict({ sent }: Attack, persona: string) {
  const events = eventsOfVisits(typeof sent === "string" ? [{ send: sent }] : sent, persona);
  const book = await judged(rules, [events]);
  const findings = book.judgements.flatMap((judgement) => judgement.findings);
  expect(book.cases.size).toBe(1);
  return { intent: book.sorted()[0]!.intent, spoke: [...new Set(findings.map(({ rule }) => rule))] };
}

describe.each(PERSONAS)("attacks on a %s", (persona) => {
  describe.each(Object.entries(TABLES))("%s", (_, table) => {
    const played = table.filter(({ on }) => !on || on.includes(persona));
    it.each(played.map((attack) => [attack.what, attack] as const))("%s", async (_what, attack) => {
      const { intent, spoke } = await verdict(attack, persona);
      expect(spoke).toEqual(expect.arrayContaining(attack.rules));
      expect({ intent, spoke }).toMatchObject({ intent: attack.intent });
    });
  });
});

it("every rule that tells of harm or scanning is met by bytes that somebody sends", () => {
  const met = new Set(Object.values(TABLES).flatMap((table) => table.flatMap((attack) => attack.rules)));
  const signatures = [...rules.signatures.values()]
    .filter(({ rule, family }) => rule.intent !== undefined && !OFFICE.test(`${family}/`))
    .map(({ rule }) => rule.id);
  const correlations = rules.correlations.map(({ rule }) => rule.id).filter((id) => id !== "status-polling");
  expect([...signatures, ...correlations].filter((id) => !met.has(id))).toEqual([]);
});

it("what is named twice is named alike", () => {
  const names = Object.values(TABLES).flatMap((table) => table.map(({ what, source }) => `${what} ${source}`));
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  expect(GAPS.every(([what, why]) => what.length > 8 && why.length > 8)).toBe(true);
});
