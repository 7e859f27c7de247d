-- 0019 passkeys: public keys that sign a person in, and challenges that were answered.
--
-- Adds tables: the release before runs on, without passkeys. Whoever adds one while both run can't finish a
-- sign-in with it at a process of the release before. Locks nothing in use.

create table passkey (
  id              uuid primary key,
  account_id      uuid not null references account (id) on delete cascade,
  -- WebAuthn §5.1: at most 1023 bytes, chosen by the authenticator.
  credential_id   bytea not null constraint passkey_credential_id_key unique check (length(credential_id) between 1 and 1023),
  -- COSE_Key (RFC 9052 §7) as the authenticator gave it.
  public_key      bytea not null check (length(public_key) between 1 and 2048),
  -- Uses, as the authenticator counts them; 0 where it does not count.
  counter         bigint not null check (counter between 0 and 4294967295),
  transports      text[] not null check (cardinality(transports) <= 16),
  -- May be copied to other devices by its maker's service, and whether it was.
  is_synced_kind  boolean not null,
  is_backed_up    boolean not null,
  -- Model of the authenticator, all zero where it does not say.
  aaguid          uuid not null,
  name            text not null check (length(name) between 1 and 120),
  created_at      timestamptz not null,
  last_used_at    timestamptz,
  -- When a copy of it was used: its count had not grown.
  clone_noticed_at timestamptz
);
-- Serves the account's list, and whether it has any.
create index passkey_account_idx on passkey (account_id, created_at);

-- A challenge carries its own end and whom it was made for, sealed by a MAC; a row stands for one that was
-- answered, until it has ended: it is answered once.
create table answered_challenge (
  hash    bytea primary key check (length(hash) = 32),
  ends_at timestamptz not null
);
