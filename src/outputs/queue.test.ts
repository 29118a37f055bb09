import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { alertOf } from "./alert.ts";
import { caseOf } from "./cases.fixture.ts";
import { alertsIn, closeDigest, emptyQueue, failed, next, sent, take } from "./queue.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const PACE = { perHour: 10, digestAfterMs: 5 * MINUTE, retryMs: 10_000 };
const alert = (number: number) => alertOf("i", caseOf(number));

describe("a queue", () => {
  it("lets ten go alone in an hour and gathers the rest to one digest", () => {
    const queue = emptyQueue();
    for (let i = 1; i <= 1000; i++) take(queue, alert(i), HOUR + i * 60, false, PACE);
    expect(queue.waiting).toHaveLength(10);
    expect(queue.gathered).toMatchObject({ count: 990, intents: { spam: 990 } });
    expect(queue.gathered!.cases).toHaveLength(990);
    expect(queue.gathered!.gravest).toHaveLength(10);
    expect(closeDigest(queue, "i.mail", HOUR + 5 * MINUTE, PACE)).toBe(false);
    expect(closeDigest(queue, "i.mail", HOUR + 6 * MINUTE, PACE)).toBe(true);
    expect(queue.waiting.at(-1)).toMatchObject({ id: "i.mail.digest-1" });
    expect(queue.gathered).toBeNull();
  });

  it("sends no second digest within an hour, nor while one waits", () => {
    const queue = emptyQueue();
    const pace = { ...PACE, perHour: 0 };
    take(queue, alert(1), HOUR, false, pace);
    expect(closeDigest(queue, "q", 2 * HOUR, pace)).toBe(true);
    take(queue, alert(2), 2 * HOUR, false, pace);
    expect(closeDigest(queue, "q", 4 * HOUR, pace)).toBe(false);
    sent(queue, queue.waiting[0]!, "ok", 4 * HOUR);
    expect(closeDigest(queue, "q", 3 * HOUR - 1, pace)).toBe(false);
    expect(closeDigest(queue, "q", 3 * HOUR, pace)).toBe(true);
  });

  it("gathers everything in quiet hours", () => {
    const queue = emptyQueue();
    take(queue, alert(1), 0, true, PACE);
    expect(queue.waiting).toEqual([]);
    expect(queue.gathered).toMatchObject({ count: 1 });
  });

  it("tells a case that became graver once in a digest, with what it is now", () => {
    const queue = emptyQueue();
    take(queue, alert(1), 0, true, PACE);
    take(queue, alertOf("i", caseOf(1, { intent: "exploit" }), "spam"), 1, true, PACE);
    expect(queue.gathered).toMatchObject({ count: 2, intents: { spam: 1, exploit: 1 }, cases: [1] });
    expect(queue.gathered!.gravest.map(({ intent }) => intent)).toEqual(["exploit"]);
  });

  it("waits longer after each failure, at most an hour, as long as the far end says, and a day in all", () => {
    const queue = emptyQueue();
    take(queue, alert(1), 0, false, PACE);
    const waits: number[] = [];
    let now = 0;
    for (let delivery = queue.waiting[0]; delivery; delivery = queue.waiting[0]) {
      const { attempts } = delivery;
      failed(queue, delivery, { what: "no", ...(attempts === 2 ? { retryAfterMs: 10 * MINUTE } : {}) }, now, PACE, 1);
      waits.push(delivery.nextAt - now);
      now = delivery.nextAt;
    }
    expect(waits.slice(0, 4)).toEqual([10_000, 20_000, 10 * MINUTE, 80_000]);
    expect(Math.max(...waits)).toBe(HOUR);
    expect(now).toBeGreaterThan(24 * HOUR);
    expect(queue.givenUp).toEqual({ messages: 1, alerts: 1 });
    expect(queue.failures).toBe(waits.length);
  });

  it("is bounded and accounts for every alert, whatever happens", () => {
    const step = fc.record({
      after: fc.integer({ min: 0, max: 2 * HOUR }),
      alerts: fc.integer({ min: 0, max: 40 }),
      quiet: fc.boolean(),
      outcome: fc.constantFrom("sent", "failed", "nothing"),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const queue = emptyQueue();
        let now = 0;
        let given = 0;
        for (const { after, alerts, quiet, outcome } of steps) {
          now += after;
          for (let i = 0; i < alerts; i++) take(queue, alert(++given), now, quiet, PACE);
          if (!quiet) closeDigest(queue, "q", now, PACE);
          const due = next(queue, now);
          if (typeof due === "object" && outcome === "sent") sent(queue, due, "ok", now);
          if (typeof due === "object" && outcome === "failed") failed(queue, due, { what: "no" }, now, PACE, 0.5);
          const waiting = queue.waiting.reduce((sum, { content }) => sum + alertsIn(content), 0);
          expect(queue.sent.alerts + queue.givenUp.alerts + waiting + (queue.gathered?.count ?? 0)).toBe(given);
          expect(queue.waiting.length).toBeLessThanOrEqual(PACE.perHour + 1);
          expect(queue.taken.length).toBeLessThanOrEqual(PACE.perHour);
          expect(new Set(queue.waiting.map(({ id }) => id)).size).toBe(queue.waiting.length);
        }
      }),
      { numRuns: 60 },
    );
  });
});
