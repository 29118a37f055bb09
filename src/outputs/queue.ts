/**
 * What waits for one channel, as data: when a message goes alone, when alerts are gathered to a digest, when something
 * is tried again and when it is given up. No clock and no input or output; times are milliseconds since 1970.
 *
 * At most `perHour` messages wait and one digest; everything else is counted in the digest being gathered.
 */
import { type Alert, type Digest, gather } from "./alert.ts";

export type Content = { alert: Alert } | { digest: Digest };

export interface Delivery {
  id: string;
  content: Content;
  created: number;
  attempts: number;
  nextAt: number;
  /** What went wrong last. */
  error?: string;
}

export interface QueueState {
  waiting: Delivery[];
  gathered: Digest | null;
  /** When the messages of the last hour were taken in, and when the last digest was. */
  taken: number[];
  lastDigest: number;
  /** Digests made so far: each has the next number in its id. */
  digests: number;
  /** Messages and the alerts in them. */
  sent: Tally;
  givenUp: Tally;
  /** Attempts that failed. */
  failures: number;
  lastSent: { time: number; said: string } | null;
  lastFailure: { time: number; what: string } | null;
}

export interface Tally {
  messages: number;
  alerts: number;
}

export interface Pace {
  perHour: number;
  digestAfterMs: number;
  /** The wait after the first failure; it doubles up to an hour. */
  retryMs: number;
}

const HOUR = 3_600_000;
const GIVE_UP_MS = 24 * HOUR;
const LONGEST_MS = HOUR;

export function emptyQueue(): QueueState {
  return {
    waiting: [],
    gathered: null,
    taken: [],
    lastDigest: 0,
    digests: 0,
    sent: { messages: 0, alerts: 0 },
    givenUp: { messages: 0, alerts: 0 },
    failures: 0,
    lastSent: null,
    lastFailure: null,
  };
}

const isDigest = ({ content }: Delivery) => "digest" in content;
export const alertsIn = (content: Content) => ("digest" in content ? content.digest.count : 1);

/** Takes an alert in: as a message of its own where there is room for one, else into the digest. */
export function take(queue: QueueState, alert: Alert, now: number, quiet: boolean, { perHour }: Pace): void {
  queue.taken = queue.taken.filter((time) => time > now - HOUR && time <= now);
  const alone = queue.waiting.filter((one) => !isDigest(one)).length;
  if (quiet || queue.gathered || queue.taken.length >= perHour || alone >= perHour) {
    queue.gathered = gather(queue.gathered ?? undefined, alert, now);
    return;
  }
  queue.taken.push(now);
  queue.waiting.push({ id: alert.id, content: { alert }, created: now, attempts: 0, nextAt: now });
}

/** When what is gathered becomes a message; undefined while nothing is gathered or a digest waits to be sent. */
export function digestDue({ waiting, gathered, lastDigest }: QueueState, pace: Pace): number | undefined {
  if (!gathered || waiting.some(isDigest)) return undefined;
  return Math.max(gathered.since + pace.digestAfterMs, lastDigest + HOUR);
}

/** Makes a message of what is gathered, where it is time. Returns whether it did. `name` begins its id. */
export function closeDigest(queue: QueueState, name: string, now: number, pace: Pace): boolean {
  const due = digestDue(queue, pace);
  if (due === undefined || due > now) return false;
  const id = `${name}.digest-${++queue.digests}`;
  queue.waiting.push({ id, content: { digest: queue.gathered! }, created: now, attempts: 0, nextAt: now });
  queue.gathered = null;
  queue.lastDigest = now;
  return true;
}

/** The delivery whose turn it is, the oldest first; or when the next one's is. */
export function next({ waiting }: QueueState, now: number): Delivery | number | undefined {
  const due = waiting.find(({ nextAt }) => nextAt <= now);
  if (due || waiting.length === 0) return due;
  return Math.min(...waiting.map(({ nextAt }) => nextAt));
}

export function sent(queue: QueueState, delivery: Delivery, said: string, now: number): void {
  remove(queue, delivery, queue.sent);
  queue.lastSent = { time: now, said };
}

/**
 * A delivery failed: it waits twice as long as the last time, half of that by chance, or what the far end asked for;
 * after a day it is given up and counted. `chance`: 0 to 1.
 */
export function failed(
  queue: QueueState,
  delivery: Delivery,
  failure: { what: string; retryAfterMs?: number | undefined },
  now: number,
  pace: Pace,
  chance: number,
): void {
  const wait = Math.min(LONGEST_MS, pace.retryMs * 2 ** Math.min(delivery.attempts, 20));
  delivery.attempts++;
  delivery.error = failure.what;
  delivery.nextAt = now + Math.max(wait * (0.5 + chance / 2), Math.min(failure.retryAfterMs ?? 0, LONGEST_MS));
  queue.failures++;
  queue.lastFailure = { time: now, what: failure.what };
  if (now - delivery.created >= GIVE_UP_MS) remove(queue, delivery, queue.givenUp);
}

/** Drops what waits about these cases. What was counted stays counted. */
export function forget(queue: QueueState, cases: ReadonlySet<number>): void {
  const without = (digest: Digest): Digest => ({
    ...digest,
    cases: digest.cases.filter((number) => !cases.has(number)),
    gravest: digest.gravest.filter((one) => !cases.has(one.case)),
  });
  if (queue.gathered) queue.gathered = without(queue.gathered);
  queue.waiting = queue.waiting.flatMap((delivery) => {
    const { content } = delivery;
    if ("digest" in content) {
      content.digest = without(content.digest);
      return [delivery];
    }
    return cases.has(content.alert.case) ? [] : [delivery];
  });
}

function remove(queue: QueueState, delivery: Delivery, tally: Tally): void {
  queue.waiting = queue.waiting.filter((one) => one !== delivery);
  tally.messages++;
  tally.alerts += alertsIn(delivery.content);
}
