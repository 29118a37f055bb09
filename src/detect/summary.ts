/**
 * What is remembered of a case: bounded, and the same in whatever order its events arrived. Of every rule that spoke
 * the first and the last few times are kept, and how often it spoke.
 */
import type { Event } from "../event/event.ts";
import type { Evidence } from "./case.ts";

/** One time a signature spoke. */
export interface Occurrence extends Evidence {
  device: string;
  /** The field a `spread` correlation compares, where the signature names one. */
  value?: string;
}

/** The first and the last few occurrences in order (all, while there are few), and how many there were. */
export interface Trace {
  count: number;
  kept: Occurrence[];
}

export interface CaseState {
  /** The opening event, and the last one with the address it came from. */
  first: Place;
  last: Place & { ip: string };
  sessions: number;
  jobs: number;
  /** In alphabetical order. */
  services: string[];
  traces: Map<string, Trace>;
}

/** The place of an event in the order of all events. */
export type Place = Pick<Event, "time" | "sensor" | "epoch" | "seq">;

/** Words kept in the summary; a finding has more of them. */
const WORDS = { pieces: 3, length: 32 };
const SERVICES = 16;

/**
 * How many of the first and of the last occurrences are kept. The more rules have spoken, the fewer: a case that is
 * made to set off everything stays below 16 KiB. It never grows again, so what is kept does not depend on the order.
 */
function keptEach(rules: number): number {
  if (rules <= 12) return 4;
  return rules <= 24 ? 2 : 1;
}

/** Order in time; events of one moment by sensor and number. */
export function byTime(a: Place, b: Place): number {
  return (
    a.time - b.time || (a.sensor < b.sensor ? -1 : a.sensor > b.sensor ? 1 : 0) || a.epoch - b.epoch || a.seq - b.seq
  );
}

const placeOf = ({ time, sensor, epoch, seq }: Place): Place => ({ time, sensor, epoch, seq });

export function openCase(event: Event, ip: string): CaseState {
  const place = placeOf(event);
  return { first: place, last: { ...place, ip }, sessions: 0, jobs: 0, services: [], traces: new Map() };
}

/** Takes an event of the case into its state; its occurrences follow with {@link remember}. */
export function takeEvent(state: CaseState, event: Event, ip: string, service: string): void {
  if (byTime(event, state.first) < 0) state.first = placeOf(event);
  if (byTime(event, state.last) > 0) state.last = { ...placeOf(event), ip };
  if (event.type === "session.open") state.sessions++;
  if (event.type === "job.captured" && event.data.kind === "job") state.jobs++;
  if (!state.services.includes(service)) state.services = [...state.services, service].sort().slice(0, SERVICES);
}

export function remember(state: CaseState, rule: string, occurrence: Occurrence): void {
  let trace = state.traces.get(rule);
  if (!trace) {
    state.traces.set(rule, (trace = { count: 0, kept: [] }));
    const each = keptEach(state.traces.size);
    if (each < keptEach(state.traces.size - 1)) for (const other of state.traces.values()) trim(other, each);
  }
  const { kept } = trace;
  let index = kept.length;
  while (index > 0 && byTime(kept[index - 1]!, occurrence) > 0) index--;
  kept.splice(index, 0, shortened(occurrence));
  trace.count++;
  trim(trace, keptEach(state.traces.size));
}

function trim({ kept }: Trace, each: number): void {
  if (kept.length > 2 * each) kept.splice(each, kept.length - 2 * each);
}

function shortened(occurrence: Occurrence): Occurrence {
  if (!occurrence.words) return occurrence;
  const words = occurrence.words.slice(0, WORDS.pieces).map((word) => word.slice(0, WORDS.length));
  return { ...occurrence, words };
}

/** How many occurrences there were from kept[i] to kept[j]: known exactly, whatever was left out between them. */
export function countBetween(trace: Trace, i: number, j: number): number {
  const half = trace.kept.length / 2;
  return j - i + 1 + (i < half && j >= half ? trace.count - trace.kept.length : 0);
}

/** Occurrences as rows: 0 time, 1 sensor, 2 epoch, 3 seq, 4 session, 5 device, 6 service, 7 at, 8 job, 9 words, 10 value. */
type Row = [number, string, number, number, string, string, string, ...unknown[]];

interface Summary {
  first: Place;
  last: Place & { ip: string };
  sessions: number;
  jobs: number;
  services: string[];
  /** [count, …rows] by rule. */
  rules: Record<string, [number, ...Row[]]>;
}

/** The state as JSON data, the same for the same state. */
export function toSummary(state: CaseState): unknown {
  const { first, last, sessions, jobs, services } = state;
  const rules = Object.fromEntries(
    [...state.traces.keys()].sort().map((rule) => {
      const { count, kept } = state.traces.get(rule)!;
      return [rule, [count, ...kept.map(toRow)] as [number, ...Row[]]];
    }),
  );
  return { first, last, sessions, jobs, services, rules } satisfies Summary;
}

export function fromSummary(summary: unknown): CaseState {
  const { rules, ...rest } = summary as Summary;
  const traces = new Map(
    Object.entries(rules).map(([rule, [count, ...rows]]) => [rule, { count, kept: rows.map(fromRow) }]),
  );
  return { ...rest, traces };
}

function toRow(o: Occurrence): Row {
  const row: Row = [o.time, o.sensor, o.epoch, o.seq, o.session, o.device, o.service];
  const rest = [o.at ?? null, o.job ?? null, o.words ?? null, o.value ?? null];
  while (rest.length > 0 && rest.at(-1) === null) rest.pop();
  return [...row, ...rest];
}

function fromRow(row: Row): Occurrence {
  const [time, sensor, epoch, seq, session, device, service, at, job, words, value] = row;
  const occurrence: Occurrence = { time, sensor, epoch, seq, session, device, service };
  if (at) occurrence.at = at as [number, number];
  if (job) occurrence.job = job as string;
  if (words) occurrence.words = words as string[];
  if (value) occurrence.value = value as string;
  return occurrence;
}

/** An occurrence as the evidence that is shown. */
export function evidenceOf(occurrence: Occurrence): Evidence {
  const { sensor, epoch, seq, time, session, service, at, job, words } = occurrence;
  return {
    sensor,
    epoch,
    seq,
    time,
    session,
    service,
    ...(at && { at }),
    ...(job && { job }),
    ...(words && { words }),
  };
}
