/** The shapes that replies are made of. Their names are public and stay. */
import { z } from "zod";
import { INTENT_ORDER, LEVELS } from "../detect/intent.ts";
import { ROLES, SCOPES } from "./roles.ts";

export const time = z.iso.datetime();
export const count = z.number().int().nonnegative();
export const range = z.tuple([count, count]);
export const intent = z.enum(INTENT_ORDER as [string, ...string[]]);
export const level = z.enum(LEVELS);
export const role = z.enum(ROLES);
export const scope = z.enum(SCOPES);

export const sessionLine = z.strictObject({
  id: z.string().describe("S-<number>"),
  service: z.string(),
  source: z.string(),
  opened: time,
  closed: time.nullable(),
  bytesIn: count,
  bytesOut: count,
  firstLine: z.string().describe("the first telling thing the visitor said"),
});

export const jobLine = z.strictObject({
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
  name: z.string().nullable().describe("null too for who may not see jobs"),
  user: z.string().nullable().describe("null too for who may not see jobs"),
});

/** Bytes that a finding rests on, with a little of what stands around them. */
export const excerpt = z.strictObject({
  before: z.string().describe("byte text"),
  match: z.string().describe("byte text; of a long match only its beginning"),
  after: z.string().describe("byte text"),
  cutBefore: count.describe("bytes of the stream before `before`"),
  cutMatch: count.describe("bytes of the match that are left out"),
  cutAfter: count.describe("bytes of the stream after `after`, as far as it was received"),
});

export const evidence = z.strictObject({
  session: z.string().describe("S-<number>"),
  service: z.string(),
  time,
  job: z.string().optional().describe("J-<number>"),
  at: range.optional().describe("bytes of the visitor's stream"),
  words: z.array(z.string()).optional(),
  bytes: excerpt.optional().describe("of the first places of a reason, when one case is asked for"),
});

export const mute = z.strictObject({
  decision: count,
  reason: z.string(),
  by: z.string(),
  at: time,
  until: time.nullable().describe("null: until it is undone"),
});

export const reason = z.strictObject({
  number: count.describe("as in the margin of a conversation"),
  rule: z.string(),
  title: z.string(),
  intent,
  level,
  count,
  partOf: z.string().optional().describe("the correlation among the reasons that covers this one"),
  muted: z.boolean().describe("the signature is muted: it counts for no alert and no decision that is needed"),
  evidence: z.array(evidence),
});

/** What a person decided. Nothing of it is ever changed by judging again. */
export const decision = z.strictObject({
  number: count,
  kind: z.enum(["intent", "note", "close", "reopen", "mute"]),
  subject: z.string().describe("C-<number>, or the id of a signature"),
  value: z.string().describe("intent: the intent; note: the text; mute, close and reopen: the reason"),
  why: z.string().optional().describe("intent: why it was corrected"),
  until: time.nullable().optional().describe("mute: when it ends"),
  by: z.string(),
  at: time,
  undone: z.strictObject({ by: z.string(), at: time }).nullable(),
});

export const caseLine = z.strictObject({
  id: z.string().describe("C-<number>"),
  source: z.string(),
  sourceKey: z.string(),
  own: z.boolean().describe("from a network that the operator named as the own one: recorded, never alerted"),
  intent: intent.describe("as a person corrected it, else as it was judged"),
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
  judged: intent.describe("what the rules say, whatever a person said"),
  corrected: z.boolean(),
  state: z.enum(["open", "closed"]).describe("closed by a person; a closed case that says something new is open again"),
  muted: z.boolean().describe("all that carries its intent is muted"),
  decisions: z.array(decision).describe("notes and decisions, oldest first"),
  sessions: z.array(sessionLine).describe("the first hundred; none in a brief answer"),
  jobs: z.array(jobLine).describe("the first hundred; none in a brief answer"),
});

/** One row of a case's timeline: a session with the numbers of the reasons that rest on it. */
export const lane = z.strictObject({
  service: z.string(),
  sensor: z.string(),
  sessions: z.array(
    z.strictObject({
      id: z.string(),
      opened: time,
      closed: time.nullable(),
      answered: z.boolean(),
      reasons: z.array(count),
      job: z.string().optional().describe("the first job of it, J-<number>"),
    }),
  ),
  leftOut: count,
});

export const message = z.strictObject({
  afterMs: z.number(),
  direction: z.enum(["in", "out"]),
  at: count.describe("offset in the stream of this direction"),
  bytes: count,
  text: z.string().describe("byte text; of a long message only its beginning"),
  job: z.string().optional().describe("J-<number> whose body these bytes are"),
  findings: z.array(z.strictObject({ number: count, rule: z.string(), title: z.string(), at: range })),
});

export const sessionView = sessionLine.extend({
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

export const visitLine = sessionLine.extend({
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

export const bytesView = z.strictObject({
  from: count,
  to: count.describe("past the last byte that is here"),
  total: count.describe("bytes there are"),
  base64: z.string(),
  missing: count.describe("bytes of the asked range that are no longer kept, or in a job that may not be seen: zeroes"),
});

export const signatureLine = z.strictObject({
  id: z.string(),
  kind: z.enum(["signature", "correlation"]),
  family: z.string(),
  title: z.string(),
  description: z.string(),
  intent: intent.nullable().describe("null: a fact that only other rules use"),
  level: level.nullable(),
  on: z.string().nullable().describe("event type; null for a correlation"),
  of: z.array(z.string()).describe("signatures a correlation is about"),
  attack: z.array(z.string()),
  references: z.array(z.string()),
  falsePositives: z.array(z.string()),
  status: z.string(),
  cases: count.describe("cases that it is a reason of"),
  hits: count.describe("how often it spoke about these"),
  last: time.nullable().describe("latest visit of these cases"),
  mute: mute.nullable(),
});

export const account = z.strictObject({
  name: z.string(),
  role,
  created: time,
  lastLogin: time.nullable(),
  ready: z.boolean().describe("it has a password; else its one-time link was not used yet"),
  disabled: z.boolean(),
  logins: count.describe("logins that hold now"),
});

export const loginLine = z.strictObject({
  id: z.string(),
  began: time,
  seen: time.describe("last used, to about five minutes"),
  until: time.describe("when it ends at the latest; unused it ends earlier"),
  address: z.string().nullable().describe("where it began; null: not known"),
  current: z.boolean().describe("the one that asks"),
});

const tally = z.strictObject({ messages: count, alerts: count.describe("in these messages") });

/** A channel of alerts: what it took, and what waits for it. */
export const channelLine = z.strictObject({
  name: z.string(),
  type: z.string().describe("webhook, mail, syslog, …"),
  state: z.enum(["ok", "waiting", "failing"]).describe("failing: the last attempt failed and something waits"),
  sent: tally,
  waiting: tally,
  nextAttempt: time.nullable(),
  gathered: count.describe("alerts in the digest that is being gathered"),
  digestDue: time.nullable(),
  failures: count.describe("attempts that failed; each was tried again"),
  givenUp: tally.describe("after a day of failures"),
  lastSent: z.strictObject({ time, said: z.string().describe("what the far end answered") }).nullable(),
  lastFailure: z.strictObject({ time, what: z.string() }).nullable(),
});

export const tokenLine = z.strictObject({
  id: z.string(),
  name: z.string(),
  account: z.string(),
  scopes: z.array(scope),
  created: time,
  expires: time.nullable(),
  lastUsed: time.nullable().describe("to about five minutes"),
});

export const accessView = z.strictObject({
  account: z.string(),
  role,
  scopes: z.array(scope).nullable().describe("of the token that asks; null for a person"),
  csrf: z
    .string()
    .nullable()
    .describe("to be sent in the header x-inktrap-csrf with everything that changes something"),
  until: time.nullable().describe("when the login ends at the latest"),
  version: z.string(),
  source: z.string().describe("where the source code of this program is"),
  demonstration: z.boolean(),
});

export const auditLine = z.strictObject({
  number: count,
  at: time,
  who: z.string().describe("account, account/token, `local` for the command line, `-` for nobody"),
  address: z.string(),
  what: z.string().describe("entry of the contract, or login, login-refused, logout"),
  about: z.string().describe("C-1, J-2, a signature, an account; empty where there is nothing to name"),
  detail: z.record(z.string(), z.unknown()),
});

/** How a thing was, over time. */
export const activityBin = z.strictObject({
  from: time,
  sessions: count,
  intents: z.partialRecord(intent, count).describe("sessions by what their case is up to now"),
  cases: z
    .partialRecord(intent, count)
    .describe("different cases with visits in this time, by intent; only of the harmful ones"),
});

export const sensorStatus = z.strictObject({
  sensor: z.string(),
  connected: z.boolean(),
  since: time.nullable().describe("when it began"),
  checked: time.nullable().describe("when it last looked at its doors; null before it said so to this collector"),
  doors: z.array(
    z.strictObject({
      service: z.string(),
      address: z.string(),
      port: count,
      listening: z.boolean().describe("its socket is open and listens"),
    }),
  ),
  visitors: count.describe("connected now"),
  evidenceWritten: z.boolean().describe("false while the disk refuses what is recorded"),
  position: count.describe("log position up to which everything is committed"),
  behind: count.describe("bytes of log not committed yet"),
});

export const deskState = z.strictObject({
  waiting: count.nullable().describe("jobs that wait to be read; null while it is not known"),
  reading: z.boolean(),
  done: count.describe("bodies read since the start"),
  walls: z
    .enum(["bubblewrap", "none"])
    .nullable()
    .describe("what keeps a document that broke out from the network, besides Node's permissions; null: not known yet"),
});

export const statusView = z.strictObject({
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
  desk: deskState.nullable().describe("null: jobs are not read here"),
  lastVisit: z
    .strictObject({ session: z.string(), source: z.string(), opened: time })
    .nullable()
    .describe("not of own networks"),
});
