/**
 * What people type to find something: `source:10.0.0.0/8 service:raw -intent:spam "some text"`.
 * A word without a field is looked for in the text that the rows show. All words must hold.
 */
import { type RawBuilder, sql } from "kysely";
import { INTENT_ORDER, LEVELS } from "../../detect/intent.ts";
import { JOB_KIND_ORDER } from "../../detect/job-kind.ts";
import { toByteText } from "../../event/bytes-text.ts";
import { isIP } from "node:net";
import { sortableAddress, sourceKey } from "../../util/address.ts";
import { Networks, readNetwork } from "../../util/network.ts";
import { liveGeneration } from "./live.ts";

/** A search that cannot be understood; the message says why, and what can. */
export class SearchProblem extends Error {
  constructor(message: string) {
    super(message);
    this.name = "SearchProblem";
  }
}

export interface Term {
  /** Empty for a word without one. */
  field: string;
  value: string;
  not: boolean;
}

const TERMS = 20;
/** An optional minus, an optional field, and a word or a quoted text in which \" and \\ stand for themselves. */
const TERM = /\s*(-?)(?:([a-z0-9]+):)?(?:"((?:[^"\\]|\\.)*)"|(\S+))/gy;

/** Throws {@link SearchProblem}. */
export function readSearch(text: string): Term[] {
  const terms = [...text.trim().matchAll(TERM)].map(([, minus, field = "", quoted, word]) => ({
    field,
    value: quoted === undefined ? word! : quoted.replaceAll(/\\(.)/g, "$1"),
    not: minus === "-",
  }));
  if (terms.length > TERMS) throw new SearchProblem(`A search has at most ${TERMS} words.`);
  for (const term of terms) {
    const whole = `${term.field}:${term.value}`;
    if (isIP(whole) !== 0) Object.assign(term, { field: "source", value: whole });
  }
  return terms.filter(({ value }) => value !== "");
}

type Match = (value: string) => RawBuilder<boolean>;

/** Where a search may look: the fields of a table, with "" for words without one. */
type Fields = Record<string, Match>;

const equals =
  (column: string): Match =>
  (value) =>
    sql`${sql.ref(column)} = ${value}`;
/** Bytes of a visitor are stored as byte text, what a person types is not. */
const contains =
  (...columns: string[]): Match =>
  (value) => {
    const like = `%${toByteText(Buffer.from(value)).replaceAll(/[\\%_]/g, "\\$&")}%`;
    const each = columns.map((column) => sql`coalesce(${sql.ref(column)} ilike ${like} escape '\\', false)`);
    return sql`(${sql.join(each, sql` or `)})`;
  };
const oneOf =
  (column: string, values: readonly string[]): Match =>
  (value) => {
    if (!values.includes(value)) throw new SearchProblem(`"${value}" is none of ${values.join(", ")}.`);
    return equals(column)(value);
  };
const numbered =
  (column: string, letter: string): Match =>
  (value) => {
    const match = new RegExp(`^(?:${letter}-)?(\\d{1,15})$`, "i").exec(value);
    if (!match) throw new SearchProblem(`"${value}" is not a number.`);
    return sql`${sql.ref(column)} = ${Number(match[1])}`;
  };
const address =
  (ip: string, key?: string): Match =>
  (value) => {
    if (isIP(value) !== 0) {
      return key === undefined ? equals(ip)(sortableAddress(value)) : equals(key)(sourceKey(value));
    }
    const network = readNetwork(value);
    if (typeof network === "string") {
      if (key !== undefined && value.endsWith("::/64")) return equals(key)(value);
      throw new SearchProblem(`${network}.`);
    }
    const [first, last] = new Networks([value]).ranges()[0]!;
    return sql`${sql.ref(ip)} between ${first} and ${last}`;
  };

const hourOf = (column: string): Match => {
  return (value) => sql`exists (select 1 from case_hour as h where h.generation = ${liveGeneration}
    and h.case_number = case_now.number and ${sql.ref(column)} = ${value})`;
};

const ofCaseBySource = (table: "session" | "job", time: string, column: string, values: readonly string[]): Match => {
  return (value) => {
    const is = oneOf(column, values)(value);
    const source = sql.ref(`${table}.source_key`);
    // The sources first: most rows are of none of them, and that is found out soon.
    return sql`(${source} in (select c.source_key from case_now as c where ${is})
      and exists (select 1 from case_now as c where c.source_key = ${source}
        and ${sql.ref(time)} between c.first_time and c.last_time and ${is}))`;
  };
};

const said = contains("s.first_line");

export const CASE_FIELDS: Fields = {
  "": (value) => sql`(${contains("case_now.headline", "case_now.source")(value)} or case_now.number in
    (select c.number from session as s join case_record as c on c.source_key = s.source_key
      where c.generation = ${liveGeneration} and s.opened between c.first_time and c.last_time and ${said(value)}))`,
  case: numbered("case_now.number", "C"),
  source: address("case_now.source_ip", "case_now.source_key"),
  intent: oneOf("case_now.intent_now", INTENT_ORDER),
  judged: oneOf("case_now.intent", INTENT_ORDER),
  level: oneOf("case_now.confidence", LEVELS),
  service: hourOf("h.service"),
  sensor: hourOf("h.sensor"),
  signature: (value) => sql`exists (select 1 from case_rule as r where r.generation = ${liveGeneration}
    and r.case_number = case_now.number and r.rule = ${value})`,
  is: (value) => {
    const states: Record<string, RawBuilder<boolean>> = {
      open: sql`not case_now.closed`,
      closed: sql`case_now.closed`,
      corrected: sql`case_now.corrected`,
      printed: sql`case_now.jobs > 0`,
      answered: sql`case_now.answered`,
    };
    const state = Object.hasOwn(states, value) ? states[value] : undefined;
    if (!state) throw new SearchProblem(`A case is ${Object.keys(states).join(", ")}.`);
    return state;
  },
};

export const SESSION_FIELDS: Fields = {
  "": contains("session.first_line", "session.source"),
  session: numbered("session.number", "S"),
  source: address("session.source_ip", "session.source_key"),
  target: contains("session.target"),
  port: numbered("session.target_port", "P"),
  service: equals("session.service"),
  sensor: equals("session.sensor"),
  persona: equals("session.persona"),
  intent: ofCaseBySource("session", "session.opened", "c.intent_now", INTENT_ORDER),
};

export const JOB_FIELDS: Fields = {
  "": contains("job.name", "job.user_name", "job.source", "reading.title", "reading.text"),
  text: contains("reading.text"),
  title: contains("reading.title"),
  is: (value) =>
    sql`job.number in (select k.number from job_kind as k where ${oneOf("k.kind", JOB_KIND_ORDER)(value)})`,
  indicator: (value) => sql`job.sha256 in (select i.sha256 from indicator as i where ${contains("i.value")(value)})`,
  job: numbered("job.number", "J"),
  source: (value) => {
    if (isIP(value) !== 0) return equals("job.source_key")(sourceKey(value));
    const within = address("s.source_ip", "s.source_key")(value);
    return sql`job.source_key in (select s.source_key from session as s where ${within})`;
  },
  service: equals("job.service"),
  sensor: equals("job.sensor"),
  language: equals("job.language"),
  kind: oneOf("job.kind", ["job", "stray", "file"]),
  name: contains("job.name"),
  user: contains("job.user_name"),
  sha256: (value) => sql`job.sha256 like ${`${value.replaceAll(/[^0-9a-f]/gi, "").toLowerCase()}%`}`,
  intent: ofCaseBySource("job", "job.time", "c.intent_now", INTENT_ORDER),
};

/** The conditions of a search over one table. Throws {@link SearchProblem}. */
export function searching(text: string | undefined, fields: Fields): RawBuilder<boolean> {
  const conditions = readSearch(text ?? "").map(({ field, value, not }) => {
    const match = Object.hasOwn(fields, field) ? fields[field] : undefined;
    if (!match) {
      const known = Object.keys(fields).filter((name) => name !== "");
      const text = "Put text with a colon in quotes.";
      throw new SearchProblem(`There is no field "${field}" here; there are ${known.join(", ")}. ${text}`);
    }
    return not ? sql<boolean>`not ${match(value)}` : match(value);
  });
  return conditions.length === 0 ? sql<boolean>`true` : sql<boolean>`(${sql.join(conditions, sql` and `)})`;
}
