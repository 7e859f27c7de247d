import { sql } from "kysely";
import type { BrandingFields } from "../../contract/platform/branding.ts";
import type { Tx } from "../../platform/db/db.ts";

/** False when somebody changed it since the version that was seen. */
export async function updateBranding(
  tx: Tx,
  given: {
    seen: number;
    fields: BrandingFields;
    /** undefined: as it was. */
    logo: { bytes: Buffer; type: string } | null | undefined;
    now: Date;
  },
): Promise<boolean> {
  const { fields, logo } = given;
  const updated = await tx
    .updateTable("branding")
    .set({
      version: sql`version + 1`,
      name: fields.name,
      shows_maker: fields.showsMaker,
      primary_color: fields.primaryColor,
      mail_from_name: fields.mailFromName,
      mail_from_address: fields.mailFromAddress,
      mail_footer: fields.mailFooter,
      support_url: fields.supportUrl,
      support_email: fields.supportEmail,
      terms_url: fields.termsUrl,
      privacy_url: fields.privacyUrl,
      imprint_url: fields.imprintUrl,
      changed_at: given.now,
      ...(logo !== undefined && {
        logo: logo?.bytes ?? null,
        logo_type: logo?.type ?? null,
        logo_version: logo === null ? null : given.seen + 1,
      }),
    })
    .where("version", "=", given.seen)
    .returning("version")
    .executeTakeFirst();
  return updated !== undefined;
}
