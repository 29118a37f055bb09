/**
 * Every event there is: one zod schema per type, from which types, validation and docs/events.md come.
 *
 * Adding an event type is adding an entry here. Text fields marked "byte text" hold what a visitor sent,
 * one character per byte (see bytes-text.ts); they are hostile at every exit.
 */
import { z } from "zod";

const count = () => z.number().int().nonnegative();
/** First and past-the-last byte, counted from the visitor's first byte of the session. */
const range = () => z.tuple([count(), count()]);
const byteText = (max: number) => z.string().max(max);

export const LIMITS = {
  line: 1024,
  head: 4096,
  headers: 64,
  headerText: 8192,
  wrapper: 32,
  text: 16_384,
  leads: 64,
} as const;

export const CLOSE_REASONS = ["visitor", "printer", "reset", "idle", "limit", "sensor-stopped"] as const;

export const catalogue = {
  "sensor.started": {
    about: "A sensor began to listen.",
    data: z.strictObject({
      version: z.string(),
      persona: z.string(),
      doors: z.array(z.strictObject({ service: z.string(), address: z.string(), port: count() })),
    }),
  },
  "sensor.stopped": {
    about: "A sensor was told to stop and did so in order.",
    data: z.strictObject({ reason: z.string() }),
  },
  "sensor.recovered": {
    about: "A sensor found that its last run did not end in order, and put its log and its job files right.",
    data: z.strictObject({
      trimmedBytes: count().describe("bytes of a torn record cut from the end of the log"),
      closedSessions: count().describe("sessions that were open and are now closed with reason sensor-stopped"),
      partialJobs: count().describe("jobs that were being received and are now kept as partial"),
    }),
  },
  "capture.stopped": {
    about:
      "The sensor stopped keeping what visitors send, as its disk is full or refuses; visitors are answered as before.",
    data: z.strictObject({
      why: z.enum(["space", "error"]).describe("space: less than the reserve is free; error: the disk refused"),
      detail: z.string().max(256).describe("what the system said, empty for space"),
      freeBytes: count().describe("free on the disk then"),
      reserveBytes: count().describe("what is left free by configuration"),
    }),
  },
  "capture.resumed": {
    about: "The sensor keeps everything again. What came in between and was not kept is counted.",
    data: z.strictObject({
      stoppedAt: count().describe("when capturing had stopped, milliseconds since 1970"),
      freeBytes: count(),
      lostSessions: count().describe("visits of which nothing was kept"),
      lostRecords: count().describe("records of the log that were not kept"),
      lostBytes: count().describe("bytes in both directions that were not kept"),
    }),
  },
  "evidence.removed": {
    about: "The oldest evidence was removed, as the configuration says how long and how much is kept.",
    data: z.strictObject({
      why: z.enum(["age", "bytes"]).describe("age: it was older than is kept; bytes: there was more than is kept"),
      segments: count().describe("segments of the log"),
      jobs: count().describe("bodies of jobs"),
      bytes: count(),
      position: count().describe("log position of the oldest record that is left"),
      time: count().describe("when that was written, milliseconds since 1970"),
    }),
  },
  "session.open": {
    about: "A visitor connected.",
    data: z.strictObject({}),
  },
  "session.close": {
    about: "A session ended.",
    data: z.strictObject({
      reason: z.enum(CLOSE_REASONS).describe("who or what ended it"),
      durationMs: count(),
      bytesIn: count().describe("bytes from the visitor"),
      bytesOut: count().describe("bytes to the visitor"),
      uncounted: z.record(z.string(), count()).describe("events left out after the session's limit, by type"),
      logEnd: count().describe("log position of the session's last record; 0 when it has none"),
    }),
  },
  "limit.reached": {
    about: "A limit was reached; what came before it is kept.",
    data: z.strictObject({ limit: z.string(), value: count(), at: count().optional() }),
  },
  "protocol.odd": {
    about: "Bytes that the protocol does not allow.",
    data: z.strictObject({
      protocol: z.string(),
      what: z.string(),
      at: range(),
      sample: byteText(LIMITS.line).describe("byte text"),
    }),
  },
  "toy.greeting": {
    about: "Somebody greeted the toy protocol, the one to copy for a new protocol.",
    data: z.strictObject({ name: byteText(LIMITS.line).describe("byte text"), at: range() }),
  },
  "pjl.command": {
    about: "A PJL command.",
    data: z.strictObject({
      command: z.string().max(64).describe("first word, in capitals: INFO, SET, ECHO; empty for a bare @PJL"),
      argument: byteText(LIMITS.line).describe("the rest of the line, byte text"),
      line: byteText(LIMITS.line).describe("the whole line without its line end, byte text"),
      at: range(),
      answer: z
        .enum(["reply", "silent", "unknown"])
        .describe("reply: the device answered; silent: it does not answer this command; unknown: it does not know it"),
      replyBytes: count(),
    }),
  },
  "device.changed": {
    about: "A visitor changed something that this visitor will see from now on.",
    data: z.strictObject({
      what: z.string().describe("ready-message, variable, default, …"),
      name: z.string().max(128),
      before: byteText(LIMITS.line).describe("byte text"),
      after: byteText(LIMITS.line).describe("byte text"),
      at: range(),
    }),
  },
  "http.request": {
    about: "A request to the device's web server, and how it was answered.",
    data: z.strictObject({
      method: byteText(64).describe("byte text"),
      target: byteText(LIMITS.line).describe("byte text"),
      version: z.string().max(16),
      headers: z
        .array(z.tuple([byteText(LIMITS.line), byteText(LIMITS.line)]))
        .max(LIMITS.headers)
        .describe("in the order they came, byte text"),
      userAgent: byteText(LIMITS.line).optional().describe("byte text"),
      bodyBytes: count(),
      at: range(),
      status: count().describe("0 when the request never came whole and was not answered"),
      replyBytes: count(),
    }),
  },
  "job.captured": {
    about:
      "Something was sent to be printed, or came in place of a print job; its bytes are kept in a file named by their SHA-256.",
    data: z.strictObject({
      job: z.string().describe("unique within the sensor: <session>.<number>"),
      kind: z
        .enum(["job", "stray", "file"])
        .describe(
          "stray: another protocol's bytes that a printer would have printed; file: stored on the device, not printed",
        ),
      language: z.string().describe("what the bytes are: text, postscript, pcl, pclxl, pdf, http-request, tls, …"),
      declared: z.string().max(64).optional().describe("the language that ENTER LANGUAGE named, in capitals"),
      bytes: count(),
      sha256: z.string().length(64),
      complete: z.boolean().describe("false when a limit, a reset or a stop cut it short"),
      why: z.string().optional().describe("why it is not complete"),
      at: range(),
      wrapper: z
        .array(byteText(LIMITS.line))
        .max(LIMITS.wrapper)
        .describe("PJL lines that came with the job, byte text"),
      name: byteText(LIMITS.line).optional().describe("job name as the visitor claims it, byte text"),
      user: byteText(LIMITS.line).optional().describe("user as the visitor claims it, byte text"),
      head: byteText(LIMITS.head).describe("the first bytes, byte text"),
    }),
  },
  "job.read": {
    about:
      "A captured job was read: what it says and looks like. Derived by the collector from `job.captured`, with whose identity, time and place it stands.",
    data: z.strictObject({
      job: z.string().describe("as in job.captured"),
      kind: z.enum(["job", "stray", "file"]).describe("as in job.captured"),
      sha256: z.string().length(64),
      bytes: count(),
      status: z.enum(["ok", "partial", "failed", "unsupported"]).describe("how far its pages could be drawn"),
      why: z.string().max(300).describe("why not further; empty for ok"),
      languages: z.array(z.string().max(32)).max(32).describe("in their order"),
      pages: count().describe("pages that were drawn"),
      words: count(),
      text: byteText(LIMITS.text).describe(
        "what stands on the pages, or in the stream where none was drawn; byte text of UTF-8",
      ),
      spoken: z.string().max(3).optional().describe("ISO 639-3 of most of the text"),
      title: byteText(LIMITS.line).optional().describe("claimed, else read from the first page; byte text of UTF-8"),
      driver: z
        .boolean()
        .describe("a driver, a print system or an office program names itself, its user or its document"),
      names: z.string().max(128).optional().describe("a model of our own that stands on a page"),
      leads: z
        .array(byteText(LIMITS.line))
        .max(LIMITS.leads)
        .describe("what leads to somebody, kind and value: `link https://toner.example/`; byte text of UTF-8"),
      at: range(),
      spot: range()
        .optional()
        .describe("where the words that tell its kind stand in the visitor's bytes, when they stand there as they are"),
    }),
  },
} satisfies Record<string, { about: string; data: z.ZodType }>;

export type EventType = keyof typeof catalogue;
export type Payload<T extends EventType> = z.output<(typeof catalogue)[T]["data"]>;
export const EVENT_TYPES = Object.keys(catalogue) as EventType[];

/** A byte range of a session's inbound stream. */
export type Range = [number, number];

/** Checks a payload against its schema. Returns the problems, none when it is right. */
export function payloadProblems(type: string, data: unknown): string[] {
  const entry = (catalogue as Record<string, { data: z.ZodType }>)[type];
  if (!entry) return [`unknown event type ${type}`];
  const result = entry.data.safeParse(data);
  return result.success ? [] : result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
}
