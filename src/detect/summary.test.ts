import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadRules } from "./load.ts";
import { sampleEvent } from "./samples.ts";
import {
  type CaseState,
  countBetween,
  fromSummary,
  type Occurrence,
  openCase,
  remember,
  toSummary,
} from "./summary.ts";

const begun = (): CaseState => openCase(sampleEvent("session.open", {}), "198.51.100.23");

function occurrence(seq: number, over: Partial<Occurrence> = {}): Occurrence {
  const place = { time: 1_790_000_000_000 + seq, sensor: "office-4-front", epoch: 31, seq: 1_000_000 + seq };
  return { ...place, session: `v-${seq.toString(36)}`, device: "hp-laserjet-p1102w", service: "raw", ...over };
}

describe("the summary of a case", () => {
  it("keeps the first and the last occurrences, whatever the order", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 200 }), { minLength: 1 }), (numbers) => {
        const state = begun();
        for (const number of numbers) remember(state, "rule", occurrence(number));
        const { count, kept } = state.traces.get("rule")!;
        const sorted = [...numbers].sort((a, b) => a - b).map((number) => 1_000_000 + number);
        const expected = sorted.length <= 8 ? sorted : [...sorted.slice(0, 4), ...sorted.slice(-4)];
        expect(count).toBe(numbers.length);
        expect(kept.map(({ seq }) => seq)).toEqual(expected);
      }),
    );
  });

  it("knows exactly how many there were between those it kept", () => {
    const state = begun();
    for (let i = 0; i < 100; i++) remember(state, "rule", occurrence(i));
    const trace = state.traces.get("rule")!;
    expect([
      countBetween(trace, 0, 7),
      countBetween(trace, 3, 4),
      countBetween(trace, 0, 3),
      countBetween(trace, 4, 7),
    ]).toEqual([100, 94, 4, 4]);
  });

  it("comes back from JSON as it was", () => {
    const state = begun();
    remember(state, "a", occurrence(1, { at: [0, 9], job: "v-1.1", words: ["70 % OFF"], value: "x" }));
    remember(state, "b", occurrence(2));
    remember(state, "c", occurrence(3, { job: "v-3.1" }));
    expect(fromSummary(JSON.parse(JSON.stringify(toSummary(state))))).toEqual(state);
  });

  it("stays below 16 KiB when every rule speaks a hundred times with all it can say", () => {
    const state = begun();
    let seq = 0;
    for (const { rule } of loadRules("data").signatures.values()) {
      const says: Partial<Occurrence> = { at: [100_000_000, 100_004_096] };
      if (rule.on === "job.captured") says.job = "v-zzzz.64";
      if (rule.on !== "pjl.command") says.words = ["w".repeat(200), "x".repeat(200), "y".repeat(200), "z"];
      if (rule.value !== undefined) says.value = "v".repeat(24);
      for (let i = 0; i < 100; i++) remember(state, rule.id, occurrence(++seq, says));
    }
    expect(JSON.stringify(toSummary(state)).length).toBeLessThan(16_384);
  });
});
