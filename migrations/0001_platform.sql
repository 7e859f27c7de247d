-- 0001 platform: what every wing stands on. Processes, version slots, mail waiting to be sent, limits.
--
-- First release: nothing runs on an older schema. Jobs live in the schema graphile_worker, which
-- graphile-worker migrates itself.

-- One row for the installation, made at the first start.
create table installation (
  only_row       boolean primary key default true check (only_row),
  created_at     timestamptz not null default now(),
  -- MAC of a constant by the secret key: a start with another key is refused, not discovered by failures.
  key_check      bytea check (length(key_check) = 32),
  key_check_id   text,
  -- The link that makes the first operator; its digest only.
  claim_hash     bytea check (length(claim_hash) = 32),
  claim_ends_at  timestamptz,
  claimed_at     timestamptz
);
insert into installation default values;

-- Sallyport processes, by heartbeat. A process not seen for 15 s is dead: its jobs are released.
create table process (
  id         uuid primary key,
  started_at timestamptz not null default clock_timestamp(),
  seen_at    timestamptz not null default clock_timestamp(),
  roles      text[] not null check (roles <@ array['web', 'worker', 'sequencer']),
  -- What graphile-worker writes into locked_by for this process.
  worker_ids text[] not null default '{}'
);

-- What decisions were made with. A change that a decision depends on gives its slots a new random
-- version; an answer is recorded only while all versions it used still stand (docs/architecture.md).
-- Slot 0 is the installation, 1-1024 organisations, 1025-2048 accounts, by hash.
create table version_slot (
  slot    int primary key check (slot between 0 and 2048),
  version bigint not null
) with (fillfactor = 50);
insert into version_slot (slot, version)
  select slot, ('x' || encode(substring(sha256(gen_random_uuid()::text::bytea) for 8), 'hex'))::bit(64)::bigint
  from generate_series(0, 2048) as slot;

-- Mail waiting to be sent, and, without SMTP, the sandbox. The body holds single-use links, so it is
-- sealed (AES-256-GCM) and wiped when the mail server has taken it.
create table outgoing_mail (
  id         bigint generated always as identity primary key,
  sealed     bytea,
  created_at timestamptz not null default clock_timestamp(),
  sent_at    timestamptz,
  check (sealed is not null or sent_at is not null)
);

-- Counters of wrong tries and of what may not be done too often. `key` is a digest: no addresses here.
create table throttle (
  key       bytea primary key check (length(key) = 32),
  count     int not null check (count > 0),
  ends_at   timestamptz not null
);
-- Serves the sweep of ended windows.
create index throttle_ends_at_idx on throttle (ends_at);

-- Replies to creations made with an Idempotency-Key, for 24 hours.
create table idempotent_reply (
  -- The account, or the operator key, that asked.
  holder       text not null,
  key          text not null check (length(key) between 1 and 200),
  request_hash bytea not null check (length(request_hash) = 32),
  status       int not null,
  body         jsonb not null,
  created_at   timestamptz not null default clock_timestamp(),
  primary key (holder, key)
);
-- Serves the sweep.
create index idempotent_reply_created_at_idx on idempotent_reply (created_at);
