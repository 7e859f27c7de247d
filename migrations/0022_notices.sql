-- 0022 notices: what people are told of, once for each event, and what became of it on each channel.
--
-- Adds tables, and columns that may be empty; nothing is rewritten. The release before runs beside it: its mails go
-- out as ever, and stand in nobody's inbox.

-- One event that somebody is told of, written in the transaction of what happened. Its deliveries are rows of its
-- channels: inbox_item and outgoing_mail.
create table notice (
  id          uuid primary key,
  kind        text not null check (length(kind) between 1 and 60),
  class       text not null check (length(class) between 1 and 40),
  -- What happened, in nobody's language yet: values and lines, never a link's token. Null where no inbox has it.
  content     jsonb,
  -- The request that did it, by which its entries are found; null where a job did.
  request_id  text check (length(request_id) <= 200),
  created_at  timestamptz not null
);
-- Serves the sweep of what was kept long enough.
create index notice_created_idx on notice (created_at);

-- A notice in somebody's inbox: delivered by being there.
create table inbox_item (
  account_id  uuid not null references account (id) on delete cascade,
  notice_id   uuid not null references notice (id) on delete cascade,
  seen_at     timestamptz,
  archived_at timestamptz,
  primary key (account_id, notice_id)
);
-- Serves the cascade from a swept notice.
create index inbox_item_notice_idx on inbox_item (notice_id);
-- Serves the number beside the bell.
create index inbox_item_unseen_idx on inbox_item (account_id) where seen_at is null and archived_at is null;

-- A mail is a delivery: which notice, to whom, to which address (a digest: addresses stay in the seal).
alter table outgoing_mail
  add column notice_id   uuid,
  add column account_id  uuid,
  add column address_key bytea check (length(address_key) = 32),
  -- The mail server would not take it, for good.
  add column refused_at  timestamptz;
-- One mail for each notice, recipient and address, whoever asks for it again.
create unique index outgoing_mail_delivery_key on outgoing_mail (notice_id, account_id, address_key)
  nulls not distinct where notice_id is not null;

-- Addresses that mail servers refuse for good, until they take a mail again.
create table failing_address (
  address_key bytea primary key check (length(address_key) = 32),
  since       timestamptz not null,
  failed_at   timestamptz not null,
  -- The server's reply code, RFC 5321 §4.2.
  code        int not null
);

-- What a person has switched off: a class of notices on a channel. Mandatory classes have no rows.
create table notice_off (
  account_id  uuid not null references account (id) on delete cascade,
  class       text not null check (length(class) between 1 and 40),
  channel     text not null check (channel in ('email', 'inbox')),
  primary key (account_id, class, channel)
);
