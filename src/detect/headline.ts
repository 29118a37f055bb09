/** The one sentence that says what a source did, in the past tense and without subject. */
import { type Intent, LEVELS } from "./intent.ts";
import { type Spoken, told } from "./spoken.ts";
import { byTime, type CaseState, type Occurrence } from "./summary.ts";

export interface Facts {
  state: CaseState;
  intent: Intent;
  /** What the verdict rests on, in order of time. */
  left: readonly Spoken[];
  /** Probes that were answered, in order of time. */
  probes: readonly Occurrence[];
}

/** Intents of which the headline tells what led up to the deed; of the others it lists what was done. */
const HARM: ReadonlySet<Intent> = new Set<Intent>([
  "exploit",
  "data-theft",
  "tampering",
  "denial-of-service",
  "worm-like",
  "spam",
]);

const SERVICES: Record<string, string> = {
  raw: "the raw port",
  web: "the web page",
  lpd: "the LPD queue",
  ipp: "the IPP port",
  snmp: "SNMP",
};
const serviceText = (service: string) => SERVICES[service] ?? service;

const LISTED = 3;
/** Coming again after less than this is the same visit. */
const RETURN_MS = 60_000;

/** A sentence without full stop: "Probed the raw port and the web page, came back after 3 d 4 h 11 min and printed an advertisement". */
export function headline(facts: Facts): string {
  const parts = HARM.has(facts.intent) ? story(facts) : list(facts);
  const text = joined(parts);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function story({ intent, left, probes }: Facts): string[] {
  const lead = left
    .filter(({ rule }) => rule.intent === intent)
    .sort(
      (a, b) =>
        LEVELS.indexOf(a.rule.level) - LEVELS.indexOf(b.rule.level) || Number(a.correlation) - Number(b.correlation),
    )[0]!;
  const moment = lead.evidence.at(lead.correlation ? -1 : 0)!;
  const before = probes.filter((probe) => byTime(probe, moment) < 0);
  const parts: string[] = [];
  const services = [...new Set(before.map(({ service }) => serviceText(service)))];
  if (services.length > 0) parts.push(`probed ${joined(services)}`);
  const first = before[0];
  const gap = first ? moment.time - first.time : 0;
  if (first && !sameSession(first, moment) && gap >= RETURN_MS) parts.push(`came back after ${spanText(gap)}`);
  parts.push(lead.count > 1 ? `${deedOf(lead)} ${lead.count} times` : deedOf(lead));
  return parts;
}

const sameSession = (a: Occurrence, b: Occurrence) => a.sensor === b.sensor && a.session === b.session;

function list({ state, intent, left }: Facts): string[] {
  const carrying = left.filter(({ rule }) => rule.intent === intent);
  if (carrying.length === 0) return nothing(state);
  const surest = LEVELS.find((level) => carrying.some(({ rule }) => rule.level === level));
  const sure = carrying.filter(({ rule }) => rule.level === surest);
  const covered = new Set(sure.filter(({ correlation }) => correlation).flatMap(({ base }) => base));
  const whole = sure.filter(({ correlation, rule }) => correlation || !covered.has(rule.id));
  const deeds = [...new Set(whole.map(deedOf))];
  return deeds.length <= LISTED ? deeds : [...deeds.slice(0, LISTED), `${deeds.length - LISTED} more`];
}

function nothing({ jobs, services, sessions }: CaseState): string[] {
  if (jobs > 0) return [jobs === 1 ? "sent a print job" : `sent ${jobs} print jobs`];
  const times = sessions > 1 ? `${sessions} times ` : "";
  return [`connected ${times}to ${joined(services.map(serviceText))}`];
}

function deedOf(spoken: Spoken): string {
  const { deed, title } = spoken.rule;
  return told(deed ?? title.charAt(0).toLowerCase() + title.slice(1), spoken);
}

function joined(parts: readonly string[]): string {
  return parts.length < 2 ? (parts[0] ?? "") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}

/** A time span in words that are short and exact enough: `42 s`, `3 min 29 s`, `4 h 11 min`, `3 d 4 h 11 min`. */
export function spanText(ms: number): string {
  const units = ms < 3_600_000 ? { min: 60, s: 1 } : { d: 86_400, h: 3_600, min: 60 };
  const smallest = ms < 3_600_000 ? 1 : 60;
  let rest = Math.round(ms / 1000 / smallest) * smallest;
  const parts: string[] = [];
  for (const [unit, seconds] of Object.entries(units)) {
    const amount = Math.floor(rest / seconds);
    rest -= amount * seconds;
    if (amount > 0) parts.push(`${amount} ${unit}`);
  }
  return parts.join(" ") || "0 s";
}
