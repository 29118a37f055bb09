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
}
