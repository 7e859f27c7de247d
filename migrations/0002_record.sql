-- 0002 record: the log. One row per commit (a batch), never updated or deleted by the runtime role.
--
-- First release: nothing runs on an older schema. Locks nothing in use.

-- A writer is one run of one process. Its batches are numbered without gaps from 1, so a missing
-- number shows a deleted batch; only the tail of a killed writer may be missing.
create table entry_writer (
  id           int generated always as identity primary key,
  process_id   uuid not null,
  started_at   timestamptz not null default clock_timestamp(),
  -- Set when its process is long gone and all of it is filed: readers need not look for more.
  ended_at     timestamptz,
  -- Up to this number every important batch is in filed_entry (or the number in filing_gap) ...
  filed_through   bigint not null default 0,
  -- ... and up to this one every routine batch in routine_index.
  indexed_through bigint not null default 0 check (indexed_through between 0 and filed_through)
);
-- Serves reading and filing: the few writers that may have more.
create index entry_writer_open_idx on entry_writer (id) where ended_at is null;

create table entry_batch (
  day           date not null,
  writer        int not null,
  number        bigint not null check (number > 0),
  class         text not null check (class in ('important', 'routine', 'empty')),
  at            timestamptz not null,
  count         int not null check (count >= 0),
  organisations uuid[] not null,
  accounts      uuid[] not null,
  apps          uuid[] not null,
  credentials   text[] not null,
  -- Entries as lines of parts, exactly the bytes that proofs will commit to (docs/record.md).
  payload       bytea not null,
  -- HMAC-SHA-256 over all of the above by a key that is not in the database.
  mac           bytea not null check (length(mac) = 32),
  mac_key_id    text not null,
  primary key (writer, number, day)
);
alter table entry_batch alter column payload set storage main;

-- Everything below is a copy made off the requests' path (by the filer), for search: entry_batch is what
-- counts. It has no index but its key, because decisions wait for its inserts.

-- Important entries, one row each.
create table filed_entry (
  writer          int not null,
  number          bigint not null,
  position        int not null check (position >= 0),
  day             date not null,
  at              timestamptz not null,
  action          text not null,
  outcome         text not null check (outcome in ('done', 'refused', 'failed')),
  reason          text,
  organisation_id uuid,
  app_id          uuid,
  actor_id        uuid,
  credential_id   text,
  address         inet,
  request_id      text not null,
  target_ids      text[] not null,
  primary key (writer, number, position)
);

-- Whose they are: each important entry under every account and app that it touches. Its key serves
-- "what I did or was done to me" and "what happened to the app", newest first.
create table filed_subject (
  subject  uuid not null,
  at       timestamptz not null,
  writer   int not null,
  number   bigint not null,
  position int not null,
  primary key (subject, at, writer, number, position)
);

-- Which routine batches touch an account or app: one row for up to 2,048 numbers of a writer, or one
-- hour, so that a row costs a few bytes per entry.
create table routine_index (
  subject      uuid not null,
  -- The newest and the oldest batch in the row.
  last_at      timestamptz not null,
  first_at     timestamptz not null check (first_at between last_at - interval '1 hour' and last_at),
  writer       int not null,
  first_number bigint not null,
  -- For each batch: its number minus first_number, and its time since first_at in ms.
  numbers      int[] not null,
  times        int[] not null check (cardinality(times) = cardinality(numbers))
);
-- Serves reading. Not a key: a batch that came late has a row of its own, maybe with the same four values.
create index routine_index_subject_idx on routine_index (subject, last_at, writer, first_number);

-- Numbers that filing went past: missing when their writer's process was gone (it may have been paused
-- only), or with a batch whose MAC is wrong. They are looked for again.
create table filing_gap (
  writer  int not null,
  number  bigint not null,
  reason  text not null check (reason in ('missing', 'bad')),
  seen_at timestamptz not null default clock_timestamp(),
  primary key (writer, number)
);
