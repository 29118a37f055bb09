/** A message as every channel gets it: plain lines for people, data for programs, a link of the operator's own console. */
import { type Intent, INTENT_ORDER } from "../detect/intent.ts";
import { type Alert, type Digest, GRAVEST, gravity } from "./alert.ts";
import { cut } from "./text.ts";

/** Nothing in it has been escaped for any exit; every string is on one line. */
export interface Message {
  /** The same however often it is sent. Letters, digits, dots and hyphens. */
  id: string;
  kind: "alert" | "digest" | "test";
  /** Milliseconds since 1970. */
  time: number;
  urgency: Urgency;
  title: string;
  lines: string[];
  /** Page of the console, made from what the operator configured and a number. */
  link?: string;
  data: Record<string, unknown>;
}

/** `grave`: graver than spam. `note`: nothing happened. */
export type Urgency = "grave" | "harm" | "note";

export interface Frame {
  /** Address of the console, without a slash at the end; without it messages name commands. */
  console?: string;
  /** Every message says that it is a demonstration. */
  demo: boolean;
}

const iso = (time: number) => new Date(time).toISOString();
const urgencyOf = (intent: Intent): Urgency => (gravity(intent) < gravity("spam") ? "grave" : "harm");
const titled = (text: string, { demo }: Frame) => cut(demo ? `[demonstration] ${text}` : text, 200);
const plural = (count: number, one: string) => `${count} ${one}${count === 1 ? "" : "s"}`;

export function alertMessage(alert: Alert, frame: Frame, now: number): Message {
  const { case: number, intent, confidence, before, headline, source, sessions, jobs } = alert;
  const became = before === undefined ? intent : `${before}, now ${intent}`;
  return {
    id: alert.id,
    kind: "alert",
    time: now,
    urgency: urgencyOf(intent),
    title: titled(`C-${number} ${became}, ${confidence}: ${source}`, frame),
    lines: [
      `${headline}.`,
      ...alert.reasons.map(reasonLine),
      `${plural(sessions, "session")}, ${plural(jobs, "job")}, first ${iso(alert.first)}, last ${iso(alert.last)}`,
      ...(frame.console === undefined ? [`npx inktrap show C-${number}`] : []),
    ],
    ...(frame.console === undefined ? {} : { link: `${frame.console}/cases/C-${number}` }),
    data: { ...alertData(alert), ...(frame.demo ? { demonstration: true } : {}) },
  };
}

function reasonLine({ title, count, words }: Alert["reasons"][number]): string {
  const times = count > 1 ? ` (${count} times)` : "";
  return words.length > 0 ? `${title}${times}: ${words.map((word) => `"${word}"`).join(", ")}` : `${title}${times}`;
}

function alertData({ case: number, first, last, ...alert }: Alert): Record<string, unknown> {
  return { case: `C-${number}`, ...alert, first: iso(first), last: iso(last) };
}

export function digestMessage(id: string, digest: Digest, frame: Frame, now: number): Message {
  const { since, until, count, intents, cases, gravest } = digest;
  const present = INTENT_ORDER.filter((intent) => intents[intent]);
  const counts = present.map((intent) => `${intents[intent]} ${intent}`).join(", ");
  const unnamed = cases.length === gravest.length ? [] : [`Cases: ${numberRanges(cases)}`];
  return {
    id,
    kind: "digest",
    time: now,
    urgency: urgencyOf(present[0] ?? "unknown"),
    title: titled(`${plural(count, "alert")}: ${counts}`, frame),
    lines: [
      `Gathered from ${iso(since)} to ${iso(until)}: ${counts}.`,
      ...(count > gravest.length ? [`The gravest ${gravest.length}:`] : []),
      ...gravest
        .slice(0, GRAVEST)
        .map(
          ({ case: number, intent, confidence, source, headline }) =>
            `C-${number} ${intent}, ${confidence}, ${source}: ${cut(headline, 160)}` +
            (frame.console === undefined ? "" : ` ${frame.console}/cases/C-${number}`),
        ),
      ...unnamed,
      ...(frame.console === undefined ? ["npx inktrap cases"] : []),
    ],
    ...(frame.console === undefined ? {} : { link: `${frame.console}/cases` }),
    data: {
      alerts: count,
      intents,
      since: iso(since),
      until: iso(until),
      cases: cases.map((number) => `C-${number}`),
      gravest: gravest.map(alertData),
      ...(frame.demo ? { demonstration: true } : {}),
    },
  };
}

export function testMessage(id: string, channel: string, frame: Frame, now: number): Message {
  return {
    id,
    kind: "test",
    time: now,
    urgency: "note",
    title: titled(`Test of the channel ${channel}`, frame),
    lines: ["Inktrap can reach you here. Nothing happened."],
    ...(frame.console === undefined ? {} : { link: frame.console }),
    data: { channel, ...(frame.demo ? { demonstration: true } : {}) },
  };
}

/** `C-3, C-7 to C-1006`: ascending, at most 900 characters of it. */
export function numberRanges(numbers: readonly number[]): string {
  const sorted = [...numbers].sort((a, b) => a - b);
  const ranges: [number, number][] = [];
  for (const number of sorted) {
    const last = ranges.at(-1);
    if (last && number <= last[1] + 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return cut(ranges.map(([from, to]) => (from === to ? `C-${from}` : `C-${from} to C-${to}`)).join(", "), 900);
}
