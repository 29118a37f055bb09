/** What was told to whom, what waits and what failed. */
import type { Alerts } from "../../outputs/alerts.ts";
import { alertSettings } from "../../outputs/settings.ts";
import { alertsStatus, type ChannelStatus, failing } from "../../outputs/status.ts";
import type { ChannelLine, Reply } from "../contract.ts";
import { NotFound } from "../refusals.ts";
import { type Answers, iso, isoOrNull, type Room } from "../room.ts";

/** Of an installation without channels: nobody is told. */
const NOBODY = alertSettings.parse({});

export function alertAnswers(room: Room): Answers<"alerts"> {
  return {
    alerts: async () => {
      if (!room.health) throw new NotFound("No collector runs");
      return alertsView(room.alerts?.(), room.clock());
    },
  };
}

function alertsView(alerts: Alerts | undefined, now: number): Reply<"alerts"> {
  const { intent, level, perHour, quiet } = alerts?.settings ?? NOBODY;
  const { channels, told, ignored, rules, quietUntil } = alerts?.status() ?? alertsStatus(undefined, NOBODY, now);
  return {
    intent,
    level,
    perHour,
    channels: channels.map(channelLine),
    told,
    ignored,
    rules,
    quiet: quiet ? { ...quiet, until: isoOrNull(quietUntil ?? null) } : null,
  };
}

function channelLine(channel: ChannelStatus): ChannelLine {
  const { nextAttempt, digestDue, lastSent, lastFailure, waiting, gathered, ...rest } = channel;
  const waits = waiting.messages + gathered > 0;
  return {
    ...rest,
    state: failing(channel) === undefined ? (waits ? "waiting" : "ok") : "failing",
    waiting,
    gathered,
    nextAttempt: isoOrNull(nextAttempt ?? null),
    digestDue: isoOrNull(digestDue ?? null),
    lastSent: lastSent && { ...lastSent, time: iso(lastSent.time) },
    lastFailure: lastFailure && { ...lastFailure, time: iso(lastFailure.time) },
  };
}
