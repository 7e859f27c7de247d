-- 0010 support request: the operator asks an app's owners to be let in.
--
-- Adds one table; the previous release runs on it and knows of no questions. Locks nothing in use.

create table support_request (
  id          uuid primary key,
  app_id      uuid not null references app (id) on delete cascade,
  asked_by    uuid not null references account (id),
  reason      text not null check (length(reason) between 1 and 400),
  -- For how long the operator asks.
  hours       int not null check (hours between 1 and 168),
  created_at  timestamptz not null,
  -- From then on nobody need answer it.
  ends_at     timestamptz not null,
  answered_at timestamptz,
  -- What an owner agreed to; without one an answered question was refused.
  consent_id  uuid references support_consent (id) on delete cascade,
  check (consent_id is null or answered_at is not null)
);
-- Serves an app's open questions, for its owners and for asking twice.
create index support_request_open_idx on support_request (app_id, ends_at) where answered_at is null;
-- Serves the operator's list, newest first.
create index support_request_created_idx on support_request (created_at desc, id);
create index support_consent_created_idx on support_consent (created_at desc, id);
