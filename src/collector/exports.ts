/** Lists as files: CSV for spreadsheets, JSON lines for programs. Page by page, so that any length takes little memory. */
import type { EventType } from "../event/catalogue.ts";
import { listCases } from "../store/queries/cases.ts";
import { listEvents } from "../store/queries/events.ts";
import { listJobs } from "../store/queries/jobs.ts";
import { sessionNumbers } from "../store/queries/numbers.ts";
import { listSessions } from "../store/queries/sessions.ts";
import { alone, casesAsked, caseViews } from "./answers/cases.ts";
import { sessionsAsked } from "./answers/evidence.ts";
import { jobsAsked } from "./answers/jobs.ts";
import type { CaseView, DownloadAsked, DownloadName, JobLine, VisitLine } from "./contract.ts";
import { byteCell, type Cell, csvLine } from "./csv.ts";
import { eventView, jobLine, visitLine } from "./lines.ts";
import type { Room } from "./room.ts";
import type { Who } from "./who.ts";

const PAGE = 500;

export type Export = Extract<DownloadName, `export${string}`>;

/** Columns of a table: name, and what stands in it. */
type Columns<R> = readonly [string, (row: R) => Cell][];

const CASES: Columns<CaseView> = [
  ["case", (one) => one.id],
  ["intent", (one) => one.intent],
  ["judged", (one) => one.judged],
  ["confidence", (one) => one.confidence],
  ["state", (one) => one.state],
  ["source", (one) => one.source],
  ["first", (one) => one.first],
  ["last", (one) => one.last],
  ["sessions", (one) => one.sessionCount],
  ["jobs", (one) => one.jobCount],
  ["probe_to_job_ms", (one) => one.probeToJobMs],
  ["headline", (one) => one.headline],
  ["signatures", (one) => one.reasons.map((reason) => reason.rule).join(" ")],
];

const SESSIONS: Columns<VisitLine> = [
  ["session", (one) => one.id],
  ["sensor", (one) => one.sensor],
  ["service", (one) => one.service],
  ["source", (one) => one.source],
  ["source_port", (one) => one.sourcePort],
  ["target", (one) => one.target],
  ["target_port", (one) => one.targetPort],
  ["opened", (one) => one.opened],
  ["closed", (one) => one.closed],
  ["bytes_in", (one) => one.bytesIn],
  ["bytes_out", (one) => one.bytesOut],
  ["first_line", (one) => byteCell(one.firstLine)],
];

const JOBS: Columns<JobLine> = [
  ["job", (one) => one.id],
  ["session", (one) => one.session],
  ["time", (one) => one.time],
  ["source", (one) => one.source],
  ["service", (one) => one.service],
  ["kind", (one) => one.kind],
  ["language", (one) => one.language],
  ["bytes", (one) => one.bytes],
  ["complete", (one) => one.complete],
  ["sha256", (one) => one.sha256],
  ["name", (one) => byteCell(one.name)],
  ["user", (one) => byteCell(one.user)],
];

type EventRow = ReturnType<typeof eventView>;

const EVENTS: Columns<EventRow> = [
  ["ordinal", (one) => one["ordinal"] as number],
  ["time", (one) => one["time"] as string],
  ["sensor", (one) => one["sensor"] as string],
  ["type", (one) => one["type"] as string],
  ["session", (one) => (one["origin"] as { session?: string } | undefined)?.session],
  ["source", (one) => (one["origin"] as { source?: { ip: string } } | undefined)?.source?.ip],
  ["data", (one) => byteCell(JSON.stringify(one["data"]))],
];

/** The lines of an export. */
export function exported<E extends Export>(
  room: Room,
  name: E,
  asked: DownloadAsked<E>,
  who: Who,
): AsyncGenerator<string> {
  const { format } = asked;
  switch (name) {
    case "exportCases":
      return written(CASES, format, casePages(room, asked as DownloadAsked<"exportCases">, who));
    case "exportSessions":
      return written(SESSIONS, format, sessionPages(room, asked as DownloadAsked<"exportSessions">));
    case "exportJobs":
      return written(JOBS, format, jobPages(room, asked as DownloadAsked<"exportJobs">, who));
    default:
      return written(EVENTS, format, eventPages(room, asked as DownloadAsked<"exportEvents">, who));
  }
}

async function* written<R>(columns: Columns<R>, format: "csv" | "jsonl", pages: AsyncGenerator<R[]>) {
  if (format === "csv") yield csvLine(columns.map(([name]) => name));
  for await (const page of pages) {
    const line = (row: R) =>
      format === "csv" ? csvLine(columns.map(([, cell]) => cell(row))) : `${JSON.stringify(row)}\n`;
    yield page.map(line).join("");
  }
}

async function* casePages(room: Room, asked: DownloadAsked<"exportCases">, who: Who) {
  for (let after: string | undefined; ;) {
    const { cases, next } = await listCases(room.store.db, { ...casesAsked(room, asked), limit: PAGE, after });
    yield await caseViews(room, cases.map(alone), who, { excerpts: "none" });
    if (next === undefined) return;
    after = next;
  }
}

async function* sessionPages(room: Room, asked: DownloadAsked<"exportSessions">) {
  for (let after: number | undefined; ;) {
    const rows = await listSessions(room.store.db, { ...sessionsAsked(asked), limit: PAGE, after });
    yield rows.map(visitLine);
    after = rows.at(-1)?.number;
    if (rows.length < PAGE) return;
  }
}

async function* jobPages(room: Room, asked: DownloadAsked<"exportJobs">, who: Who) {
  for (let before: number | undefined; ;) {
    const rows = await listJobs(room.store.db, { ...jobsAsked(asked), limit: PAGE, before });
    const ids = rows.map(({ sensor, session }) => ({ sensor, id: session }));
    const numberOf = await sessionNumbers(room.store.db, ids);
    yield rows.map((row) => jobLine(row, numberOf, who));
    before = rows.at(-1)?.number;
    if (rows.length < PAGE) return;
  }
}

async function* eventPages(room: Room, asked: DownloadAsked<"exportEvents">, who: Who) {
  const { type, source, sensor } = asked;
  for (let after = 0; ;) {
    const found = await listEvents(room.store.db, {
      after,
      limit: PAGE,
      type: type as EventType | undefined,
      source,
      sensor,
    });
    yield found.events.map((event) => eventView(event, who));
    if (found.events.length < PAGE) return;
    after = found.next;
  }
}
