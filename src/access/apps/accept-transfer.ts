import type { App, TransferAcceptance } from "../../contract/access/apps.ts";
import type { Context } from "../../context.ts";
import { findPerson } from "../../identity/accounts/account-queries.ts";
import { requireEmail } from "../../identity/accounts/email-address.ts";
import { requireStepUp } from "../../identity/sessions/require-step-up.ts";
import { hashToken } from "../../platform/crypto/tokens.ts";
import type { Tx } from "../../platform/db/db.ts";
import { accountSlot, organisationSlot } from "../../platform/db/version-slots.ts";
import { ProblemError } from "../../problem-error.ts";
import { organisationMeant } from "../organisations/only-owned.ts";
import { requireMembership } from "../organisations/require-membership.ts";
import { callerOf, findAccess, type AppAccess } from "../sharing/app-access.ts";
import { changeAsCaller } from "../sharing/change-as-caller.ts";
import { handOver } from "./move-app.ts";
import { toApp } from "./read-apps.ts";
import { alreadyThere } from "./transfer-app.ts";
import { consumeTransfer, findTransferByToken } from "./transfer-queries.ts";

/**
 * Accepts an offered app for an organisation that the caller owns: the one named, else the only one.
 * Whoever offered it must still own it. The link works once, for the address it was sent to.
 *
 * @throws {ProblemError} `step-up-required`, `dead-link`, `wrong-account`, `invalid-request` at
 *   /organisationId, `not-found`, `forbidden`, `limit-reached`.
 */
export async function acceptTransfer(
  ctx: Context,
  { token, organisationId }: TransferAcceptance,
): Promise<App> {
  requireStepUp(ctx);
  const tokenHash = hashToken(token);
  const offer = await findTransferByToken(ctx.db, { tokenHash, now: ctx.now() });
  if (offer === undefined) throw deadOffer();
  ctx.notes.appId = offer.app_id;
  const caller = await findPerson(ctx.db, callerOf(ctx));
  if (requireEmail(caller.email).emailKey !== offer.email_key)
    throw new ProblemError("wrong-account", {
      detail: { code: "offer-for-another" },
    });
  const meant = await organisationMeant(ctx, organisationId);
  await requireMembership(ctx.db, ctx, meant, "owner");
  const from = offer.organisation_id;
  return await changeAsCaller(
    ctx,
    {
      touches: [organisationSlot(from), organisationSlot(meant)],
      relies: [accountSlot(offer.requested_by)],
    },
    async (tx) => {
      const to = await requireMembership(tx, ctx, meant, "owner");
      const { app } = await spend(tx, ctx, { tokenHash, from });
      if (app.organisationId === to.id) throw alreadyThere();
      await handOver(tx, ctx, { app, to });
      return toApp({
        ...(await accessOf(tx, ctx, { appId: app.id, accountId: caller.id })).row,
        organisation_id: to.id,
        organisation_name: to.name,
      });
    },
  );
}

/** The offer, used up. It is dead when its sender may not make it any more, or the app moved meanwhile. */
async function spend(
  tx: Tx,
  ctx: Context,
  { tokenHash, from }: { tokenHash: Buffer; from: string },
): Promise<AppAccess> {
  const offer = await consumeTransfer(tx, { tokenHash, now: ctx.now() });
  if (offer === undefined) throw deadOffer();
  const sender = await accessOf(tx, ctx, { appId: offer.app_id, accountId: offer.requested_by });
  if (!sender.permissions.has("app:transfer") || sender.app.organisationId !== from)
    throw deadOffer();
  return sender;
}

async function accessOf(
  tx: Tx,
  ctx: Context,
  who: { appId: string; accountId: string },
): Promise<AppAccess> {
  const access = await findAccess(tx, { ...who, now: ctx.now() });
  if (access === undefined) throw deadOffer();
  return access;
}

/** Whether it never was, was used, replaced or has ended is not told. */
export const deadOffer = (): ProblemError =>
  new ProblemError("dead-link", {
    detail: { code: "offer-dead" },
  });
