-- 0018 password policies: what organisations ask of passwords, of everybody whom their apps reach.
--
-- Adds tables, and columns that are null or have a constant default: no table is rewritten. Filling
-- `access_grant.reached_since` writes each grant once. The release before goes on beside it: it binds nobody,
-- and what it grants counts from then.

-- What an organisation asks, where it asks anything.
create table password_policy (
  organisation_id uuid primary key references organisation (id) on delete cascade,
  preset          text not null check (preset in ('none', 'classic', 'nist', 'custom')),
  min_length      int not null check (min_length between 9 and 64),
  needs_capital   boolean not null,
  needs_number    boolean not null,
  needs_special   boolean not null,
  reuse_days      int check (reuse_days between 1 and 730),
  -- Days after which another password is asked for. The shortest holds; each counts from its own beginning, so
  -- that a stricter rule neither ends a password at once nor lets one last longer.
  age_days        int[] not null check (30 <= all (age_days) and 730 >= all (age_days)),
  age_since       timestamptz[] not null,
  reason          text check (length(reason) between 1 and 400),
  changed_at      timestamptz not null,
  changed_by      uuid references account (id),
  check (cardinality(age_days) = cardinality(age_since))
);

-- An organisation asked somebody whom it reaches for another password at once.
create table password_demand (
  account_id      uuid not null references account (id) on delete cascade,
  organisation_id uuid not null references organisation (id) on delete cascade,
  demanded_at     timestamptz not null,
  demanded_by     uuid references account (id),
  primary key (account_id, organisation_id)
);

-- The latest of its demands: without one later than its password, and with a password younger than any
-- period may be, nothing has to be looked up for a session.
alter table account add column password_demanded_at timestamptz;

-- Passwords that were replaced while a rule against taking them again bound their account.
create table retired_password (
  account_id    uuid not null references account (id) on delete cascade,
  replaced_at   timestamptz not null,
  password_hash text not null,
  -- Where there are too many, those used for the shortest time are forgotten.
  used_since    timestamptz not null check (used_since <= replaced_at),
  primary key (account_id, replaced_at)
);

-- The last notice of a password that ends: each of them goes out once.
create table password_notice (
  account_id uuid primary key references account (id) on delete cascade,
  due_at     timestamptz not null,
  -- Days ahead: 14, 7, 3, 1.
  days       int not null check (days > 0),
  told_at    timestamptz not null
);

-- Since when an account has been reached by the app without a gap. A new role or end does not begin it anew.
alter table access_grant add column reached_since timestamptz not null default now();
update access_grant set reached_since = created_at;

-- Since when the app belongs to its organisation, where it was handed over.
alter table app add column held_since timestamptz;
