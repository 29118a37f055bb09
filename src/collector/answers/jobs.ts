/** What was sent to be printed, and what was read of it. */
import { open } from "node:fs/promises";
import { join } from "node:path";
import type { JobKind } from "../../detect/job-kind.ts";
import { toByteText } from "../../event/bytes-text.ts";
import { jobFile } from "../../evidence/folder.ts";
import { SAME_LOOK, SAME_TEXT } from "../../jobs/alike.ts";
import { distance } from "../../jobs/prints.ts";
import { wrapperClaims } from "../../jobs/dossier.ts";
import { defang } from "../../jobs/indicators.ts";
import { type Language, LANGUAGES } from "../../jobs/language.ts";
import type { Reading, Status } from "../../jobs/reading.ts";
import { type JobAnswer, jobByNumber } from "../../store/queries/job.ts";
import {
  casesOfJobs,
  countJobs,
  countPiles,
  type JobsOf,
  listJobs,
  listPiles,
  type PileRow,
} from "../../store/queries/jobs.ts";
import { sessionNumbers } from "../../store/queries/numbers.ts";
import {
  type Brother,
  brothers,
  jobsWith,
  kindOfJob,
  type PaperRow,
  papers,
  readingOf,
} from "../../store/queries/readings.ts";
import type { JobTable } from "../../store/tables.ts";
import type { Asked, Paper, Pile, ReadingView, Reply } from "../contract.ts";
import { jobLine } from "../lines.ts";
import { NotFound } from "../refusals.ts";
import { type Answers, iso, type Room } from "../room.ts";
import type { Who } from "../who.ts";
import { beforeOf, evidenceOf, nextOf, part } from "./evidence.ts";

/** Bytes of a pile that are shown. */
const HEAD = 512;
const BROTHERS = 12;

export function jobAnswers(room: Room): Answers<"jobs" | "piles" | "job" | "jobBytes" | "desk"> {
  const { db } = room.store;
  return {
    jobs: async (asked, who) => {
      const found = await listJobs(db, { ...jobsAsked(asked), limit: asked.limit, before: beforeOf(asked.after) });
      const [numberOf, read] = await Promise.all([
        sessionNumbers(
          db,
          found.map(({ sensor, session }) => ({ sensor, id: session })),
        ),
        papers(
          db,
          found.map((job) => job.number),
        ),
      ]);
      const jobs = found.map((job) => ({ ...jobLine(job, numberOf, who), paper: paperOf(read.get(job.number)) }));
      return { jobs, next: nextOf(found, asked.limit) };
    },
    piles: async (asked) => {
      const of = jobsAsked(asked);
      const [found, counts, piles] = await Promise.all([
        listPiles(db, { ...of, limit: asked.limit, before: beforeOf(asked.after) }),
        countJobs(db, of),
        countPiles(db, of),
      ]);
      const numbers = found.map((pile) => pile.job.number);
      const [cases, read] = await Promise.all([casesOfJobs(db, numbers), papers(db, numbers)]);
      const shown = found.map((pile) =>
        pileView(room, pile, cases.get(pile.job.number), paperOf(read.get(pile.job.number))),
      );
      const next = nextOf(
        found.map((pile) => pile.job),
        asked.limit,
      );
      const languages = piles.languages.map((one) => ({ ...one, name: nameOf(one.language) }));
      const kinds = piles.kinds.map((one) => ({ ...one, is: one.is as JobKind }));
      const { jobs, different } = counts;
      return { piles: await Promise.all(shown), jobs, different, facets: { kinds, languages, has: piles.has }, next };
    },
    job: ({ number }, who) => job(room, number, who),
    jobBytes: async ({ number, from, length }) => {
      const { job } = await jobOf(room, number);
      const { bytes, kept } = await bodyPart(room, job, from, length);
      const missing = Math.max(0, Math.min(length, job.bytes - from) - bytes.length);
      return { ...part(from, bytes, Math.max(kept, job.bytes)), missing };
    },
    desk: async () => (await room.desk?.state()) ?? { waiting: null, reading: false, done: 0, walls: null },
  };
}

export function jobsAsked({ since, until, ...asked }: Omit<Asked<"jobs">, "limit">): JobsOf {
  const { q, source, case: of, kind, language, sha256, family, is, has } = asked;
  const times = { since: since?.getTime(), until: until?.getTime() };
  return { ...times, q, source, case: of, kind, language, sha256, family, is, has };
}

/** The job with this number. Throws NotFound. */
export async function jobOf(room: Room, number: number): Promise<JobAnswer> {
  const found = await jobByNumber(room.store.db, number);
  if (!found) throw new NotFound(`There is no job J-${number}`);
  return found;
}

/** The first bytes of a job's body as byte text; null where it is no longer kept. */
export async function headOf(room: Room, job: JobTable, length: number): Promise<string | null> {
  const part = await bodyPart(room, job, 0, length).catch(() => undefined);
  return part ? toByteText(part.bytes) : null;
}

async function bodyPart(room: Room, job: JobTable, from: number, length: number) {
  const handle = await open(jobFile(evidenceOf(room, job.sensor), job.sha256), "r").catch(() => {
    throw new NotFound(`The body of job J-${job.number} is no longer kept`);
  });
  try {
    const buffer = Buffer.alloc(length);
    const { bytesRead } = await handle.read(buffer, 0, length, from);
    return { bytes: buffer.subarray(0, bytesRead), kept: (await handle.stat()).size };
  } finally {
    await handle.close();
  }
}

async function pileView(
  room: Room,
  { job, first, last, ...pile }: PileRow,
  of: { case: number; intent: string } | undefined,
  paper: Paper | null,
): Promise<Pile> {
  const { bytes } = await bodyPart(room, job, 0, HEAD).catch(() => ({ bytes: Buffer.alloc(0) }));
  return {
    ...pile,
    first: iso(first),
    last: iso(last),
    kind: job.kind as Pile["kind"],
    language: job.language,
    bytes: job.bytes,
    name: job.name,
    latest: `J-${job.number}`,
    source: job.source,
    service: job.service,
    case: of ? `C-${of.case}` : null,
    intent: of?.intent ?? null,
    head: toByteText(bytes),
    paper,
  };
}

async function job(room: Room, number: number, who: Who): Promise<Reply<"job">> {
  const { db } = room.store;
  const { job, captured, origin, sessionNumber, caseNumber } = await jobOf(room, number);
  const [same, read, cases] = await Promise.all([
    countJobs(db, { sha256: job.sha256 }),
    papers(db, [number]),
    casesOfJobs(db, [number]),
  ]);
  return {
    ...jobLine(job, () => sessionNumber ?? undefined, who),
    case: caseNumber === null ? null : `C-${caseNumber}`,
    intent: cases.get(number)?.intent ?? null,
    file: join("sensors", job.sensor, "evidence", "jobs", job.sha256.slice(0, 2), job.sha256),
    declared: captured.declared ?? null,
    why: captured.why ?? null,
    wrapper: captured.wrapper,
    head: captured.head,
    sensor: job.sensor,
    sourcePort: origin?.source.port ?? null,
    verified: origin?.source.verified ?? false,
    same: { jobs: same.jobs, sources: same.sources },
    paper: paperOf(read.get(number)),
    reading: read.has(number) ? await readingView(room, job, captured.wrapper) : null,
  };
}

async function readingView(room: Room, job: JobTable, wrapper: readonly string[]): Promise<ReadingView | null> {
  const { db } = room.store;
  const [found, kind, shared] = await Promise.all([
    readingOf(db, job.sha256),
    kindOfJob(db, job.number),
    jobsWith(db, job.sha256),
  ]);
  if (!found || !kind) return null;
  const { reading, family } = found;
  const [all, own] = await Promise.all([countJobs(db, { family }), brothers(db, family, BROTHERS)]);
  const signature = kind.rule === null ? undefined : room.rules?.signatures.get(kind.rule);
  return {
    at: iso(found.at),
    outcome: reading.outcome,
    sections: reading.sections.map((one) => ({ ...one, name: nameOf(one.language) })),
    claims: [...wrapperClaims(wrapper), ...reading.claims].sort((a, b) => b.strength - a.strength),
    pages: reading.pages,
    words: reading.words,
    indicators: reading.indicators.map((one) => ({
      ...one,
      shown: defang(one.value),
      jobs: shared.get(`${one.kind}\n${toByteText(Buffer.from(one.value))}`) ?? 1,
    })),
    summary: reading.summary,
    kind: {
      is: kind.kind as JobKind,
      rule: kind.rule,
      title: signature?.rule.title ?? null,
      words: JSON.parse(kind.words) as string[],
    },
    names: kind.names,
    family: { jobs: all.jobs, sources: all.sources, bodies: all.bodies },
    brothers: own.map((one) => brotherView(one, reading)),
    ms: reading.ms,
    peakBytes: reading.peakBytes,
  };
}

type Alike = ReadingView["brothers"][number]["how"];

function alike(one: Brother, other: Reading): Alike {
  if (one.sha256 === other.sha256) return "same bytes";
  const { simhash } = other.summary;
  const apart = one.simhash === null || simhash === null ? Infinity : distance(one.simhash, simhash);
  if (apart === 0) return "same words";
  if (apart <= SAME_TEXT) return "nearly the same words";
  const looks = other.looks.flatMap(({ look }) => look ?? []);
  const near = one.looks.some((look) => looks.some((own) => distance(look, own) <= SAME_LOOK));
  return near ? "same picture" : "like another brother";
}

function brotherView(brother: Brother, to: Reading): ReadingView["brothers"][number] {
  return {
    sha256: brother.sha256,
    job: `J-${brother.latest}`,
    jobs: brother.jobs,
    sources: brother.sources,
    how: alike(brother, to),
    title: brother.title,
    languageName: nameOf(brother.language),
    drawn: brother.pages > 0,
  };
}

function paperOf(row: PaperRow | undefined): Paper | null {
  if (!row) return null;
  return {
    status: row.status as Status,
    why: row.why,
    language: row.language,
    languageName: nameOf(row.language),
    pages: row.pages,
    words: row.words,
    title: row.title === null ? null : { text: row.title, claimed: row.title_claimed },
    is: row.kind as JobKind,
    names: row.names,
    widthMm: row.width_mm,
    heightMm: row.height_mm,
    family: row.family,
  };
}

/** As people call a language; one that only the sensor named, as it named it. */
function nameOf(language: string): string {
  return Object.hasOwn(LANGUAGES, language) ? LANGUAGES[language as Language].name : language;
}
