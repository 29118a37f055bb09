/** One channel with what waits for it: sends when it is time, writes down what came of it. Nothing here waits for another channel. */
import type { Alert } from "./alert.ts";
import { aborted, type Channel, NotTaken } from "./channel.ts";
import { alertMessage, digestMessage, type Frame, type Message } from "./message.ts";
import {
  closeDigest,
  type Delivery,
  digestDue,
  failed,
  next,
  type Pace,
  type QueueState,
  sent,
  take,
} from "./queue.ts";
import { plain } from "./text.ts";

export interface OutletParts {
  name: string;
  /** Begins the ids of its digests. */
  idName: string;
  channel: Channel;
  queue: QueueState;
  pace: Pace;
  frame: Frame;
  /** When the quiet hours that this moment lies in are over. */
  quietUntil: (now: number) => number | undefined;
  clock: () => number;
  chance: () => number;
  /** Writes the queue down. */
  save: () => Promise<void>;
}

/** An attempt may take this long. */
const ATTEMPT_MS = 60_000;
/** Clocks may be set meanwhile: what is to be done is looked at again after this long. */
const LOOK_MS = 30_000;

export class Outlet {
  readonly #parts: OutletParts;
  readonly #stop = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> | undefined;

  constructor(parts: OutletParts) {
    this.#parts = parts;
    // After a restart everything is tried once: what stood in the way may be mended.
    for (const delivery of parts.queue.waiting) delivery.nextAt = Math.min(delivery.nextAt, parts.clock());
  }

  /** Takes an alert in. It has to be written down, and {@link go} called. */
  take(alert: Alert): void {
    const { queue, pace, clock, quietUntil } = this.#parts;
    const now = clock();
    take(queue, alert, now, quietUntil(now) !== undefined, pace);
  }

  /** Does what is due, and sees to it that the rest is done when it is. */
  go(): void {
    if (this.#stop.signal.aborted) return;
    this.#working ??= this.#work().finally(() => (this.#working = undefined));
  }

  /** Ends an attempt that is under way; what it was about is sent again by the next run. */
  async stop(): Promise<void> {
    this.#stop.abort();
    clearTimeout(this.#timer);
    await this.#working;
  }

  async #work(): Promise<void> {
    const { queue, pace, clock, idName, quietUntil, save } = this.#parts;
    clearTimeout(this.#timer);
    while (!this.#stop.signal.aborted) {
      const now = clock();
      const quiet = quietUntil(now);
      if (quiet === undefined && closeDigest(queue, idName, now, pace)) await save();
      const turn = quiet ?? next(queue, now);
      if (typeof turn === "object") {
        await this.#attempt(turn);
        continue;
      }
      const times = [turn, quiet === undefined ? digestDue(queue, pace) : undefined].filter(
        (time) => time !== undefined,
      );
      if (times.length === 0 || (queue.waiting.length === 0 && !queue.gathered)) return;
      const wait = Math.min(Math.max(Math.min(...times) - now, 0), LOOK_MS);
      this.#timer = setTimeout(() => this.go(), wait);
      return;
    }
  }

  async #attempt(delivery: Delivery): Promise<void> {
    const { queue, pace, clock, channel, chance, save } = this.#parts;
    const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(ATTEMPT_MS)]);
    try {
      const said = await Promise.race([channel.send(this.#message(delivery), signal), aborted(signal)]);
      sent(queue, delivery, plain(said, 200), clock());
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      const retryAfterMs = error instanceof NotTaken ? error.retryAfterMs : undefined;
      const what = plain(error instanceof Error ? error.message : String(error), 200);
      failed(queue, delivery, { what, retryAfterMs }, clock(), pace, chance());
    }
    await save();
  }

  #message({ id, content }: Delivery): Message {
    const { frame, clock } = this.#parts;
    if ("alert" in content) return alertMessage(content.alert, frame, clock());
    return digestMessage(id, content.digest, frame, clock());
  }
}
