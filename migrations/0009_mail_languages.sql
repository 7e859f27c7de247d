-- 0009 mail languages: in which language and zone a person's mails come, and what the operator words anew in them.
--
-- Adds columns with defaults (no rewrite) and a table; runs beside an older release, whose new accounts read English.

alter table account
  -- A folder of src/contract/texts: checked by the release, which knows them.
  add column language  text not null default 'en' check (language ~ '^[a-z]{2,3}$'),
  -- IANA name; null: times are told in UTC.
  add column time_zone text check (length(time_zone) between 1 and 64);

alter table sign_up
  add column language  text not null default 'en' check (language ~ '^[a-z]{2,3}$'),
  add column time_zone text check (length(time_zone) between 1 and 64);

-- One row for each mail and language that the operator ever changed; a null text is the default.
create table mail_text (
  kind       text not null check (length(kind) between 1 and 60),
  language   text not null check (language ~ '^[a-z]{2,3}$'),
  -- Grows by one with every change, a reset too: who changes names the one they saw. 0 is "no row".
  version    int not null check (version > 0),
  subject    text check (length(subject) between 1 and 200),
  intro      text check (length(intro) <= 2000),
  closing    text check (length(closing) <= 2000),
  changed_at timestamptz not null,
  primary key (kind, language)
);
