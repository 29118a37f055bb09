import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type Identity, makeIdentity, publishedForm } from "./identity.ts";
import { listPersonas, loadPersona } from "./load.ts";
import { matchesPattern, parsePattern } from "./pattern.ts";
import type { Persona } from "./persona.ts";
import { randomOf } from "./random.ts";

const DATA = fileURLToPath(new URL("../../data/personas", import.meta.url));
const NOW = Date.UTC(2026, 10, 20);
const DAY = 86_400_000;

function persona(id: string): Persona {
  const loaded = loadPersona(DATA, id);
  if ("problems" in loaded) throw new Error(loaded.problems[0]!.what);
  return loaded.persona;
}

const seedOf = (n: number) => n.toString(16).padStart(32, "0");

/** Everything by which a device could be known again. */
function marks(identity: Identity): string[] {
  return [identity.serial, identity.mac, identity.hostName, ...Object.values(identity.numbers)];
}

function fits(pattern: string, text: string): boolean {
  const parsed = parsePattern(pattern);
  return "pattern" in parsed && matchesPattern(parsed.pattern, text);
}

describe.each(listPersonas(DATA))("identities of %s", (id) => {
  const model = persona(id);
  const { serial, macPrefixes, numbers, pageCount, uptimeDays } = model.identity;

  it("fit their patterns, differ, and are never published, over 10,000 seeds", () => {
    const whole = new Set<string>();
    const serials = new Set<string>();
    for (let n = 0; n < 10_000; n++) {
      const made = makeIdentity(model, seedOf(n), NOW);
      whole.add(`${made.serial} ${made.mac}`);
      serials.add(made.serial);
      if (!fits(serial, made.serial)) expect(made.serial).toBe(serial);
      if (!/^[0-9A-F]{12}$/.test(made.mac) || !macPrefixes.includes(made.mac.slice(0, 6))) expect(made.mac).toBe("");
      if (made.hostName !== `NPI${made.mac.slice(6)}`) expect(made.hostName).toBe(made.mac);
      for (const [name, pattern] of Object.entries(numbers)) {
        if (!fits(pattern, made.numbers[name]!)) expect(made.numbers[name]).toBe(pattern);
      }
      if (made.pageCount < pageCount[0] || made.pageCount > pageCount[1]) expect(made.pageCount).toBe(pageCount);
      const up = (NOW - made.bootTime) / DAY;
      if (up < uptimeDays[0] || up > uptimeDays[1]) expect(up).toBe(uptimeDays);
      const given = [...marks(made), String(made.pageCount)].find((mark) => model.published.has(publishedForm(mark)));
      if (given !== undefined) expect(given).toBe("not published");
    }
    expect(whole.size).toBe(10_000);
    expect(serials.size).toBeGreaterThan(9_900);
  });

  it("follow from the seed alone", () => {
    expect(makeIdentity(model, seedOf(7), NOW)).toEqual(makeIdentity(model, seedOf(7), NOW));
  });

  it("share no value between two seeds", () => {
    for (let n = 0; n < 50; n++) {
      const [a, b] = [makeIdentity(model, seedOf(2 * n + 1), NOW), makeIdentity(model, seedOf(2 * n + 2), NOW)];
      const distinct = [a, b].flatMap((made) => [made.serial, made.mac, made.hostName, made.numbers["formatter"]]);
      expect(new Set(distinct).size).toBe(8);
      expect(a.bootTime).not.toBe(b.bootTime);
    }
  });

  it("do not take a value once it is published", () => {
    const before = makeIdentity(model, seedOf(3), NOW);
    const published = new Set([...marks(before), String(before.pageCount)].map(publishedForm));
    const after = makeIdentity({ ...model, published }, seedOf(3), NOW);
    expect(marks(after).filter((mark) => marks(before).includes(mark))).toEqual([]);
    expect(after.pageCount).not.toBe(before.pageCount);
  });
});

it("draws numbers that stay in range and are spread evenly", () => {
  const random = randomOf("dice");
  const seen = Array.from({ length: 6 }, () => 0);
  for (let i = 0; i < 6000; i++) seen[random.below(6)]!++;
  for (const count of seen) expect(count).toBeGreaterThan(850);
  expect(random.between(5, 5)).toBe(5);
});
