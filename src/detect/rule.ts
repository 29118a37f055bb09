/**
 * The form of a rule: one YAML file is one signature, one correlation or one table of words.
 * A rule without a hit and a miss among its examples does not load.
 */
import { z } from "zod";
import { EVENT_TYPES, type EventType } from "../event/catalogue.ts";
import { type Intent, INTENT_ORDER, LEVELS } from "./intent.ts";
import { JOB_KIND_ORDER } from "./job-kind.ts";

/** Kebab case; the file is named after it. */
export const id = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "must be kebab-case: small letters, digits, single hyphens");
/** A signature, or all signatures of one folder: `pjl-prodinfo`, `driver/*`. */
const reference = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*(\/\*)?$/, "must be a signature id or `family/*`");
const references = z.union([reference.transform((one) => [one]), z.array(reference).nonempty()]);
const texts = z.union([
  z
    .string()
    .min(1)
    .transform((one) => [one]),
  z.array(z.string().min(1)).nonempty(),
]);
const sentence = z.string().min(8).max(160);

/** Characters that are kept of the field a signature names as its `value`. */
export const VALUE_LENGTH = 24;
/** Stands in titles and deeds for what `value` was. */
export const VALUE = "{value}";

const MILLISECONDS = { s: 1_000, min: 60_000, h: 3_600_000, d: 86_400_000 } as const;
/** `10 s`, `3 min`, `2 h`, `30 d`, as milliseconds. */
const duration = z
  .string()
  .regex(/^[1-9]\d* (s|min|h|d)$/, "must be a number and a unit: `10 s`, `3 min`, `2 h`, `30 d`")
  .transform((text) => {
    const [amount, unit] = text.split(" ") as [string, keyof typeof MILLISECONDS];
    return Number(amount) * MILLISECONDS[unit];
  });

const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** What is asked of one field; all that is named must hold. A bare value means `equals`. */
export const testSchema = z.preprocess(
  (value) => (typeof value === "object" && value !== null ? value : { equals: value }),
  z
    .strictObject({
      equals: scalar.optional(),
      oneOf: z.array(scalar).nonempty().optional(),
      startsWith: texts.optional(),
      contains: texts.optional().describe("any of these"),
      matches: z.string().min(1).max(1000).optional().describe("RE2 syntax, found anywhere unless anchored"),
      literals: texts.optional().describe("texts of which one is in whatever `matches`; found out where it can be"),
      words: z.strictObject({ table: id, score: z.number().int().positive() }).optional(),
      ignoreCase: z.boolean().optional().describe("for equals, oneOf, startsWith and contains; ASCII letters"),
      atLeast: z.number().optional(),
      atMost: z.number().optional(),
      exists: z.boolean().optional(),
    })
    .refine((test) => Object.keys(test).some((key) => key !== "ignoreCase" && key !== "literals"), "asks nothing")
    .refine((test) => test.literals === undefined || test.matches !== undefined, "`literals` goes with `matches`"),
);
export type FieldTest = z.output<typeof testSchema>;

/** Field paths with what is asked of each; all must hold. */
const conditionSchema = z.record(z.string(), testSchema).refine((c) => Object.keys(c).length > 0, "asks nothing");
export type Condition = z.output<typeof conditionSchema>;

/** Intents that a finding may account for: a driver's page never hides anything worse. */
const EXPLAINABLE = ["reconnaissance", "research-scan", "misconfigured", "not-printer"] as const satisfies Intent[];

const verdict = {
  intent: z.enum(INTENT_ORDER).optional().describe("absent: a fact that only other rules use"),
  level: z.enum(LEVELS).optional(),
  deed: sentence.optional().describe("what the headline says of it, past tense: `printed an advertisement`"),
  explains: z
    .array(z.enum(EXPLAINABLE))
    .default([])
    .describe("intents of which evidence of the same or a weaker level is accounted for by this finding"),
  against: z
    .array(z.strictObject({ intent: z.enum(INTENT_ORDER), why: sentence }))
    .default([])
    .describe("intents this finding speaks against, to be listed as considered and dropped"),
};
const pair = (rule: { intent?: Intent | undefined; level?: unknown }) =>
  (rule.intent === undefined) === (rule.level === undefined);
const PAIR = "`intent` and `level` come together";

const common = {
  id,
  title: sentence.regex(
    /^[A-Z].*[^.]$/,
    "must be a sentence without subject and full stop: `Asked for the product list`",
  ),
  description: z.string().min(20),
  attack: z.array(z.string().regex(/^T\d{4}(\.\d{3})?$/, "must be an ATT&CK technique id")).default([]),
  references: z.array(z.string()).default([]),
  status: z.enum(["stable", "experimental"]),
  falsePositives: z.array(z.string()).default([]),
};

/**
 * A piece of a payload laid over a valid one of the event type; `{ utf8: … }` stands for the byte text of a text,
 * `from` for the visitor's address and `service` for the service where it is not the usual one.
 */
const fragment = z.record(z.string(), z.unknown());

export const signatureSchema = z
  .strictObject({
    ...common,
    on: z.enum(EVENT_TYPES as [EventType, ...EventType[]]),
    when: conditionSchema,
    anyOf: z.array(conditionSchema).default([]).describe("at least one of these holds too"),
    noneOf: z.array(conditionSchema).default([]).describe("none of these holds"),
    together: references.optional().describe("at least one of these signatures speaks about the same event"),
    butNot: references.optional().describe("none of these signatures speaks about the same event"),
    ...verdict,
    explainsInSession: z
      .array(z.enum(INTENT_ORDER))
      .default([])
      .describe("intents of which `possible` evidence in the same session is accounted for by this finding"),
    marks: z
      .enum(["answer", "job"])
      .optional()
      .describe("a probe that was answered, or a job: from the one to the other time is taken"),
    says: z.enum(JOB_KIND_ORDER).optional().describe("what kind of job it is; on job.read only"),
    value: z
      .string()
      .optional()
      .describe("field whose different values a `spread` correlation counts, and `{value}` in a title stands for"),
    examples: z.strictObject({ hits: z.array(fragment).nonempty(), misses: z.array(fragment).nonempty() }),
  })
  .refine(pair, PAIR)
  .refine(({ says, on }) => says === undefined || on === "job.read", "`says` goes with `on: job.read`")
  .refine(
    ({ title, deed = "", value }) => !`${title} ${deed}`.includes(VALUE) || value === "origin.survey",
    "`{value}` in a title goes with `value: origin.survey`: what a visitor sends has no place in a title",
  );
export type Signature = z.output<typeof signatureSchema>;

/** [signature, seconds, session, value or device] */
const step = z.tuple([id, z.number()], z.string());
const sequence = z.array(step).nonempty();

export const correlationSchema = z
  .strictObject({
    ...common,
    kind: z.enum(["temporal", "temporal-ordered", "count", "spread"]),
    of: z.array(references).nonempty().describe("temporal: each of these spoke; count and spread: any of these"),
    within: duration,
    sessions: z.enum(["any", "same", "different"]).default("any"),
    apart: duration.optional().describe("temporal-ordered: at least this long between the first and the last"),
    atLeast: z.number().int().min(2).optional().describe("count and spread: how many"),
    distinct: z
      .enum(["signatures", "services", "devices", "sessions", "values"])
      .optional()
      .describe("spread: of what"),
    ...verdict,
    examples: z.strictObject({ hits: z.array(sequence).nonempty(), misses: z.array(sequence).nonempty() }),
  })
  .refine((rule) => rule.intent !== undefined && rule.level !== undefined, "needs `intent` and `level`")
  .refine(
    (rule) => rule.kind.startsWith("temporal") === (rule.atLeast === undefined),
    "`atLeast` goes with count and spread",
  )
  .refine((rule) => (rule.kind === "spread") === (rule.distinct !== undefined), "`distinct` goes with spread")
  .refine((rule) => rule.apart === undefined || rule.kind === "temporal-ordered", "`apart` goes with temporal-ordered");
export type Correlation = z.output<typeof correlationSchema>;

/**
 * Phrases by language, with how much each counts. A phrase is words in any case and spacing; a number in it stands for any number.
 * Phrases of a group that is capped count at most `cap` together.
 */
export const wordTableSchema = z.strictObject({
  id,
  about: z.string().min(20),
  groups: z
    .array(
      z.strictObject({
        name: z.string(),
        counts: z.number().int().positive().max(9),
        cap: z.number().int().positive().optional(),
        phrases: z.record(z.string().regex(/^([a-z]{2}|any)$/), z.array(z.string().min(1).max(80)).nonempty()),
      }),
    )
    .nonempty(),
});
export type WordTable = z.output<typeof wordTableSchema>;
