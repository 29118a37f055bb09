/** Identity, stamped once: drafts become events and records of the log here and nowhere else. */
import type { Draft, Event, Origin } from "../event/event.ts";
import { type JobRange, jobRangePayload, KIND, type Kind } from "../evidence/record.ts";
import type { EvidenceWriter } from "../evidence/writer.ts";

export type Clock = () => number;

/** A session writes at most this many events: so many ordinary ones, then commands that are new in it, then its jobs, limits and end. */
const EVENTS = 64;
const ORDINARY = 48;
const NEW_COMMANDS = 56;
const IMPORTANT: ReadonlySet<string> = new Set(["job.captured", "limit.reached", "session.close"]);

/** Gives events of one run of one sensor their identity and writes them. */
export class Stamp {
  readonly #sensor: string;
  readonly #epoch: number;
  readonly #writer: EvidenceWriter;
  readonly clock: Clock;
  #seq = 0;
  #sessions = 0;

  constructor(sensor: string, epoch: number, writer: EvidenceWriter, clock: Clock) {
    this.#sensor = sensor;
    this.#epoch = epoch;
    this.#writer = writer;
    this.clock = clock;
  }

  /** An event about the sensor itself. */
  sensorEvent(draft: Draft): void {
    this.write(KIND.event, this.#json(draft, this.clock(), undefined), { session: 0, previous: 0 });
  }

  /** A new session's number and its id. */
  nextSession(): { number: number; id: string } {
    const number = ++this.#sessions;
    return { number, id: `${this.#epoch.toString(36)}-${number.toString(36)}` };
  }

  /** The log of a session of this run. */
  session(number: number, origin: Origin): SessionLog {
    return new SessionLog(this, number, JSON.stringify(origin));
  }

  /** Goes on writing the log of a session of an earlier run, to end it. */
  resume(number: number, origin: Origin, last: number): SessionLog {
    return new SessionLog(this, number, JSON.stringify(origin), last);
  }

  write(kind: Kind, payload: Buffer, of: { session: number; previous: number }, time = this.clock()): number {
    return this.#writer.append({ kind, time, session: of.session, previous: of.previous, payload });
  }

  event(draft: Draft, origin: string, of: { session: number; previous: number }, time = this.clock()): number {
    return this.write(KIND.event, this.#json(draft, time, origin), of, time);
  }

  ended(session: number): void {
    this.#writer.sessionClosed(session);
  }

  /** The event as JSON; `origin` comes serialised, as it is the same for all events of a session. */
  #json(draft: Draft, time: number, origin: string | undefined): Buffer {
    const head = JSON.stringify({
      type: draft.type,
      data: draft.data,
      sensor: this.#sensor,
      epoch: this.#epoch,
      seq: this.#seq++,
      time,
    } satisfies Omit<Event, "origin">);
    return Buffer.from(origin === undefined ? head : `${head.slice(0, -1)},"origin":${origin}}`);
  }
}

/** What one session writes: its bytes in both directions, its events, its job ranges, chained backwards. */
export class SessionLog {
  readonly #stamp: Stamp;
  readonly #number: number;
  readonly #origin: string;
  #last: number;
  #events = 0;
  readonly #commands = new Set<string>();
  readonly #uncounted: Record<string, number> = {};
  bytesIn = 0;
  bytesOut = 0;

  constructor(stamp: Stamp, number: number, origin: string, last = 0) {
    this.#stamp = stamp;
    this.#number = number;
    this.#origin = origin;
    this.#last = last;
  }

  /** Writes an event, or counts it where the session has written its share. */
  event(draft: Draft): void {
    if (this.#events >= this.#limit(draft)) {
      this.#uncounted[draft.type] = (this.#uncounted[draft.type] ?? 0) + 1;
      return;
    }
    this.#events++;
    this.#follow(this.#stamp.event(draft, this.#origin, this.#chain()));
  }

  /** Up to how many events of the session this one may still be written. */
  #limit(draft: Draft): number {
    if (IMPORTANT.has(draft.type)) return EVENTS - 1;
    if (draft.type !== "pjl.command" || this.#commands.has(draft.data.command)) return ORDINARY;
    if (this.#commands.size < EVENTS) this.#commands.add(draft.data.command);
    return NEW_COMMANDS;
  }

  inbound(bytes: Uint8Array): void {
    this.bytesIn += bytes.length;
    this.#pieces(KIND.inbound, bytes);
  }

  outbound(bytes: Uint8Array): void {
    this.bytesOut += bytes.length;
    this.#pieces(KIND.outbound, bytes);
  }

  jobRange(range: JobRange): void {
    this.bytesIn += range.length;
    this.#follow(this.#stamp.write(KIND.jobRange, jobRangePayload(range), this.#chain()));
  }

  /** The session's last record. `opened` is when it began, by the same clock; `time` when it ended, if not now. */
  close(
    reason: "visitor" | "printer" | "reset" | "idle" | "limit" | "sensor-stopped",
    opened: number,
    time = this.#stamp.clock(),
  ): void {
    const data = {
      reason,
      durationMs: Math.max(0, Math.round(time - opened)),
      bytesIn: this.bytesIn,
      bytesOut: this.bytesOut,
      uncounted: this.#uncounted,
      logEnd: this.#last,
    };
    this.#stamp.event({ type: "session.close", data }, this.#origin, this.#chain(), time);
    this.#stamp.ended(this.#number);
  }

  #chain() {
    return { session: this.#number, previous: this.#last };
  }

  #follow(position: number): void {
    if (position > 0) this.#last = position;
  }

  #pieces(kind: Kind, bytes: Uint8Array): void {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 0; at < buffer.length; at += PIECE) {
      this.#follow(this.#stamp.write(kind, buffer.subarray(at, at + PIECE), this.#chain()));
    }
  }
}

const PIECE = 64 * 1024;
