-- 0013 counts: how many entries there are of each organisation, app and account, as the log commits to it; and who was
-- removed from everything, so that a receipt of it can be made.
--
-- Adds tables; nothing is rewritten or locked. The release before runs beside it and knows of none of them. What
-- is in the log already is counted by the sequencer, oldest first.

-- Of one life of the log: what tags and salts of its counts are made from. Nobody outside can tell who is counted.
create table count_seed (
  epoch int primary key references log_epoch (epoch),
  seed  bytea not null check (length(seed) = 32)
);

-- The maps that the log committed to, each by a leaf of its own.
create table count_map (
  epoch   int not null references log_epoch (epoch),
  -- Of the map's leaf.
  index   bigint not null check (index >= 0),
  -- Leaves below this one are counted in it.
  covered bigint not null check (covered between 0 and index),
  root    bytea not null check (length(root) = 32),
  made_at timestamptz not null default clock_timestamp(),
  primary key (epoch, index)
);

-- Each subject as it is counted now. `tag` stands for it; its first 12 bits are the bucket.
create table count_subject (
  epoch  int not null,
  bucket int not null check (bucket between 0 and 4095),
  tag    bytea not null check (length(tag) = 32),
  -- The map in which it changed last, by the leaves that it covers: a map's leaf gets its index when all is counted.
  map    bigint not null,
  count  bigint not null check (count > 0),
  -- The leaf with its last entry.
  last   bigint not null check (last >= 0),
  primary key (epoch, bucket, tag)
) with (fillfactor = 70);

-- What it was counted as in earlier maps: a row for each map in which it changed, by the leaves that it covers.
create table count_change (
  epoch int not null,
  tag   bytea not null,
  map   bigint not null,
  count bigint not null,
  last  bigint not null,
  primary key (epoch, tag, map)
);

-- Hashes of the buckets: a row for each map in which one changed.
create table count_bucket (
  epoch  int not null,
  bucket int not null,
  map    bigint not null,
  hash   bytea not null check (length(hash) = 32),
  primary key (epoch, bucket, map)
);

-- Batches that somebody waits for to be counted: the next map is made at once.
create table count_request (
  writer int not null,
  number bigint not null,
  primary key (writer, number)
);

-- Who was removed from everything of an organisation. What it ended stands in the entry.
create table access_removal (
  id              uuid primary key,
  organisation_id uuid not null references organisation (id) on delete cascade,
  account_id      uuid not null references account (id) on delete cascade,
  -- Id of the entry.
  entry           text not null check (length(entry) <= 60),
  removed_at      timestamptz not null
);
-- Serves an organisation's list, newest first.
create index access_removal_organisation_idx on access_removal (organisation_id, removed_at desc, id);
