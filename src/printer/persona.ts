/**
 * What a model answers, as data: the schema of data/personas/<id>/. persona.yaml holds the top level, pjl.yaml the section
 * `pjl`, web.yaml the section `web`; web/ holds the pages that web.yaml names.
 *
 * Every section says where its values were learnt: `source:` names one or more entries of `sources`, or `assumed: true`
 * admits a guess. An entry inside a section may say it for itself.
 */
import { z } from "zod";

const provenance = {
  source: z.union([z.string(), z.array(z.string()).nonempty()]).optional(),
  assumed: z.literal(true).optional(),
};
const section = <T extends z.ZodRawShape>(shape: T) => z.strictObject({ ...provenance, ...shape });
const template = z.string().describe("text with {names} of device values; lines end with the persona's line end");

/** Names that a web reply's headers may use besides device values. A header whose value comes out empty is left out. */
export const REPLY_NAMES = ["date", "type", "length", "chunked", "connection", "close"] as const;
const header = z.tuple([z.string(), template]);

/** A PJL environment variable. `kind` gives the form of its INFO VARIABLES entry: [n ENUMERATED|RANGE|STRING]. */
export const variableSchema = section({
  name: z.string().describe("with its LPARM: or IPARM: modifier, such as `LPARM:PCL PITCH`"),
  value: z.string().describe("factory default; may be a {name}"),
  kind: z.enum(["enumerated", "range", "string"]),
  values: z.array(z.string()).describe("the choices, the two ends of the range, or the listed string"),
  readOnly: z.boolean().default(false),
});

export const personaSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  name: z.string(),
  about: z.string().describe("one line for `inktrap personas`"),
  status: z.enum(["stable", "draft"]).describe("draft: the framing of its replies is assumed"),
  sources: z.record(z.string(), z.strictObject({ title: z.string(), where: z.string(), read: z.string() })),

  identity: section({
    serial: z.string().describe("pattern: # is a digit, @ a capital letter, other characters stand for themselves"),
    macPrefixes: z.array(z.string().regex(/^[0-9A-F]{6}$/)).nonempty(),
    hostName: z.string().describe("may use {mac6}, the last six digits of the hardware address"),
    numbers: z.record(z.string(), z.string()).default({}).describe("further patterns by name"),
    pageCount: z.tuple([z.number().int(), z.number().int()]).describe("drawn from this range at installation"),
    uptimeDays: z.tuple([z.number(), z.number()]).describe("drawn from this range at installation"),
  }),

  facts: section({ values: z.record(z.string(), z.string()) }).describe(
    "values that all services share; `model` is obligatory",
  ),

  panel: section({
    ready: z.strictObject({ code: z.number().int(), display: z.string() }),
    processing: z.strictObject({ code: z.number().int(), display: z.string() }),
    displayWidth: z.number().int().positive().optional().describe("characters; longer messages are cut"),
  }),

  pjl: section({
    lineEnd: z.enum(["crlf", "lf"]),
    unknownInfo: z.enum(["quoted-question-mark", "question-mark", "silent"]),
    unknownVariable: z.enum(["quoted-question-mark", "question-mark", "silent"]),
    languages: z.array(z.string()).describe("what ENTER LANGUAGE accepts"),
    commands: z.array(z.string()).describe("commands the device knows; all others are ignored in silence"),
    info: z.record(z.string(), section({ reply: template })).describe("INFO categories with a body of their own"),
    variables: z.array(variableSchema),
  }),

  raw: section({
    port: z.number().int(),
    idleSeconds: z.number().positive(),
    connectionsPerSource: z.number().int().positive().describe("more than these wait until one ends"),
  }),

  web: section({
    port: z.number().int(),
    idleSeconds: z.number().positive(),
    connectionsPerSource: z.number().int().positive(),
    requestsPerConnection: z.number().int().positive(),
    framing: z
      .enum(["length", "chunked"])
      .describe("chunked: every value of a page is a chunk of its own, unless the request asked to close"),
    lenient: z
      .array(z.enum(["lower-case-method", "tabs", "http-0.9", "no-host"]))
      .describe("what the server puts up with; the rest is answered 400"),
    methods: z
      .record(z.string(), z.enum(["page", "options", "echo"]).or(z.string().regex(/^[45]\d\d$/)))
      .describe("what each method does, `*` any other; a status is given once the page is known to exist"),
    headers: z.array(header).describe("of a page"),
    pages: z.array(
      section({
        path: z.string().startsWith("/"),
        aliases: z.array(z.string().startsWith("/")).default([]).describe("with a query string where it matters"),
        file: z.string(),
        type: z.string(),
      }),
    ),
    answers: z
      .record(z.string(), section({ reason: z.string(), headers: z.array(header), body: template.default("") }))
      .describe("all other replies by status code (400, 404, 405, …), and `options` for the reply to OPTIONS"),
  }),
});

export type Persona = z.output<typeof personaSchema> & {
  /** Files of the persona's web folder by name, read by the loader. */
  files: ReadonlyMap<string, string>;
};
export type Variable = z.output<typeof variableSchema>;
