/**
 * Rows of a large store, made by the database itself and the same every time but for when they end: few sources with
 * very many sessions, many with one or two, over thirty days, in the order in which a collector would have written them.
 * Four events make a session. Addresses are from 198.18.0.0/15 (RFC 2544) and 2001:db8::/32 (RFC 3849).
 */
import { DuckDBInstance } from "@duckdb/node-api";
import { SESSION_BYTES, sessionEnd } from "./big-evidence.js";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const DAYS = 30;
export const SENSORS = ["east", "harbour", "hill", "mill", "north", "quay", "south", "west"];
/** The sources that visit most were there all the time. */
const STEADY = 1000;
const MEMORY = "3GB";

/** What sources are like: their share, their reasons, what their sessions begin with, and how many of these print. */
const KINDS = [
  {
    intent: "reconnaissance",
    share: 0.44,
    prints: 0,
    rules: ["pjl-info-id", "pjl-info-status", "pjl-prodinfo", "returned-after-answer"],
    lines: ["@PJL INFO ID", "@PJL INFO STATUS", "@PJL INFO PRODINFO", "GET / Python-urllib/2.7"],
  },
  {
    intent: "research-scan",
    share: 0.15,
    prints: 0,
    rules: ["known-survey", "zgrab-web"],
    lines: ["@PJL INFO ID", "GET / Mozilla/5.0 zgrab/0.x", "GET /favicon.ico Mozilla/5.0 zgrab/0.x"],
  },
  {
    intent: "misconfigured",
    share: 0.08,
    prints: 0.1,
    rules: ["hplip-status-query", "status-polling", "cups-job"],
    lines: ["@PJL INFO STATUS", "@PJL USTATUS DEVICE = ON", "GET /DevMgmt/ProductStatusDyn.xml hplip/3.0"],
  },
  {
    intent: "not-printer",
    share: 0.19,
    prints: 0,
    rules: ["http-on-raw-port", "proxy-on-raw-port", "web-other-product"],
    lines: ["not PJL: http-request", "not PJL: tls", "GET /wp-login.php curl/7.88.1", "GET /*"],
  },
  {
    intent: "spam",
    share: 0.06,
    prints: 0.6,
    rules: ["job-unsolicited", "job-advertises", "probe-then-unsolicited-job"],
    lines: ["@PJL INFO ID", "@PJL ECHO *"],
  },
  {
    intent: "tampering",
    share: 0.02,
    prints: 0,
    rules: ["ready-message-changed", "default-changed"],
    lines: ['@PJL RDYMSG DISPLAY = "HELLO"', "@PJL DEFAULT COPIES = 99"],
  },
  {
    intent: "data-theft",
    share: 0.01,
    prints: 0,
    rules: ["pjl-fsdirlist", "file-read", "pjl-traversal"],
    lines: ['@PJL FSDIRLIST NAME = "0:/" ENTRY=1 COUNT=65535', '@PJL FSUPLOAD NAME = "0:/*"'],
  },
  {
    intent: "exploit",
    share: 0.01,
    prints: 0.1,
    rules: ["firmware-upgrade", "web-printer-exploit"],
    lines: ["@PJL UPGRADE SIZE=1024", "POST /cgi-bin/* curl/7.88.1"],
  },
  {
    intent: "denial-of-service",
    share: 0.01,
    prints: 0,
    rules: ["volume-formatted", "defaults-worn-out"],
    lines: ["@PJL FSINIT VOLUME = 0:", "@PJL DEFAULT COPIES = 1"],
  },
  { intent: "unknown", share: 0.03, prints: 0, rules: [], lines: ["", "@PJL"] },
];

/** How much there is of everything in a store of so many events. */
export function sizes(events) {
  const sessions = Math.floor(events / 4);
  return {
    sessions,
    sources: Math.max(20, Math.floor(sessions / 10)),
    bodies: Math.max(10, Math.floor(sessions / 250)),
  };
}

const text = (value) => `'${String(value).replaceAll("'", "''")}'`;
const list = (values) => `[${values.map(text).join(", ")}]::varchar[]`;
/** From 0 to below 1, by the number in `of` and a name. */
const random = (of, name) => `((hash(${of}, ${text(name)}) >> 11)::double / 9007199254740992)`;
/** One of a list, the first ones more often where `skew` is above 1. */
const oneOf = (values, of, name, skew = 1) =>
  `(${values})[1 + floor(pow(${random(of, name)}, ${skew}) * len(${values}))::bigint]`;

/**
 * Fills an empty store of the newest schema. `bodies`: SHA-256 of the job bodies; `intents`: from the gravest on.
 * `end`: milliseconds since 1970. Returns the sensors with their sessions, and which of them has which of the bodies.
 */
export async function fillStore(file, { events, end, bodies, intents }) {
  const instance = await DuckDBInstance.create(file, {
    memory_limit: MEMORY,
    threads: "2",
    temp_directory: `${file}.tmp`,
  });
  const connection = await instance.connect();
  const run = (sql) => connection.run(sql);
  const rows = async (sql) => (await run(sql)).getRowObjectsJS();
  for (const sql of [
    ...helpers(events, end, bodies, intents),
    ...rawRows(events),
    ...derivedRows(),
    ...decidedRows(end),
  ]) {
    await run(sql);
  }
  const sensors = await rows(`select sensor, max(k)::integer as sessions from s group by sensor order by sensor`);
  const kept = await rows(`select distinct sensor, sha256 from main.job order by all`);
  await run("checkpoint");
  connection.closeSync();
  instance.closeSync();
  return { sensors, kept };
}

/** Sources and sessions `s`, from which all rows are made. */
function helpers(events, end, bodies, intents) {
  const { sessions, sources } = sizes(events);
  const begin = end - DAYS * DAY_MS;
  let share = 0;
  const kinds = KINDS.map(({ intent, rules, lines, prints, ...kind }) => {
    const low = share;
    share += kind.share;
    return `(${low}, ${share}, ${text(intent)}, ${intents.indexOf(intent)}, ${list(rules)}, ${list(lines)}, ${prints}::double)`;
  });
  return [
    `create temp table kind as
      select * from (values ${kinds.join(", ")}) as t(low, high, intent, gravity, rules, lines, prints)`,
    `create temp table body as select unnest(range(${bodies.length})) as n, unnest(${list(bodies)}) as sha256`,
    // The three that visit most are of a kind that may do so: recon, a survey, an office.
    `create temp table source as
      select rank, kind.* exclude (low, high), since, least(${end}, since + (days * ${DAY_MS})::bigint) as until,
        case when v4 then format('198.{}.{}.{}', 18 + n4 // 65536, (n4 // 256) % 256, n4 % 256)
          else format('2001:db8:{:x}:{:x}::1', n6 // 65536, n6 % 65536) end as ip,
        case when v4 then ip else format('2001:db8:{:x}:{:x}::/64', n6 // 65536, n6 % 65536) end as key,
        case when v4 then format('00000000000000000000ffffc6{:02x}{:02x}{:02x}', 18 + n4 // 65536, (n4 // 256) % 256, n4 % 256)
          else format('20010db8{:04x}{:04x}0000000000000001', n6 // 65536, n6 % 65536) end as sortable
      from (
        select rank, rank <= 125000 as v4, (rank * 48271) % 131072 as n4, (rank * 2654435761) % 4294967296 as n6,
          case when rank <= 3 then [0.1, 0.5, 0.6][rank]::double else ${random("rank", "kind")} end as draw,
          case when rank <= ${STEADY} then ${begin}
            else ${begin} + floor(${random("rank", "since")} * ${end - begin})::bigint end as since,
          case when rank <= ${STEADY} then 30 else ${oneOf("[0.02, 0.5, 1, 3, 7, 30]", "rank", "days")} end as days
        from (select unnest(range(1, ${sources + 1})) as rank)
      ) join kind on draw >= low and draw < high`,
    // Each source once, and then by Zipf's law: one with rank n about n times more seldom than the first.
    `create temp table s as
      select row_number() over (order by time, i) as number, row_number() over (partition by sensor order by time, i) as k,
        * exclude (rules, lines, prints, since, until)
      from (
        select i, source.*, since + floor(${random("i", "time")} * (until - since))::bigint as time,
          ${oneOf(list(SENSORS), "i", "sensor", 1.7)} as sensor, ${random("i", "prints")} < prints as printed,
          case when printed then 'print job, text'
            else replace(${oneOf("lines", "i", "line")}, '*', format('{:x}', hash(i) % 65536)) end as line,
          case when line like 'GET%' or line like 'POST%' then 'web' else 'raw' end as service,
          (200 + hash(i) % 30000)::bigint as ms
        from (
          select i, case when i < ${sources} then i + 1
            else least(${sources}, floor(pow(${sources} + 1, ${random("i", "rank")}))::bigint) end as rank
          from (select unnest(range(${sessions})) as i)
        ) join source using (rank)
      ) order by number`,
    `create temp view told as select *, '1-' || lower(to_base(k, 36)) as id, time // ${DAY_MS} as day,
      case when service = 'web' then 80 else 9100 end as port, 1024 + i % 60000 as source_port,
      ${sessionEnd("k")} as log_end, ${oneOf("(select list(sha256 order by n) from body)", "number", "body", 2)} as sha256 from s`,
  ];
}

/** Events, sessions and jobs; the session with the number n has the events 4n - 3 to 4n, after one of each sensor. */
function rawRows(events) {
  const { sessions } = sizes(events);
  const PART = 250_000;
  const first = SENSORS.length;
  const origin = `'"sensor":"' || sensor || '","epoch":1,"seq":' || seq || ',"time":' || moment
    || ',"origin":{"sensor":"' || sensor || '","device":"' || sensor || '","persona":"hp-laserjet-4250","service":"' || service
    || '","session":"' || id || '","transport":"tcp","source":{"ip":"' || ip || '","port":' || source_port
    || ',"verified":true},"target":{"ip":"192.0.2.61","port":' || port || '}}}'`;
  const quoted = `replace(line, '"', '\\"')`;
  const data = `case type
    when 'session.open' then '{}'
    when 'session.close' then '{"reason":"visitor","durationMs":' || ms || ',"bytesIn":80,"bytesOut":400,"uncounted":{},"logEnd":' || log_end || '}'
    when 'job.captured' then '{"kind":"job","language":"text","complete":true,"at":[9,9009],"wrapper":["@PJL JOB"],"job":"' || id
      || '.1","bytes":9000,"sha256":"' || sha256 || '","name":"flyer","user":"office","head":"BUY CHEAP TONER"}'
    when 'http.request' then '{"method":"GET","target":"/","version":"HTTP/1.1","headers":[["Host","192.0.2.61"],["Accept","*/*"],["User-Agent",'
      || '"' || ${quoted} || '"]],"userAgent":"' || ${quoted} || '","bodyBytes":0,"at":[0,80],"status":200,"replyBytes":3044}'
    else '{"command":"INFO","argument":"ID","line":"' || ${quoted} || '","at":[9,30],"answer":"reply","replyBytes":200}' end`;
  const parts = Array.from({ length: Math.ceil(sessions / PART) }, (_, part) => {
    const from = part * PART;
    return `insert into event
      select ordinal, sensor, 1, seq, moment, moment // ${DAY_MS}, type, id, service, key, sortable, log_end,
        '{"type":"' || type || '","data":' || ${data} || ',' || ${origin}
      from (
        select *, ${first} + 4 * (number - 1) + n as ordinal, 4 * (k - 1) + n + 1 as seq, time + ms * (n - 1) // 3 as moment,
          case n when 1 then 'session.open' when 4 then 'session.close' else
            case when printed and n = 3 then 'job.captured' when service = 'web' then 'http.request' else 'pjl.command' end
          end as type
        from told, (select unnest([1, 2, 3, 4]) as n) where number > ${from} and number <= ${from + PART}
      ) order by ordinal`;
  });
  const started = SENSORS.map((sensor, i) => {
    const doors = `[{"service":"raw","address":"192.0.2.61","port":9100},{"service":"web","address":"192.0.2.61","port":80}]`;
    const body = `{"type":"sensor.started","data":{"version":"0.0.0","persona":"hp-laserjet-4250","doors":${doors}},"sensor":"${sensor}","epoch":1,"seq":1,"time":`;
    return `insert into event select ${i + 1}, ${text(sensor)}, 1, 1, min(time), min(time) // ${DAY_MS}, 'sensor.started', null, null, null, null, 1,
      ${text(body)} || min(time) || '}' from s`;
  });
  return [
    ...started,
    ...parts,
    `insert into session select number, sensor, id, sensor, 'hp-laserjet-4250', service, 'tcp', ip, sortable, key, source_port,
      '192.0.2.61', port, time, day, time + ms, 'visitor', 80, 400, log_end, line, 4 from told order by number`,
    `insert into job select row_number() over (order by number), sensor, id, id || '.1', ip, key, service, time + ms * 2 // 3, day,
      'job', 'text', 9000, sha256, true, 'flyer', 'office' from told where printed order by number`,
    `insert into sensor_position select sensor, 1 + max(k) * ${SESSION_BYTES}, 1, 4 * max(k) + 1 from s group by sensor order by sensor`,
    `update counter set ordinal = (select max(ordinal) from event), session = (select max(number) from session),
      job = (select coalesce(max(number), 0) from job), case_number = (select count(*) from source)`,
    `update generation set cursor = (select ordinal from counter)`,
  ];
}

/** Cases with their findings and counts, as a judge leaves them: in the order in which they were last changed. */
function derivedRows() {
  const evidence = (
    words,
  ) => `'{"sensor":"' || sensor || '","epoch":1,"seq":' || (4 * k - 1) || ',"time":' || time || ',"session":"'
    || id || '","service":"' || service || '","at":[9,30]${words}}'`;
  const reason = `'{"rule":"' || rule || '","title":"Did what ' || rule || ' says","intent":"' || intent || '","level":"likely","count":'
    || sessions || ',"evidence":[' || array_to_string(evidence, ',') || ']}'`;
  const place = (of) =>
    `'{"time":' || ${of}.time || ',"sensor":"' || ${of}.sensor || '","epoch":1,"seq":' || (4 * ${of}.k - 2)`;
  return [
    `create temp table c as
      select row_number() over (order by first.time, rank) as number, *, first.sensor || '/1/' || (4 * first.k - 2) as case_key,
        list_slice(rules, 1, sessions + 1) as said,
        list_distinct([one.evidence for one in first_some] || [one.evidence for one in last_some]) as evidence,
        list_distinct([one."row" for one in first_some] || [one."row" for one in last_some]) as "rows"
      from (
        select rank, min_by(struct_pack(time, sensor, k), number) as first, max_by(struct_pack(time, sensor, k), number) as last,
          max(time + ms) as last_time, count(*) as sessions, count(*) filter (where printed) as jobs,
          min(time) filter (where printed) as printed_at,
          min_by(one, number, 4) as first_some, max_by(one, number, 4) as last_some
        from (
          select *, struct_pack(evidence := ${evidence(`,"words":["INFO"]`)}, "row" := '[' || time || ',0,' || (4 * k - 1) || ',"' || id || '",[9,30],null,["INFO"]]') as one
          from told
        ) group by rank
      ) join source using (rank)`,
    `insert into case_number select case_key, number from c order by number`,
    `create temp table case_reason as
      select number, string_agg(${reason}, ',') as reasons, string_agg('"' || rule || '":[' || sessions || ',' || array_to_string("rows", ',') || ']', ',') as summary
      from (select *, unnest(said) as rule from c) group by number`,
    `insert into case_record select 1, number, case_key, key, ip, sortable, first.time, last_time, intent, gravity, 'likely',
      'Did what visitors do whose intent is ' || intent, sessions, jobs,
      case when printed_at > first.time then printed_at - first.time end, intent != 'not-printer', len(said) + jobs,
      '{"key":"' || case_key || '","sourceKey":"' || key || '","source":"' || ip || '","firstTime":' || first.time || ',"lastTime":' || last_time
        || ',"intent":"' || intent || '","confidence":"likely","others":[],"headline":"Did what visitors do whose intent is ' || intent
        || '","reasons":[' || coalesce(reasons, '') || '],"dropped":[],"sessions":' || sessions || ',"jobs":' || jobs
        || ',"summary":{"first":' || ${place("first")} || '},"last":' || ${place("last")} || ',"ip":"' || ip || '"},"sessions":' || sessions
        || ',"jobs":' || jobs || ',"services":["raw"],"doors":[["north",1,"north","raw"]],"rules":{' || coalesce(summary, '') || '}}}'
      from c left join case_reason using (number) order by last_time`,
    `insert into case_rule select 1, number, unnest(said), sessions, true, last_time from c order by last_time`,
    `insert into case_hour select 1, c.number, time // ${HOUR_MS} as hour, sensor, service, count(*) from s join c using (rank)
      group by all order by hour, c.number`,
    // Every session is spoken about twice.
    `insert into finding select 1, case_key, said[1 + (i + n) % len(said)], 'signature', sensor, id, time + ms // 3, 9, 30, ${evidence("")}
      from (select told.* exclude (number), told.number as visit, said, case_key, unnest([0, 1]) as n from told join c using (rank) where len(said) > 0)
      order by visit, n`,
  ];
}

/** What people decided, and what was written down of what they did. */
function decidedRows(end) {
  const decision = (
    kind,
    value,
    gravity,
  ) => `row_number() over (order by moment), ${text(kind)}, 'C-' || number, number, ${value}, 'looked at', ${gravity},
    len(said) + jobs, null::bigint, 'ada', moment, null, null::bigint`;
  const some = (name, share) =>
    `(select *, last_time + 60000 as moment from c where ${random("number", name)} < ${share})`;
  return [
    `insert into decision select ${decision("close", "'dealt with'", "null::integer")} from ${some("close", 0.01)}`,
    `insert into decision select 500000 + ${decision("intent", "'research-scan'", 7)} from ${some("intent", 0.005)}`,
    `insert into decision select 1000000, 'mute', 'web-other-product', null, 'known here', null, null, null, null, 'ada', ${end}, null, null`,
    `insert into audit select n, ${end} - (20000 - n) * 60000, 'ada', '192.0.2.10', 'job', 'J-' || n, '{}' from (select unnest(range(1, 20001)) as n)`,
  ];
}
