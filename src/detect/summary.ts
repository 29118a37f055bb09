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
 * How many of the first and of the last occurrences are kept, and without what, while no more rules have spoken. The more
 * have, the less: a case that is made to set off everything stays below 16 KiB. It never grows again, so what is kept
 * does not depend on the order.
 */
const KEEPING: readonly { rules: number; each: number; without: readonly ("words" | "at")[] }[] = [
  { rules: 12, each: 4, without: [] },
  { rules: 24, each: 2, without: [] },
  { rules: 64, each: 1, without: ["words"] },
  { rules: Infinity, each: 1, without: ["words", "at"] },
];
type Keeping = (typeof KEEPING)[number];
const keepingOf = (traces: CaseState["traces"]) => KEEPING.find(({ rules }) => traces.size <= rules)!;

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
  let keeping = keepingOf(state.traces);
  if (!trace) {
    state.traces.set(rule, (trace = { count: 0, kept: [] }));
    const before = keeping;
    keeping = keepingOf(state.traces);
    if (keeping !== before) for (const other of state.traces.values()) trim(other, keeping);
  }
  const { kept } = trace;
  let index = kept.length;
  while (index > 0 && byTime(kept[index - 1]!, occurrence) > 0) index--;
  kept.splice(index, 0, withFewWords(occurrence));
  trace.count++;
  trim(trace, keeping);
}

function trim({ kept }: Trace, { each, without }: Keeping): void {
  if (kept.length > 2 * each) kept.splice(each, kept.length - 2 * each);
  for (const key of without) for (const one of kept) delete one[key];
}

/** A copy that the case may cut down. */
function withFewWords(occurrence: Occurrence): Occurrence {
  if (!occurrence.words) return { ...occurrence };
  const words = occurrence.words.slice(0, WORDS.pieces).map((word) => word.slice(0, WORDS.length));
  return { ...occurrence, words };
}

/** How many occurrences there were from kept[i] to kept[j]: known exactly, whatever was left out between them. */
export function countBetween(trace: Trace, i: number, j: number): number {
  const half = trace.kept.length / 2;
  return j - i + 1 + (i < half && j >= half ? trace.count - trace.kept.length : 0);
}

/** Where occurrences were: sensor, epoch, device, service. */
type Door = [string, number, string, string];
/** An occurrence: time, number of its door, seq, session, and then what there is of at, job, words, value. */
type Row = [number, number, number, string, ...unknown[]];

interface Summary extends Omit<CaseState, "traces"> {
  doors: Door[];
  /** [count, …rows] by rule. */
  rules: Record<string, [number, ...Row[]]>;
}

/** The state as JSON data, the same for the same state. */
export function toSummary({ traces, ...state }: CaseState): unknown {
  const doors = new Map<string, number>();
  for (const { kept } of traces.values()) for (const one of kept) doors.set(doorOf(one), 0);
  const names = [...doors.keys()].sort();
  names.forEach((name, i) => doors.set(name, i));
  const rules: Summary["rules"] = {};
  for (const rule of [...traces.keys()].sort()) {
    const { count, kept } = traces.get(rule)!;
    rules[rule] = [count, ...kept.map((one) => toRow(one, doors.get(doorOf(one))!))];
  }
  return { ...state, doors: names.map(doorNamed), rules } satisfies Summary;
}

export function fromSummary(summary: unknown): CaseState {
  const { rules, doors, ...state } = summary as Summary;
  const traces = new Map<string, Trace>();
  for (const [rule, [count, ...rows]] of Object.entries(rules)) {
    traces.set(rule, { count, kept: rows.map((row) => fromRow(row, doors[row[1]]!)) });
  }
  return { ...state, traces };
}

const doorOf = ({ sensor, epoch, device, service }: Occurrence) => [sensor, epoch, device, service].join("\n");

function doorNamed(name: string): Door {
  const [sensor, epoch, device, service] = name.split("\n") as [string, string, string, string];
  return [sensor, Number(epoch), device, service];
}

function toRow({ time, seq, session, at, job, words, value }: Occurrence, door: number): Row {
  const rest = [at ?? null, job ?? null, words ?? null, value ?? null];
  while (rest.length > 0 && rest.at(-1) === null) rest.pop();
  return [time, door, seq, session, ...rest];
}

function fromRow(row: Row, [sensor, epoch, device, service]: Door): Occurrence {
  const [time, , seq, session, at, job, words, value] = row;
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
