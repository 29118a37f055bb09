-- What was read of jobs. One reading for all jobs with the same bytes, one row in job_kind for each job.

create table "reading" (
  "sha256" text not null,
  "version" integer not null,
  "at" bigint not null,
  "status" text not null,
  "why" text not null,
  "language" text not null,
  "pages" integer not null,
  "words" bigint not null,
  "spoken" text,
  "simhash" text,
  "title" text,
  "title_claimed" boolean not null,
  "width_mm" double,
  "height_mm" double,
  "family" text not null,
  "text" text not null,
  "body" json not null
);

create table "reading_look" (
  "sha256" text not null,
  "page" integer not null,
  "look" text not null
);

create table "indicator" (
  "sha256" text not null,
  "kind" text not null,
  "value" text not null,
  "qr" boolean not null
);

create table "job_kind" (
  "number" bigint not null,
  "sha256" text not null,
  "kind" text not null,
  "rule" text,
  "words" json not null,
  "names" text
);
