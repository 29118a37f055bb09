/**
 * What a sensor's evidence folder holds after a run that did not end in order: how the log goes on, which sessions
 * were open, which jobs were being received. Cuts a torn tail and names finished jobs; changes nothing else.
 */
import { readdir, truncate } from "node:fs/promises";
import type { Event, Origin } from "../event/event.ts";
import { partFolder, readSafe, segments } from "./folder.ts";
import { putBackAll } from "./references.ts";
import { LogReader } from "./reader.ts";
import { FIRST_POSITION, KIND, type LogRecord, readEvent, readJobRange } from "./record.ts";
import { nameJob } from "./job-body.ts";

/** A session without an end. */
export interface OpenSession {
  number: number;
  origin: Origin;
  opened: number;
  lastTime: number;
  lastPosition: number;
  bytesIn: number;
  bytesOut: number;
  /** First and past-the-last byte of the inbound stream that went into each job, by job id. */
  jobs: Map<string, [number, number]>;
}

export interface Recovered {
  /** Where the log goes on. */
  position: number;
  trimmedBytes: number;
  sessions: OpenSession[];
  /** Ids of jobs whose bodies were still being received. */
  parts: string[];
}

/** Reads what the last run left in `evidence`. An empty folder gives the first position and nothing else. */
export async function recover(evidence: string): Promise<Recovered> {
  await putBackAll(evidence);
  const safe = await readSafe(evidence);
  const scan = new Scan();
  const reader = new LogReader(evidence);
  let position = safe?.low ?? (await segments(evidence))[0]?.position ?? FIRST_POSITION;
  let trimmedBytes = 0;
  try {
    for (;;) {
      const { records, next, torn } = await reader.read(position);
      trimmedBytes = torn;
      position = next;
      if (records.length === 0) break;
      for (const record of records) scan.follow(record);
    }
  } finally {
    await reader.close();
  }
  if (trimmedBytes > 0) await trim(evidence, position);
  const parts: string[] = [];
  for (const job of await readdir(partFolder(evidence)).catch(() => [] as string[])) {
    const finished = scan.finished.get(job);
    if (finished) await nameJob(evidence, job, finished.sha256);
    else parts.push(job);
  }
  return { position, trimmedBytes, sessions: [...scan.sessions.values()], parts };
}

class Scan {
  /** By number: a number is used again only in a later run, whose recovery has closed the older session. */
  readonly sessions = new Map<number, OpenSession>();
  readonly finished = new Map<string, { sha256: string; bytes: number }>();

  follow(record: LogRecord): void {
    const session = this.sessions.get(record.session);
    if (session) {
      session.lastTime = record.time;
      session.lastPosition = record.position;
    }
    if (record.kind === KIND.event) this.#event(record, readEvent(record));
    if (!session) return;
    if (record.kind === KIND.inbound) session.bytesIn += record.payload.length;
    if (record.kind === KIND.outbound) session.bytesOut += record.payload.length;
    if (record.kind === KIND.jobRange) {
      const range = readJobRange(record.payload);
      const id = jobId(session.origin.session, range.job);
      session.bytesIn += range.length;
      session.jobs.set(id, [session.jobs.get(id)?.[0] ?? range.at, range.at + range.length]);
    }
  }

  #event(record: LogRecord, event: Event): void {
    if (event.type === "session.open") {
      this.sessions.set(record.session, {
        number: record.session,
        origin: event.origin!,
        opened: record.time,
        lastTime: record.time,
        lastPosition: record.position,
        bytesIn: 0,
        bytesOut: 0,
        jobs: new Map(),
      });
    }
    if (event.type === "session.close") this.sessions.delete(record.session);
    if (event.type === "job.captured") this.finished.set(event.data.job, event.data);
  }
}

/** `<session>.<number>`: unique within a sensor. */
export function jobId(session: string, number: number): string {
  return `${session}.${number}`;
}

/** Cuts the newest segment at a log position, so that the next record follows the last whole one. */
async function trim(evidence: string, position: number): Promise<void> {
  const newest = (await segments(evidence)).at(-1);
  if (newest && position >= newest.position) await truncate(newest.path, position - newest.position);
}
