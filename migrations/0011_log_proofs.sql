-- 0011 log proofs: what the log commits to, in public. Made by the sequencer, off the requests' path.
--
-- Adds tables and a column with a constant default: no table is rewritten, nothing is locked for longer
-- than a moment. The sequencer takes what is on record already, oldest first. The release before goes on
-- beside it: it knows nothing of these tables.

-- Up to this number every batch has its leaf (or the number is in sequence_gap).
alter table entry_writer add column sequenced_through bigint not null default 0;
-- Writers that ended before there was a sequencer are looked at once more.
update entry_writer set ended_at = null;

-- One life of the log. A database that came back from the past begins another: what was signed stays so.
create table log_epoch (
  epoch      int primary key check (epoch > 0),
  -- Its name in checkpoints and keys; never changes, whatever becomes of the public address.
  origin     text not null unique,
  -- The key that its signatures are checked with, as witnesses and monitors are given it.
  verifier_key text not null,
  started_at timestamptz not null default clock_timestamp(),
  -- Leaves. The sequencer's fence: whoever adds to it says how many there were.
  size       bigint not null default 0 check (size >= 0),
  -- The last signed checkpoint, as it is published, and its size.
  checkpoint text,
  checkpoint_size bigint not null default 0 check (checkpoint_size between 0 and size),
  signed_at  timestamptz
);

-- The public leaves, gapless. Nothing of anybody stands in `leaf`.
create table log_leaf (
  epoch     int not null references log_epoch (epoch),
  index     bigint not null check (index >= 0),
  leaf      bytea not null,
  -- The batch that it commits to; null for leaves that are about the log itself.
  writer    int,
  number    bigint,
  -- What the salts of the batch's parts are made from. Without it the leaf opens to nobody.
  seed      bytea check (length(seed) = 32),
  taken_at  timestamptz not null default clock_timestamp(),
  primary key (epoch, index)
);
-- A batch has one leaf; serves proofs.
create unique index log_leaf_batch_idx on log_leaf (writer, number) where writer is not null;

-- Hashes of the tree, 256 in a tile (C2SP tlog-tiles): the last of each level grows.
create table log_tile (
  epoch  int not null references log_epoch (epoch),
  level  int not null check (level between 0 and 7),
  n      bigint not null check (n >= 0),
  hashes bytea not null check (length(hashes) % 32 = 0 and length(hashes) between 32 and 8192),
  primary key (epoch, level, n)
);

-- Numbers that the sequencer went past, because their writer's process was gone. Looked for again.
create table sequence_gap (
  writer  int not null,
  number  bigint not null,
  seen_at timestamptz not null default clock_timestamp(),
  primary key (writer, number)
);
