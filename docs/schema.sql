-- Generated from the migrated database by scripts/generate.ts. Do not edit.

create table access_grant (
  id uuid not null,
  account_id uuid not null,
  app_id uuid not null,
  role text not null,
  expires_at timestamp with time zone,
  granted_by uuid,
  created_at timestamp with time zone default now() not null,
  reached_since timestamp with time zone default now() not null,
  constraint access_grant_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id),
  constraint access_grant_app_id_fkey FOREIGN KEY (app_id) REFERENCES app(id) ON DELETE CASCADE,
  constraint access_grant_granted_by_fkey FOREIGN KEY (granted_by) REFERENCES account(id),
  constraint access_grant_pkey PRIMARY KEY (id),
  constraint access_grant_account_app_key UNIQUE (account_id, app_id)
);
CREATE INDEX access_grant_app_idx ON public.access_grant USING btree (app_id, created_at, id);
grant delete, insert, select, update on table access_grant to sallyport_runtime;

create table access_removal (
  id uuid not null,
  organisation_id uuid not null,
  account_id uuid not null,
  entry text not null,
  removed_at timestamp with time zone not null,
  constraint access_removal_entry_check CHECK ((length(entry) <= 60)),
  constraint access_removal_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id) ON DELETE CASCADE,
  constraint access_removal_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(id) ON DELETE CASCADE,
  constraint access_removal_pkey PRIMARY KEY (id)
);
CREATE INDEX access_removal_organisation_idx ON public.access_removal USING btree (organisation_id, removed_at DESC, id);
grant delete, insert, select, update on table access_removal to sallyport_runtime;

create table account (
  id uuid not null,
  kind text not null,
  email text,
  email_key text,
  display_name text not null,
  password_hash text,
  password_changed_at timestamp with time zone,
  is_operator boolean default false not null,
  disabled_at timestamp with time zone,
  disabled_reason text,
  external_id text,
  created_at timestamp with time zone default now() not null,
  is_proven boolean default true not null,
  language text default 'en'::text not null,
  time_zone text,
  password_demanded_at timestamp with time zone,
  password_distrusted_at timestamp with time zone,
  constraint account_check CHECK (((kind = 'person'::text) = (email IS NOT NULL))),
  constraint account_check1 CHECK (((email IS NULL) = (email_key IS NULL))),
  constraint account_check2 CHECK (((kind = 'person'::text) OR ((password_hash IS NULL) AND (NOT is_operator)))),
  constraint account_display_name_check CHECK (((length(display_name) >= 1) AND (length(display_name) <= 120))),
  constraint account_email_check CHECK (((length(email) >= 3) AND (length(email) <= 254))),
  constraint account_email_key_check CHECK ((email_key = lower(email_key))),
  constraint account_external_id_check CHECK (((length(external_id) >= 1) AND (length(external_id) <= 200))),
  constraint account_kind_check CHECK ((kind = ANY (ARRAY['person'::text, 'service'::text]))),
  constraint account_language_check CHECK ((language ~ '^[a-z]{2,3}$'::text)),
  constraint account_time_zone_check CHECK (((length(time_zone) >= 1) AND (length(time_zone) <= 64))),
  constraint account_pkey PRIMARY KEY (id),
  constraint account_email_key_key UNIQUE (email_key),
  constraint account_external_id_key UNIQUE (external_id)
);
CREATE INDEX account_created_at_idx ON public.account USING btree (created_at DESC, id);
grant delete, insert, select, update on table account to sallyport_runtime;

create table account_report (
  id uuid not null,
  account_id uuid not null,
  kind text not null,
  reported_at timestamp with time zone not null,
  closed_at timestamp with time zone,
  closed_by uuid,
  constraint account_report_check CHECK (((closed_at IS NULL) = (closed_by IS NULL))),
  constraint account_report_kind_check CHECK ((kind = 'address-change'::text)),
  constraint account_report_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id) ON DELETE CASCADE,
  constraint account_report_closed_by_fkey FOREIGN KEY (closed_by) REFERENCES account(id),
  constraint account_report_pkey PRIMARY KEY (id)
);
CREATE INDEX account_report_open_idx ON public.account_report USING btree (reported_at DESC) WHERE (closed_at IS NULL);
grant delete, insert, select, update on table account_report to sallyport_runtime;

create table address_change (
  id uuid not null,
  account_id uuid not null,
  kind text not null,
  email text not null,
  email_key text not null,
  asked_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  made_at timestamp with time zone,
  old_email text,
  old_email_key text,
  undo_ends_at timestamp with time zone,
  ended_at timestamp with time zone,
  constraint address_change_check CHECK ((((made_at IS NOT NULL) AND (kind = 'sign-in'::text)) = (old_email IS NOT NULL))),
  constraint address_change_check1 CHECK (((old_email IS NULL) = (old_email_key IS NULL))),
  constraint address_change_check2 CHECK (((old_email IS NULL) = (undo_ends_at IS NULL))),
  constraint address_change_email_check CHECK (((length(email) >= 3) AND (length(email) <= 254))),
  constraint address_change_email_key_check CHECK ((email_key = lower(email_key))),
  constraint address_change_kind_check CHECK ((kind = ANY (ARRAY['sign-in'::text, 'backup'::text]))),
  constraint address_change_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id) ON DELETE CASCADE,
  constraint address_change_pkey PRIMARY KEY (id)
);
CREATE INDEX address_change_kept_idx ON public.address_change USING btree (old_email_key) WHERE ((old_email_key IS NOT NULL) AND (ended_at IS NULL));
CREATE UNIQUE INDEX address_change_waiting_key ON public.address_change USING btree (account_id, kind) WHERE ((made_at IS NULL) AND (ended_at IS NULL));
grant delete, insert, select, update on table address_change to sallyport_runtime;

create table address_rules (
  level text not null,
  owner_id text not null,
  mode text not null,
  entries jsonb not null,
  reverts_at timestamp with time zone,
  reverts_to jsonb,
  went_back_at timestamp with time zone,
  changed_by uuid,
  changed_at timestamp with time zone default now() not null,
  constraint address_rules_check CHECK (((reverts_at IS NULL) = (reverts_to IS NULL))),
  constraint address_rules_check1 CHECK (((mode <> 'enforce'::text) OR (jsonb_array_length(entries) > 0))),
  constraint address_rules_entries_check CHECK ((jsonb_typeof(entries) = 'array'::text)),
  constraint address_rules_level_check CHECK ((level = ANY (ARRAY['app'::text, 'service-account'::text, 'key'::text]))),
  constraint address_rules_mode_check CHECK ((mode = ANY (ARRAY['off'::text, 'monitor'::text, 'enforce'::text]))),
  constraint address_rules_changed_by_fkey FOREIGN KEY (changed_by) REFERENCES account(id),
  constraint address_rules_pkey PRIMARY KEY (level, owner_id)
);
grant delete, insert, select, update on table address_rules to sallyport_runtime;

create table answered_challenge (
  hash bytea not null,
  ends_at timestamp with time zone not null,
  constraint answered_challenge_hash_check CHECK ((length(hash) = 32)),
  constraint answered_challenge_pkey PRIMARY KEY (hash)
);
grant delete, insert, select, update on table answered_challenge to sallyport_runtime;

create table api_key (
  id text not null,
  account_id uuid not null,
  name text not null,
  mac bytea not null,
  mac_key_id text not null,
  created_by uuid,
  created_at timestamp with time zone default now() not null,
  expires_at timestamp with time zone not null,
  revoked_at timestamp with time zone,
  revoke_reason text,
  rotated_from text,
  last_used_at timestamp with time zone,
  last_used_address inet,
  constraint api_key_check CHECK (((revoked_at IS NULL) = (revoke_reason IS NULL))),
  constraint api_key_id_check CHECK ((id ~ '^[0-9A-Za-z]{12}$'::text)),
  constraint api_key_mac_check CHECK ((length(mac) = 32)),
  constraint api_key_name_check CHECK (((length(name) >= 1) AND (length(name) <= 120))),
  constraint api_key_revoke_reason_check CHECK ((revoke_reason = ANY (ARRAY['unspecified'::text, 'key_compromise'::text, 'superseded'::text, 'affiliation_changed'::text, 'privilege_withdrawn'::text]))),
  constraint api_key_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id),
  constraint api_key_created_by_fkey FOREIGN KEY (created_by) REFERENCES account(id),
  constraint api_key_rotated_from_fkey FOREIGN KEY (rotated_from) REFERENCES api_key(id),
  constraint api_key_pkey PRIMARY KEY (id),
  constraint api_key_rotated_from_key UNIQUE (rotated_from)
);
CREATE INDEX api_key_account_idx ON public.api_key USING btree (account_id, created_at DESC);
grant delete, insert, select, update on table api_key to sallyport_runtime;

create table app (
  id uuid not null,
  organisation_id uuid not null,
  name text not null,
  external_id text,
  disabled_at timestamp with time zone,
  deleted_at timestamp with time zone,
  created_at timestamp with time zone default now() not null,
  held_since timestamp with time zone,
  constraint app_external_id_check CHECK (((length(external_id) >= 1) AND (length(external_id) <= 200))),
  constraint app_name_check CHECK (((length(name) >= 1) AND (length(name) <= 120))),
  constraint app_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(id),
  constraint app_pkey PRIMARY KEY (id),
  constraint app_external_id_key UNIQUE (external_id)
);
CREATE INDEX app_organisation_idx ON public.app USING btree (organisation_id, name);
grant delete, insert, select, update on table app to sallyport_runtime;

create table app_transfer (
  app_id uuid not null,
  requested_by uuid not null,
  email text not null,
  email_key text not null,
  token_hash bytea not null,
  created_at timestamp with time zone default now() not null,
  ends_at timestamp with time zone not null,
  constraint app_transfer_email_check CHECK (((length(email) >= 3) AND (length(email) <= 254))),
  constraint app_transfer_token_hash_check CHECK ((length(token_hash) = 32)),
  constraint app_transfer_app_id_fkey FOREIGN KEY (app_id) REFERENCES app(id) ON DELETE CASCADE,
  constraint app_transfer_requested_by_fkey FOREIGN KEY (requested_by) REFERENCES account(id),
  constraint app_transfer_pkey PRIMARY KEY (app_id),
  constraint app_transfer_token_hash_key UNIQUE (token_hash)
);
grant delete, insert, select, update on table app_transfer to sallyport_runtime;

create table backup_address (
  account_id uuid not null,
  email text not null,
  email_key text not null,
  verified_at timestamp with time zone not null,
  constraint backup_address_email_check CHECK (((length(email) >= 3) AND (length(email) <= 254))),
  constraint backup_address_email_key_check CHECK ((email_key = lower(email_key))),
  constraint backup_address_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id) ON DELETE CASCADE,
  constraint backup_address_pkey PRIMARY KEY (account_id)
);
grant delete, insert, select, update on table backup_address to sallyport_runtime;

create table branding (
  only_row boolean default true not null,
  version integer default 0 not null,
  name text default ''::text not null,
  shows_maker boolean default false not null,
  primary_color text default ''::text not null,
  logo bytea,
  logo_type text,
  logo_version integer,
  mail_from_name text default ''::text not null,
  mail_from_address text default ''::text not null,
  mail_footer text default ''::text not null,
  support_url text default ''::text not null,
  support_email text default ''::text not null,
  terms_url text default ''::text not null,
  privacy_url text default ''::text not null,
  imprint_url text default ''::text not null,
  changed_at timestamp with time zone,
  constraint branding_check CHECK ((((logo IS NULL) = (logo_type IS NULL)) AND ((logo IS NULL) = (logo_version IS NULL)))),
  constraint branding_imprint_url_check CHECK ((length(imprint_url) <= 500)),
  constraint branding_logo_check CHECK (((length(logo) >= 1) AND (length(logo) <= 200000))),
  constraint branding_logo_type_check CHECK ((logo_type = ANY (ARRAY['image/png'::text, 'image/jpeg'::text, 'image/webp'::text]))),
  constraint branding_mail_footer_check CHECK ((length(mail_footer) <= 1000)),
  constraint branding_mail_from_address_check CHECK ((length(mail_from_address) <= 254)),
  constraint branding_mail_from_name_check CHECK ((length(mail_from_name) <= 60)),
  constraint branding_name_check CHECK ((length(name) <= 60)),
  constraint branding_only_row_check CHECK (only_row),
  constraint branding_primary_color_check CHECK ((primary_color ~ '^(#[0-9a-f]{6})?$'::text)),
  constraint branding_privacy_url_check CHECK ((length(privacy_url) <= 500)),
  constraint branding_support_email_check CHECK ((length(support_email) <= 254)),
  constraint branding_support_url_check CHECK ((length(support_url) <= 500)),
  constraint branding_terms_url_check CHECK ((length(terms_url) <= 500)),
  constraint branding_pkey PRIMARY KEY (only_row)
);
grant delete, insert, select, update on table branding to sallyport_runtime;

create table break_glass (
  id uuid not null,
  app_id uuid,
  account_id uuid,
  reason text not null,
  started_at timestamp with time zone default now() not null,
  ends_at timestamp with time zone not null,
  constraint break_glass_check CHECK (((ends_at > started_at) AND (ends_at <= (started_at + '04:00:00'::interval)))),
  constraint break_glass_check1 CHECK (((app_id IS NULL) <> (account_id IS NULL))),
  constraint break_glass_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 400))),
  constraint break_glass_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id) ON DELETE CASCADE,
  constraint break_glass_app_id_fkey FOREIGN KEY (app_id) REFERENCES app(id) ON DELETE CASCADE,
  constraint break_glass_pkey PRIMARY KEY (id)
);
CREATE INDEX break_glass_account_idx ON public.break_glass USING btree (account_id);
CREATE INDEX break_glass_app_idx ON public.break_glass USING btree (app_id);
grant delete, insert, select, update on table break_glass to sallyport_runtime;

create table count_bucket (
  epoch integer not null,
  bucket integer not null,
  map bigint not null,
  hash bytea not null,
  constraint count_bucket_hash_check CHECK ((length(hash) = 32)),
  constraint count_bucket_pkey PRIMARY KEY (epoch, bucket, map)
);
grant select on table count_bucket to sallyport_runtime;

create table count_change (
  epoch integer not null,
  tag bytea not null,
  map bigint not null,
  count bigint not null,
  last bigint not null,
  constraint count_change_pkey PRIMARY KEY (epoch, tag, map)
);
grant select on table count_change to sallyport_runtime;

create table count_map (
  epoch integer not null,
  index bigint not null,
  covered bigint not null,
  root bytea not null,
  made_at timestamp with time zone default clock_timestamp() not null,
  constraint count_map_check CHECK (((covered >= 0) AND (covered <= index))),
  constraint count_map_index_check CHECK ((index >= 0)),
  constraint count_map_root_check CHECK ((length(root) = 32)),
  constraint count_map_epoch_fkey FOREIGN KEY (epoch) REFERENCES log_epoch(epoch),
  constraint count_map_pkey PRIMARY KEY (epoch, index)
);
grant select on table count_map to sallyport_runtime;

create table count_request (
  writer integer not null,
  number bigint not null,
  constraint count_request_pkey PRIMARY KEY (writer, number)
);
grant insert, select on table count_request to sallyport_runtime;

create table count_seed (
  epoch integer not null,
  seed bytea not null,
  constraint count_seed_seed_check CHECK ((length(seed) = 32)),
  constraint count_seed_epoch_fkey FOREIGN KEY (epoch) REFERENCES log_epoch(epoch),
  constraint count_seed_pkey PRIMARY KEY (epoch)
);
grant select on table count_seed to sallyport_runtime;

create table count_subject (
  epoch integer not null,
  bucket integer not null,
  tag bytea not null,
  map bigint not null,
  count bigint not null,
  last bigint not null,
  constraint count_subject_bucket_check CHECK (((bucket >= 0) AND (bucket <= 4095))),
  constraint count_subject_count_check CHECK ((count > 0)),
  constraint count_subject_last_check CHECK ((last >= 0)),
  constraint count_subject_tag_check CHECK ((length(tag) = 32)),
  constraint count_subject_pkey PRIMARY KEY (epoch, bucket, tag)
) with (fillfactor=70);
grant select on table count_subject to sallyport_runtime;

create table entry_batch (
  day date not null,
  writer integer not null,
  number bigint not null,
  class text not null,
  at timestamp with time zone not null,
  count integer not null,
  organisations uuid[] not null,
  accounts uuid[] not null,
  apps uuid[] not null,
  credentials text[] not null,
  payload bytea not null storage "m",
  mac bytea not null,
  mac_key_id text not null,
  constraint entry_batch_class_check CHECK ((class = ANY (ARRAY['important'::text, 'routine'::text, 'empty'::text]))),
  constraint entry_batch_count_check CHECK ((count >= 0)),
  constraint entry_batch_mac_check CHECK ((length(mac) = 32)),
  constraint entry_batch_number_check CHECK ((number > 0)),
  constraint entry_batch_pkey PRIMARY KEY (writer, number, day)
);
grant insert, select on table entry_batch to sallyport_runtime;

create table entry_tally (
  hour timestamp with time zone not null,
  key uuid not null,
  action text not null,
  outcome text not null,
  class text not null,
  actor_kind text not null,
  actor_id uuid,
  credential_id text,
  address inet,
  app_id uuid,
  apps uuid[] not null,
  is_guess boolean not null,
  count bigint not null,
  last_at timestamp with time zone not null,
  constraint entry_tally_class_check CHECK ((class = ANY (ARRAY['important'::text, 'routine'::text]))),
  constraint entry_tally_count_check CHECK ((count > 0)),
  constraint entry_tally_outcome_check CHECK ((outcome = ANY (ARRAY['done'::text, 'refused'::text, 'failed'::text]))),
  constraint entry_tally_pkey PRIMARY KEY (hour, key)
);
grant delete, insert, select, update on table entry_tally to sallyport_runtime;

create table entry_tally_subject (
  subject uuid not null,
  hour timestamp with time zone not null,
  key uuid not null,
  constraint entry_tally_subject_pkey PRIMARY KEY (subject, hour, key)
);
grant delete, insert, select, update on table entry_tally_subject to sallyport_runtime;

create table entry_writer (
  id integer generated always as identity not null,
  process_id uuid not null,
  started_at timestamp with time zone default clock_timestamp() not null,
  ended_at timestamp with time zone,
  filed_through bigint default 0 not null,
  indexed_through bigint default 0 not null,
  tallied_through bigint default 0 not null,
  sequenced_through bigint default 0 not null,
  constraint entry_writer_check CHECK (((indexed_through >= 0) AND (indexed_through <= filed_through))),
  constraint entry_writer_check1 CHECK (((tallied_through >= 0) AND (tallied_through <= filed_through))),
  constraint entry_writer_pkey PRIMARY KEY (id)
);
CREATE INDEX entry_writer_open_idx ON public.entry_writer USING btree (id) WHERE (ended_at IS NULL);
grant delete, insert, select, update on table entry_writer to sallyport_runtime;

create table erasure_act (
  number bigint not null,
  kind text not null,
  plan jsonb not null,
  is_replay boolean not null,
  begun_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  batches bigint default 0 not null,
  entries bigint default 0 not null,
  parts bigint default 0 not null,
  held bigint default 0 not null,
  elsewhere bigint default 0 not null,
  altered bigint default 0 not null,
  first_leaf bigint,
  last_leaf bigint,
  constraint erasure_act_kind_check CHECK ((kind = ANY (ARRAY['retention'::text, 'person'::text]))),
  constraint erasure_act_number_check CHECK ((number > 0)),
  constraint erasure_act_pkey PRIMARY KEY (number)
);
CREATE INDEX erasure_act_open_idx ON public.erasure_act USING btree (number) WHERE (ended_at IS NULL);
grant select on table erasure_act to sallyport_runtime;

create table erasure_count (
  act bigint not null,
  organisation_id uuid not null,
  entries bigint not null,
  parts bigint not null,
  held bigint not null,
  constraint erasure_count_act_fkey FOREIGN KEY (act) REFERENCES erasure_act(number),
  constraint erasure_count_pkey PRIMARY KEY (organisation_id, act)
);
grant select on table erasure_count to sallyport_runtime;

create table erasure_place (
  act bigint not null,
  tries integer default 0 not null,
  writer integer not null,
  number bigint not null,
  constraint erasure_place_act_fkey FOREIGN KEY (act) REFERENCES erasure_act(number),
  constraint erasure_place_pkey PRIMARY KEY (act, tries, writer, number)
);
grant select on table erasure_place to sallyport_runtime;

create table erasure_request (
  id uuid not null,
  account_id uuid not null,
  asked_by uuid not null,
  asked_at timestamp with time zone not null,
  next_at timestamp with time zone,
  ended_at timestamp with time zone,
  is_withdrawn boolean default false not null,
  constraint erasure_request_check CHECK (((next_at IS NULL) = (ended_at IS NOT NULL))),
  constraint erasure_request_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX erasure_request_open_idx ON public.erasure_request USING btree (account_id) WHERE (ended_at IS NULL);
grant delete, insert, select, update on table erasure_request to sallyport_runtime;

create table factor_reset (
  id uuid not null,
  account_id uuid not null,
  asked_by uuid,
  reason text,
  asked_at timestamp with time zone not null,
  ready_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  closed_at timestamp with time zone,
  closed_how text,
  constraint factor_reset_check CHECK ((ends_at > ready_at)),
  constraint factor_reset_check1 CHECK (((closed_at IS NULL) = (closed_how IS NULL))),
  constraint factor_reset_check2 CHECK (((asked_by IS NULL) = (reason IS NULL))),
  constraint factor_reset_closed_how_check CHECK ((closed_how = ANY (ARRAY['used'::text, 'cancelled'::text, 'lapsed'::text, 'needless'::text]))),
  constraint factor_reset_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 400))),
  constraint factor_reset_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id) ON DELETE CASCADE,
  constraint factor_reset_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES account(id),
  constraint factor_reset_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX factor_reset_open_key ON public.factor_reset USING btree (account_id) WHERE (closed_at IS NULL);
grant delete, insert, select, update on table factor_reset to sallyport_runtime;

create table factor_throttle (
  account_id uuid not null,
  wrong_at timestamp with time zone[] default '{}'::timestamp with time zone[] not null,
  paused_until timestamp with time zone,
  devices_since timestamp with time zone,
  constraint factor_throttle_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id) ON DELETE CASCADE,
  constraint factor_throttle_pkey PRIMARY KEY (account_id)
);
grant delete, insert, select, update on table factor_throttle to sallyport_runtime;

create table failing_address (
  address_key bytea not null,
  since timestamp with time zone not null,
  failed_at timestamp with time zone not null,
  code integer not null,
  constraint failing_address_address_key_check CHECK ((length(address_key) = 32)),
  constraint failing_address_pkey PRIMARY KEY (address_key)
);
grant delete, insert, select, update on table failing_address to sallyport_runtime;

create table filed_entry (
  writer integer not null,
  number bigint not null,
  "position" integer not null,
  day date not null,
  at timestamp with time zone not null,
  action text not null,
  outcome text not null,
  reason text,
  organisation_id uuid,
  app_id uuid,
  actor_id uuid,
  credential_id text,
  address inet,
  request_id text not null,
  target_ids text[] not null,
  terms integer[],
  constraint filed_entry_outcome_check CHECK ((outcome = ANY (ARRAY['done'::text, 'refused'::text, 'failed'::text]))),
  constraint filed_entry_position_check CHECK (("position" >= 0)),
  constraint filed_entry_pkey PRIMARY KEY (writer, number, "position")
);
CREATE INDEX filed_entry_termless_idx ON public.filed_entry USING btree (writer, number) WHERE (terms IS NULL);
CREATE INDEX filed_entry_terms_idx ON public.filed_entry USING gin (terms) WITH (gin_pending_list_limit='256');
grant insert, select on table filed_entry to sallyport_runtime;

create table filed_subject (
  subject uuid not null,
  at timestamp with time zone not null,
  writer integer not null,
  number bigint not null,
  "position" integer not null,
  constraint filed_subject_pkey PRIMARY KEY (subject, at, writer, number, "position")
);
grant insert, select on table filed_subject to sallyport_runtime;

create table filing_gap (
  writer integer not null,
  number bigint not null,
  reason text not null,
  seen_at timestamp with time zone default clock_timestamp() not null,
  constraint filing_gap_reason_check CHECK ((reason = ANY (ARRAY['missing'::text, 'bad'::text]))),
  constraint filing_gap_pkey PRIMARY KEY (writer, number)
);
grant delete, insert, select, update on table filing_gap to sallyport_runtime;

create table idempotent_reply (
  holder text not null,
  key text not null,
  request_hash bytea not null,
  status integer not null,
  body jsonb not null,
  created_at timestamp with time zone default clock_timestamp() not null,
  constraint idempotent_reply_key_check CHECK (((length(key) >= 1) AND (length(key) <= 200))),
  constraint idempotent_reply_request_hash_check CHECK ((length(request_hash) = 32)),
  constraint idempotent_reply_pkey PRIMARY KEY (holder, key)
);
CREATE INDEX idempotent_reply_created_at_idx ON public.idempotent_reply USING btree (created_at);
grant delete, insert, select, update on table idempotent_reply to sallyport_runtime;

create table inbox_item (
  account_id uuid not null,
  notice_id uuid not null,
  seen_at timestamp with time zone,
  archived_at timestamp with time zone,
  constraint inbox_item_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id) ON DELETE CASCADE,
  constraint inbox_item_notice_id_fkey FOREIGN KEY (notice_id) REFERENCES notice(id) ON DELETE CASCADE,
  constraint inbox_item_pkey PRIMARY KEY (account_id, notice_id)
);
CREATE INDEX inbox_item_notice_idx ON public.inbox_item USING btree (notice_id);
CREATE INDEX inbox_item_unseen_idx ON public.inbox_item USING btree (account_id) WHERE ((seen_at IS NULL) AND (archived_at IS NULL));
grant delete, insert, select, update on table inbox_item to sallyport_runtime;

create table installation (
  only_row boolean default true not null,
  created_at timestamp with time zone default now() not null,
  key_check bytea,
  key_check_id text,
  claim_hash bytea,
  claim_ends_at timestamp with time zone,
  claimed_at timestamp with time zone,
  constraint installation_claim_hash_check CHECK ((length(claim_hash) = 32)),
  constraint installation_key_check_check CHECK ((length(key_check) = 32)),
  constraint installation_only_row_check CHECK (only_row),
  constraint installation_pkey PRIMARY KEY (only_row)
);
grant delete, insert, select, update on table installation to sallyport_runtime;

create table invitation (
  id uuid not null,
  email text not null,
  email_key text not null,
  display_name text,
  inviter_id uuid not null,
  organisation_id uuid,
  organisation_role text,
  token_hash bytea not null,
  created_at timestamp with time zone default now() not null,
  sent_at timestamp with time zone default now() not null,
  sent_count integer default 1 not null,
  ends_at timestamp with time zone not null,
  accepted_at timestamp with time zone,
  accepted_by uuid,
  cancelled_at timestamp with time zone,
  wrong_account_at timestamp with time zone,
  constraint invitation_check CHECK (((organisation_id IS NULL) = (organisation_role IS NULL))),
  constraint invitation_organisation_role_check CHECK ((organisation_role = ANY (ARRAY['owner'::text, 'officer'::text]))),
  constraint invitation_sent_count_check CHECK ((sent_count > 0)),
  constraint invitation_token_hash_check CHECK ((length(token_hash) = 32)),
  constraint invitation_accepted_by_fkey FOREIGN KEY (accepted_by) REFERENCES account(id),
  constraint invitation_inviter_id_fkey FOREIGN KEY (inviter_id) REFERENCES account(id),
  constraint invitation_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(id) ON DELETE CASCADE,
  constraint invitation_pkey PRIMARY KEY (id),
  constraint invitation_token_hash_key UNIQUE (token_hash)
);
CREATE INDEX invitation_email_idx ON public.invitation USING btree (email_key) WHERE ((accepted_at IS NULL) AND (cancelled_at IS NULL));
CREATE INDEX invitation_inviter_idx ON public.invitation USING btree (inviter_id, created_at DESC);
CREATE INDEX invitation_organisation_idx ON public.invitation USING btree (organisation_id) WHERE (organisation_id IS NOT NULL);
grant delete, insert, select, update on table invitation to sallyport_runtime;

create table invitation_app (
  invitation_id uuid not null,
  app_id uuid not null,
  role text not null,
  expires_at timestamp with time zone,
  constraint invitation_app_app_id_fkey FOREIGN KEY (app_id) REFERENCES app(id) ON DELETE CASCADE,
  constraint invitation_app_invitation_id_fkey FOREIGN KEY (invitation_id) REFERENCES invitation(id) ON DELETE CASCADE,
  constraint invitation_app_pkey PRIMARY KEY (invitation_id, app_id)
);
CREATE INDEX invitation_app_app_idx ON public.invitation_app USING btree (app_id);
grant delete, insert, select, update on table invitation_app to sallyport_runtime;

create table key_caller (
  key_id text not null,
  address inet not null,
  first_seen_at timestamp with time zone not null,
  last_allowed_at timestamp with time zone,
  last_refused_at timestamp with time zone,
  allowed_count bigint default 0 not null,
  refused_count bigint default 0 not null,
  constraint key_caller_allowed_count_check CHECK ((allowed_count >= 0)),
  constraint key_caller_check CHECK (((last_allowed_at IS NOT NULL) OR (last_refused_at IS NOT NULL))),
  constraint key_caller_check1 CHECK (((last_allowed_at IS NULL) = (allowed_count = 0))),
  constraint key_caller_check2 CHECK (((last_refused_at IS NULL) = (refused_count = 0))),
  constraint key_caller_refused_count_check CHECK ((refused_count >= 0)),
  constraint key_caller_key_id_fkey FOREIGN KEY (key_id) REFERENCES api_key(id) ON DELETE CASCADE,
  constraint key_caller_pkey PRIMARY KEY (key_id, address)
);
grant delete, insert, select, update on table key_caller to sallyport_runtime;

create table known_device (
  account_id uuid not null,
  token_hash bytea not null,
  browser text not null,
  created_at timestamp with time zone not null,
  last_used_at timestamp with time zone not null,
  constraint known_device_browser_check CHECK ((length(browser) <= 40)),
  constraint known_device_token_hash_check CHECK ((length(token_hash) = 32)),
  constraint known_device_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id) ON DELETE CASCADE,
  constraint known_device_pkey PRIMARY KEY (account_id, token_hash, browser)
);
grant delete, insert, select, update on table known_device to sallyport_runtime;

create table known_network (
  account_id uuid not null,
  network text not null,
  created_at timestamp with time zone not null,
  last_used_at timestamp with time zone not null,
  constraint known_network_network_check CHECK (((length(network) >= 1) AND (length(network) <= 49))),
  constraint known_network_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id) ON DELETE CASCADE,
  constraint known_network_pkey PRIMARY KEY (account_id, network)
);
grant delete, insert, select, update on table known_network to sallyport_runtime;

create table legal_hold (
  id uuid not null,
  organisation_id uuid,
  account_id uuid,
  from_at timestamp with time zone,
  to_at timestamp with time zone,
  reason text not null,
  placed_by uuid not null,
  is_operators boolean not null,
  placed_at timestamp with time zone not null,
  until timestamp with time zone,
  released_at timestamp with time zone,
  released_by uuid,
  constraint legal_hold_check CHECK ((to_at > from_at)),
  constraint legal_hold_check1 CHECK (((organisation_id IS NOT NULL) OR (account_id IS NOT NULL) OR is_operators)),
  constraint legal_hold_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 500))),
  constraint legal_hold_pkey PRIMARY KEY (id)
);
CREATE INDEX legal_hold_live_idx ON public.legal_hold USING btree (organisation_id) WHERE (released_at IS NULL);
grant delete, insert, select, update on table legal_hold to sallyport_runtime;

create table log_epoch (
  epoch integer not null,
  origin text not null,
  verifier_key text not null,
  started_at timestamp with time zone default clock_timestamp() not null,
  size bigint default 0 not null,
  checkpoint text,
  checkpoint_size bigint default 0 not null,
  signed_at timestamp with time zone,
  published text,
  published_size bigint default 0 not null,
  constraint log_epoch_check CHECK (((checkpoint_size >= 0) AND (checkpoint_size <= size))),
  constraint log_epoch_check1 CHECK (((published_size >= 0) AND (published_size <= size))),
  constraint log_epoch_epoch_check CHECK ((epoch > 0)),
  constraint log_epoch_size_check CHECK ((size >= 0)),
  constraint log_epoch_pkey PRIMARY KEY (epoch),
  constraint log_epoch_origin_key UNIQUE (origin)
);
grant select on table log_epoch to sallyport_runtime;

create table log_leaf (
  epoch integer not null,
  index bigint not null,
  leaf bytea not null,
  writer integer,
  number bigint,
  seed bytea,
  taken_at timestamp with time zone default clock_timestamp() not null,
  openings bytea,
  erased_by bigint,
  look_at timestamp with time zone default (clock_timestamp() + '30 days'::interval),
  constraint log_leaf_check CHECK (((openings IS NULL) OR ((seed IS NULL) AND ((length(openings) % 33) = 0)))),
  constraint log_leaf_index_check CHECK ((index >= 0)),
  constraint log_leaf_seed_check CHECK ((length(seed) = 32)),
  constraint log_leaf_epoch_fkey FOREIGN KEY (epoch) REFERENCES log_epoch(epoch),
  constraint log_leaf_pkey PRIMARY KEY (epoch, index)
);
CREATE UNIQUE INDEX log_leaf_batch_idx ON public.log_leaf USING btree (writer, number) WHERE (writer IS NOT NULL);
CREATE INDEX log_leaf_look_idx ON public.log_leaf USING btree (look_at) WHERE ((look_at IS NOT NULL) AND (writer IS NOT NULL));
grant select on table log_leaf to sallyport_runtime;

create table log_stream (
  id uuid not null,
  organisation_id uuid,
  name text not null,
  kind text not null,
  covers text not null,
  format text not null,
  alarm_after_minutes integer not null,
  sealed bytea not null,
  state text default 'on'::text not null,
  created_by uuid not null,
  created_at timestamp with time zone not null,
  started_at timestamp with time zone not null,
  epoch integer not null,
  leaf bigint not null,
  "position" integer default 0 not null,
  parcel_epoch integer,
  parcel_leaf bigint,
  parcel_position integer,
  lease uuid,
  leased_until timestamp with time zone,
  failures integer default 0 not null,
  refusals integer default 0 not null,
  next_try_at timestamp with time zone,
  fault text,
  fault_at timestamp with time zone,
  delivered_at timestamp with time zone,
  delivered_entries bigint default 0 not null,
  alarmed_at timestamp with time zone,
  constraint log_stream_alarm_after_minutes_check CHECK (((alarm_after_minutes >= 1) AND (alarm_after_minutes <= 1440))),
  constraint log_stream_check CHECK ((((parcel_epoch IS NULL) = (parcel_leaf IS NULL)) AND ((parcel_epoch IS NULL) = (parcel_position IS NULL)))),
  constraint log_stream_covers_check CHECK ((covers = ANY (ARRAY['important'::text, 'everything'::text]))),
  constraint log_stream_failures_check CHECK ((failures >= 0)),
  constraint log_stream_format_check CHECK ((format = ANY (ARRAY['entry'::text, 'ocsf'::text, 'cef'::text]))),
  constraint log_stream_kind_check CHECK ((kind = ANY (ARRAY['https'::text, 'syslog'::text, 's3'::text]))),
  constraint log_stream_leaf_check CHECK ((leaf >= 0)),
  constraint log_stream_name_check CHECK (((length(name) >= 1) AND (length(name) <= 80))),
  constraint log_stream_position_check CHECK (("position" >= 0)),
  constraint log_stream_refusals_check CHECK ((refusals >= 0)),
  constraint log_stream_state_check CHECK ((state = ANY (ARRAY['on'::text, 'paused'::text, 'stopped'::text]))),
  constraint log_stream_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(id) ON DELETE CASCADE,
  constraint log_stream_pkey PRIMARY KEY (id)
);
CREATE INDEX log_stream_organisation_idx ON public.log_stream USING btree (organisation_id);
grant delete, insert, select, update on table log_stream to sallyport_runtime;

create table log_stream_dead_letter (
  id bigint generated always as identity not null,
  stream_id uuid not null,
  epoch integer not null,
  leaf bigint not null,
  "position" integer not null,
  fault text not null,
  at timestamp with time zone not null,
  retry_at timestamp with time zone,
  constraint log_stream_dead_letter_stream_id_fkey FOREIGN KEY (stream_id) REFERENCES log_stream(id) ON DELETE CASCADE,
  constraint log_stream_dead_letter_pkey PRIMARY KEY (id),
  constraint log_stream_dead_letter_stream_id_epoch_leaf_position_key UNIQUE (stream_id, epoch, leaf, "position")
);
CREATE INDEX log_stream_dead_letter_retry_idx ON public.log_stream_dead_letter USING btree (stream_id) WHERE (retry_at IS NOT NULL);
grant delete, insert, select, update on table log_stream_dead_letter to sallyport_runtime;

create table log_tile (
  epoch integer not null,
  level integer not null,
  n bigint not null,
  hashes bytea not null,
  constraint log_tile_hashes_check CHECK ((((length(hashes) % 32) = 0) AND ((length(hashes) >= 32) AND (length(hashes) <= 8192)))),
  constraint log_tile_level_check CHECK (((level >= 0) AND (level <= 7))),
  constraint log_tile_n_check CHECK ((n >= 0)),
  constraint log_tile_epoch_fkey FOREIGN KEY (epoch) REFERENCES log_epoch(epoch),
  constraint log_tile_pkey PRIMARY KEY (epoch, level, n)
);
grant select on table log_tile to sallyport_runtime;

create table log_witness (
  epoch integer not null,
  verifier_key text not null,
  name text not null,
  size bigint default 0 not null,
  cosigned_at timestamp with time zone,
  fault text,
  fault_at timestamp with time zone,
  constraint log_witness_size_check CHECK ((size >= 0)),
  constraint log_witness_epoch_fkey FOREIGN KEY (epoch) REFERENCES log_epoch(epoch),
  constraint log_witness_pkey PRIMARY KEY (epoch, verifier_key)
);
grant delete, insert, select, update on table log_witness to sallyport_runtime;

create table log_word (
  id integer generated always as identity not null,
  word text not null,
  entries bigint not null,
  constraint log_word_word_check CHECK (((length(word) >= 1) AND (length(word) <= 32))),
  constraint log_word_pkey PRIMARY KEY (id),
  constraint log_word_word_key UNIQUE (word)
) with (fillfactor=70);
grant delete, insert, select, update on table log_word to sallyport_runtime;

create table log_word_suffix (
  suffix text not null,
  word_id integer not null,
  constraint log_word_suffix_pkey PRIMARY KEY (suffix, word_id)
);
grant delete, insert, select, update on table log_word_suffix to sallyport_runtime;

create table mail_link (
  token_hash bytea not null,
  purpose text not null,
  subject_id uuid not null,
  ends_at timestamp with time zone not null,
  constraint mail_link_purpose_check CHECK ((purpose = ANY (ARRAY['confirm-address'::text, 'undo-address'::text, 'new-password'::text, 'begin-recovery'::text, 'stop-recovery'::text]))),
  constraint mail_link_token_hash_check CHECK ((length(token_hash) = 32)),
  constraint mail_link_pkey PRIMARY KEY (token_hash)
);
grant delete, insert, select, update on table mail_link to sallyport_runtime;

create table mail_text (
  kind text not null,
  language text not null,
  version integer not null,
  subject text,
  intro text,
  closing text,
  changed_at timestamp with time zone not null,
  constraint mail_text_closing_check CHECK ((length(closing) <= 2000)),
  constraint mail_text_intro_check CHECK ((length(intro) <= 2000)),
  constraint mail_text_kind_check CHECK (((length(kind) >= 1) AND (length(kind) <= 60))),
  constraint mail_text_language_check CHECK ((language ~ '^[a-z]{2,3}$'::text)),
  constraint mail_text_subject_check CHECK (((length(subject) >= 1) AND (length(subject) <= 200))),
  constraint mail_text_version_check CHECK ((version > 0)),
  constraint mail_text_pkey PRIMARY KEY (kind, language)
);
grant delete, insert, select, update on table mail_text to sallyport_runtime;

create table migration (
  number integer not null,
  name text not null,
  applied_at timestamp with time zone default clock_timestamp() not null,
  constraint migration_pkey PRIMARY KEY (number)
);
grant select on table migration to sallyport_runtime;

create table notice (
  id uuid not null,
  kind text not null,
  class text not null,
  content jsonb,
  request_id text,
  created_at timestamp with time zone not null,
  constraint notice_class_check CHECK (((length(class) >= 1) AND (length(class) <= 40))),
  constraint notice_kind_check CHECK (((length(kind) >= 1) AND (length(kind) <= 60))),
  constraint notice_request_id_check CHECK ((length(request_id) <= 200)),
  constraint notice_pkey PRIMARY KEY (id)
);
CREATE INDEX notice_created_idx ON public.notice USING btree (created_at);
grant delete, insert, select, update on table notice to sallyport_runtime;

create table notice_off (
  account_id uuid not null,
  class text not null,
  channel text not null,
  constraint notice_off_channel_check CHECK ((channel = ANY (ARRAY['email'::text, 'inbox'::text]))),
  constraint notice_off_class_check CHECK (((length(class) >= 1) AND (length(class) <= 40))),
  constraint notice_off_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id) ON DELETE CASCADE,
  constraint notice_off_pkey PRIMARY KEY (account_id, class, channel)
);
grant delete, insert, select, update on table notice_off to sallyport_runtime;

create table operator_key (
  id text not null,
  name text not null,
  mac bytea not null,
  mac_key_id text not null,
  scopes text[] not null,
  addresses text[] not null,
  created_by uuid,
  created_at timestamp with time zone default now() not null,
  expires_at timestamp with time zone,
  revoked_at timestamp with time zone,
  revoke_reason text,
  last_used_at timestamp with time zone,
  constraint operator_key_addresses_check CHECK ((cardinality(addresses) > 0)),
  constraint operator_key_check CHECK (((revoked_at IS NULL) = (revoke_reason IS NULL))),
  constraint operator_key_id_check CHECK ((id ~ '^[0-9A-Za-z]{12}$'::text)),
  constraint operator_key_mac_check CHECK ((length(mac) = 32)),
  constraint operator_key_name_check CHECK (((length(name) >= 1) AND (length(name) <= 120))),
  constraint operator_key_revoke_reason_check CHECK ((revoke_reason = ANY (ARRAY['unspecified'::text, 'key_compromise'::text, 'superseded'::text, 'affiliation_changed'::text, 'privilege_withdrawn'::text]))),
  constraint operator_key_scopes_check CHECK (((cardinality(scopes) > 0) AND (scopes <@ ARRAY['decide'::text, 'provision'::text, 'report'::text, 'notify'::text]))),
  constraint operator_key_created_by_fkey FOREIGN KEY (created_by) REFERENCES account(id),
  constraint operator_key_pkey PRIMARY KEY (id)
);
grant delete, insert, select, update on table operator_key to sallyport_runtime;

create table organisation (
  id uuid not null,
  name text not null,
  external_id text,
  created_at timestamp with time zone default now() not null,
  constraint organisation_external_id_check CHECK (((length(external_id) >= 1) AND (length(external_id) <= 200))),
  constraint organisation_name_check CHECK (((length(name) >= 1) AND (length(name) <= 120))),
  constraint organisation_pkey PRIMARY KEY (id),
  constraint organisation_external_id_key UNIQUE (external_id)
);
grant delete, insert, select, update on table organisation to sallyport_runtime;

create table organisation_member (
  organisation_id uuid not null,
  account_id uuid not null,
  role text not null,
  created_at timestamp with time zone default now() not null,
  constraint organisation_member_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'officer'::text]))),
  constraint organisation_member_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id) ON DELETE CASCADE,
  constraint organisation_member_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(id) ON DELETE CASCADE,
  constraint organisation_member_pkey PRIMARY KEY (organisation_id, account_id)
);
CREATE INDEX organisation_member_account_idx ON public.organisation_member USING btree (account_id);
grant delete, insert, select, update on table organisation_member to sallyport_runtime;

create table outgoing_mail (
  id bigint generated always as identity not null,
  sealed bytea,
  created_at timestamp with time zone default clock_timestamp() not null,
  sent_at timestamp with time zone,
  notice_id uuid,
  account_id uuid,
  address_key bytea,
  refused_at timestamp with time zone,
  constraint outgoing_mail_address_key_check CHECK ((length(address_key) = 32)),
  constraint outgoing_mail_check CHECK (((sealed IS NOT NULL) OR (sent_at IS NOT NULL))),
  constraint outgoing_mail_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX outgoing_mail_delivery_key ON public.outgoing_mail USING btree (notice_id, account_id, address_key) NULLS NOT DISTINCT WHERE (notice_id IS NOT NULL);
grant delete, insert, select, update on table outgoing_mail to sallyport_runtime;

create table passkey (
  id uuid not null,
  account_id uuid not null,
  credential_id bytea not null,
  public_key bytea not null,
  counter bigint not null,
  transports text[] not null,
  is_synced_kind boolean not null,
  is_backed_up boolean not null,
  aaguid uuid not null,
  name text not null,
  created_at timestamp with time zone not null,
  last_used_at timestamp with time zone,
  clone_noticed_at timestamp with time zone,
  constraint passkey_counter_check CHECK (((counter >= 0) AND (counter <= '4294967295'::bigint))),
  constraint passkey_credential_id_check CHECK (((length(credential_id) >= 1) AND (length(credential_id) <= 1023))),
  constraint passkey_name_check CHECK (((length(name) >= 1) AND (length(name) <= 120))),
  constraint passkey_public_key_check CHECK (((length(public_key) >= 1) AND (length(public_key) <= 2048))),
  constraint passkey_transports_check CHECK ((cardinality(transports) <= 16)),
  constraint passkey_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id) ON DELETE CASCADE,
  constraint passkey_pkey PRIMARY KEY (id),
  constraint passkey_credential_id_key UNIQUE (credential_id)
);
CREATE INDEX passkey_account_idx ON public.passkey USING btree (account_id, created_at);
grant delete, insert, select, update on table passkey to sallyport_runtime;

create table password_demand (
  account_id uuid not null,
  organisation_id uuid not null,
  demanded_at timestamp with time zone not null,
  demanded_by uuid,
  constraint password_demand_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id) ON DELETE CASCADE,
  constraint password_demand_demanded_by_fkey FOREIGN KEY (demanded_by) REFERENCES account(id),
  constraint password_demand_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(id) ON DELETE CASCADE,
  constraint password_demand_pkey PRIMARY KEY (account_id, organisation_id)
);
grant delete, insert, select, update on table password_demand to sallyport_runtime;

create table password_notice (
  account_id uuid not null,
  due_at timestamp with time zone not null,
  days integer not null,
  told_at timestamp with time zone not null,
  constraint password_notice_days_check CHECK ((days > 0)),
  constraint password_notice_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id) ON DELETE CASCADE,
  constraint password_notice_pkey PRIMARY KEY (account_id)
);
grant delete, insert, select, update on table password_notice to sallyport_runtime;

create table password_policy (
  organisation_id uuid not null,
  preset text not null,
  min_length integer not null,
  needs_capital boolean not null,
  needs_number boolean not null,
  needs_special boolean not null,
  reuse_days integer,
  age_days integer[] not null,
  age_since timestamp with time zone[] not null,
  reason text,
  changed_at timestamp with time zone not null,
  changed_by uuid,
  idle_minutes integer,
  constraint password_policy_age_days_check CHECK (((30 <= ALL (age_days)) AND (730 >= ALL (age_days)))),
  constraint password_policy_check CHECK ((cardinality(age_days) = cardinality(age_since))),
  constraint password_policy_idle_minutes_check CHECK (((idle_minutes >= 15) AND (idle_minutes <= 720))),
  constraint password_policy_min_length_check CHECK (((min_length >= 9) AND (min_length <= 64))),
  constraint password_policy_preset_check CHECK ((preset = ANY (ARRAY['none'::text, 'classic'::text, 'nist'::text, 'custom'::text]))),
  constraint password_policy_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 400))),
  constraint password_policy_reuse_days_check CHECK (((reuse_days >= 1) AND (reuse_days <= 730))),
  constraint password_policy_changed_by_fkey FOREIGN KEY (changed_by) REFERENCES account(id),
  constraint password_policy_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(id) ON DELETE CASCADE,
  constraint password_policy_pkey PRIMARY KEY (organisation_id)
);
grant delete, insert, select, update on table password_policy to sallyport_runtime;

create table password_reset (
  id uuid not null,
  account_id uuid not null,
  asked_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  constraint password_reset_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id) ON DELETE CASCADE,
  constraint password_reset_pkey PRIMARY KEY (id)
);
CREATE INDEX password_reset_account_idx ON public.password_reset USING btree (account_id);
grant delete, insert, select, update on table password_reset to sallyport_runtime;

create table permission (
  key text not null,
  description text not null,
  constraint permission_description_check CHECK ((length(description) <= 400)),
  constraint permission_key_check CHECK ((key ~ '^[a-z][a-z0-9-]{0,39}:[a-z][a-z0-9-]{0,39}$'::text)),
  constraint permission_pkey PRIMARY KEY (key)
);
grant delete, insert, select, update on table permission to sallyport_runtime;

create table process (
  id uuid not null,
  started_at timestamp with time zone default clock_timestamp() not null,
  seen_at timestamp with time zone default clock_timestamp() not null,
  roles text[] not null,
  worker_ids text[] default '{}'::text[] not null,
  constraint process_roles_check CHECK ((roles <@ ARRAY['web'::text, 'worker'::text, 'sequencer'::text])),
  constraint process_pkey PRIMARY KEY (id)
);
grant delete, insert, select, update on table process to sallyport_runtime;

create table provision_consent (
  id uuid not null,
  account_id uuid not null,
  external_id text not null,
  key_id text not null,
  token_hash bytea not null,
  created_at timestamp with time zone default now() not null,
  ends_at timestamp with time zone not null,
  decided_at timestamp with time zone,
  is_given boolean,
  constraint provision_consent_check CHECK (((decided_at IS NULL) = (is_given IS NULL))),
  constraint provision_consent_external_id_check CHECK (((length(external_id) >= 1) AND (length(external_id) <= 200))),
  constraint provision_consent_token_hash_check CHECK ((length(token_hash) = 32)),
  constraint provision_consent_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id) ON DELETE CASCADE,
  constraint provision_consent_key_id_fkey FOREIGN KEY (key_id) REFERENCES operator_key(id),
  constraint provision_consent_pkey PRIMARY KEY (id),
  constraint provision_consent_account_external_key UNIQUE (account_id, external_id),
  constraint provision_consent_token_hash_key UNIQUE (token_hash)
);
grant delete, insert, select, update on table provision_consent to sallyport_runtime;

create table recovery_code (
  account_id uuid not null,
  mac bytea not null,
  mac_key_id text not null,
  used_at timestamp with time zone,
  constraint recovery_code_mac_check CHECK ((length(mac) = 32)),
  constraint recovery_code_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id) ON DELETE CASCADE,
  constraint recovery_code_pkey PRIMARY KEY (account_id, mac)
);
grant delete, insert, select, update on table recovery_code to sallyport_runtime;

create table reported_entry (
  key_id text not null,
  reported_id text not null,
  request_hash bytea not null,
  entry_id text not null,
  created_at timestamp with time zone default now() not null,
  constraint reported_entry_reported_id_check CHECK (((length(reported_id) >= 1) AND (length(reported_id) <= 200))),
  constraint reported_entry_request_hash_check CHECK ((length(request_hash) = 32)),
  constraint reported_entry_key_id_fkey FOREIGN KEY (key_id) REFERENCES operator_key(id),
  constraint reported_entry_pkey PRIMARY KEY (key_id, reported_id)
);
grant insert, select on table reported_entry to sallyport_runtime;

create table retention_policy (
  organisation_id uuid not null,
  routine_days integer not null,
  important_days integer not null,
  address_days integer not null,
  next_routine_days integer,
  next_important_days integer,
  next_address_days integer,
  asked_at timestamp with time zone,
  asked_by uuid,
  next_at timestamp with time zone,
  constraint retention_policy_address_days_check CHECK (((address_days >= 90) AND (address_days <= 3650))),
  constraint retention_policy_check CHECK ((next_at >= (asked_at + '14 days'::interval))),
  constraint retention_policy_check1 CHECK ((((next_at IS NULL) = (asked_at IS NULL)) AND ((next_at IS NULL) = (next_routine_days IS NULL)) AND ((next_at IS NULL) = (next_important_days IS NULL)) AND ((next_at IS NULL) = (next_address_days IS NULL)))),
  constraint retention_policy_important_days_check CHECK (((important_days >= 90) AND (important_days <= 3650))),
  constraint retention_policy_next_address_days_check CHECK (((next_address_days >= 90) AND (next_address_days <= 3650))),
  constraint retention_policy_next_important_days_check CHECK (((next_important_days >= 90) AND (next_important_days <= 3650))),
  constraint retention_policy_next_routine_days_check CHECK (((next_routine_days >= 30) AND (next_routine_days <= 3650))),
  constraint retention_policy_routine_days_check CHECK (((routine_days >= 30) AND (routine_days <= 3650))),
  constraint retention_policy_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisation(id) ON DELETE CASCADE,
  constraint retention_policy_pkey PRIMARY KEY (organisation_id)
);
grant delete, insert, select, update on table retention_policy to sallyport_runtime;

create table retired_password (
  account_id uuid not null,
  replaced_at timestamp with time zone not null,
  password_hash text not null,
  used_since timestamp with time zone not null,
  constraint retired_password_check CHECK ((used_since <= replaced_at)),
  constraint retired_password_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id) ON DELETE CASCADE,
  constraint retired_password_pkey PRIMARY KEY (account_id, replaced_at)
);
grant delete, insert, select, update on table retired_password to sallyport_runtime;

create table role (
  app_id uuid not null,
  name text not null,
  description text default ''::text not null,
  permissions text[] not null,
  created_at timestamp with time zone default now() not null,
  constraint role_description_check CHECK ((length(description) <= 400)),
  constraint role_name_check CHECK (((name ~ '^[a-z][a-z0-9-]{0,39}$'::text) AND (name <> ALL (ARRAY['owner'::text, 'officer'::text, 'reporter'::text, 'exporter'::text, 'editor'::text, 'sender'::text, 'admin'::text, 'gateway'::text])))),
  constraint role_permissions_check CHECK (((cardinality(permissions) >= 1) AND (cardinality(permissions) <= 200))),
  constraint role_app_id_fkey FOREIGN KEY (app_id) REFERENCES app(id) ON DELETE CASCADE,
  constraint role_pkey PRIMARY KEY (app_id, name)
);
grant delete, insert, select, update on table role to sallyport_runtime;

create table routine_index (
  subject uuid not null,
  last_at timestamp with time zone not null,
  first_at timestamp with time zone not null,
  writer integer not null,
  first_number bigint not null,
  numbers integer[] not null,
  times integer[] not null,
  constraint routine_index_check CHECK (((first_at >= (last_at - '01:00:00'::interval)) AND (first_at <= last_at))),
  constraint routine_index_check1 CHECK ((cardinality(times) = cardinality(numbers)))
);
CREATE INDEX routine_index_subject_idx ON public.routine_index USING btree (subject, last_at, writer, first_number);
grant insert, select on table routine_index to sallyport_runtime;

create table saved_filter (
  id uuid not null,
  account_id uuid not null,
  name text not null,
  query text not null,
  created_at timestamp with time zone not null,
  constraint saved_filter_name_check CHECK (((length(name) >= 1) AND (length(name) <= 80))),
  constraint saved_filter_query_check CHECK ((length(query) <= 2000)),
  constraint saved_filter_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id) ON DELETE CASCADE,
  constraint saved_filter_pkey PRIMARY KEY (id),
  constraint saved_filter_account_id_name_key UNIQUE (account_id, name)
);
grant delete, insert, select, update on table saved_filter to sallyport_runtime;

create table sequence_gap (
  writer integer not null,
  number bigint not null,
  seen_at timestamp with time zone default clock_timestamp() not null,
  constraint sequence_gap_pkey PRIMARY KEY (writer, number)
);
grant select on table sequence_gap to sallyport_runtime;

create table service_account (
  account_id uuid not null,
  app_id uuid not null,
  created_by uuid,
  deleted_at timestamp with time zone,
  constraint service_account_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id),
  constraint service_account_app_id_fkey FOREIGN KEY (app_id) REFERENCES app(id),
  constraint service_account_created_by_fkey FOREIGN KEY (created_by) REFERENCES account(id),
  constraint service_account_pkey PRIMARY KEY (account_id)
);
CREATE INDEX service_account_app_idx ON public.service_account USING btree (app_id);
grant delete, insert, select, update on table service_account to sallyport_runtime;

create table session (
  id uuid not null,
  account_id uuid not null,
  token_hash bytea not null,
  level text not null,
  wrong_codes integer default 0 not null,
  stepped_up_at timestamp with time zone,
  user_agent text not null,
  address inet,
  created_at timestamp with time zone default now() not null,
  last_seen_at timestamp with time zone default now() not null,
  ends_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  end_reason text,
  constraint session_check CHECK (((ended_at IS NULL) = (end_reason IS NULL))),
  constraint session_end_reason_check CHECK ((end_reason = ANY (ARRAY['signed-out'::text, 'not-me'::text, 'wrong-codes'::text, 'password-changed'::text, 'factor-lost'::text, 'account-disabled'::text, 'replaced'::text, 'removed'::text, 'idle'::text]))) NOT VALID,
  constraint session_level_check CHECK ((level = ANY (ARRAY['needs-enrolment'::text, 'needs-second-factor'::text, 'needs-new-password'::text, 'full'::text]))),
  constraint session_token_hash_check CHECK ((length(token_hash) = 32)),
  constraint session_user_agent_check CHECK ((length(user_agent) <= 400)),
  constraint session_wrong_codes_check CHECK (((wrong_codes >= 0) AND (wrong_codes <= 5))),
  constraint session_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id) ON DELETE CASCADE,
  constraint session_pkey PRIMARY KEY (id),
  constraint session_token_hash_key UNIQUE (token_hash)
);
CREATE INDEX session_account_live_idx ON public.session USING btree (account_id, last_seen_at DESC) WHERE (ended_at IS NULL);
grant delete, insert, select, update on table session to sallyport_runtime;

create table session_rules (
  account_id uuid not null,
  mode text not null,
  entries jsonb not null,
  reverts_at timestamp with time zone,
  reverts_to jsonb,
  held_off_until timestamp with time zone,
  changed_at timestamp with time zone not null,
  constraint session_rules_check CHECK (((reverts_at IS NULL) = (reverts_to IS NULL))),
  constraint session_rules_check1 CHECK (((mode <> 'enforce'::text) OR (jsonb_array_length(entries) > 0))),
  constraint session_rules_entries_check CHECK ((jsonb_typeof(entries) = 'array'::text)),
  constraint session_rules_mode_check CHECK ((mode = ANY (ARRAY['off'::text, 'enforce'::text]))),
  constraint session_rules_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id) ON DELETE CASCADE,
  constraint session_rules_pkey PRIMARY KEY (account_id)
);
grant delete, insert, select, update on table session_rules to sallyport_runtime;

create table sign_in_notice (
  token_hash bytea not null,
  account_id uuid not null,
  user_agent text not null,
  address inet,
  signed_in_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  constraint sign_in_notice_token_hash_check CHECK ((length(token_hash) = 32)),
  constraint sign_in_notice_user_agent_check CHECK ((length(user_agent) <= 400)),
  constraint sign_in_notice_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id) ON DELETE CASCADE,
  constraint sign_in_notice_pkey PRIMARY KEY (token_hash)
);
CREATE INDEX sign_in_notice_account_idx ON public.sign_in_notice USING btree (account_id, signed_in_at DESC);
grant delete, insert, select, update on table sign_in_notice to sallyport_runtime;

create table sign_up (
  id uuid not null,
  email text not null,
  email_key text not null,
  display_name text not null,
  password_hash text not null,
  token_hash bytea not null,
  browser_hash bytea not null,
  created_at timestamp with time zone default now() not null,
  ends_at timestamp with time zone not null,
  language text default 'en'::text not null,
  time_zone text,
  constraint sign_up_browser_hash_check CHECK ((length(browser_hash) = 32)),
  constraint sign_up_language_check CHECK ((language ~ '^[a-z]{2,3}$'::text)),
  constraint sign_up_time_zone_check CHECK (((length(time_zone) >= 1) AND (length(time_zone) <= 64))),
  constraint sign_up_token_hash_check CHECK ((length(token_hash) = 32)),
  constraint sign_up_pkey PRIMARY KEY (id),
  constraint sign_up_token_hash_key UNIQUE (token_hash)
);
CREATE INDEX sign_up_email_key_idx ON public.sign_up USING btree (email_key);
grant delete, insert, select, update on table sign_up to sallyport_runtime;

create table stranger_report (
  id uuid not null,
  account_id uuid not null,
  user_agent text not null,
  address inet,
  signed_in_at timestamp with time zone not null,
  reported_at timestamp with time zone not null,
  ended_sessions integer not null,
  closed_at timestamp with time zone,
  closed_by uuid,
  constraint stranger_report_check CHECK (((closed_at IS NULL) = (closed_by IS NULL))),
  constraint stranger_report_ended_sessions_check CHECK ((ended_sessions >= 0)),
  constraint stranger_report_user_agent_check CHECK ((length(user_agent) <= 400)),
  constraint stranger_report_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id) ON DELETE CASCADE,
  constraint stranger_report_closed_by_fkey FOREIGN KEY (closed_by) REFERENCES account(id),
  constraint stranger_report_pkey PRIMARY KEY (id)
);
CREATE INDEX stranger_report_listed_idx ON public.stranger_report USING btree (((closed_at IS NULL)) DESC, reported_at DESC, id);
grant delete, insert, select, update on table stranger_report to sallyport_runtime;

create table support_consent (
  id uuid not null,
  app_id uuid not null,
  given_by uuid not null,
  reason text not null,
  created_at timestamp with time zone default now() not null,
  ends_at timestamp with time zone not null,
  withdrawn_at timestamp with time zone,
  constraint support_consent_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 400))),
  constraint support_consent_app_id_fkey FOREIGN KEY (app_id) REFERENCES app(id) ON DELETE CASCADE,
  constraint support_consent_given_by_fkey FOREIGN KEY (given_by) REFERENCES account(id),
  constraint support_consent_pkey PRIMARY KEY (id)
);
CREATE INDEX support_consent_app_idx ON public.support_consent USING btree (app_id, ends_at DESC);
CREATE INDEX support_consent_created_idx ON public.support_consent USING btree (created_at DESC, id);
grant delete, insert, select, update on table support_consent to sallyport_runtime;

create table support_request (
  id uuid not null,
  app_id uuid not null,
  asked_by uuid not null,
  reason text not null,
  hours integer not null,
  created_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  answered_at timestamp with time zone,
  consent_id uuid,
  constraint support_request_check CHECK (((consent_id IS NULL) OR (answered_at IS NOT NULL))),
  constraint support_request_hours_check CHECK (((hours >= 1) AND (hours <= 168))),
  constraint support_request_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 400))),
  constraint support_request_app_id_fkey FOREIGN KEY (app_id) REFERENCES app(id) ON DELETE CASCADE,
  constraint support_request_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES account(id),
  constraint support_request_consent_id_fkey FOREIGN KEY (consent_id) REFERENCES support_consent(id) ON DELETE CASCADE,
  constraint support_request_pkey PRIMARY KEY (id)
);
CREATE INDEX support_request_created_idx ON public.support_request USING btree (created_at DESC, id);
CREATE INDEX support_request_open_idx ON public.support_request USING btree (app_id, ends_at) WHERE (answered_at IS NULL);
grant delete, insert, select, update on table support_request to sallyport_runtime;

create table throttle (
  key bytea not null,
  count integer not null,
  ends_at timestamp with time zone not null,
  constraint throttle_count_check CHECK ((count > 0)),
  constraint throttle_key_check CHECK ((length(key) = 32)),
  constraint throttle_pkey PRIMARY KEY (key)
);
CREATE INDEX throttle_ends_at_idx ON public.throttle USING btree (ends_at);
grant delete, insert, select, update on table throttle to sallyport_runtime;

create table totp_factor (
  id uuid not null,
  account_id uuid not null,
  state text not null,
  sealed_secret bytea not null,
  last_step bigint default 0 not null,
  created_at timestamp with time zone default now() not null,
  confirmed_at timestamp with time zone,
  last_used_at timestamp with time zone,
  constraint totp_factor_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'live'::text]))),
  constraint totp_factor_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id) ON DELETE CASCADE,
  constraint totp_factor_pkey PRIMARY KEY (id),
  constraint totp_factor_account_state_key UNIQUE (account_id, state)
);
grant delete, insert, select, update on table totp_factor to sallyport_runtime;

create table version_slot (
  slot integer not null,
  version bigint not null,
  constraint version_slot_slot_check CHECK (((slot >= 0) AND (slot <= 2048))),
  constraint version_slot_pkey PRIMARY KEY (slot)
) with (fillfactor=50);
grant select, update on table version_slot to sallyport_runtime;

CREATE OR REPLACE FUNCTION public.enqueue_job(name text, payload json, job_key text, max_attempts integer, run_at timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
begin
  perform graphile_worker.add_job(name, payload := payload, job_key := job_key,
    max_attempts := max_attempts, run_at := run_at);
end
$function$
;
grant execute on function enqueue_job(text,json,text,integer,timestamp with time zone) to sallyport_runtime;

CREATE OR REPLACE FUNCTION public.retry_failed_job(failed_job bigint)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
begin
  perform from graphile_worker._private_jobs
    where id = failed_job and locked_at is null and attempts >= max_attempts
    for update;
  if not found then return false; end if;
  perform graphile_worker.reschedule_jobs(array[failed_job], run_at := now(), attempts := 0);
  return true;
end
$function$
;
grant execute on function retry_failed_job(bigint) to sallyport_runtime;
