/** What a store must hold after some batches, worked out the plain way, and the comparison with what it does hold. */
import { expect } from "vitest";
import type { Event } from "../event/event.ts";
import type { Batch, Store, StoredEvent } from "./store.ts";

interface Session {
  number: number;
  sensor: string;
  session: string;
  source: string;
  opened: number;
  closed: number | null;
  bytes_in: number;
  log_end: number;
  first_line: string;
  events: number;
}

export class Model {
  readonly events: StoredEvent[] = [];
  readonly positions = new Map<string, { sensor: string; position: number; epoch: number; seq: number }>();

  apply(batch: Batch): StoredEvent[] {
    const added = batch.events.map((one, i) => ({ ordinal: this.events.length + i + 1, ...one }));
    this.events.push(...added);
    const last = added.at(-1)?.event ?? this.positions.get(batch.sensor) ?? { epoch: 0, seq: 0 };
    const { epoch, seq } = last;
    this.positions.set(batch.sensor, { sensor: batch.sensor, position: batch.to, epoch, seq });
    return added;
  }

  sessions(): Session[] {
    const groups = new Map<string, StoredEvent[]>();
    for (const stored of this.events) {
      const { origin, sensor } = stored.event;
      if (!origin) continue;
      const key = `${sensor} ${origin.session}`;
      groups.set(key, [...(groups.get(key) ?? []), stored]);
    }
    return [...groups.values()].map((group, i) => {
      const { event } = group[0]!;
      const last = group.at(-1)!;
      const closing = group.map((stored) => stored.event).find((one) => one.type === "session.close");
      return {
        number: i + 1,
        sensor: event.sensor,
        session: event.origin!.session,
        source: event.origin!.source.ip,
        opened: event.time,
        closed: closing?.time ?? null,
        bytes_in: closing?.data.bytesIn ?? 0,
        log_end: closing?.data.logEnd || last.position,
        first_line: group.map((stored) => told(stored.event)).find((line) => line !== "") ?? "",
        events: group.length,
      };
    });
  }

  jobs() {
    return this.events
      .flatMap(({ event }) => (event.type === "job.captured" ? [{ event, data: event.data }] : []))
      .map(({ event, data }, i) => ({
        number: i + 1,
        session: event.origin!.session,
        job: data.job,
        bytes: data.bytes,
        complete: data.complete,
        name: data.name ?? null,
        time: event.time,
      }));
  }
}

function told(event: Event): string {
  if (event.type === "pjl.command") return event.data.line;
  if (event.type === "http.request") return `GET / ${event.data.userAgent ?? ""}`.trim();
  if (event.type !== "job.captured") return "";
  return event.data.kind === "job" ? "print job, text" : "not PJL: http-request";
}

/** Compares everything that is raw: events in order, sessions, jobs, positions. */
export async function expectSame(store: Store, model: Model): Promise<void> {
  const events: StoredEvent[] = [];
  for (;;) {
    const next = await store.eventsAfter(events.at(-1)?.ordinal ?? 0, 500);
    if (next.length === 0) break;
    events.push(...next);
  }
  expect(events).toEqual(model.events);

  const sessions = await store.db
    .selectFrom("session")
    .select(["number", "sensor", "session", "source", "opened", "closed"])
    .select(["bytes_in", "log_end", "first_line", "events"])
    .orderBy("number")
    .execute();
  expect(sessions).toEqual(model.sessions());

  const jobs = await store.db
    .selectFrom("job")
    .select(["number", "session", "job", "bytes", "complete", "name", "time"])
    .orderBy("number")
    .execute();
  expect(jobs).toEqual(model.jobs());

  const bySensor = (a: { sensor: string }, b: { sensor: string }) => (a.sensor < b.sensor ? -1 : 1);
  expect((await store.positions()).sort(bySensor)).toEqual([...model.positions.values()].sort(bySensor));
}
