/** `inktrap export`: what was recorded and judged, as files that other programs and people read without Inktrap. */
import { isIP } from "node:net";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { JobLine, VisitLine } from "../../collector/contract.ts";
import { VERSION } from "../../util/package.ts";
import { type Problem, Problems } from "../../util/problem.ts";
import { DataFolder } from "../data-folder.ts";
import { ExportFolder } from "../export-folder.ts";
import { openQuestions, type Questions } from "../questions.ts";
import { plural, print, size } from "../terminal.ts";
import { readName } from "../visits.ts";
import { sessionLines } from "./show.ts";

export interface ExportOptions {
  data: string;
  json?: boolean;
  output: string;
  /** ISO 8601, with the local zone where none is given. */
  since?: string;
  until?: string;
  source?: string;
  case?: string;
}

/** What is asked for, as the contract has it. */
interface Narrowed {
  since?: string;
  until?: string;
  source?: string;
  case?: number;
}

/**
 * Files: events.jsonl, cases.jsonl, sessions.jsonl, jobs.jsonl, jobs/<sha256> with the bodies, conversations/S-<n>.txt, and
 * manifest.json with size and SHA-256 of each.
 */
export async function exportAll(options: ExportOptions): Promise<void> {
  const narrowed = narrow(options);
  const data = new DataFolder(options.data);
  const questions = await openQuestions(data);
  try {
    const one = narrowed.case === undefined ? undefined : await questions.ask("case", { number: narrowed.case });
    const folder = await ExportFolder.create(options.output);
    const visits = new Map<string, VisitLine>();
    await folder.write("sessions.jsonl", lines(sessions(questions, narrowed, visits)));
    await folder.write("cases.jsonl", lines(one ? [one] : cases(questions, narrowed)));
    await folder.write("events.jsonl", lines(events(questions, narrowed, visits, one?.source)));
    const printed: JobLine[] = [];
    await folder.write("jobs.jsonl", lines(jobs(questions, narrowed, printed)));
    const missing = await bodies(folder, questions, data, printed);
    for (const { number, id } of visits.values()) {
      const found = await questions.ask("session", { number });
      // Escaped already: only our own colours are control characters.
      const text = sessionLines(found).map((line) => `${stripVTControlCharacters(line)}\n`);
      await folder.write(`conversations/${id}.txt`, text);
    }
    await folder.close({
      made: new Date().toISOString(),
      by: `Inktrap ${VERSION}`,
      of: narrowed,
      missingBodies: missing,
    });
    const bytes = folder.files.reduce((sum, file) => sum + file.bytes, 0);
    const counts = { sessions: visits.size, jobs: printed.length, files: folder.files.length, bytes, missing };
    if (options.json) print(JSON.stringify({ folder: options.output, ...counts }));
    else {
      const what = `${plural(visits.size, "session")} and ${plural(printed.length, "job")}`;
      print(`${options.output}: ${what} in ${plural(counts.files, "file")}, ${size(bytes)}. manifest.json lists them.`);
      if (missing > 0) print(`${plural(missing, "body", "bodies")} of jobs are no longer kept.`);
    }
  } finally {
    await questions.close();
  }
}

function narrow({ since, until, source, case: of }: ExportOptions): Narrowed {
  const problems: Problem[] = [];
  const narrowed: Narrowed = {};
  for (const [name, text] of Object.entries({ since, until })) {
    if (text === undefined) continue;
    const time = new Date(text);
    if (Number.isNaN(time.getTime())) {
      const remedy = "Write 2026-11-16 or 2026-11-16T09:00Z.";
      problems.push({ where: `--${name}`, what: `"${text}" is not a time`, remedy });
    } else narrowed[name as "since" | "until"] = time.toISOString();
  }
  if (source !== undefined && isIP(source) === 0 && !source.endsWith("/64")) {
    problems.push({
      where: "--source",
      what: `"${source}" is not an address`,
      remedy: "Give an IPv4 or IPv6 address.",
    });
  } else if (source !== undefined) narrowed.source = source;
  const name = of === undefined ? undefined : readName(of, "C");
  if (name) narrowed.case = name.number;
  else if (of !== undefined) {
    problems.push({ where: "--case", what: `"${of}" is not the name of a case`, remedy: "Give C-1." });
  }
  if (problems.length > 0) throw new Problems(problems);
  return narrowed;
}

async function* sessions(questions: Questions, narrowed: Narrowed, seen: Map<string, VisitLine>) {
  for (let after: number | undefined; ;) {
    const { sessions: found, next } = await questions.ask("visits", {
      ...narrowed,
      ...(after === undefined ? {} : { after }),
    });
    for (const visit of found) {
      seen.set(visit.id, visit);
      yield visit;
    }
    if (next === null) return;
    after = next;
  }
}

async function* cases(questions: Questions, narrowed: Omit<Narrowed, "case">) {
  for (let after: string | undefined; ;) {
    const more = after === undefined ? {} : { after };
    const { cases: found, next } = await questions.ask("cases", { ...narrowed, ...more, own: true, limit: 100 });
    yield* found;
    if (next === null) return;
    after = next;
  }
}

/** Events in the order of commitment; of a case those of its sessions. */
async function* events(
  questions: Questions,
  { case: of, ...narrowed }: Narrowed,
  visits: ReadonlyMap<string, VisitLine>,
  source: string | undefined,
) {
  const own = new Set([...visits.values()].map(({ sensor, session }) => `${sensor}/${session}`));
  for (let after = 0; ;) {
    const more = of === undefined || source === undefined ? {} : { source };
    const { events: found, next } = await questions.ask("events", { ...narrowed, ...more, after, limit: 1000 });
    for (const event of found) {
      const origin = event["origin"] as { session: string } | undefined;
      if (of === undefined || (origin && own.has(`${String(event["sensor"])}/${origin.session}`))) yield event;
    }
    if (found.length === 0) return;
    after = next;
  }
}

async function* jobs(questions: Questions, narrowed: Narrowed, seen: JobLine[]) {
  for (let after: string | undefined; ;) {
    const more = after === undefined ? {} : { after };
    const { jobs: found, next } = await questions.ask("jobs", { ...narrowed, ...more, limit: 1000 });
    seen.push(...found);
    yield* found;
    if (next === null) return;
    after = next as string;
  }
}

/** Copies each body once. Returns how many are no longer there. */
async function bodies(folder: ExportFolder, questions: Questions, data: DataFolder, jobs: readonly JobLine[]) {
  const different = new Map(jobs.map((job) => [job.sha256, job]));
  let missing = 0;
  for (const [sha256, { id }] of different) {
    const { file } = await questions.ask("job", { number: readName(id)!.number });
    if (!(await folder.copy(`jobs/${sha256}`, join(data.path, file)))) missing++;
  }
  return missing;
}

async function* lines(rows: AsyncIterable<unknown> | Iterable<unknown>) {
  for await (const row of rows) yield `${JSON.stringify(row)}\n`;
}
