-- 0005 operator: the operator's own keys, provisioning, support access.
--
-- First release: nothing runs on an older schema. Locks nothing in use.

create table operator_key (
  id            text primary key check (id ~ '^[0-9A-Za-z]{12}$'),
  name          text not null check (length(name) between 1 and 120),
  mac           bytea not null check (length(mac) = 32),
  mac_key_id    text not null,
  scopes        text[] not null check (cardinality(scopes) > 0 and scopes <@ array['decide', 'provision', 'report', 'notify']),
  -- CIDRs the key works from; never empty.
  addresses     text[] not null check (cardinality(addresses) > 0),
  created_by    uuid references account (id),
  created_at    timestamptz not null default now(),
  expires_at    timestamptz,
  revoked_at    timestamptz,
  revoke_reason text check (revoke_reason in ('unspecified', 'key_compromise', 'superseded', 'affiliation_changed', 'privilege_withdrawn')),
  -- At most a minute late.
  last_used_at  timestamptz,
  check ((revoked_at is null) = (revoke_reason is null))
);

-- False: the operator's product made this account, and nobody has shown yet that the address is
-- theirs. Whoever proves the address takes it over; until then it has no password and signs nobody in.
alter table account add column is_proven boolean not null default true;

-- The operator's product wants to tie its id to an account that exists: its holder must consent. Given
-- consent is spent by the tie; `ends_at` is the end of the link, then of the consent.
create table provision_consent (
  id          uuid primary key,
  account_id  uuid not null references account (id) on delete cascade,
  external_id text not null check (length(external_id) between 1 and 200),
  key_id      text not null references operator_key (id),
  token_hash  bytea not null constraint provision_consent_token_hash_key unique check (length(token_hash) = 32),
  created_at  timestamptz not null default now(),
  ends_at     timestamptz not null,
  decided_at  timestamptz,
  is_given    boolean,
  constraint provision_consent_account_external_key unique (account_id, external_id),
  check ((decided_at is null) = (is_given is null))
);

-- POST /v1/audit/entries: what was reported under an idempotency id, so that a retry adds nothing.
create table reported_entry (
  key_id       text not null references operator_key (id),
  reported_id  text not null check (length(reported_id) between 1 and 200),
  request_hash bytea not null check (length(request_hash) = 32),
  entry_id     text not null,
  created_at   timestamptz not null default now(),
  primary key (key_id, reported_id)
);

-- An owner lets the operator read an app's entries, for a time.
create table support_consent (
  id         uuid primary key,
  app_id     uuid not null references app (id) on delete cascade,
  given_by   uuid not null references account (id),
  reason     text not null check (length(reason) between 1 and 400),
  created_at timestamptz not null default now(),
  ends_at    timestamptz not null,
  withdrawn_at timestamptz
);
-- Serves the check at each read.
create index support_consent_app_idx on support_consent (app_id, ends_at desc);

-- The runtime role tries a job again that failed for good, and no other; false: there is none.
-- graphile_worker.reschedule_jobs needs its owner's rights. Of two at once the second finds it waiting.
create function retry_failed_job(failed_job bigint)
returns boolean
language plpgsql security definer set search_path = pg_catalog
as $$
begin
  perform from graphile_worker._private_jobs
    where id = failed_job and locked_at is null and attempts >= max_attempts
    for update;
  if not found then return false; end if;
  perform graphile_worker.reschedule_jobs(array[failed_job], run_at := now(), attempts := 0);
  return true;
end
$$;
revoke execute on function retry_failed_job(bigint) from public;
