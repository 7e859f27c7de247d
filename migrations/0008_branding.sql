-- 0008 branding: what the operator made of the panel and the mails. One row; an empty text is "not set".
--
-- Adds a table; runs beside an older release.

create table branding (
  only_row          boolean primary key default true check (only_row),
  -- Grows by one with every change: who changes names the one they saw.
  version           int not null default 0,
  name              text not null default '' check (length(name) <= 60),
  shows_maker       boolean not null default false,
  primary_color     text not null default '' check (primary_color ~ '^(#[0-9a-f]{6})?$'),
  logo              bytea check (length(logo) between 1 and 200000),
  logo_type         text check (logo_type in ('image/png', 'image/jpeg', 'image/webp')),
  -- The version that brought the logo: its address changes with it.
  logo_version      int,
  mail_from_name    text not null default '' check (length(mail_from_name) <= 60),
  mail_from_address text not null default '' check (length(mail_from_address) <= 254),
  mail_footer       text not null default '' check (length(mail_footer) <= 1000),
  support_url       text not null default '' check (length(support_url) <= 500),
  support_email     text not null default '' check (length(support_email) <= 254),
  terms_url         text not null default '' check (length(terms_url) <= 500),
  privacy_url       text not null default '' check (length(privacy_url) <= 500),
  imprint_url       text not null default '' check (length(imprint_url) <= 500),
  changed_at        timestamptz,
  check ((logo is null) = (logo_type is null) and (logo is null) = (logo_version is null))
);
insert into branding default values;
