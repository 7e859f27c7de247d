import type { ConsentDecision } from "../../contract/operator/provisioning.ts";
import type { Context } from "../../context.ts";
import { accountTarget } from "../../identity/accounts/account-queries.ts";
import { sessionOf } from "../../identity/sessions/open-session.ts";
import { requireStepUp } from "../../identity/sessions/require-step-up.ts";
import { requireStillLive } from "../../identity/sessions/require-still-live.ts";
import { hashToken } from "../../platform/crypto/tokens.ts";
import { accountSlot } from "../../platform/db/version-slots.ts";
import { ProblemError } from "../../problem-error.ts";
import { change, record } from "../../record/entries/change.ts";
import { CONSENT_VALID_DAYS } from "./ask-for-consent.ts";

/**
 * The holder's answer to the operator's product. Given, the product's next call ties the account.
 *
 * @throws {ProblemError} `step-up-required`; `dead-link` when the link was used, replaced or has ended;
 *   `forbidden`, which spends nothing, when another account was asked.
 */
export async function decideConsent(ctx: Context, { token, give }: ConsentDecision): Promise<void> {
  requireStepUp(ctx);
  const { accountId } = sessionOf(ctx);
  await change(ctx, { relies: [accountSlot(accountId)] }, async (tx) => {
    const now = ctx.now();
    await requireStillLive(tx, ctx);
    const asked = await tx
      .selectFrom("provision_consent")
      .select(["id", "account_id", "external_id", "ends_at"])
      .where("token_hash", "=", hashToken(token))
      .where("ends_at", ">", now)
      .where("decided_at", "is", null)
      .forUpdate()
      .executeTakeFirst();
    if (asked === undefined) throw new ProblemError("dead-link");
    if (asked.account_id !== accountId)
      throw new ProblemError("forbidden", {
        detail: { code: "another-account-asked" },
      });
    const validUntil = new Date(now.getTime() + CONSENT_VALID_DAYS * 86_400_000);
    await tx
      .updateTable("provision_consent")
      .set({ decided_at: now, is_given: give, ends_at: give ? validUntil : asked.ends_at })
      .where("id", "=", asked.id)
      .execute();
    await record(tx, ctx, {
      action: give ? "provision.consent-given" : "provision.consent-refused",
      targets: [accountTarget(accountId)],
      change: { after: { externalId: asked.external_id } },
    });
  });
}
