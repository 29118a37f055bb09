/**
 * What a model answers, as data: the schema of data/personas/<id>/. persona.yaml holds the top level, pjl.yaml the section
 * `pjl`, web.yaml the section `web`, each with `sources` beside it where it needs more; web/ holds the pages of web.yaml.
 * A model with a file system has files.yaml with the section `fileSystem` too.
 *
 * Every section says where its values were learnt: `source:` names one or more entries of `sources`, or `assumed: true`
 * admits a guess. An entry inside a section may say it for itself, or be named in the section's `except` by its dotted path.
 */
import { z } from "zod";
import { fileSystemShape } from "./file-system.ts";

export const provenance = {
  source: z.union([z.string(), z.array(z.string()).nonempty()]).optional(),
  assumed: z.literal(true).optional(),
};
const entry = <T extends z.ZodRawShape>(shape: T) => z.strictObject({ ...provenance, ...shape });
const section = <T extends z.ZodRawShape>(shape: T) =>
  entry({
    except: z
      .record(z.string(), z.strictObject(provenance))
      .default({})
      .describe("entries learnt elsewhere than the rest of the section, by dotted path such as `values.model`"),
    ...shape,
  });
const template = z.string().describe("text with {names} of device values; `{{` and `}}` stand for braces");
const pattern = z
  .string()
  .describe("# a digit, @ a capital letter, [A-F0-9] one of these, <001-360> a number between these, the rest itself");

const shows = z.strictObject({ code: z.number().int(), display: z.string() });
const whole = z.number().int().nonnegative();
const span = z.tuple([z.number().nonnegative(), z.number().nonnegative()]);

/** Where values were learnt, by the short name that `source:` uses. */
export const sources = z.record(z.string(), z.strictObject({ title: z.string(), where: z.string(), read: z.string() }));

/** Names that a web reply's headers may use besides device values. A header whose value comes out empty is left out. */
export const REPLY_NAMES = ["date", "type", "length", "chunked", "connection", "close"] as const;
const header = z.tuple([z.string(), template]);

/** A PJL environment variable. `kind` gives the form of its INFO VARIABLES entry: [n ENUMERATED|RANGE|STRING]. */
export const variableSchema = entry({
  name: z.string().describe("with its LPARM: or IPARM: modifier, such as `LPARM:PCL PITCH`"),
  value: template.describe("factory default; may be a {name}"),
  kind: z.enum(["enumerated", "range", "string", "alphanumeric"]).describe("alphanumeric: any word, and never listed"),
  values: z.array(template).describe("the choices, the two ends of the range, or the listed string"),
  also: z.array(z.string()).default([]).describe("values it may have besides the listed ones, such as DISABLED"),
  readOnly: z.boolean().default(false).describe("listed as READONLY"),
  service: z.boolean().default(false).describe("changes in service mode only; SET and DEFAULT are ignored otherwise"),
  listed: z.boolean().default(true).describe("stands in INFO VARIABLES"),
  sets: z.enum(["pageCount", "serial"]).optional().describe("the value of the device that it is"),
});

export const personaSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  name: z.string(),
  about: z.string().describe("one line for `inktrap personas`"),
  status: z.enum(["stable", "draft"]).describe("draft: the framing of its replies is assumed"),
  sources,

  identity: section({
    serial: pattern,
    macPrefixes: z.array(z.string().regex(/^[0-9A-F]{6}$/)).nonempty(),
    hostName: z.string().describe("may use {mac6}, the last six digits of the hardware address"),
    numbers: z.record(z.string(), pattern).default({}).describe("further patterns by name"),
    pageCount: z.tuple([z.number().int(), z.number().int()]).describe("drawn from this range at installation"),
    uptimeDays: z.tuple([z.number(), z.number()]).describe("drawn from this range at installation"),
  }),

  facts: section({ values: z.record(z.string(), z.string()) }).describe(
    "values that all services share; `model` is obligatory",
  ),

  panel: section({
    ready: shows,
    processing: shows,
    warming: shows.optional().describe("while it warms up; as when it processes a job where left out"),
    sleep: shows.optional().describe("some time after the last page"),
    trayEmpty: shows.optional().describe("in front of what it shows otherwise"),
    tonerLow: shows.optional().describe("behind what it shows otherwise"),
    displayWidth: z.number().int().positive().optional().describe("characters; longer messages are cut"),
  }),

  supplies: section({
    toner: z.strictObject({
      pages: z.number().int().positive().describe("yield of a cartridge at 5 % coverage"),
      coverage: z
        .tuple([z.number(), z.number()])
        .describe("percent of a page; an installation's own is drawn from here"),
      lowPercent: z.number().int().describe("toner is reported low from here down"),
      serial: pattern.describe("of a cartridge; a new cartridge has a new one"),
    }),
    kit: z.strictObject({ pages: z.number().int().positive() }).optional().describe("maintenance kit"),
  }).describe("toner falls as pages are printed; an empty cartridge is replaced by a full one"),

  pacing: section({
    firstPageSeconds: z
      .number()
      .positive()
      .describe("from the end of a job to its first page, when the device is awake"),
    pagesPerMinute: z.number().positive(),
    sleepMinutes: z.number().positive().describe("from the last page to sleep"),
    wakeSeconds: z.number().positive(),
    restartSeconds: span.describe("nobody answers for as long"),
    warmUpSeconds: z.number().positive().describe("after a restart"),
    closeSeconds: span.describe("from the end of a job to the end of its connection, as long as pages are coming out"),
    tray: z.strictObject({
      sheets: z.number().int().positive(),
      full: z.string().describe("its state on pages, {tray.state}"),
      empty: z.string(),
    }),
    usage: z
      .strictObject({ jobsPerDay: z.tuple([whole, whole]), pagesPerJob: z.tuple([whole, whole]) })
      .describe("what people print on a working day"),
  })
    .optional()
    .describe("what takes time, and what happens while nobody looks; a model without does everything at once"),

  pjl: section({
    lineEnd: z.enum(["crlf", "lf"]).describe("ends every line of every reply"),
    unknownInfo: z.enum(["quoted-question-mark", "question-mark", "silent"]),
    unknownVariable: z.enum(["quoted-question-mark", "question-mark", "silent"]),
    quoteStrings: z.boolean().describe("INQUIRE and DINQUIRE write values of kind string in quotes"),
    languages: z.array(z.string()).describe("what ENTER LANGUAGE accepts"),
    commands: z.array(z.string()).describe("commands the device knows; all others are ignored in silence"),
    info: z
      .record(
        z.string(),
        entry({
          suffix: z.string().default("").describe("follows the category in the echoed line, such as ` [2 TABLE]`"),
          reply: template.describe("what stands between the echoed line and the form feed"),
        }),
      )
      .describe("INFO categories with a body of their own"),
    generated: z
      .array(z.enum(["VARIABLES", "USTATUS", "STATUS"]))
      .describe("INFO categories written from `variables`, `ustatus` and the panel with the visitor's values"),
    serviceMode: z.string().optional().describe("the value of SET SERVICEMODE that enters it"),
    testPages: z.record(z.string(), whole).default({}).describe("SET TESTPAGE=<name>: pages of each"),
    pages: z.record(z.string(), whole).default({}).describe("commands that print pages of their own"),
    pml: z
      .strictObject({
        ...provenance,
        reset: z.string().describe("object that restarts the device (RFC 3805, prtGeneralReset)"),
        internalPages: z
          .strictObject({ object: z.string(), pages: z.record(z.string(), whole) })
          .optional()
          .describe("object that prints pages, and how many by value"),
        accepts: z.array(z.string()).default([]).describe("objects that may be set and do nothing that can be seen"),
        objects: z.array(
          entry({ object: z.string(), type: z.enum(["enumeration", "integer", "string"]), value: template }),
        ),
      })
      .optional()
      .describe("objects of DMINFO and DMCMD by their PML number such as 3.3.2.1.3.1"),
    ustatus: z.array(variableSchema).describe("kinds of unsolicited status, listed by INFO USTATUS"),
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
    frame: z.string().optional().describe("file around every page, which takes the place of `<!--page-->` in it"),
    pages: z.array(
      entry({
        path: z.string().startsWith("/"),
        aliases: z.array(z.string().startsWith("/")).default([]).describe("with a query string where it matters"),
        file: z.string(),
        type: z.string(),
      }),
    ),
    answers: z
      .record(z.string(), entry({ reason: z.string(), headers: z.array(header), body: template.default("") }))
      .describe(
        "all other replies: by status code (400, 404, 405, …), and `options` and `echo` for what `methods` calls so",
      ),
  }),

  fileSystem: section(fileSystemShape).optional(),
});

/** The files of a persona's folder as they stand there. */
export const personaFiles = {
  "persona.yaml": personaSchema.omit({ pjl: true, web: true, fileSystem: true }),
  "pjl.yaml": z.strictObject({ sources: sources.default({}), pjl: personaSchema.shape.pjl }),
  "web.yaml": z.strictObject({ sources: sources.default({}), web: personaSchema.shape.web }),
  "files.yaml": z.strictObject({ sources: sources.default({}), fileSystem: section(fileSystemShape) }),
};

export type Persona = z.output<typeof personaSchema> & {
  /** Files of the persona's web folder by name, read by the loader. */
  files: ReadonlyMap<string, string>;
  /** Values seen in public, in the form of `publishedForm`; no identity may have one. */
  published: ReadonlySet<string>;
};
export type Variable = z.output<typeof variableSchema>;
