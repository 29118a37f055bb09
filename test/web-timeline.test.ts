/** The line on which a case's sessions stand: pauses torn out, everything in order and inside. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stretches, ticks, xOf } from "../web/app/timeline.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;

describe("timeline", () => {
  it("tears out days between minutes", () => {
    const times = [0, MINUTE, 2 * MINUTE, 3 * DAY, 3 * DAY + MINUTE];
    const parts = stretches(times, 800);
    expect(parts).toHaveLength(2);
    expect(parts[1]!.x).toBeGreaterThan(parts[0]!.x + parts[0]!.width);
  });

  it("leaves even visits whole", () => {
    expect(
      stretches(
        [0, 1, 2, 3, 4, 5, 6, 7].map((n) => n * 10 * MINUTE),
        800,
      ),
    ).toHaveLength(1);
  });

  it("keeps every moment in order and inside", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 40 * DAY }), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 150, max: 1400 }),
        (times, width) => {
          const parts = stretches(times, width);
          const xs = times.toSorted((a, b) => a - b).map((time) => xOf(time, parts));
          expect(xs).toEqual(xs.toSorted((a, b) => a - b));
          expect(Math.min(...xs)).toBeGreaterThanOrEqual(0);
          expect(Math.max(...xs)).toBeLessThanOrEqual(width + 0.001);
          for (const part of parts) for (const tick of ticks(part)) expect(tick).toBeLessThanOrEqual(part.to);
        },
      ),
    );
  });
});
