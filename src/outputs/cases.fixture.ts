/** Cases for tests of alerts. */
import type { CaseRecord } from "../detect/case.ts";
import type { NumberedCase } from "./alert.ts";

export function caseOf(number: number, more: Partial<CaseRecord> = {}): NumberedCase {
  const source = more.source ?? `198.51.${100 + ((number >> 8) & 1)}.${number & 255}`;
  const time = more.lastTime ?? Date.UTC(2026, 10, 16, 8, 11, 18);
  const evidence = { sensor: "s1", epoch: 1, seq: number, time, session: "1-1", service: "raw", words: ["TONER"] };
  const intent = more.intent ?? "spam";
  return {
    number,
    record: {
      key: `s1/1/${number}`,
      sourceKey: source,
      source,
      firstTime: time,
      lastTime: time,
      intent,
      confidence: "likely",
      others: [],
      headline: "Probed the raw port and printed an advertisement",
      reasons: [
        {
          rule: "job-advertises",
          title: "Printed a page that advertises",
          intent,
          level: "likely",
          count: 1,
          evidence: [evidence],
        },
      ],
      dropped: [],
      sessions: 2,
      jobs: 1,
      summary: null,
      ...more,
    },
  };
}
