/** What makes one installation's device different from every other of its model. Made once from a seed and kept. */
import { drawPattern, parsePattern } from "./pattern.ts";
import type { Persona } from "./persona.ts";
import { type Random, randomOf } from "./random.ts";

export interface Identity {
  /** 32 hexadecimal digits. Everything else here and everything random in the device comes from it. */
  seed: string;
  serial: string;
  /** 12 hexadecimal digits in capitals, starting with a prefix of the maker. */
  mac: string;
  hostName: string;
  /** Further numbers of the persona (formatter number, service id), by name. */
  numbers: Record<string, string>;
  /** Pages printed before the installation. */
  pageCount: number;
  /** When the device was last switched on, milliseconds since 1970. */
  bootTime: number;
}

const DAY = 86_400_000;
/** Patterns have a thousand texts at least and few are published, so this is never reached. */
const TRIES = 1000;

/** A published value in the form in which values are compared: capitals, no colons, dashes or blanks. */
export function publishedForm(value: string): string {
  return value.replace(/[:\s-]/g, "").toUpperCase();
}

/** A text of a pattern that follows from `label`, and that is not among the `published`. */
export function drawFresh(pattern: string, label: string, published: ReadonlySet<string>): string {
  const parsed = parsePattern(pattern);
  if ("error" in parsed) return pattern;
  let drawn = "";
  for (let i = 0; i < TRIES; i++) {
    drawn = drawPattern(parsed.pattern, randomOf(`${label} ${i}`));
    if (!published.has(publishedForm(drawn))) break;
  }
  return drawn;
}

function freshCount(range: readonly [number, number], random: Random, published: ReadonlySet<string>): number {
  let count = random.between(...range);
  for (let i = 0; i < TRIES && published.has(String(count)); i++) count = random.between(...range);
  return count;
}

/**
 * The identity that follows from `seed` (32 hexadecimal digits), for a device of `persona` installed at `now`
 * (milliseconds since 1970). Nothing in it is one of the persona's published values.
 */
export function makeIdentity(persona: Persona, seed: string, now: number): Identity {
  const { serial, macPrefixes, hostName, numbers, pageCount, uptimeDays } = persona.identity;
  const fresh = (pattern: string, name: string) => drawFresh(pattern, `${seed} ${name}`, persona.published);
  const random = randomOf(`${seed} counters`);
  const prefix = macPrefixes[random.below(macPrefixes.length)]!;
  const mac = fresh(`${prefix}${"[0-9A-F]".repeat(6)}`, "mac");
  return {
    seed,
    serial: fresh(serial, "serial"),
    mac,
    hostName: hostName.replaceAll("{mac6}", mac.slice(6)),
    numbers: Object.fromEntries(Object.entries(numbers).map(([name, pattern]) => [name, fresh(pattern, name)])),
    pageCount: freshCount(pageCount, random, persona.published),
    bootTime: now - random.between(Math.round(uptimeDays[0] * DAY), Math.round(uptimeDays[1] * DAY)),
  };
}
