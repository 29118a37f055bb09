-- Where a login began; unknown of those from before.

alter table "login" add column "address" text;
