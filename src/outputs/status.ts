/** How alerts stand: what was sent, waits, failed or was held back. For the command line and the API. */
import { endOf, type IgnoreRule } from "./ignore.ts";
import { NEVER, type Remembered } from "./journal.ts";
import { alertsIn, digestDue, emptyQueue, type QueueState, type Tally } from "./queue.ts";
import { quietUntil } from "./quiet.ts";
import type { Problem } from "../util/problem.ts";
import type { AlertSettings } from "./settings.ts";

/** Times are milliseconds since 1970. */
export interface AlertsStatus {
  channels: ChannelStatus[];
  /** Cases that were told of. */
  told: number;
  /** Alerts that an ignore rule or a mute held back. */
  ignored: number;
  rules: (IgnoreRule & { expired: boolean })[];
  /** When the quiet hours of now end. */
  quietUntil?: number;
}

export interface ChannelStatus {
  name: string;
  type: string;
  sent: Tally;
  /** Messages that are ready and the alerts in them. */
  waiting: Tally;
  nextAttempt?: number;
  /** Alerts that the next digest has so far, and when it is due. */
  gathered: number;
  digestDue?: number;
  /** Attempts that failed, and what was given up after a day. */
  failures: number;
  givenUp: Tally;
  lastSent: QueueState["lastSent"];
  lastFailure: QueueState["lastFailure"];
}

/** `state`: what is remembered, where anything is. */
export function alertsStatus(state: Remembered | undefined, settings: AlertSettings, now: number): AlertsStatus {
  const quiet = settings.quiet && quietUntil(settings.quiet, now);
  return {
    channels: settings.channels.map(({ name, type, quiet: heeds, perHour }) => {
      const queue = state?.queues.get(name) ?? emptyQueue();
      const pace = { perHour: perHour ?? settings.perHour, digestAfterMs: settings.digestAfter * 1000, retryMs: 0 };
      const earliest = heeds ? (quiet ?? 0) : 0;
      const due = digestDue(queue, pace);
      const attempts = queue.waiting.map(({ nextAt }) => nextAt);
      return {
        name,
        type,
        sent: queue.sent,
        waiting: {
          messages: queue.waiting.length,
          alerts: queue.waiting.reduce((sum, { content }) => sum + alertsIn(content), 0),
        },
        ...(attempts.length === 0 ? {} : { nextAttempt: Math.max(earliest, Math.min(...attempts)) }),
        gathered: queue.gathered?.count ?? 0,
        ...(due === undefined ? {} : { digestDue: Math.max(due, earliest) }),
        failures: queue.failures,
        givenUp: queue.givenUp,
        lastSent: queue.lastSent,
        lastFailure: queue.lastFailure,
      };
    }),
    told: [...(state?.told.values() ?? [])].filter(([, alerted]) => alerted < NEVER).length,
    ignored: state?.ignored ?? 0,
    rules: settings.ignore.map((rule) => ({ ...rule, expired: now >= endOf(rule) })),
    ...(quiet === undefined ? {} : { quietUntil: quiet }),
  };
}

/** Why a channel does not take what waits for it; undefined while it does. */
export function failing({ waiting, lastFailure, lastSent }: ChannelStatus): string | undefined {
  if (!lastFailure || waiting.messages === 0 || lastFailure.time < (lastSent?.time ?? 0)) return undefined;
  return lastFailure.what;
}

/** Channels that do not take what waits for them. */
export function alertProblems({ channels }: AlertsStatus): Problem[] {
  return channels.flatMap((channel) => {
    const { name, waiting, gathered } = channel;
    const why = failing(channel);
    if (why === undefined) return [];
    const what = `${waiting.alerts + gathered} alerts wait, the last attempt failed: ${why}`;
    return [{ where: `alerts ${name}`, what, remedy: `npx inktrap alerts test ${name} tries it now.` }];
  });
}
