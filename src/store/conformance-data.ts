/** Sensors that never were: batches made from numbers, the same numbers giving the same batches, for testing stores. */
import type { CaseRecord } from "../detect/case.ts";
import type { Draft, Event, Origin } from "../event/event.ts";
import { sourceKey } from "../util/address.ts";
import type { Batch } from "./store.ts";

const START = Date.UTC(2025, 0, 31, 23, 59, 50);
const SOURCES = ["192.0.2.7", "198.51.100.23", "203.0.113.9", "2001:db8:1:2::5", "2001:db8:1:2::6"];
/** Byte text with what databases stumble over. */
const LINES = ["@PJL INFO ID", "@PJL ECHO \u0000\u00ff'\"\\", "@PJL", "@PJL SET X=$1; drop table event"];

type Act = (sensor: FakeSensor, n: number) => void;

const ACTS: readonly Act[] = [
  (sensor) => sensor.visit(),
  (sensor) => sensor.visit(),
  (sensor, n) => sensor.tell(n, command(LINES[n % LINES.length]!)),
  (sensor, n) => sensor.tell(n, request(n % 2 === 0 ? "Python-urllib/2.7" : undefined)),
  (sensor, n) => sensor.tell(n, (session) => captured(`${session}.${n}`, n % 3 === 0 ? "stray" : "job")),
  (sensor, n) => sensor.tell(n, close(n), true),
  (sensor, n) => sensor.tell(n, close(n), true),
  (sensor) => sensor.put({ type: "sensor.stopped", data: { reason: "test" } }),
  (sensor) => sensor.restart(),
];

export class FakeSensor {
  readonly name: string;
  #from: number;
  #position: number;
  #epoch = 1;
  #seq = 0;
  #sessions = 0;
  #time = START;
  #open: Origin[] = [];
  #events: { event: Event; position: number }[] = [];

  constructor(name: string, from = 1) {
    this.name = name;
    this.#from = from;
    this.#position = from;
  }

  /** The next batch; each choice, a natural number, becomes at most one event. */
  batch(choices: readonly number[]): Batch {
    for (const choice of choices) ACTS[choice % ACTS.length]!(this, Math.floor(choice / ACTS.length));
    const batch = { sensor: this.name, from: this.#from, to: this.#position, events: this.#events };
    this.#from = this.#position;
    this.#events = [];
    return batch;
  }

  visit(): void {
    const n = ++this.#sessions;
    const origin: Origin = {
      sensor: this.name,
      device: "printer",
      persona: "hp-laserjet-4250",
      service: n % 2 === 0 ? "raw" : "web",
      session: `${this.#epoch.toString(36)}-${n.toString(36)}`,
      transport: "tcp",
      source: { ip: SOURCES[n % SOURCES.length]!, port: 40_000 + (n % 1000), verified: true },
      target: { ip: "192.0.2.200", port: 9100 },
    };
    this.#open.push(origin);
    this.put({ type: "session.open", data: {} }, origin);
  }

  tell(n: number, draft: (session: string) => Draft, last = false): void {
    const index = n % Math.max(1, this.#open.length);
    const origin = this.#open[index];
    if (!origin) return;
    this.put(draft(origin.session), origin);
    if (last) this.#open.splice(index, 1);
  }

  /** As after a kill: numbers begin anew in the next epoch, open sessions stay open. */
  restart(): void {
    this.#epoch++;
    this.#seq = 0;
    this.#sessions = 0;
  }

  put(draft: Draft, origin?: Origin): void {
    this.#time += 777;
    const event = { ...draft, sensor: this.name, epoch: this.#epoch, seq: ++this.#seq, time: this.#time };
    this.#events.push({ event: origin ? { ...event, origin } : event, position: this.#position });
    this.#position += 28 + JSON.stringify(event).length;
  }
}

const command = (line: string) => (): Draft => ({
  type: "pjl.command",
  data: { command: "INFO", argument: "ID", line, at: [9, 9 + line.length], answer: "reply", replyBytes: 40 },
});

const request = (agent: string | undefined) => (): Draft => ({
  type: "http.request",
  data: {
    method: "GET",
    target: "/",
    version: "HTTP/1.1",
    headers: [["Host", "192.0.2.200"]],
    ...(agent === undefined ? {} : { userAgent: agent }),
    bodyBytes: 0,
    at: [0, 60],
    status: 200,
    replyBytes: 900,
  },
});

const close = (n: number) => (): Draft => ({
  type: "session.close",
  data: { reason: "visitor", durationMs: n, bytesIn: n * 3, bytesOut: n * 5, uncounted: {}, logEnd: n % 2 },
});

function captured(job: string, kind: "job" | "stray"): Draft {
  return {
    type: "job.captured",
    data: {
      job,
      kind,
      language: kind === "job" ? "text" : "http-request",
      bytes: 2 ** 33,
      sha256: (kind === "job" ? "a" : "b").repeat(64),
      complete: kind === "job",
      at: [40, 60],
      wrapper: ["@PJL JOB"],
      ...(kind === "job" ? { name: "a\u0000b", user: "\u00fcser" } : {}),
      head: "BUY",
    },
  };
}

/** Natural numbers from a seed, without end (xorshift32). */
export function* numbers(seed: number): Generator<number, never> {
  let state = seed | 1;
  for (;;) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    yield state >>> 0;
  }
}

/** The batches of one sensor, without end, of 1 to `most` choices each. */
export function* batches(name: string, seed: number, most: number): Generator<Batch, never> {
  const sensor = new FakeSensor(name);
  const stream = numbers(seed);
  for (;;) {
    const size = 1 + (stream.next().value % most);
    yield sensor.batch(Array.from({ length: size }, () => stream.next().value));
  }
}

/** A case of a source that asked what the printer is, but for what is `set`. */
export function caseOf(key: string, source: string, set: Partial<CaseRecord> = {}): CaseRecord {
  return {
    key,
    sourceKey: sourceKey(source),
    source,
    firstTime: 10,
    lastTime: 50,
    intent: "reconnaissance",
    confidence: "likely",
    others: [],
    headline: "Asked what the printer is",
    reasons: [],
    dropped: [],
    sessions: 1,
    jobs: 0,
    summary: { text: "\u0000\u00ff" },
    ...set,
  };
}
