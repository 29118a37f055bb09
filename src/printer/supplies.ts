/** Toner and maintenance kit as they wear with the page counter. An empty one has been replaced by a new one. */
import { drawFresh } from "./identity.ts";
import type { Identity } from "./identity.ts";
import type { Persona } from "./persona.ts";
import { randomOf } from "./random.ts";

export interface Toner {
  percent: number;
  /** What is left of the cartridge's mechanical life; falls a little slower than the toner. */
  lifePercent: number;
  pagesLeft: number;
  low: boolean;
  /** Pages printed with this cartridge. */
  pages: number;
  serial: string;
  /** Milliseconds since 1970. */
  madeOn: number;
  /** Percent of a page that is black, on average. */
  coverage: number;
}

const DAY = 86_400_000;
/** The coverage at which a cartridge's yield is stated. */
const RATED_COVERAGE = 5;
/** A cartridge lasts a sixth longer than its toner: 65 % toner went with 70 % life on a real P1102w. */
const LIFE = 7 / 6;

/** The cartridge of a device that has printed `pageCount` pages in all. */
export function tonerAt(persona: Persona, identity: Identity, pageCount: number): Toner {
  const { pages: rated, coverage: range, lowPercent, serial } = persona.supplies.toner;
  const coverage = randomOf(`${identity.seed} coverage`).between(Math.ceil(range[0]), Math.floor(range[1]));
  const perCartridge = Math.max(1, Math.floor((rated * RATED_COVERAGE) / coverage));
  const cartridge = Math.floor(pageCount / perCartridge);
  const pages = pageCount % perCartridge;
  const percent = 100 - Math.floor((pages * 100) / perCartridge);
  const label = `${identity.seed} cartridge ${cartridge}`;
  return {
    percent,
    lifePercent: 100 - Math.floor((pages * 100) / (perCartridge * LIFE)),
    pagesLeft: roundDown(perCartridge - pages),
    low: percent <= lowPercent,
    pages,
    serial: drawFresh(serial, label, persona.published),
    madeOn: identity.bootTime - randomOf(label).between(120, 500) * DAY,
    coverage,
  };
}

/** How much is left of the maintenance kit, `[percent, pages]`; undefined for a model without one. */
export function kitAt(persona: Persona, pageCount: number): [number, number] | undefined {
  const life = persona.supplies.kit?.pages;
  if (life === undefined) return undefined;
  const used = pageCount % life;
  return [100 - Math.floor((used * 100) / life), roundDown(life - used)];
}

/** Devices estimate in tens. */
function roundDown(pages: number): number {
  return Math.floor(pages / 10) * 10;
}
