/** The shapes of replies about jobs and what was read of them. Their names are public and stay. */
import { z } from "zod";
import { JOB_KIND_ORDER } from "../detect/job-kind.ts";
import { claim, indicator, outcome, page, section, STATUSES, summary, words } from "../jobs/reading.ts";
import { count, intent, jobLine, time } from "./shapes.ts";

const jobKind = z.enum(JOB_KIND_ORDER);

/** What a list shows of a job that was read. */
export const paper = z.strictObject({
  status: z.enum(STATUSES).describe("how far its pages could be drawn"),
  why: z.string().describe("why not further; empty for ok"),
  language: z.string().describe("as it was read"),
  languageName: z.string(),
  pages: count.describe("that were drawn"),
  words: count,
  title: z
    .strictObject({ text: z.string().describe("byte text of UTF-8"), claimed: z.boolean() })
    .nullable()
    .describe("not claimed: read from the page"),
  is: jobKind.describe("kind of job"),
  names: z.string().nullable().describe("the model of ours that stands on a page"),
  widthMm: z.number().nullable().describe("of the first page"),
  heightMm: z.number().nullable(),
  family: z.string().describe("SHA-256 of the first body that it looks or reads like"),
});

export const jobRow = jobLine.extend({ paper: paper.nullable().describe("null: not read yet") });

/** Jobs that look or read alike; those that are not read yet, with the same bytes. */
export const pile = z.strictObject({
  family: z.string(),
  bodies: count.describe("different bodies"),
  jobs: count,
  sources: count,
  sensors: count,
  first: time,
  last: time,
  kind: z.enum(["job", "stray", "file"]),
  language: z.string(),
  bytes: count,
  name: z.string().nullable(),
  latest: z.string().describe("J-<number> of the latest of them"),
  source: z.string().describe("of the latest"),
  service: z.string().describe("of the latest"),
  case: z.string().nullable().describe("of the latest"),
  intent: intent.nullable().describe("of that case"),
  head: z.string().describe("its first bytes, byte text"),
  paper: paper.nullable().describe("of the latest; null: not read yet"),
});

/** What jobs have in them, and how many piles do. */
export const facets = z.strictObject({
  kinds: z.array(z.strictObject({ is: jobKind, piles: count })).describe("of jobs, as they were read"),
  languages: z.array(z.strictObject({ language: z.string(), name: z.string(), piles: count })),
  has: z.strictObject({ link: count, qr: count, model: count, undrawn: count }),
});

/** Another body of the same family. */
export const brother = z.strictObject({
  sha256: z.string(),
  job: z.string().describe("J-<number> of the latest that has it"),
  jobs: count,
  sources: count,
  how: z.enum(["same bytes", "same words", "nearly the same words", "same picture", "like another brother"]),
  title: z.string().nullable().describe("byte text of UTF-8"),
  languageName: z.string(),
  drawn: z.boolean(),
});

export const readingView = z.strictObject({
  at: time,
  outcome,
  sections: z.array(section.extend({ name: z.string() })),
  claims: z.array(claim).describe("of the body and of the PJL around it, the stronger first"),
  pages: z.array(page),
  words: z.array(words),
  indicators: z.array(
    indicator.extend({
      shown: z.string().describe("defanged: leads nowhere when it is copied"),
      jobs: count.describe("jobs that have it, this one among them"),
    }),
  ),
  summary,
  kind: z.strictObject({
    is: jobKind,
    rule: z.string().nullable().describe("the signature that says so"),
    title: z.string().nullable().describe("of that signature"),
    words: z.array(z.string()).describe("that it says so for, byte text of UTF-8"),
  }),
  names: z.string().nullable().describe("the model of ours that stands on a page"),
  family: z.strictObject({ jobs: count, sources: count, bodies: count }),
  brothers: z.array(brother).describe("the first twelve, that with most jobs first; this body is among them"),
  ms: z.number().describe("milliseconds it took"),
  peakBytes: count.describe("memory it took at most; 0 where the system does not tell"),
});

export const jobView = jobLine.extend({
  case: z.string().nullable(),
  intent: intent.nullable().describe("of that case"),
  file: z.string().describe("path of the body below the data folder"),
  declared: z.string().nullable(),
  why: z.string().nullable(),
  wrapper: z.array(z.string()),
  head: z.string(),
  sensor: z.string(),
  sourcePort: count.nullable(),
  verified: z.boolean().describe("the address completed a handshake, so it was not forged"),
  same: z.strictObject({ jobs: count, sources: count }).describe("with the same bytes, this one among them"),
  paper: paper.nullable().describe("null: not read yet"),
  reading: readingView.nullable().describe("null: not read yet"),
});
