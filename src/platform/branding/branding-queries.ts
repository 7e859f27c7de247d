import type { BrandingFields, LogoType } from "../../contract/platform/branding.ts";
import { logoTypes } from "../../contract/platform/branding.ts";
import type { Db } from "../db/db.ts";

export type StoredBranding = BrandingFields & {
  version: number;
  logo: { type: LogoType; version: number; sizeBytes: number } | null;
  changedAt: Date | null;
};

/** What the operator set; not the logo itself. In a transaction it is what that transaction sees. */
export async function readBranding(db: Db): Promise<StoredBranding> {
  const row = await db
    .selectFrom("branding")
    .select((of) => [
      "version",
      "name",
      "shows_maker",
      "primary_color",
      "logo_type",
      "logo_version",
      of.fn<number | null>("length", ["logo"]).as("logo_size"),
      "mail_from_name",
      "mail_from_address",
      "mail_footer",
      "support_url",
      "support_email",
      "terms_url",
      "privacy_url",
      "imprint_url",
      "changed_at",
    ])
    .executeTakeFirstOrThrow();
  return {
    version: row.version,
    name: row.name,
    showsMaker: row.shows_maker,
    primaryColor: row.primary_color,
    logo: toLogo(row),
    mailFromName: row.mail_from_name,
    mailFromAddress: row.mail_from_address,
    mailFooter: row.mail_footer,
    supportUrl: row.support_url,
    supportEmail: row.support_email,
    termsUrl: row.terms_url,
    privacyUrl: row.privacy_url,
    imprintUrl: row.imprint_url,
    changedAt: row.changed_at,
  };
}

function toLogo(row: {
  logo_type: string | null;
  logo_version: number | null;
  logo_size: number | null;
}): StoredBranding["logo"] {
  const type = logoTypes.find((known) => known === row.logo_type);
  if (type === undefined || row.logo_version === null || row.logo_size === null) return null;
  return { type, version: row.logo_version, sizeBytes: row.logo_size };
}

/** The logo's bytes, if it is still the one of this version. */
export async function readLogo(db: Db, version: number): Promise<Buffer | null> {
  const row = await db
    .selectFrom("branding")
    .select("logo")
    .where("logo_version", "=", version)
    .executeTakeFirst();
  return row?.logo ?? null;
}
