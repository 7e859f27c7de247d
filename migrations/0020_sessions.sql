-- 0020 sessions: devices and networks that an account is known to be used from, links of "This wasn't me", how long
-- a session may rest, and from where.
--
-- Adds tables and columns that are null: no table is rewritten. The release before runs on beside it: it learns
-- no device, and sends no notice.

-- A browser that an account was wholly signed in with. Its cookie is no factor: it opens nothing.
create table known_device (
  account_id   uuid not null references account (id) on delete cascade,
  token_hash   bytea not null check (length(token_hash) = 32),
  -- Family, as the browser tells it: a cookie that turns up in another one is not known.
  browser      text not null check (length(browser) <= 40),
  created_at   timestamptz not null,
  last_used_at timestamptz not null,
  primary key (account_id, token_hash, browser)
);

-- A stretch of addresses that an account was wholly signed in from: IPv4 /24, IPv6 /48, or `unknown`.
create table known_network (
  account_id   uuid not null references account (id) on delete cascade,
  network      text not null check (length(network) between 1 and 49),
  created_at   timestamptz not null,
  last_used_at timestamptz not null,
  primary key (account_id, network)
);

-- Since when devices of the account are told apart; null before the first. It outlives forgetting them, and stands
-- in the row that whoever finishes a sign-in has locked.
alter table factor_throttle add column devices_since timestamptz;
-- When its holder said that a sign-in was a stranger's: the password of before can only be replaced.
alter table account add column password_distrusted_at timestamptz;

-- A sign-in that its account's holder was told of, and the link that says that it was not them.
create table sign_in_notice (
  token_hash   bytea primary key check (length(token_hash) = 32),
  account_id   uuid not null references account (id) on delete cascade,
  user_agent   text not null check (length(user_agent) <= 400),
  address      inet,
  signed_in_at timestamptz not null,
  ends_at      timestamptz not null
);
-- Serves the bound of an account's notices, and their removal.
create index sign_in_notice_account_idx on sign_in_notice (account_id, signed_in_at desc);

-- A sign-in that was said to be a stranger's, until an operator has dealt with it.
create table stranger_report (
  id             uuid primary key,
  account_id     uuid not null references account (id) on delete cascade,
  user_agent     text not null check (length(user_agent) <= 400),
  address        inet,
  signed_in_at   timestamptz not null,
  reported_at    timestamptz not null,
  ended_sessions int not null check (ended_sessions >= 0),
  closed_at      timestamptz,
  closed_by      uuid references account (id),
  check ((closed_at is null) = (closed_by is null))
);
-- Serves the operator's list, open ones first.
create index stranger_report_listed_idx on stranger_report ((closed_at is null) desc, reported_at desc, id);

-- Minutes without use after which a session of whoever is bound ends; null: none.
alter table password_policy add column idle_minutes int check (idle_minutes between 15 and 720);

-- Another way to end. Not validated: what is there passed a narrower list.
alter table session drop constraint session_end_reason_check;
alter table session add constraint session_end_reason_check check (end_reason in ('signed-out', 'not-me', 'wrong-codes', 'password-changed', 'factor-lost', 'account-disabled', 'replaced', 'removed', 'idle')) not valid;

-- From where sessions of a person may be used, where that is bound.
create table session_rules (
  account_id     uuid primary key references account (id) on delete cascade,
  mode           text not null check (mode in ('off', 'enforce')),
  entries        jsonb not null check (jsonb_typeof(entries) = 'array'),
  -- Set by an enforcement that is not confirmed yet: then the list goes back to what it was.
  reverts_at     timestamptz,
  reverts_to     jsonb,
  -- `sallyport break-glass --person`: until then the list is not enforced.
  held_off_until timestamptz,
  changed_at     timestamptz not null,
  check ((reverts_at is null) = (reverts_to is null)),
  check (mode <> 'enforce' or jsonb_array_length(entries) > 0)
);
