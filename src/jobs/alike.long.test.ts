import { randomBytes } from "node:crypto";
import { expect, it } from "vitest";
import { AlikeIndex } from "./alike-index.ts";
import { LOOKS } from "./alike.ts";

const JOBS = 100_000;
const hex = (bytes: number) => randomBytes(bytes).toString("hex");

/** Words of 32 bits in all fingerprints: a text of two, and looks of eight. */
const WORDS = 2 + LOOKS * LOOKS * 8;

it.each([
  ["spread evenly", () => hex(32)],
  ["the first half the same, so that all of every look is compared", () => "0".repeat(32) + hex(16)],
  ["all the same", () => "0".repeat(64)],
])(`answers among ${JOBS} jobs: looks %s`, (name, look) => {
  const index = new AlikeIndex();
  const marks = () => ({ sha256: hex(32), simhash: hex(8), looks: Array.from({ length: LOOKS }, look) });
  for (let i = 0; i < JOBS; i++) index.add(hex(32), marks());
  expect(index.size).toBe(JOBS);
  const took: number[] = [];
  for (let i = 0; i < 10; i++) {
    const asked = marks();
    const start = performance.now();
    const { near, words } = index.near(asked);
    took.push(performance.now() - start);
    expect(near.length).toBeLessThanOrEqual(100);
    expect(words).toBeLessThanOrEqual(JOBS * WORDS);
  }
  took.sort((a, b) => a - b);
  console.log(`alike among ${JOBS} jobs, looks ${name}: ${took[5]!.toFixed(1)} ms, slowest ${took[9]!.toFixed(1)} ms`);
});
