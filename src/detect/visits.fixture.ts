/** Visits for tests, as sequences of catalogue events, and a case source that remembers what was judged. */
import { expect } from "vitest";
import { readingOf } from "../../test/support/reading.ts";
import { type EventType, type Payload, payloadProblems } from "../event/catalogue.ts";
import type { Event } from "../event/event.ts";
import type { CaseRecord, CaseSource, Judgement } from "./case.ts";
import { Judge } from "./judge.ts";
import type { RuleSet } from "./rules.ts";
import { completePayload, sampleEvent, serviceOf } from "./samples.ts";

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const DAY = 86_400 * SECOND;

type Said = [type: EventType, fragment: Record<string, unknown>];

/** One sensor's log: sessions of visitors, each opened and closed, with what was said in between. */
export class Visits {
  readonly events: Event[] = [];
  readonly #sensor: string;
  #seq = 0;
  #session = 0;

  constructor(sensor = "s1") {
    this.#sensor = sensor;
  }

  session(ip: string, time: number, ...said: Said[]): this {
    const service = serviceOf(said[0]?.[0] ?? "session.open");
    const session = `1-${++this.#session}`;
    const rest: Said[] = [["session.open", {}], ...said, ["session.close", {}]];
    rest.forEach(([type, fragment], i) => {
      const data = completePayload(type, fragment);
      expect(payloadProblems(type, data)).toEqual([]);
      const event = sampleEvent(type, data);
      this.events.push({
        ...event,
        sensor: this.#sensor,
        seq: ++this.#seq,
        time: time + i * 10,
        origin: { ...event.origin!, sensor: this.#sensor, service, session, source: { ...event.origin!.source, ip } },
      });
    });
    return this;
  }

  pjl(ip: string, time: number, ...lines: string[]): this {
    return this.session(ip, time, ...lines.map((line): Said => ["pjl.command", { line }]));
  }

  web(ip: string, time: number, userAgent: string, over: Record<string, unknown> = {}): this {
    return this.session(ip, time, ["http.request", { userAgent, ...over }]);
  }

  /** A job with the PJL lines around it, which are commands too. */
  job(ip: string, time: number, head: string, over: Record<string, unknown> = {}): this {
    const wrapper = (over["wrapper"] ?? []) as string[];
    const lines = wrapper.map((line): Said => ["pjl.command", { line, answer: "silent", replyBytes: 0 }]);
    const captured = completePayload("job.captured", { head, ...over });
    const read = readingOf(captured as Payload<"job.captured">);
    return this.session(ip, time, ...lines, ["job.captured", captured], ["job.read", read]);
  }
}

/** A store in memory: applies judgements, and gives the latest case of a source. */
export class CaseBook implements CaseSource {
  readonly cases = new Map<string, CaseRecord>();
  readonly judgements: Judgement[] = [];

  latestCases(sourceKeys: readonly string[]): Promise<CaseRecord[]> {
    const latest = new Map<string, CaseRecord>();
    for (const record of this.cases.values()) {
      const other = latest.get(record.sourceKey);
      if (sourceKeys.includes(record.sourceKey) && (!other || other.lastTime < record.lastTime)) {
        latest.set(record.sourceKey, record);
      }
    }
    return Promise.resolve([...latest.values()]);
  }

  commit(judgement: Judgement): void {
    this.judgements.push(judgement);
    for (const { from } of judgement.renamed) this.cases.delete(from);
    // As a store keeps it: nothing is shared with the judge.
    for (const record of judgement.cases) this.cases.set(record.key, JSON.parse(JSON.stringify(record)) as CaseRecord);
  }

  sorted(): CaseRecord[] {
    return [...this.cases.values()].sort((a, b) => a.firstTime - b.firstTime || (a.key < b.key ? -1 : 1));
  }
}

/** Judges batches of events and gives all cases, first ones first. With `capacity` 0 every batch begins from the store. */
export async function judged(
  rules: RuleSet,
  batches: readonly (readonly Event[])[],
  capacity?: number,
): Promise<CaseBook> {
  const book = new CaseBook();
  const judge = new Judge(rules, book, capacity);
  for (const batch of batches) book.commit(await judge.fold(batch));
  return book;
}
