import type { Context } from "../../context.ts";
import { takeInWindow, type WindowCap } from "../../identity/throttling/window.ts";
import { hashToken, newToken } from "../../platform/crypto/tokens.ts";
import { uuidv7 } from "../../platform/crypto/uuid.ts";
import type { Tx } from "../../platform/db/db.ts";
import { tell } from "../../identity/accounts/tell.ts";
import { consentMail } from "./provision-mails.ts";
import type { Holder } from "./provision-queries.ts";

const DAY_MS = 86_400_000;
/** The link's life, and then, from its use on, the consent's, days. */
export const CONSENT_VALID_DAYS = 7;
/** Who refused is not asked again for so long, ms. */
const REFUSAL_HOLDS_MS = 30 * DAY_MS;
/** Whatever externalIds a product tries: so many mails a holder gets. */
const CONSENT_CAP: WindowCap = { name: "provision-consent", max: 5, windowMs: DAY_MS };

export type Asking = { holder: Holder; externalId: string; keyId: string };

/**
 * Mails the holder of an account, already locked, whether it may be tied to the product's externalId; at
 * most once a day. Nobody is asked who could not answer.
 */
export async function askForConsent(tx: Tx, ctx: Context, asking: Asking): Promise<void> {
  const { holder, externalId, keyId } = asking;
  const { email, isDisabled, isProven } = holder;
  if (email === null || isDisabled || !isProven || holder.externalId !== null) return;
  if (!(await isDue(tx, ctx, asking))) return;
  if (!(await takeInWindow(tx, ctx, CONSENT_CAP, holder.id))) return;
  const token = newToken();
  await writeQuestion(tx, ctx, { ...asking, token });
  const key = await tx
    .selectFrom("operator_key")
    .select("name")
    .where("id", "=", keyId)
    .executeTakeFirstOrThrow();
  const product = key.name;
  const mail = consentMail({ token, product, externalId, validDays: CONSENT_VALID_DAYS });
  await tell(tx, ctx, holder.id, mail);
}

async function isDue(tx: Tx, ctx: Context, { holder, externalId }: Asking): Promise<boolean> {
  const last = await tx
    .selectFrom("provision_consent")
    .select(["created_at", "decided_at", "is_given"])
    .where("account_id", "=", holder.id)
    .where("external_id", "=", externalId)
    .executeTakeFirst();
  if (last === undefined) return true;
  const nowMs = ctx.now().getTime();
  const refusedAt = last.is_given === false ? last.decided_at : null;
  if (refusedAt !== null && nowMs - refusedAt.getTime() < REFUSAL_HOLDS_MS) return false;
  return nowMs - last.created_at.getTime() >= DAY_MS;
}

async function writeQuestion(
  tx: Tx,
  ctx: Context,
  { holder, externalId, keyId, token }: Asking & { token: string },
): Promise<void> {
  const now = ctx.now();
  const question = {
    key_id: keyId,
    token_hash: hashToken(token),
    created_at: now,
    ends_at: new Date(now.getTime() + CONSENT_VALID_DAYS * DAY_MS),
    decided_at: null,
    is_given: null,
  };
  await tx
    .insertInto("provision_consent")
    .values({
      ...question,
      id: uuidv7(now.getTime()),
      account_id: holder.id,
      external_id: externalId,
    })
    .onConflict((conflict) =>
      conflict.constraint("provision_consent_account_external_key").doUpdateSet(question),
    )
    .execute();
}

/** Spends a consent that was given and has not ended. False: there is none. */
export async function spendConsent(
  tx: Tx,
  { accountId, externalId, now }: { accountId: string; externalId: string; now: Date },
): Promise<boolean> {
  const spent = await tx
    .deleteFrom("provision_consent")
    .where("account_id", "=", accountId)
    .where("external_id", "=", externalId)
    .where("is_given", "=", true)
    .where("ends_at", ">", now)
    .returning("id")
    .executeTakeFirst();
  return spent !== undefined;
}
