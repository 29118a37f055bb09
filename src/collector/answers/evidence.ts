/** What was recorded: sessions and events. */
import { join } from "node:path";
import type { CaseRecord } from "../../detect/case.ts";
import type { EventType } from "../../event/catalogue.ts";
import { LogReader } from "../../evidence/reader.ts";
import { Outline } from "../../evidence/stretch.ts";
import { listEvents } from "../../store/queries/events.ts";
import { jobNumbers } from "../../store/queries/numbers.ts";
import { recordsOf } from "../../store/queries/records.ts";
import { listSessions } from "../../store/queries/sessions.ts";
import { sessionByNumber, type SessionFinding } from "../../store/queries/session.ts";
import type { SessionTable } from "../../store/tables.ts";
import type { Asked, Reply } from "../contract.ts";
import { conversation, type Message, touches } from "../conversation.ts";
import { eventView, sessionLine, visitLine } from "../lines.ts";
import { NotFound, Refused } from "../refusals.ts";
import { type Answers, type Room } from "../room.ts";
import { seesJobs, type Who } from "../who.ts";

/** Messages that a session lists, and records that are looked at for them. */
const MESSAGES = 500;
const RECORDS = 5000;
/** Records of a session in which bytes are found without reading all of it. */
const OUTLINE = 20_000;

type Evidence = "visits" | "session" | "sessionBytes" | "events";

export function evidenceAnswers(room: Room): Answers<Evidence> {
  const { db } = room.store;
  return {
    visits: async (asked) => {
      const found = await listSessions(db, { ...sessionsAsked(asked), limit: asked.limit, after: asked.after });
      const next = found.length < asked.limit ? null : (found.at(-1)?.number ?? null);
      return { sessions: found.map(visitLine), next };
    },
    session: ({ number }, who) => session(room, number, who),
    sessionBytes: async ({ number, direction, from, length }, who) => {
      const outline = await outlineOf(room, number);
      try {
        const found = await outline.read(direction, from, from + length, seesJobs(who));
        return { ...part(from, found.bytes, found.total), missing: found.missing };
      } finally {
        await outline.close();
      }
    },
    events: async ({ since, until, type, ...asked }, who) => {
      const times = { since: since?.getTime(), until: until?.getTime() };
      const { events, next } = await listEvents(db, { ...asked, ...times, type: type as EventType | undefined });
      return { events: events.map((event) => eventView(event, who)), next };
    },
  };
}

export function sessionsAsked({ since, until, q, source, session, case: of, order }: Omit<Asked<"visits">, "limit">) {
  return { since: since?.getTime(), until: until?.getTime(), q, source, session, case: of, order };
}

export const beforeOf = (after: string | undefined) => {
  if (after !== undefined && !/^\d{1,15}$/.test(after)) throw new Refused(400, "`after` is none that was given.");
  return after === undefined ? undefined : Number(after);
};

export const nextOf = (rows: readonly { number: number }[], limit: number) =>
  rows.length < limit ? null : String(rows.at(-1)!.number);

export const evidenceOf = (room: Room, sensor: string) => join(room.sensors, sensor, "evidence");

/** A part of a longer row of bytes, as replies have it. */
export function part(from: number, bytes: Buffer, total: number) {
  return { from, to: from + bytes.length, total, base64: bytes.toString("base64") };
}

/** The session with this number. Throws NotFound. */
export async function sessionRow(room: Room, number: number): Promise<SessionTable> {
  const [row] = await listSessions(room.store.db, { session: number, limit: 1 });
  if (!row) throw new NotFound(`There is no session S-${number}`);
  return row;
}

async function outlineOf(room: Room, number: number) {
  const row = await sessionRow(room, number);
  const evidence = evidenceOf(room, row.sensor);
  const reader = new LogReader(evidence);
  const close = () => reader.close();
  const outline = await Outline.of(reader, evidence, row.session, row.log_end, OUTLINE).catch(
    async (error: unknown) => {
      await close();
      throw error;
    },
  );
  if (outline) return Object.assign(outline, { close });
  await close();
  throw new Refused(422, `Session S-${number} is too long to look into, or its beginning is no longer kept.`);
}

async function session(room: Room, number: number, who: Who): Promise<Reply<"session">> {
  const { db } = room.store;
  const found = await sessionByNumber(db, number);
  if (!found) throw new NotFound(`There is no session S-${number}`);
  const { session, events, findings, caseNumber } = found;
  const reader = new LogReader(evidenceOf(room, session.sensor));
  const records = await reader.session(session.log_end, RECORDS).finally(() => reader.close());
  const messages = conversation(records, session.session);
  const listed = messages.slice(0, MESSAGES);
  const named = listed.flatMap(({ job }) => (job === undefined ? [] : [{ sensor: session.sensor, id: job }]));
  const jobOf = await jobNumbers(db, named);
  const record = caseNumber === null ? undefined : (await recordsOf(db, [caseNumber])).get(caseNumber);
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
    events: events.map((event) => eventView(event, who)),
  };
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
