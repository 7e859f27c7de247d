-- 0007 log overview: counts of what is on record, by the hour, and filters that people keep.
--
-- Adds tables and a column with a constant default: no table is rewritten, nothing is locked for longer
-- than a moment. The filer counts what is on record already; until it is through, an overview says so.

-- Up to this number every batch is counted in entry_tally (or the number is in filing_gap).
alter table entry_writer add column tallied_through bigint not null default 0
  check (tallied_through between 0 and filed_through);
-- Writers that ended before there were counts are looked at once more.
update entry_writer set ended_at = null;

-- How many entries are alike in all of this, in one hour (UTC). A copy made by the filer, in the same
-- transaction as tallied_through: whatever is killed when, nothing is counted twice or left out.
create table entry_tally (
  hour          timestamptz not null,
  -- A hash of all that follows but the counts.
  key           uuid not null,
  action        text not null,
  outcome       text not null check (outcome in ('done', 'refused', 'failed')),
  class         text not null check (class in ('important', 'routine')),
  actor_kind    text not null,
  actor_id      uuid,
  credential_id text,
  address       inet,
  app_id        uuid,
  -- app_id and the apps among the targets: in whose logs it stands.
  apps          uuid[] not null,
  -- Refused with "no such thing": what it was about may have been a guess, and is not told again.
  is_guess      boolean not null,
  count         bigint not null check (count > 0),
  last_at       timestamptz not null,
  primary key (hour, key)
);

-- Under which accounts and apps a count is found. Its key serves reading.
create table entry_tally_subject (
  subject uuid not null,
  hour    timestamptz not null,
  key     uuid not null,
  primary key (subject, hour, key)
);

-- A filter of the action log under a name; its owner's alone. No credential stands in a filter.
create table saved_filter (
  id         uuid primary key,
  account_id uuid not null references account (id) on delete cascade,
  name       text not null check (length(name) between 1 and 80),
  query      text not null check (length(query) <= 2000),
  created_at timestamptz not null,
  -- Serves the list too.
  unique (account_id, name)
);
