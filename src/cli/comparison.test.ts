import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Comparison } from "./comparison.ts";

describe("two streams compared", () => {
  it("in whatever pieces they come, the first difference is found", () => {
    const stream = fc.array(fc.integer({ min: 0, max: 1 }), { maxLength: 40 });
    const cuts = fc.array(fc.record({ heard: fc.boolean(), size: fc.integer({ min: 1, max: 7 }) }), { maxLength: 60 });
    fc.assert(
      fc.property(stream, stream, cuts, (a, b, order) => {
        const comparison = new Comparison();
        let [left, right] = [Buffer.from(a), Buffer.from(b)];
        for (const { heard, size } of [...order, { heard: true, size: 100 }, { heard: false, size: 100 }]) {
          if (heard) {
            comparison.hear(right.subarray(0, size));
            right = right.subarray(size);
          } else {
            comparison.expect(left.subarray(0, size));
            left = left.subarray(size);
          }
        }
        const differs = a.findIndex((byte, i) => i < b.length && byte !== b[i]);
        expect(comparison.difference?.at ?? -1).toBe(differs);
        expect(comparison.same).toBe(a.length === b.length && differs === -1);
        expect([comparison.expected, comparison.heard]).toEqual([a.length, b.length]);
        if (!comparison.difference) return;
        const { at, expected, heard } = comparison.difference;
        const from = Math.max(0, at - 24);
        expect([...expected]).toEqual(a.slice(from, from + 80));
        expect([...heard]).toEqual(b.slice(from, from + 80));
      }),
    );
  });
});
