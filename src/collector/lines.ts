/** Rows of the store as the contract writes them. */
import type { EventType } from "../event/catalogue.ts";
import type { DecisionTable, JobTable, SessionTable } from "../store/tables.ts";
import type { NumberOf } from "../store/queries/numbers.ts";
import type { StoredEvent } from "../store/store.ts";
import type { DecisionView, JobLine, VisitLine } from "./contract.ts";
import { iso, isoOrNull } from "./room.ts";
import { seesJobs, type Who } from "./who.ts";

export function sessionLine(row: SessionTable) {
  return {
    id: `S-${row.number}`,
    service: row.service,
    source: row.source,
    opened: iso(row.opened),
    closed: isoOrNull(row.closed),
    bytesIn: row.bytes_in,
    bytesOut: row.bytes_out,
    firstLine: row.first_line,
  };
}

export function visitLine(row: SessionTable): VisitLine {
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

export function jobLine(row: JobTable, sessionOf: NumberOf, who: Who): JobLine {
  const seen = seesJobs(who);
  return {
    id: `J-${row.number}`,
    session: nameOf("S", sessionOf(row.sensor, row.session)),
    source: row.source,
    service: row.service,
    time: iso(row.time),
    kind: row.kind as JobLine["kind"],
    language: row.language,
    bytes: row.bytes,
    sha256: row.sha256,
    complete: row.complete,
    name: seen ? row.name : null,
    user: seen ? row.user_name : null,
  };
}

export const nameOf = (letter: "S" | "J", number: number | undefined) =>
  number === undefined ? "removed" : `${letter}-${number}`;

export function decisionView(row: DecisionTable): DecisionView {
  return {
    number: row.number,
    kind: row.kind as DecisionView["kind"],
    subject: row.subject,
    value: row.value,
    ...(row.why === null ? {} : { why: row.why }),
    ...(row.kind === "mute" ? { until: isoOrNull(row.until) } : {}),
    by: row.by_name,
    at: iso(row.at),
    undone: row.undone_at === null ? null : { by: row.undone_by ?? "", at: iso(row.undone_at) },
  };
}

/** Fields that tell what was printed or by whom, by the type of their event. */
const OF_JOBS: { [T in EventType]?: ReadonlySet<string> } = {
  "job.captured": new Set(["name", "user", "wrapper", "head"]),
  "job.read": new Set(["text", "title", "names", "leads"]),
};

export function eventView({ ordinal, event }: StoredEvent, who: Who): Record<string, unknown> {
  const shown = { ordinal, ...event, time: iso(event.time) };
  const hidden = OF_JOBS[event.type];
  if (!hidden || seesJobs(who)) return shown;
  return { ...shown, data: Object.fromEntries(Object.entries(event.data).filter(([name]) => !hidden.has(name))) };
}
