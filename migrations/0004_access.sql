-- 0004 access: organisations, apps, roles, grants, invitations, service accounts, keys, address rules.
--
-- First release: nothing runs on an older schema. Locks nothing in use.

create table organisation (
  id          uuid primary key,
  name        text not null check (length(name) between 1 and 120),
  external_id text constraint organisation_external_id_key unique check (length(external_id) between 1 and 200),
  created_at  timestamptz not null default now()
);

create table organisation_member (
  organisation_id uuid not null references organisation (id) on delete cascade,
  account_id      uuid not null references account (id) on delete cascade,
  role            text not null check (role in ('owner', 'officer')),
  created_at      timestamptz not null default now(),
  primary key (organisation_id, account_id)
);
-- Serves "my organisations".
create index organisation_member_account_idx on organisation_member (account_id);

create table app (
  id              uuid primary key,
  organisation_id uuid not null references organisation (id),
  name            text not null check (length(name) between 1 and 120),
  external_id     text constraint app_external_id_key unique check (length(external_id) between 1 and 200),
  disabled_at     timestamptz,
  deleted_at      timestamptz,
  created_at      timestamptz not null default now()
);
-- Serves an organisation's list.
create index app_organisation_idx on app (organisation_id, name);

-- The operator's permissions beside the built-in ones; the built-in roles' wildcards cover them.
create table permission (
  key         text primary key check (key ~ '^[a-z][a-z0-9-]{0,39}:[a-z][a-z0-9-]{0,39}$'),
  description text not null check (length(description) <= 400)
);

-- Custom roles of an app. Built-in roles are in the contract, not here, and their names are taken.
create table role (
  app_id      uuid not null references app (id) on delete cascade,
  name        text not null check (name ~ '^[a-z][a-z0-9-]{0,39}$'
    and name not in ('owner', 'officer', 'reporter', 'exporter', 'editor', 'sender', 'admin', 'gateway')),
  description text not null default '' check (length(description) <= 400),
  permissions text[] not null check (cardinality(permissions) between 1 and 200),
  created_at  timestamptz not null default now(),
  primary key (app_id, name)
);

create table service_account (
  account_id  uuid primary key references account (id),
  app_id      uuid not null references app (id),
  created_by  uuid references account (id),
  -- Final: its keys are revoked and its grant is gone. The row stays for what is on record about it.
  deleted_at  timestamptz
);
-- Serves an app's list.
create index service_account_app_idx on service_account (app_id);

-- Account × app × role, with an optional end that is part of every authorisation query.
create table access_grant (
  id         uuid primary key,
  account_id uuid not null references account (id),
  app_id     uuid not null references app (id) on delete cascade,
  role       text not null,
  expires_at timestamptz,
  granted_by uuid references account (id),
  created_at timestamptz not null default now(),
  constraint access_grant_account_app_key unique (account_id, app_id)
);
-- Serves an app's list of people.
create index access_grant_app_idx on access_grant (app_id, created_at, id);

create table invitation (
  id                uuid primary key,
  email             text not null,
  email_key         text not null,
  display_name      text,
  inviter_id        uuid not null references account (id),
  -- An invitation to be an owner or officer names the organisation; one to apps has rows in invitation_app.
  organisation_id   uuid references organisation (id) on delete cascade,
  organisation_role text check (organisation_role in ('owner', 'officer')),
  token_hash        bytea not null constraint invitation_token_hash_key unique check (length(token_hash) = 32),
  created_at        timestamptz not null default now(),
  sent_at           timestamptz not null default now(),
  -- How often it was mailed; bounded, so that nobody's mailbox is flooded.
  sent_count        int not null default 1 check (sent_count > 0),
  ends_at           timestamptz not null,
  accepted_at       timestamptz,
  accepted_by       uuid references account (id),
  cancelled_at      timestamptz,
  -- Told to the inviter: somebody signed in as another account opened the link.
  wrong_account_at  timestamptz,
  check ((organisation_id is null) = (organisation_role is null))
);
-- Serve the lists of pending invitations by inviter, by address and by organisation.
create index invitation_inviter_idx on invitation (inviter_id, created_at desc);
create index invitation_organisation_idx on invitation (organisation_id) where organisation_id is not null;
create index invitation_email_idx on invitation (email_key) where accepted_at is null and cancelled_at is null;

create table invitation_app (
  invitation_id uuid not null references invitation (id) on delete cascade,
  app_id        uuid not null references app (id) on delete cascade,
  role          text not null,
  expires_at    timestamptz,
  primary key (invitation_id, app_id)
);
-- Serves an app's list of pending invitations.
create index invitation_app_app_idx on invitation_app (app_id);

-- An app offered to the owner of another organisation, by mail. One offer an app: a new one replaces it.
create table app_transfer (
  app_id       uuid primary key references app (id) on delete cascade,
  requested_by uuid not null references account (id),
  email        text not null check (length(email) between 3 and 254),
  email_key    text not null,
  token_hash   bytea not null constraint app_transfer_token_hash_key unique check (length(token_hash) = 32),
  created_at   timestamptz not null default now(),
  ends_at      timestamptz not null
);

create table api_key (
  -- The public part of the key: 12 base62 characters, safe in logs.
  id               text primary key check (id ~ '^[0-9A-Za-z]{12}$'),
  account_id       uuid not null references account (id),
  name             text not null check (length(name) between 1 and 120),
  -- HMAC-SHA-256 of the whole key; the key itself is shown once and kept nowhere.
  mac              bytea not null check (length(mac) = 32),
  mac_key_id       text not null,
  created_by       uuid references account (id),
  created_at       timestamptz not null default now(),
  expires_at       timestamptz not null,
  revoked_at       timestamptz,
  revoke_reason    text check (revoke_reason in ('unspecified', 'key_compromise', 'superseded', 'affiliation_changed', 'privilege_withdrawn')),
  -- One successor only, however many rotate at once.
  rotated_from     text references api_key (id) constraint api_key_rotated_from_key unique,
  -- Written in batches, at most a minute late; the address is null where it could not be told.
  last_used_at      timestamptz,
  last_used_address inet,
  check ((revoked_at is null) = (revoke_reason is null))
);
-- Serves a service account's list.
create index api_key_account_idx on api_key (account_id, created_at desc);

-- Where a credential may be used from. Levels: app, service account, key; all that enforce must match.
create table address_rules (
  level       text not null check (level in ('app', 'service-account', 'key')),
  -- The app's, the service account's or the key's id.
  owner_id    text not null,
  mode        text not null check (mode in ('off', 'monitor', 'enforce')),
  entries     jsonb not null check (jsonb_typeof(entries) = 'array'),
  -- Set by an enforcement that is not confirmed yet: then the list goes back to what it was.
  reverts_at   timestamptz,
  reverts_to   jsonb,
  -- Since when the last change stands undone because nobody confirmed it; cleared by the next change.
  went_back_at timestamptz,
  changed_by  uuid references account (id),
  changed_at  timestamptz not null default now(),
  primary key (level, owner_id),
  check ((reverts_at is null) = (reverts_to is null)),
  check (mode <> 'enforce' or jsonb_array_length(entries) > 0)
);

-- Addresses a key was used from, written in batches (at most a minute late), at most 32 a key.
-- Uses that were allowed and uses that were refused are kept apart: only the former can be cut off.
create table key_caller (
  key_id          text not null references api_key (id) on delete cascade,
  address         inet not null,
  first_seen_at   timestamptz not null,
  last_allowed_at timestamptz,
  last_refused_at timestamptz,
  allowed_count   bigint not null default 0 check (allowed_count >= 0),
  refused_count   bigint not null default 0 check (refused_count >= 0),
  primary key (key_id, address),
  check (last_allowed_at is not null or last_refused_at is not null),
  check ((last_allowed_at is null) = (allowed_count = 0)),
  check ((last_refused_at is null) = (refused_count = 0))
);

-- `sallyport break-glass`: address rules of one app or service account held off for at most four hours.
create table break_glass (
  id         uuid primary key,
  app_id     uuid references app (id) on delete cascade,
  account_id uuid references account (id) on delete cascade,
  reason     text not null check (length(reason) between 1 and 400),
  started_at timestamptz not null default now(),
  ends_at    timestamptz not null check (ends_at > started_at and ends_at <= started_at + interval '4 hours'),
  check ((app_id is null) <> (account_id is null))
);
-- Serve the lookup that loads rules.
create index break_glass_app_idx on break_glass (app_id);
create index break_glass_account_idx on break_glass (account_id);
