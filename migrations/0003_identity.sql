-- 0003 identity: accounts, sign-up, second factors, sessions.
--
-- First release: nothing runs on an older schema. Locks nothing in use.

create table account (
  id                  uuid primary key,
  kind                text not null check (kind in ('person', 'service')),
  email               text check (length(email) between 3 and 254),
  -- Lower case, NFC: two spellings of one mailbox are one account.
  email_key           text constraint account_email_key_key unique check (email_key = lower(email_key)),
  display_name        text not null check (length(display_name) between 1 and 120),
  password_hash       text,
  password_changed_at timestamptz,
  is_operator         boolean not null default false,
  disabled_at         timestamptz,
  disabled_reason     text,
  external_id         text constraint account_external_id_key unique check (length(external_id) between 1 and 200),
  created_at          timestamptz not null default now(),
  check ((kind = 'person') = (email is not null)),
  check ((email is null) = (email_key is null)),
  check (kind = 'person' or (password_hash is null and not is_operator))
);
-- Serves the operator's list, newest first.
create index account_created_at_idx on account (created_at desc, id);

-- A sign-up waiting for its mail's link. No account, no claim on the address until then.
create table sign_up (
  id            uuid primary key,
  email         text not null,
  email_key     text not null,
  display_name  text not null,
  password_hash text not null,
  token_hash    bytea not null constraint sign_up_token_hash_key unique check (length(token_hash) = 32),
  -- Digest of the cookie of the browser that signed up; another browser must choose a new password.
  browser_hash  bytea not null check (length(browser_hash) = 32),
  created_at    timestamptz not null default now(),
  ends_at       timestamptz not null
);
-- Serves the removal of all sign-ups for an address once it has an account.
create index sign_up_email_key_idx on sign_up (email_key);

-- At most one live secret, and beside it one that waits for its first code (replace).
create table totp_factor (
  id             uuid primary key,
  account_id     uuid not null references account (id) on delete cascade,
  state          text not null check (state in ('pending', 'live')),
  sealed_secret  bytea not null,
  -- RFC 6238 time step of the last accepted code; a code works once.
  last_step      bigint not null default 0,
  created_at     timestamptz not null default now(),
  confirmed_at   timestamptz,
  last_used_at   timestamptz,
  constraint totp_factor_account_state_key unique (account_id, state)
);

create table recovery_code (
  account_id uuid not null references account (id) on delete cascade,
  mac        bytea not null check (length(mac) = 32),
  mac_key_id text not null,
  used_at    timestamptz,
  primary key (account_id, mac)
);

-- Wrong second-factor codes of an account: one counter for all its factors, channels and sessions.
create table factor_throttle (
  account_id    uuid primary key references account (id) on delete cascade,
  wrong_at      timestamptz[] not null default '{}',
  paused_until  timestamptz
);

create table session (
  id            uuid primary key,
  account_id    uuid not null references account (id) on delete cascade,
  token_hash    bytea not null constraint session_token_hash_key unique check (length(token_hash) = 32),
  level         text not null check (level in ('needs-enrolment', 'needs-second-factor', 'needs-new-password', 'full')),
  -- Wrong codes since the right password; five end the attempt.
  wrong_codes   int not null default 0 check (wrong_codes between 0 and 5),
  stepped_up_at timestamptz,
  user_agent    text not null check (length(user_agent) <= 400),
  address       inet,
  created_at    timestamptz not null default now(),
  last_seen_at  timestamptz not null default now(),
  ends_at       timestamptz not null,
  ended_at      timestamptz,
  end_reason    text check (end_reason in ('signed-out', 'not-me', 'wrong-codes', 'password-changed', 'factor-lost', 'account-disabled', 'replaced', 'removed')),
  check ((ended_at is null) = (end_reason is null))
);
-- Serves the account's list and "end all others".
create index session_account_live_idx on session (account_id, last_seen_at desc) where ended_at is null;
