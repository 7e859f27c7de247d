-- 0014 erasure: what goes from the record, when, and what keeps it. The log's leaves stay.
--
-- Adds tables and columns with constant defaults: no table is rewritten, nothing is locked for longer than a
-- moment. The index over log_leaf is built while the sequencer waits. The release before goes on beside it,
-- but can prove no entry of a batch from which something was erased.

-- What opens the parts of a batch once something of it was erased, in place of its seed: for each part, head
-- first, 33 bytes: 01 and its salt, or 00 and the commitment of a part that is gone.
alter table log_leaf add column openings bytea
  check (openings is null or (seed is null and length(openings) % 33 = 0));
-- The act that took something of the batch last; where the batch itself is gone, all of it.
alter table log_leaf add column erased_by bigint;
-- When the eraser looks at the batch again; null once nothing is left of it. What is there already is looked at once, soon.
alter table log_leaf add column look_at timestamptz default now();
-- Nothing ends sooner than this: the least period.
alter table log_leaf alter column look_at set default clock_timestamp() + interval '30 days';
-- Serves the eraser: what it has to look at.
create index log_leaf_look_idx on log_leaf (look_at) where look_at is not null and writer is not null;

-- For how long an organisation keeps its entries, where it is not the default. A change that shortens a
-- period waits: then `next_…` says what will hold from `next_at` on.
create table retention_policy (
  organisation_id     uuid primary key references organisation (id) on delete cascade,
  routine_days        int not null check (routine_days between 30 and 3650),
  important_days      int not null check (important_days between 90 and 3650),
  -- Where entries came from: address and browser. They go with their entry at the latest.
  address_days        int not null check (address_days between 90 and 3650),
  next_routine_days   int check (next_routine_days between 30 and 3650),
  next_important_days int check (next_important_days between 90 and 3650),
  next_address_days   int check (next_address_days between 90 and 3650),
  asked_at            timestamptz,
  asked_by            uuid,
  -- Whoever writes here cannot make it short.
  next_at             timestamptz check (next_at >= asked_at + interval '14 days'),
  check ((next_at is null) = (asked_at is null) and (next_at is null) = (next_routine_days is null)
    and (next_at is null) = (next_important_days is null) and (next_at is null) = (next_address_days is null))
);

-- What must stay although its period has ended or somebody asked to be forgotten.
create table legal_hold (
  id              uuid primary key,
  -- What is held: of this organisation, about this account, in this time; what is null does not narrow it.
  organisation_id uuid,
  account_id      uuid,
  from_at         timestamptz,
  to_at           timestamptz check (to_at > from_at),
  reason          text not null check (length(reason) between 1 and 500),
  placed_by       uuid not null,
  is_operators    boolean not null,
  placed_at       timestamptz not null,
  -- Ends by itself; null: when it is released.
  until           timestamptz,
  released_at     timestamptz,
  released_by     uuid,
  check (organisation_id is not null or account_id is not null or is_operators)
);
-- Serves the eraser and the lists: the few that hold.
create index legal_hold_live_idx on legal_hold (organisation_id) where released_at is null;

-- Somebody asked to be forgotten.
create table erasure_request (
  id          uuid primary key,
  account_id  uuid not null,
  asked_by    uuid not null,
  asked_at    timestamptz not null,
  -- When something is done next; null when all is done, or it was withdrawn.
  next_at     timestamptz,
  ended_at    timestamptz,
  is_withdrawn boolean not null default false,
  check ((next_at is null) = (ended_at is not null))
);
-- One at a time for an account; serves looking for it.
create unique index erasure_request_open_idx on erasure_request (account_id) where ended_at is null;

-- What was, or is being, erased. Each has its page in the anchor's ledger before anything goes.
create table erasure_act (
  number      bigint primary key check (number > 0),
  kind        text not null check (kind in ('retention', 'person')),
  -- As it stands in the ledger.
  plan        jsonb not null,
  -- Carried out once more, because the database came back from before it.
  is_replay   boolean not null,
  begun_at    timestamptz not null,
  ended_at    timestamptz,
  -- What it took so far.
  batches     bigint not null default 0,
  entries     bigint not null default 0,
  parts       bigint not null default 0,
  -- What it left: entries that are held, or in somebody else's log; batches that were altered.
  held        bigint not null default 0,
  elsewhere   bigint not null default 0,
  altered     bigint not null default 0,
  -- Of the leaves of what it took.
  first_leaf  bigint,
  last_leaf   bigint
);
-- Serves the eraser: what it has begun.
create index erasure_act_open_idx on erasure_act (number) where ended_at is null;

-- Of each organisation, what an act took; for those whose log it was.
create table erasure_count (
  act             bigint not null references erasure_act (number),
  organisation_id uuid not null,
  entries         bigint not null,
  parts           bigint not null,
  held            bigint not null,
  primary key (organisation_id, act)
);

-- The batches that an act has still to look at.
create table erasure_place (
  act    bigint not null references erasure_act (number),
  -- Whatever is not in the log, or not filed, is tried again after the others.
  tries  int not null default 0,
  writer int not null,
  number bigint not null,
  primary key (act, tries, writer, number)
);
