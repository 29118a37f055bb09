/** `inktrap show`: one case, session or job, with everything a verdict rests on. */
import type { CaseView, JobView, SessionView } from "../../collector/contract.ts";
import { visible, visibleByteText } from "../../event/bytes-text.ts";
import type { Origin } from "../../event/event.ts";
import { duration } from "../../util/duration.ts";
import { Problems } from "../../util/problem.ts";
import { DataFolder } from "../data-folder.ts";
import { dossierLines } from "../dossier-lines.ts";
import { openQuestions, type Questions } from "../questions.ts";
import { alarm, bold, clock, day, dim, mark, oneLine, print, size, table, when, zone } from "../terminal.ts";

export interface ShowOptions {
  data: string;
  json?: boolean;
}

export async function show(id: string, options: ShowOptions): Promise<void> {
  const match = /^([CSJ])-(\d+)$/i.exec(id);
  if (!match) {
    const remedy = "Give C-1 for a case, S-4 for a session or J-2 for a job; inktrap cases lists them.";
    throw new Problems([{ where: id, what: "is not the name of anything", remedy }]);
  }
  const questions = await openQuestions(new DataFolder(options.data));
  try {
    const number = Number(match[2]);
    const writer = WRITERS[match[1]!.toUpperCase() as keyof typeof WRITERS];
    await writer(questions, number, options.json ?? false);
  } finally {
    await questions.close();
  }
}

const WRITERS = {
  C: async (questions: Questions, number: number, json: boolean) => {
    const found = await questions.ask("case", { number });
    for (const line of json ? [JSON.stringify(found, undefined, 2)] : caseLines(found)) print(line);
  },
  S: async (questions: Questions, number: number, json: boolean) => {
    const found = await questions.ask("session", { number });
    for (const line of json ? [JSON.stringify(found, undefined, 2)] : sessionLines(found)) print(line);
  },
  J: async (questions: Questions, number: number, json: boolean) => {
    const found = await questions.ask("job", { number });
    for (const line of json ? [JSON.stringify(found, undefined, 2)] : jobLines(found)) print(line);
  },
};

function caseLines(one: CaseView): string[] {
  const reasons = one.reasons
    .filter((reason) => reason.partOf === undefined)
    .map((reason) => [
      String(reason.number),
      visible(reason.title) + (reason.count > 1 ? dim(` (${reason.count} times)`) : ""),
      reason.rule,
      places(reason.evidence),
    ]);
  const next = [one.sessions[0]?.id, one.jobs[0]?.id].filter((id) => id !== undefined);
  return [
    `${bold(one.id)}  ${alarm(one.intent)}, ${one.confidence}     ${one.source}${one.own ? ", one of your own networks" : ""}`,
    "",
    visible(one.headline),
    ...(one.others.length > 0 ? [`Also: ${one.others.join(", ")}`] : []),
    "",
    ...(reasons.length > 0
      ? ["Why", ...table(reasons).map((line) => `  ${line}`)]
      : ["Nothing in the evidence carries a verdict."]),
    ...(one.dropped.length > 0
      ? [
          "Considered and dropped",
          ...table(one.dropped.map(({ intent, why }) => [intent, visible(why)])).map((line) => `     ${line}`),
        ]
      : []),
    "",
    `When (${zone(one.first)})`,
    ...timeline(one),
    ...(one.sessionCount > one.sessions.length
      ? [dim(`  the first ${one.sessions.length} of ${one.sessionCount}`)]
      : []),
    "",
    next.length > 0
      ? `npx inktrap show ${next[0]} for the conversation${next[1] ? `, npx inktrap show ${next[1]} for the job` : ""}`
      : "",
  ];
}

/** `S-4 byte 9, S-5, J-1: "TONER", "70 % OFF"`: the first places and words a reason rests on. */
function places(evidence: CaseView["reasons"][number]["evidence"]): string {
  const seen = evidence.slice(0, 3).map((one) => {
    const where = one.job ?? (one.at && one.at[0] > 0 ? `${one.session} byte ${one.at[0]}` : one.session);
    const words = (one.words ?? []).slice(0, 3).map((word) => `"${oneLine(word, 30)}"`);
    return mark(words.length > 0 && one.job !== undefined ? `${where}: ${words.join(", ")}` : where);
  });
  return [...new Set(seen)].join(", ");
}

/** Pauses longer than this are written out. */
const PAUSE_MS = 60_000;

function timeline(one: CaseView): string[] {
  const services = [...new Set(one.sessions.map((session) => session.service))];
  const jobsOf = (session: string) => one.jobs.filter((job) => job.session === session);
  const rows: string[][] = [];
  let last: string | undefined;
  for (const session of one.sessions) {
    const pause = last === undefined ? 0 : Date.parse(session.opened) - Date.parse(last);
    if (pause >= PAUSE_MS) rows.push(["", "", dim(duration(pause)), ...services.map(() => ""), ""]);
    last = session.opened;
    const jobs = jobsOf(session.id);
    rows.push([
      `${day(session.opened)} ${clock(session.opened)}`,
      session.id,
      oneLine(session.firstLine, 48),
      ...services.map((service) => (service === session.service ? (jobs.length > 0 ? "■" : "●") : "")),
      jobs.map((job) => job.id).join(" "),
    ]);
  }
  return table([["", "", "", ...services, ""], ...rows]).map((line) => `  ${line}`);
}

/** A conversation as people read it. */
export function sessionLines(one: SessionView): string[] {
  const from = `${one.source}:${one.sourcePort}${via(one)} → ${one.target}:${one.targetPort}`;
  const took =
    one.closed === null ? "still open" : `${((Date.parse(one.closed) - Date.parse(one.opened)) / 1000).toFixed(2)} s`;
  const lines = [
    `${bold(one.id)}  ${one.service}, ${one.persona}    ${from}    ${day(one.opened)} ${clock(one.opened)} ${zone(one.opened)}, ${took}    in ${size(one.bytesIn)}, out ${size(one.bytesOut)}`,
    ...(one.case === null ? [] : [`Part of ${one.case}`]),
    "",
  ];
  for (const message of one.messages) {
    const stamp = (message.afterMs / 1000).toFixed(3).padStart(8);
    const arrow = message.direction === "in" ? ">" : "<";
    if (message.job !== undefined) {
      lines.push(`${stamp}  ${arrow}  ${dim(`${size(message.bytes)} of ${message.job}`)}`);
      continue;
    }
    const notes = message.findings.map((finding) => mark(`${finding.number} ${finding.rule}`)).join("  ");
    const [first = "", ...rest] = wireLines(message.text);
    lines.push(`${stamp}  ${arrow}  ${notes === "" ? first : `${first.padEnd(60)}  ${notes}`}`);
    for (const line of rest) lines.push(`             ${line}`);
    const left = message.bytes - message.text.length;
    if (left > 0) lines.push(dim(`             +${size(left)}`));
  }
  if (one.leftOut > 0) lines.push(dim(`          ${one.leftOut} further messages are not listed here`));
  if (one.closed !== null) {
    const after = ((Date.parse(one.closed) - Date.parse(one.opened)) / 1000).toFixed(3).padStart(8);
    lines.push(`${after}     ${ENDS[one.closeReason ?? ""] ?? `ended: ${one.closeReason}`}`);
  }
  return lines;
}

/** The upstream that a visitor came through. */
function via({ events }: SessionView): string {
  const origin = events[0]?.["origin"] as Origin | undefined;
  return origin?.source.via === undefined ? "" : ` through ${origin.source.via}`;
}

const ENDS: Record<string, string> = {
  visitor: "visitor closed",
  printer: "printer closed",
  reset: "visitor broke the connection off",
  idle: "printer closed, as nothing came",
  limit: "ended at a limit",
  "sensor-stopped": "the sensor stopped",
};

/** Byte text cut after each line end, control bytes by name: `@PJL INFO ID<CR><LF>`. */
function wireLines(byteText: string): string[] {
  const lines = byteText.split(/(?<=\n)/);
  return lines.map((line) => visibleByteText(line));
}

/** What the sensor heard of it, while there is no reading. */
function claimed({ name, user }: JobView): string[][] {
  return [
    ["title", name === null ? "no title" : `${oneLine(name, 100)} (claimed)`],
    ["user", user === null ? "no user" : `${oneLine(user, 100)} (claimed)`],
  ];
}

function jobLines(job: JobView): string[] {
  const rows = [
    ["what", job.kind === "job" ? `print job, ${job.language}` : `not meant for a printer: ${job.language}`],
    ["size", `${size(job.bytes)} (${job.bytes} bytes)${job.complete ? "" : `, in part: ${job.why ?? "cut off"}`}`],
    ["SHA-256", job.sha256],
    ["file", job.file],
    ["when", `${when(job.time)} ${zone(job.time)}`],
    ["from", `${job.source}, ${job.service}, ${job.session}${job.case === null ? "" : `, ${job.case}`}`],
    ...(job.reading ? [] : claimed(job)),
    ...(job.declared === null ? [] : [["declared", visible(job.declared)]]),
  ];
  const wrapper = job.wrapper.map((line) => `  ${oneLine(line, 160)}`);
  const head = wireLines(job.head)
    .slice(0, 40)
    .map((line) => `  ${line.slice(0, 160)}`);
  return [
    `${bold(job.id)}`,
    "",
    ...table(rows).map((line) => `  ${line}`),
    "",
    ...(job.reading === null ? [dim("  It was not read yet.")] : dossierLines(job.reading)),
    ...(wrapper.length > 0 ? ["", "PJL around it", ...wrapper] : []),
    "",
    `Begins with`,
    ...head,
  ];
}
