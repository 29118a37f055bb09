-- Raw rows, written once. Times are milliseconds since 1970, days are days since 1970, both UTC.

create table "event" (
  "ordinal" bigint not null,
  "sensor" text not null,
  "epoch" bigint not null,
  "seq" bigint not null,
  "time" bigint not null,
  "day" integer not null,
  "type" text not null,
  "session" text,
  "service" text,
  "source_key" text,
  "source_ip" text,
  "position" bigint not null,
  "body" json not null
);

create table "session" (
  "number" bigint not null,
  "sensor" text not null,
  "session" text not null,
  "device" text not null,
  "persona" text not null,
  "service" text not null,
  "transport" text not null,
  "source" text not null,
  "source_ip" text not null,
  "source_key" text not null,
  "source_port" integer not null,
  "target" text not null,
  "target_port" integer not null,
  "opened" bigint not null,
  "day" integer not null,
  "closed" bigint,
  "close_reason" text,
  "bytes_in" bigint not null,
  "bytes_out" bigint not null,
  "log_end" bigint not null,
  "first_line" text not null,
  "events" integer not null
);

create table "job" (
  "number" bigint not null,
  "sensor" text not null,
  "session" text not null,
  "job" text not null,
  "source" text not null,
  "source_key" text not null,
  "service" text not null,
  "time" bigint not null,
  "day" integer not null,
  "kind" text not null,
  "language" text not null,
  "bytes" bigint not null,
  "sha256" text not null,
  "complete" boolean not null,
  "name" text,
  "user_name" text
);

create table "sensor_position" (
  "sensor" text not null,
  "position" bigint not null,
  "epoch" bigint not null,
  "seq" bigint not null
);

-- Derived rows: they belong to a generation, of which one is live.

create table "generation" (
  "generation" integer not null,
  "cursor" bigint not null,
  "live" boolean not null
);

create table "case_record" (
  "generation" integer not null,
  "number" bigint not null,
  "key" text not null,
  "source_key" text not null,
  "source" text not null,
  "source_ip" text not null,
  "first_time" bigint not null,
  "last_time" bigint not null,
  "intent" text not null,
  "gravity" integer not null,
  "confidence" text not null,
  "headline" text not null,
  "sessions" bigint not null,
  "jobs" bigint not null,
  "probe_to_job" bigint,
  "body" json not null
);

create table "finding" (
  "generation" integer not null,
  "case_key" text not null,
  "rule" text not null,
  "kind" text not null,
  "sensor" text not null,
  "session" text not null,
  "time" bigint not null,
  "at_from" bigint,
  "at_to" bigint,
  "body" json not null
);

-- Numbers that people have seen are never given out twice, whatever is deleted or judged again.

create table "case_number" (
  "key" text not null,
  "number" bigint not null
);

create table "counter" (
  "ordinal" bigint not null,
  "session" bigint not null,
  "job" bigint not null,
  "case_number" bigint not null
);

insert into "counter" values (0, 0, 0, 0);
insert into "generation" values (1, 0, true);
