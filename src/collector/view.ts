/** Answers to the questions of the contract, from the store and the evidence folders. */
import { join } from "node:path";
import type { CaseRecord, Evidence } from "../detect/case.ts";
import type { EventType } from "../event/catalogue.ts";
import { readSafe } from "../evidence/folder.ts";
import { LogReader } from "../evidence/reader.ts";
import type { Intent } from "../detect/intent.ts";
import { type CaseAnswer, caseByNumber } from "../store/queries/case.ts";
import { listCases } from "../store/queries/cases.ts";
import { listEvents } from "../store/queries/events.ts";
import { jobByNumber } from "../store/queries/job.ts";
import { listJobs } from "../store/queries/jobs.ts";
import { jobNumbers, type NumberOf, sessionNumbers } from "../store/queries/numbers.ts";
import { overview } from "../store/queries/overview.ts";
import { listSessions } from "../store/queries/sessions.ts";
import { sessionByNumber, type SessionFinding } from "../store/queries/session.ts";
import { jobsOfCases, sessionsOfCases } from "../store/queries/visits.ts";
import type { Store, StoredEvent } from "../store/store.ts";
import type { JobTable, SessionTable } from "../store/tables.ts";
import { Networks } from "../util/network.ts";
import type { Asked, CaseView, JobLine, Question, Reply, VisitLine } from "./contract.ts";
import { type ForgetAsked, type Forgetter, NothingThere } from "./forget.ts";
import type { Health } from "./health.ts";
import { conversation, type Message, touches } from "./conversation.ts";

/** What was asked for does not exist. */
export class NotFound extends Error {}

/** Sessions and jobs that a case lists, and messages that a session lists. */
const LISTED = 100;
const MESSAGES = 500;
const RECORDS = 5000;

type Answers = { [Q in Question]?: (asked: Asked<Q>) => Promise<Reply<Q>> };

export class View {
  readonly #store: Store;
  readonly #sensors: string;
  readonly #own: Networks;
  readonly #health: Health | undefined;
  readonly #forgetter: Forgetter | undefined;

  /**
   * `sensors` is the folder with one folder per sensor, `own` what the operator named as the own networks,
   * `health` that of the running collector, `forgetter` what removes where the store may be written.
   */
  constructor(store: Store, sensors: string, own = new Networks([]), health?: Health, forgetter?: Forgetter) {
    this.#forgetter = forgetter;
    this.#health = health;
    this.#store = store;
    this.#sensors = sensors;
    this.#own = own;
  }

  /** The answer to a question that was checked against the contract. Throws NotFound. */
  answer<Q extends Question>(question: Q, asked: Asked<Q>): Promise<Reply<Q>> {
    const answer = this.#answers[question];
    if (!answer) throw new NotFound("This is not answered here");
    return answer(asked);
  }

  readonly #answers: Answers = {
    overview: () => this.#overview(),
    status: async () => {
      if (!this.#health) throw new NotFound("No collector runs");
      return this.#health.answer();
    },
    forget: async (asked) => {
      if (!this.#forgetter) throw new NotFound("Nothing can be removed here");
      return this.#forgetter.forget(asked as ForgetAsked, "operator").catch((error: unknown) => {
        throw error instanceof NothingThere ? new NotFound("There is nothing of the kind") : error;
      });
    },
    cases: async ({ intent, own, limit, source, after, since }) => {
      const { cases, next } = await listCases(this.#store.db, {
        limit,
        source,
        after,
        since: since?.getTime(),
        intent: intent as Intent | undefined,
        without: own ? [] : this.#own.ranges(),
      });
      const numbers = cases.map((one) => one.number);
      const [sessions, jobs] = await Promise.all([
        sessionsOfCases(this.#store.db, numbers, LISTED),
        jobsOfCases(this.#store.db, numbers, LISTED),
      ]);
      const full = cases.map((one) =>
        Object.assign(one, { sessions: sessions.get(one.number) ?? [], jobs: jobs.get(one.number) ?? [] }),
      );
      return { cases: await this.#cases(full), next: next ?? null };
    },
    case: async ({ number }) => {
      const found = await caseByNumber(this.#store.db, number, LISTED);
      if (!found) throw new NotFound(`There is no case C-${number}`);
      return (await this.#cases([found]))[0]!;
    },
    session: (asked) => this.#session(asked.number),
    visits: async ({ since, until, ...asked }) => {
      const found = await listSessions(this.#store.db, { ...asked, since: since?.getTime(), until: until?.getTime() });
      const next = found.length < asked.limit ? null : (found.at(-1)?.number ?? null);
      return { sessions: found.map(visitLine), next };
    },
    jobs: async ({ limit }) => {
      const found = await listJobs(this.#store.db, { limit });
      const numberOf = await this.#sessionNumbers(found);
      return { jobs: found.map((job) => jobLine(job, numberOf)), next: null };
    },
    job: (asked) => this.#job(asked.number),
    events: async ({ after, limit, type }) => {
      const { events, next } = await listEvents(this.#store.db, { after, limit, type: type as EventType | undefined });
      return { events: events.map(eventView), next };
    },
  };

  async #overview(): Promise<Reply<"overview">> {
    // In this order, so that what is not behind is counted.
    const sensors = await Promise.all(
      (await this.#store.positions()).map(async ({ sensor, position }) => {
        const safe = await readSafe(this.#evidence(sensor));
        return { sensor, position, behind: Math.max(0, (safe?.position ?? position) - position) };
      }),
    );
    const { cases, own, visits, jobs, first, events, judged } = await overview(this.#store.db, this.#own.ranges());
    return { cases, own, visits, jobs, first: first === null ? null : iso(first), events, judged, sensors };
  }

  /** Cases with what they rest on, by the names people know. */
  async #cases(found: readonly CaseAnswer[]): Promise<CaseView[]> {
    const evidence = found.flatMap(({ record }) => record.reasons.flatMap((reason) => reason.evidence));
    const jobs = evidence.flatMap(({ sensor, job }) => (job === undefined ? [] : [{ sensor, id: job }]));
    const sessionRows = found.flatMap((one) => one.jobs.map(({ sensor, session }) => ({ sensor, id: session })));
    const [sessionOf, jobOf] = await Promise.all([
      sessionNumbers(this.#store.db, [
        ...evidence.map(({ sensor, session }) => ({ sensor, id: session })),
        ...sessionRows,
      ]),
      jobNumbers(this.#store.db, jobs),
    ]);
    return found.map(({ number, record, sessions, jobs }) => ({
      id: `C-${number}`,
      source: record.source,
      sourceKey: record.sourceKey,
      own: this.#own.has(record.source),
      intent: record.intent,
      confidence: record.confidence,
      others: record.others,
      headline: record.headline,
      first: iso(record.firstTime),
      last: iso(record.lastTime),
      sessionCount: record.sessions,
      jobCount: record.jobs,
      ...(record.probeToJobMs === undefined ? {} : { probeToJobMs: record.probeToJobMs }),
      reasons: reasonsOf(record, sessionOf, jobOf),
      dropped: record.dropped,
      judged: record.intent,
      corrected: false,
      state: "open" as const,
      muted: false,
      decisions: [],
      sessions: sessions.map(sessionLine),
      jobs: jobs.map((job) => jobLine(job, sessionOf)),
    }));
  }

  async #session(number: number): Promise<Reply<"session">> {
    const found = await sessionByNumber(this.#store.db, number);
    if (!found) throw new NotFound(`There is no session S-${number}`);
    const { session, events, findings, caseNumber } = found;
    const reader = new LogReader(this.#evidence(session.sensor));
    const records = await reader.session(session.log_end, RECORDS).finally(() => reader.close());
    const messages = conversation(records, session.session);
    const listed = messages.slice(0, MESSAGES);
    const named = listed.flatMap(({ job }) => (job === undefined ? [] : [{ sensor: session.sensor, id: job }]));
    const jobOf = await jobNumbers(this.#store.db, named);
    const record = caseNumber === null ? undefined : (await caseByNumber(this.#store.db, caseNumber, 1))?.record;
    return {
      ...sessionLine(session),
      sensor: session.sensor,
      device: session.device,
      persona: session.persona,
      sourcePort: session.source_port,
      target: session.target,
      targetPort: session.target_port,
      closeReason: session.close_reason,
      case: caseNumber === null ? null : `C-${caseNumber}`,
      messages: listed.map(({ job, ...message }) => {
        const jobNumber = job === undefined ? undefined : jobOf(session.sensor, job);
        return {
          ...message,
          ...(job === undefined
            ? {}
            : { job: jobNumber === undefined ? "a job that was not kept whole" : `J-${jobNumber}` }),
          findings: notes(message, findings, record),
        };
      }),
      leftOut: messages.length - listed.length,
      events: events.map(eventView),
    };
  }

  async #job(number: number): Promise<Reply<"job">> {
    const found = await jobByNumber(this.#store.db, number);
    if (!found) throw new NotFound(`There is no job J-${number}`);
    const { job, captured, sessionNumber, caseNumber } = found;
    return {
      ...jobLine(job, () => sessionNumber ?? undefined),
      case: caseNumber === null ? null : `C-${caseNumber}`,
      file: join("sensors", job.sensor, "evidence", "jobs", job.sha256.slice(0, 2), job.sha256),
      declared: captured.declared ?? null,
      why: captured.why ?? null,
      wrapper: captured.wrapper,
      head: captured.head,
      sensor: job.sensor,
      same: { jobs: 1, sources: 1 },
    };
  }

  #sessionNumbers(jobs: readonly JobTable[]): Promise<NumberOf> {
    return sessionNumbers(
      this.#store.db,
      jobs.map(({ sensor, session }) => ({ sensor, id: session })),
    );
  }

  #evidence(sensor: string): string {
    return join(this.#sensors, sensor, "evidence");
  }
}

const iso = (time: number) => new Date(time).toISOString();

function sessionLine(row: SessionTable) {
  return {
    id: `S-${row.number}`,
    service: row.service,
    source: row.source,
    opened: iso(row.opened),
    closed: row.closed === null ? null : iso(row.closed),
    bytesIn: row.bytes_in,
    bytesOut: row.bytes_out,
    firstLine: row.first_line,
  };
}

function visitLine(row: SessionTable): VisitLine {
  return {
    ...sessionLine(row),
    number: row.number,
    sensor: row.sensor,
    session: row.session,
    transport: row.transport as VisitLine["transport"],
    persona: row.persona,
    sourcePort: row.source_port,
    target: row.target,
    targetPort: row.target_port,
    closeReason: row.close_reason,
    logEnd: row.log_end,
  };
}

function jobLine(row: JobTable, sessionOf: NumberOf): JobLine {
  return {
    id: `J-${row.number}`,
    session: name("S", sessionOf(row.sensor, row.session)),
    source: row.source,
    service: row.service,
    time: iso(row.time),
    kind: row.kind as JobLine["kind"],
    language: row.language,
    bytes: row.bytes,
    sha256: row.sha256,
    complete: row.complete,
    name: row.name,
    user: row.user_name,
  };
}

const name = (letter: "S" | "J", number: number | undefined) =>
  number === undefined ? "removed" : `${letter}-${number}`;

function reasonsOf(record: CaseRecord, sessionOf: NumberOf, jobOf: NumberOf): CaseView["reasons"] {
  return record.reasons.map((reason, i) => ({
    number: i + 1,
    rule: reason.rule,
    title: reason.title,
    intent: reason.intent,
    level: reason.level,
    count: reason.count,
    muted: false,
    ...(reason.partOf === undefined ? {} : { partOf: reason.partOf }),
    evidence: reason.evidence.map((one: Evidence) => ({
      session: name("S", sessionOf(one.sensor, one.session)),
      service: one.service,
      time: iso(one.time),
      ...(one.job === undefined ? {} : { job: name("J", jobOf(one.sensor, one.job)) }),
      ...(one.at ? { at: one.at } : {}),
      ...(one.words ? { words: one.words } : {}),
    })),
  }));
}

/** What was found in a message, numbered as in the reasons of its case. */
function notes(message: Omit<Message, "job">, findings: readonly SessionFinding[], record: CaseRecord | undefined) {
  return findings.flatMap(({ rule, kind, evidence: { at } }) => {
    if (kind !== "signature" || !at || !touches(message, at)) return [];
    const index = record?.reasons.findIndex((reason) => reason.rule === rule) ?? -1;
    const title = record?.reasons[index]?.title ?? rule;
    return [{ number: index + 1, rule, title, at }];
  });
}

function eventView({ ordinal, event }: StoredEvent): Record<string, unknown> {
  return { ordinal, ...event, time: iso(event.time) };
}
