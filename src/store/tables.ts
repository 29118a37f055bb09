/** Column types of the tables in migrations/, for Kysely. Times are milliseconds since 1970, UTC. */

export interface EventTable {
  ordinal: number;
  sensor: string;
  epoch: number;
  seq: number;
  time: number;
  /** Days since 1970, UTC. */
  day: number;
  type: string;
  session: string | null;
  service: string | null;
  source_key: string | null;
  /** 32 hexadecimal digits, see util/address.ts `sortableAddress`. */
  source_ip: string | null;
  position: number;
  /** The whole event as JSON. */
  body: string;
}

export interface SessionTable {
  /** Shown as S-<number>. */
  number: number;
  sensor: string;
  session: string;
  device: string;
  persona: string;
  service: string;
  transport: string;
  source: string;
  source_ip: string;
  source_key: string;
  source_port: number;
  target: string;
  target_port: number;
  opened: number;
  day: number;
  /** Null while the session is open. */
  closed: number | null;
  close_reason: string | null;
  bytes_in: number;
  bytes_out: number;
  /** Log position of the last known record of the session, from which its records are found backwards. */
  log_end: number;
  /** The first thing the visitor said, one line, byte text: `@PJL INFO ID`, `GET / Python-urllib/2.7`, `print job, text`. */
  first_line: string;
  events: number;
}

export interface JobTable {
  /** Shown as J-<number>. */
  number: number;
  sensor: string;
  session: string;
  job: string;
  source: string;
  source_key: string;
  service: string;
  time: number;
  day: number;
  kind: string;
  language: string;
  bytes: number;
  sha256: string;
  complete: boolean;
  name: string | null;
  user_name: string | null;
}

export interface CaseTable {
  generation: number;
  /** Shown as C-<number>; belongs to the key and survives re-judging. */
  number: number;
  key: string;
  source_key: string;
  source: string;
  source_ip: string;
  first_time: number;
  last_time: number;
  intent: string;
  /** Place in INTENT_ORDER: 0 is gravest. */
  gravity: number;
  confidence: string;
  headline: string;
  sessions: number;
  jobs: number;
  probe_to_job: number | null;
  /** Something it asked was answered as a printer answers. */
  answered: boolean;
  /** How much it has said: reasons and jobs. More of it opens a closed case again. */
  said: number;
  /** CaseRecord as JSON. */
  body: string;
}

/** One row for each place that a finding rests on. */
export interface FindingTable {
  generation: number;
  case_key: string;
  rule: string;
  kind: string;
  sensor: string;
  session: string;
  time: number;
  at_from: number | null;
  at_to: number | null;
  /** Evidence as JSON. */
  body: string;
}

export interface PositionTable {
  sensor: string;
  position: number;
  epoch: number;
  seq: number;
}

export interface GenerationTable {
  generation: number;
  cursor: number;
  live: boolean;
}

/** The numbers of case keys, of all generations. A key that replaced another one has the same number. */
export interface CaseNumberTable {
  key: string;
  number: number;
}

/** One row: the last numbers given out, so that none is given out twice. */
export interface CounterTable {
  ordinal: number;
  session: number;
  job: number;
  case_number: number;
}

/** A case of the live generation with what was decided on top. */
export interface CaseNowTable extends CaseTable {
  intent_now: string;
  gravity_now: number;
  corrected: boolean;
  /** By a person, and it has said nothing new since. */
  closed: boolean;
  /** Closed or corrected, and it has said nothing new since. */
  decided: boolean;
}

/** Sessions of a case in one hour (hours since 1970). Several rows of the same hour add up. */
export interface CaseHourTable {
  generation: number;
  case_number: number;
  hour: number;
  sensor: string;
  service: string;
  sessions: number;
}

/** A reason of a case. `carries`: it is one for the case's intent. */
export interface CaseRuleTable {
  generation: number;
  case_number: number;
  rule: string;
  hits: number;
  carries: boolean;
  last_time: number;
}

export interface DecisionTable {
  number: number;
  kind: string;
  /** `C-<number>`, or the id of a signature. */
  subject: string;
  case_number: number | null;
  value: string;
  why: string | null;
  /** Place of a corrected intent in INTENT_ORDER. */
  gravity: number | null;
  /** What `said` of the case was then. */
  said: number | null;
  until: number | null;
  by_name: string;
  at: number;
  undone_by: string | null;
  undone_at: number | null;
}

export interface AccountTable {
  name: string;
  role: string;
  /** As argon2 writes it; null until the one-time link is used. */
  password: string | null;
  created: number;
  last_login: number | null;
  disabled: boolean;
}

export interface LinkTable {
  hash: string;
  /** Null: the very first one, whose user names the account. */
  account: string | null;
  expires: number;
}

export interface LoginTable {
  hash: string;
  account: string;
  created: number;
  seen: number;
  expires: number;
  /** Where it began; null where it began before this was kept. */
  address: string | null;
}

export interface TokenTable {
  id: string;
  hash: string;
  name: string;
  account: string;
  /** Joined with spaces. */
  scopes: string;
  created: number;
  expires: number | null;
  last_used: number | null;
}

export interface AuditTable {
  number: number;
  at: number;
  who: string;
  address: string;
  what: string;
  about: string;
  /** JSON. */
  detail: string;
}

/** What was read of a body, for all jobs that have it. */
export interface ReadingTable {
  sha256: string;
  version: number;
  at: number;
  status: string;
  why: string;
  /** The first language that is more than a wrapper. */
  language: string;
  pages: number;
  words: number;
  spoken: string | null;
  /** 16 hexadecimal digits. */
  simhash: string | null;
  /** Byte text, as in events. */
  title: string | null;
  title_claimed: boolean;
  /** Of the first page that was drawn. */
  width_mm: number | null;
  height_mm: number | null;
  /** SHA-256 of the first body that this one is like; its own where it was like none. */
  family: string;
  /** What stands on the pages, byte text, for searching; its beginning where it is long. */
  text: string;
  /** The whole Reading as JSON. */
  body: string;
}

/** Pages with something on them. */
export interface ReadingLookTable {
  sha256: string;
  page: number;
  /** 64 hexadecimal digits. */
  look: string;
}

/** One row for each different thing in a body. */
export interface IndicatorTable {
  sha256: string;
  kind: string;
  /** Byte text. */
  value: string;
  /** In a QR code. */
  qr: boolean;
}

/** What kind of job each job is. */
export interface JobKindTable {
  number: number;
  sha256: string;
  kind: string;
  rule: string | null;
  /** Byte texts as JSON. */
  words: string;
  /** A model of our own that stands on a page. */
  names: string | null;
}

export interface Tables {
  event: EventTable;
  session: SessionTable;
  job: JobTable;
  case_record: CaseTable;
  finding: FindingTable;
  sensor_position: PositionTable;
  generation: GenerationTable;
  case_number: CaseNumberTable;
  counter: CounterTable;
  case_now: CaseNowTable;
  case_hour: CaseHourTable;
  case_rule: CaseRuleTable;
  decision: DecisionTable;
  account: AccountTable;
  one_time_link: LinkTable;
  login: LoginTable;
  token: TokenTable;
  audit: AuditTable;
  reading: ReadingTable;
  reading_look: ReadingLookTable;
  indicator: IndicatorTable;
  job_kind: JobKindTable;
}
