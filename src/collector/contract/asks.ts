/** What questions have in common. */
import { z } from "zod";
import { JOB_KIND_ORDER } from "../../detect/job-kind.ts";
import { JOB_HAS } from "../../store/queries/jobs.ts";
import type { Needed } from "../roles.ts";
import { account, count, decision, intent, time } from "../shapes.ts";

export interface Entry {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  path: string;
  role: Needed;
  about: string;
  ask: z.ZodObject;
  reply: z.ZodType;
}

/** An answer that is no JSON: a download, or a stream. */
export interface Download extends Omit<Entry, "method" | "reply"> {
  method: "GET";
  media: string;
}

export const limit = (standard: number) => z.coerce.number().int().min(1).max(1000).default(standard);
export const asNumber = z.coerce.number().int().nonnegative();
export const flag = z.union([z.boolean(), z.stringbool()]);
export const after = z.string().max(64).optional().describe("`next` of an earlier answer");
export const next = z.string().nullable().describe("null: no more");
export const number = z.strictObject({ number: z.coerce.number().int().positive() });
export const nothing = z.strictObject({});
export const done = z.strictObject({ done: z.literal(true) });
export const ended = z.strictObject({ ended: count.describe("logins that ended") });
export const decided = z.strictObject({ decision });
export const text = z.string().trim().min(1).max(4000);
export const why = z.string().trim().max(1000);
export const ruleId = z.string().max(100);
export const name = z.string().regex(/^[a-z0-9][a-z0-9._@-]{0,63}$/i, "letters, digits and . _ @ -, at most 64");
export const password = z.string().min(12, "at least 12 characters").max(256);
export const oneTime = z.strictObject({ account, link: z.string().describe("works once, until `until`"), until: time });

/** What questions over a time and a source are narrowed by. */
export const window = {
  since: z.coerce.date().optional().describe("at that time or later"),
  until: z.coerce.date().optional().describe("before that time"),
};
export const source = z.string().max(64).optional();
export const q = z
  .string()
  .max(500)
  .optional()
  .describe('`source:10.0.0.0/8 service:raw intent:spam -is:closed "some text"`; the fields are in docs/api.md');

/** What cases, sessions and jobs are narrowed by; the same in lists and exports. */
export const ofCases = {
  ...window,
  q,
  intent: intent.optional(),
  source,
  own: flag.optional().describe("also cases of own networks"),
  state: z.enum(["open", "closed"]).optional(),
};
export const ofSessions = { ...window, q, source, session: asNumber.optional(), case: asNumber.optional() };
export const ofJobs = {
  ...window,
  q,
  source,
  case: asNumber.optional(),
  kind: z.enum(["job", "stray", "file"]).optional(),
  language: z.string().max(64).optional(),
  sha256: z.string().max(64).optional(),
  family: z.string().max(64).optional().describe("`family` of a pile"),
  is: z.enum(JOB_KIND_ORDER).optional().describe("kind of job, as it was read"),
  has: z.enum(JOB_HAS).optional().describe("model: a name of our own; undrawn: no page could be drawn"),
};
export const ofEvents = { type: z.string().max(64).optional(), source, sensor: z.string().max(64).optional() };
export const format = z.enum(["csv", "jsonl"]).default("csv");
export const part = { from: asNumber.default(0), length: z.coerce.number().int().min(1).max(65536).default(65536) };
