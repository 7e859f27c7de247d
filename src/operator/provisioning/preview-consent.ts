import type { ConsentPreview } from "../../contract/operator/provisioning.ts";
import type { Context } from "../../context.ts";
import { hashToken } from "../../platform/crypto/tokens.ts";
import { ProblemError } from "../../problem-error.ts";

/** What a product asks, for whoever holds the link. Changes nothing. @throws {ProblemError} `dead-link` */
export async function previewConsent(
  ctx: Context,
  { token }: { token: string },
): Promise<ConsentPreview> {
  const asked = await ctx.db
    .selectFrom("provision_consent")
    .innerJoin("account", "account.id", "provision_consent.account_id")
    .innerJoin("operator_key", "operator_key.id", "provision_consent.key_id")
    .select([
      "account.email",
      "operator_key.name as product",
      "provision_consent.external_id",
      "provision_consent.ends_at",
    ])
    .where("provision_consent.token_hash", "=", hashToken(token))
    .where("provision_consent.ends_at", ">", ctx.now())
    .where("provision_consent.decided_at", "is", null)
    .executeTakeFirst();
  if (asked === undefined || asked.email === null) throw new ProblemError("dead-link");
  return {
    email: asked.email,
    product: asked.product,
    externalId: asked.external_id,
    endsAt: asked.ends_at.toISOString(),
  };
}
