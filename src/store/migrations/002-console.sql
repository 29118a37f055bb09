-- What people decided. Rows are only added, and marked when they are undone; nothing that is judged again touches them.

create table "decision" (
  "number" bigint not null,
  "kind" text not null,
  "subject" text not null,
  "case_number" bigint,
  "value" text not null,
  "why" text,
  "gravity" integer,
  "said" bigint,
  "until" bigint,
  "by_name" text not null,
  "at" bigint not null,
  "undone_by" text,
  "undone_at" bigint
);

-- Who may come in. Secrets are kept as hashes.

create table "account" (
  "name" text not null,
  "role" text not null,
  "password" text,
  "created" bigint not null,
  "last_login" bigint,
  "disabled" boolean not null
);

create table "one_time_link" (
  "hash" text not null,
  "account" text,
  "expires" bigint not null
);

create table "login" (
  "hash" text not null,
  "account" text not null,
  "created" bigint not null,
  "seen" bigint not null,
  "expires" bigint not null
);

create table "token" (
  "id" text not null,
  "hash" text not null,
  "name" text not null,
  "account" text not null,
  "scopes" text not null,
  "created" bigint not null,
  "expires" bigint,
  "last_used" bigint
);

create table "audit" (
  "number" bigint not null,
  "at" bigint not null,
  "who" text not null,
  "address" text not null,
  "what" text not null,
  "about" text not null,
  "detail" json not null
);

-- Derived rows to count from: sessions of each case by hour, to be summed up, and the rules each case rests on.

create table "case_hour" (
  "generation" integer not null,
  "case_number" bigint not null,
  "hour" integer not null,
  "sensor" text not null,
  "service" text not null,
  "sessions" integer not null
);

create table "case_rule" (
  "generation" integer not null,
  "case_number" bigint not null,
  "rule" text not null,
  "hits" bigint not null,
  "carries" boolean not null,
  "last_time" bigint not null
);

drop table "case_record";

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
  "answered" boolean not null,
  "said" bigint not null,
  "body" json not null
);

-- All of these are made by judging: everything is judged again, with the same numbers.

delete from "finding";
delete from "generation" where not "live";
update "generation" set "cursor" = 0;

-- A case as people see it: as it was judged, with what was decided on top.

create view "case_now" as
select
  "c".*,
  coalesce("i"."value", "c"."intent") as "intent_now",
  coalesce("i"."gravity", "c"."gravity") as "gravity_now",
  "i"."value" is not null as "corrected",
  coalesce("s"."kind" = 'close' and "s"."said" >= "c"."said", false) as "closed",
  coalesce("s"."kind" = 'close' and "s"."said" >= "c"."said", false) or coalesce("i"."said" >= "c"."said", false) as "decided"
from "case_record" as "c"
left join (
  select distinct on ("case_number") "case_number", "value", "gravity", "said" from "decision"
  where "kind" = 'intent' and "undone_at" is null
  order by "case_number", "number" desc
) as "i" on "i"."case_number" = "c"."number"
left join (
  select distinct on ("case_number") "case_number", "kind", "said" from "decision"
  where "kind" in ('close', 'reopen') and "undone_at" is null
  order by "case_number", "number" desc
) as "s" on "s"."case_number" = "c"."number"
where "c"."generation" = (select "generation" from "generation" where "live");
