-- 0021 accounts in depth: a second mailbox, a change of the sign-in address, links of mails, passwords chosen anew by
-- mail, second factors reset after a wait, and what an account's holder said was not them.
--
-- Adds tables: the release before runs on, mails the sign-in address alone, and knows no reset: whoever waited for
-- one gets on at a process of this release. Locks nothing in use.

-- A second mailbox, which mails to the account go to as well. It signs nobody in and is nobody's claim, so
-- several accounts may have the same, and nobody learns whose it is besides.
create table backup_address (
  account_id  uuid primary key references account (id) on delete cascade,
  email       text not null check (length(email) between 3 and 254),
  email_key   text not null check (email_key = lower(email_key)),
  verified_at timestamptz not null
);

-- An address that was asked for. It counts once the link that was mailed to it was used.
create table address_change (
  id            uuid primary key,
  account_id    uuid not null references account (id) on delete cascade,
  kind          text not null check (kind in ('sign-in', 'backup')),
  email         text not null check (length(email) between 3 and 254),
  email_key     text not null check (email_key = lower(email_key)),
  asked_at      timestamptz not null,
  -- Until when the link to the new address works.
  ends_at       timestamptz not null,
  made_at       timestamptz,
  -- Of a sign-in address that was changed: the one before, and until when it can be put back.
  old_email     text,
  old_email_key text,
  undo_ends_at  timestamptz,
  -- When it was cancelled, replaced by a newer one, or undone.
  ended_at      timestamptz,
  check ((made_at is not null and kind = 'sign-in') = (old_email is not null)),
  check ((old_email is null) = (old_email_key is null)),
  check ((old_email is null) = (undo_ends_at is null))
);
-- Serves the account's list; and of each kind only the newest waits.
create unique index address_change_waiting_key on address_change (account_id, kind)
  where made_at is null and ended_at is null;
-- Serves the question whether an address is kept for whoever may put it back.
create index address_change_kept_idx on address_change (old_email_key)
  where old_email_key is not null and ended_at is null;

-- The secrets of links in mails, and what each is for. What it is about says whether it was used.
create table mail_link (
  token_hash bytea primary key check (length(token_hash) = 32),
  purpose    text not null check (purpose in ('confirm-address', 'undo-address', 'new-password', 'begin-recovery', 'stop-recovery')),
  subject_id uuid not null,
  ends_at    timestamptz not null
);

-- What an account's holder said they had not done: for the operator to look at.
create table account_report (
  id          uuid primary key,
  account_id  uuid not null references account (id) on delete cascade,
  kind        text not null check (kind in ('address-change')),
  reported_at timestamptz not null,
  closed_at   timestamptz,
  closed_by   uuid references account (id),
  check ((closed_at is null) = (closed_by is null))
);
-- Serves the operator's list: open ones first.
create index account_report_open_idx on account_report (reported_at desc) where closed_at is null;

-- A new password that was asked for by mail; the row goes when one was chosen.
create table password_reset (
  id         uuid primary key,
  account_id uuid not null references account (id) on delete cascade,
  asked_at   timestamptz not null,
  ends_at    timestamptz not null
);
-- Serves the end of an account's other resets.
create index password_reset_account_idx on password_reset (account_id);

-- Second factors that are lost: after a wait, in which every address of the account is told, the next sign-in with the
-- password leads to setting up new ones. Nothing has to run for the wait to end.
create table factor_reset (
  id         uuid primary key,
  account_id uuid not null references account (id) on delete cascade,
  -- The operator who asked for it; null: the account's holder, by mail.
  asked_by   uuid references account (id),
  reason     text check (length(reason) between 1 and 400),
  asked_at   timestamptz not null,
  ready_at   timestamptz not null,
  -- Not used until then, it lapses.
  ends_at    timestamptz not null check (ends_at > ready_at),
  -- When it was used, cancelled, or made needless by a new factor.
  closed_at  timestamptz,
  closed_how text check (closed_how in ('used', 'cancelled', 'lapsed', 'needless')),
  check ((closed_at is null) = (closed_how is null)),
  check ((asked_by is null) = (reason is null))
);
-- One at a time for an account; serves each sign-in with a password.
create unique index factor_reset_open_key on factor_reset (account_id) where closed_at is null;
