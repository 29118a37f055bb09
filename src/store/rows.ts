/** Rows of events, sessions and jobs out of a batch. Pure: numbers and known sessions are passed in. */
import { type EventType, LIMITS, type Payload } from "../event/catalogue.ts";
import type { Event, Origin } from "../event/event.ts";
import { sortableAddress, sourceKey } from "../util/address.ts";
import type { Batch, StoredEvent } from "./store.ts";
import type { EventTable, JobTable, SessionTable } from "./tables.ts";

const DAY_MS = 86_400_000;

/** The last numbers given out. */
export interface Numbers {
  ordinal: number;
  session: number;
  job: number;
}

export interface BatchRows {
  events: EventTable[];
  /** Sessions that the batch adds or changes, whole. */
  sessions: SessionTable[];
  jobs: JobTable[];
  numbers: Numbers;
}

/** An event as it was before it became a row. */
export function storedEvent(row: Pick<EventTable, "ordinal" | "position" | "body">): StoredEvent {
  return { ordinal: row.ordinal, position: row.position, event: JSON.parse(row.body) as Event };
}

/** The row of an event. */
export function eventRow({ ordinal, event, position }: StoredEvent): EventTable {
  const { sensor, epoch, seq, time, type, origin } = event;
  return {
    ordinal,
    sensor,
    epoch,
    seq,
    time,
    day: Math.floor(time / DAY_MS),
    type,
    session: origin?.session ?? null,
    service: origin?.service ?? null,
    source_key: origin ? sourceKey(origin.source.ip) : null,
    source_ip: origin ? sortableAddress(origin.source.ip) : null,
    position,
    body: JSON.stringify(event),
  };
}

/** How a session is named over all sensors. */
export function sessionKey(sensor: string, session: string): string {
  return `${sensor}\n${session}`;
}

/**
 * The rows of a batch. `known` gives the row of a session that earlier batches began; a session that is not known
 * begins with its first event, whatever that is. No row of `known` is changed: the changed ones are new objects.
 */
export function batchRows(
  batch: Batch,
  last: Numbers,
  known: (session: string) => SessionTable | undefined,
): BatchRows {
  const numbers = { ...last };
  const sessions = new Map<string, SessionTable>();
  const events: EventTable[] = [];
  const jobs: JobTable[] = [];
  for (const { event, position } of batch.events) {
    const { origin } = event;
    const row = eventRow({ ordinal: ++numbers.ordinal, event, position });
    const { source_key: key, day } = row;
    events.push(row);
    if (!origin || key === null) continue;
    let session = sessions.get(origin.session);
    if (!session) {
      const before = known(origin.session);
      session = before ? { ...before } : openedSession(++numbers.session, event, origin, key, day);
      sessions.set(origin.session, session);
    }
    advance(session, event, position);
    if (event.type === "job.captured") jobs.push(jobRow(++numbers.job, event.data, event, origin, key, day));
  }
  return { events, sessions: [...sessions.values()], jobs, numbers };
}

function openedSession(number: number, event: Event, origin: Origin, key: string, day: number): SessionTable {
  return {
    number,
    sensor: event.sensor,
    session: origin.session,
    device: origin.device,
    persona: origin.persona,
    service: origin.service,
    transport: origin.transport,
    source: origin.source.ip,
    source_ip: sortableAddress(origin.source.ip),
    source_key: key,
    source_port: origin.source.port,
    target: origin.target.ip,
    target_port: origin.target.port,
    opened: event.time,
    day,
    closed: null,
    close_reason: null,
    bytes_in: 0,
    bytes_out: 0,
    log_end: 0,
    first_line: "",
    events: 0,
  };
}

/** Which events tell what a visitor said first, and how. */
const FIRST_LINE: { [T in EventType]?: (data: Payload<T>) => string } = {
  "pjl.command": (data) => data.line,
  "http.request": (data) => [data.method, data.target, data.userAgent ?? ""].join(" ").trimEnd(),
  "job.captured": (data) => (data.kind === "job" ? `print job, ${data.language}` : `not PJL: ${data.language}`),
};

function firstLine(event: Event): string {
  const tell = FIRST_LINE[event.type] as ((data: unknown) => string) | undefined;
  const line = tell?.(event.data) ?? "";
  return line.replaceAll(/[\r\n]+/g, " ").slice(0, LIMITS.line);
}

function advance(session: SessionTable, event: Event, position: number): void {
  session.events++;
  session.log_end = position;
  if (session.first_line === "") session.first_line = firstLine(event);
  if (event.type !== "session.close") return;
  session.closed = event.time;
  session.close_reason = event.data.reason;
  session.bytes_in = event.data.bytesIn;
  session.bytes_out = event.data.bytesOut;
  if (event.data.logEnd > 0) session.log_end = event.data.logEnd;
}

function jobRow(
  number: number,
  data: Payload<"job.captured">,
  event: Event,
  origin: Origin,
  key: string,
  day: number,
): JobTable {
  return {
    number,
    sensor: event.sensor,
    session: origin.session,
    job: data.job,
    source: origin.source.ip,
    source_key: key,
    service: origin.service,
    time: event.time,
    day,
    kind: data.kind,
    language: data.language,
    bytes: data.bytes,
    sha256: data.sha256,
    complete: data.complete,
    name: data.name ?? null,
    user_name: data.user ?? null,
  };
}
