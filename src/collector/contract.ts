/**
 * What can be asked of a collector: one typed table, from which the server, the command line's calls and their checks
 * come. The names in the replies are public and stay.
 *
 * Times are ISO 8601 in UTC. Text that came from a visitor is byte text (see event/bytes-text.ts) unless said otherwise.
 */
import { z } from "zod";
import { INTENT_ORDER, LEVELS } from "../detect/intent.ts";

const time = z.iso.datetime();
const count = z.number().int().nonnegative();
const range = z.tuple([count, count]);
const intent = z.enum(INTENT_ORDER as [string, ...string[]]);
const level = z.enum(LEVELS);
const limit = (standard: number) => z.coerce.number().int().min(1).max(1000).default(standard);

const asNumber = z.coerce.number().int().nonnegative();
/** What questions over a time and a source are narrowed by. */
const span = {
  source: z.string().optional(),
  since: z.coerce.date().optional().describe("at that time or later"),
  until: z.coerce.date().optional().describe("before that time"),
};

const sessionLine = z.strictObject({
  id: z.string().describe("S-<number>"),
  service: z.string(),
  source: z.string(),
  opened: time,
  closed: time.nullable(),
  bytesIn: count,
  bytesOut: count,
  firstLine: z.string().describe("the first telling thing the visitor said"),
});

const jobLine = z.strictObject({
  id: z.string().describe("J-<number>"),
  session: z.string(),
  source: z.string(),
  service: z.string(),
  time,
  kind: z.enum(["job", "stray", "file"]),
  language: z.string(),
  bytes: count,
  sha256: z.string(),
  complete: z.boolean(),
  name: z.string().nullable(),
  user: z.string().nullable(),
});

const evidence = z.strictObject({
  session: z.string().describe("S-<number>"),
  service: z.string(),
  time,
  job: z.string().optional().describe("J-<number>"),
  at: range.optional().describe("bytes of the visitor's stream"),
  words: z.array(z.string()).optional(),
});

const reason = z.strictObject({
  number: count.describe("as in the margin of a conversation"),
  rule: z.string(),
  title: z.string(),
  intent,
  level,
  count,
  partOf: z.string().optional().describe("the correlation among the reasons that covers this one"),
  evidence: z.array(evidence),
});

const caseLine = z.strictObject({
  id: z.string().describe("C-<number>"),
  source: z.string(),
  sourceKey: z.string(),
  own: z.boolean().describe("from a network that the operator named as the own one: recorded, never alerted"),
  intent,
  confidence: level,
  others: z.array(intent),
  headline: z.string(),
  first: time,
  last: time,
  sessionCount: count,
  jobCount: count,
  probeToJobMs: count.optional(),
  reasons: z.array(reason),
  dropped: z.array(z.strictObject({ intent, why: z.string() })),
  sessions: z.array(sessionLine).describe("the first hundred"),
  jobs: z.array(jobLine).describe("the first hundred"),
});

const message = z.strictObject({
  afterMs: z.number(),
  direction: z.enum(["in", "out"]),
  at: count.describe("offset in the stream of this direction"),
  bytes: count,
  text: z.string().describe("byte text; of a long message only its beginning"),
  job: z.string().optional().describe("J-<number> whose body these bytes are"),
  findings: z.array(z.strictObject({ number: count, rule: z.string(), title: z.string(), at: range })),
});

const sessionView = sessionLine.extend({
  sensor: z.string(),
  device: z.string(),
  persona: z.string(),
  sourcePort: count,
  target: z.string(),
  targetPort: count,
  closeReason: z.string().nullable(),
  case: z.string().nullable(),
  messages: z.array(message),
  leftOut: count.describe("messages that are not listed"),
  events: z.array(z.record(z.string(), z.unknown())),
});

const jobView = jobLine.extend({
  case: z.string().nullable(),
  file: z.string().describe("path of the body below the data folder"),
  declared: z.string().nullable(),
  why: z.string().nullable(),
  wrapper: z.array(z.string()),
  head: z.string(),
});

const visitLine = sessionLine.extend({
  number: count,
  sensor: z.string(),
  session: z.string().describe("the sensor's own id of it"),
  transport: z.enum(["tcp", "udp"]),
  persona: z.string(),
  sourcePort: count,
  target: z.string(),
  targetPort: count,
  closeReason: z.string().nullable(),
  logEnd: count.describe("position of its last record in the sensor's log"),
});

const sensorStatus = z.strictObject({
  sensor: z.string(),
  connected: z.boolean(),
  since: time.nullable().describe("when it began"),
  checked: time.nullable().describe("when it last looked at its doors; null before it said so to this collector"),
  doors: z.array(
    z.strictObject({
      service: z.string(),
      address: z.string(),
      port: count,
      listening: z.boolean().describe("the system hands connections at this port to the sensor"),
    }),
  ),
  visitors: count.describe("connected now"),
  evidenceWritten: z.boolean().describe("false while the disk refuses what is recorded"),
  position: count.describe("log position up to which everything is committed"),
  behind: count.describe("bytes of log not committed yet"),
});

const statusView = z.strictObject({
  version: z.string(),
  ok: z.boolean().describe("nothing is in `problems`"),
  problems: z.array(z.strictObject({ where: z.string(), what: z.string(), remedy: z.string() })),
  since: time.describe("when this collector began"),
  receiving: z.boolean().describe("a sensor is connected, was heard lately, and all of its doors listen"),
  sensors: z.array(sensorStatus),
  store: z.strictObject({ ok: z.boolean(), events: count }),
  judge: z.strictObject({
    behind: count.describe("events committed and not judged yet"),
    lagMs: count.describe("age of the oldest of them"),
  }),
  disk: z.strictObject({ freeBytes: count }),
  lastVisit: z
    .strictObject({ session: z.string(), source: z.string(), opened: time })
    .nullable()
    .describe("not of own networks"),
});

const number = z.strictObject({ number: z.coerce.number().int().positive() });

export const contract = {
  overview: {
    path: "/api/overview",
    ask: z.strictObject({}),
    reply: z.strictObject({
      cases: count,
      own: count.describe("cases of own networks; they and their visits and jobs are in no other count"),
      visits: count,
      jobs: count,
      first: time.nullable(),
      sensors: z.array(
        z.strictObject({
          sensor: z.string(),
          position: count,
          behind: count.describe("bytes of log not committed yet"),
        }),
      ),
      judged: count,
      events: count,
    }),
  },
  status: { path: "/api/status", ask: z.strictObject({}), reply: statusView },
  cases: {
    path: "/api/cases",
    ask: z.strictObject({
      limit: limit(100),
      intent: intent.optional(),
      source: z.string().optional(),
      own: z.union([z.boolean(), z.stringbool()]).optional().describe("also cases of own networks"),
    }),
    reply: z.strictObject({ cases: z.array(caseLine) }),
  },
  case: { path: "/api/cases/:number", ask: number, reply: caseLine },
  session: { path: "/api/sessions/:number", ask: number, reply: sessionView },
  visits: {
    path: "/api/sessions",
    ask: z.strictObject({
      ...span,
      session: asNumber.optional(),
      case: asNumber.optional(),
      after: asNumber.optional().describe("`next` of an earlier answer"),
      limit: limit(1000),
    }),
    reply: z.strictObject({ sessions: z.array(visitLine), next: count.nullable().describe("null: no more") }),
  },
  jobs: {
    path: "/api/jobs",
    ask: z.strictObject({ limit: limit(100) }),
    reply: z.strictObject({ jobs: z.array(jobLine) }),
  },
  job: { path: "/api/jobs/:number", ask: number, reply: jobView },
  events: {
    path: "/api/events",
    ask: z.strictObject({
      after: z.coerce.number().int().nonnegative().optional().describe("ordinal to go on from; without it the latest"),
      limit: limit(100),
      type: z.string().optional(),
    }),
    reply: z.strictObject({ events: z.array(z.record(z.string(), z.unknown())), next: count }),
  },
} as const;

export type Contract = typeof contract;
export type Question = keyof Contract;
export type Ask<Q extends Question> = z.input<Contract[Q]["ask"]>;
export type Asked<Q extends Question> = z.output<Contract[Q]["ask"]>;
export type Reply<Q extends Question> = z.output<Contract[Q]["reply"]>;
export type CaseView = z.output<typeof caseLine>;
export type SessionView = z.output<typeof sessionView>;
export type JobView = z.output<typeof jobView>;
export type StatusView = z.output<typeof statusView>;
export type VisitLine = z.output<typeof visitLine>;
export type JobLine = z.output<typeof jobLine>;
