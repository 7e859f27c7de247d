-- 0016 streams: where the log is sent on to, how far each stream has come, and what its receiver would not take.
--
-- Adds tables; nothing is rewritten or locked. The release before runs beside it and sends nothing.

create table log_stream (
  id                  uuid primary key,
  -- Whose log; null: the operator's stream of everything.
  organisation_id     uuid references organisation (id) on delete cascade,
  name                text not null check (length(name) between 1 and 80),
  kind                text not null check (kind in ('https', 'syslog', 's3')),
  covers              text not null check (covers in ('important', 'everything')),
  format              text not null check (format in ('entry', 'ocsf', 'cef')),
  alarm_after_minutes int not null check (alarm_after_minutes between 1 and 1440),
  -- Where it goes and what lets it in there: sealed, for addresses hold tokens too.
  sealed              bytea not null,
  state               text not null default 'on' check (state in ('on', 'paused', 'stopped')),
  created_by          uuid not null,
  created_at          timestamptz not null,
  -- Since when it is expected to be in time: it was made, resumed or told to go back.
  started_at          timestamptz not null,

  -- The cursor: every entry before it was delivered, or stands among the dead letters.
  epoch               int not null,
  leaf                bigint not null check (leaf >= 0),
  position            int not null default 0 check (position >= 0),
  -- How far the parcel reaches that is being sent: decided before the first try, so that every try sends the same.
  parcel_epoch        int,
  parcel_leaf         bigint,
  parcel_position     int,
  check ((parcel_epoch is null) = (parcel_leaf is null) and (parcel_epoch is null) = (parcel_position is null)),

  -- Who sends now. Whoever takes it over, or changes the stream, writes another one: the former can note nothing more.
  lease               uuid,
  leased_until        timestamptz,

  failures            int not null default 0 check (failures >= 0),
  -- Of the failures in a row, those that were refusals of what was sent.
  refusals            int not null default 0 check (refusals >= 0),
  next_try_at         timestamptz,
  fault               text,
  fault_at            timestamptz,
  delivered_at        timestamptz,
  delivered_entries   bigint not null default 0,
  -- Its owners were mailed that it is behind; null: it is not.
  alarmed_at          timestamptz
);
-- Serves the list of an organisation's streams, and the foreign key.
create index log_stream_organisation_idx on log_stream (organisation_id);

-- Entries that a receiver refused for good: where they stand, never what they say.
create table log_stream_dead_letter (
  id         bigint generated always as identity primary key,
  stream_id  uuid not null references log_stream (id) on delete cascade,
  epoch      int not null,
  leaf       bigint not null,
  position   int not null,
  fault      text not null,
  at         timestamptz not null,
  -- Somebody asked that it be sent again.
  retry_at   timestamptz,
  unique (stream_id, epoch, leaf, position)
);
-- Serves the worker: what is to be sent again.
create index log_stream_dead_letter_retry_idx on log_stream_dead_letter (stream_id) where retry_at is not null;
