import type { App } from "../../contract/access/apps.ts";
import type { Context } from "../../context.ts";
import { requireEmail } from "../../identity/accounts/email-address.ts";
import { requireStepUp } from "../../identity/sessions/require-step-up.ts";
import { hashToken, newToken } from "../../platform/crypto/tokens.ts";
import { invalidField, ProblemError } from "../../problem-error.ts";
import { record } from "../../record/entries/change.ts";
import { requireMembership } from "../organisations/require-membership.ts";
import { actorName, tellOwners } from "../service-accounts/tell-owners.ts";
import { changeApp } from "../sharing/change-app.ts";
import { mailLink } from "../sharing/mail-link.ts";
import { handOver } from "./move-app.ts";
import { toApp } from "./read-apps.ts";
import { deleteTransfer, upsertTransfer } from "./transfer-queries.ts";

/** How long the receiver of an app has to say yes. */
const OFFER_VALID_MS = 7 * 24 * 3_600_000;

export type Offer = { email: string; createdAt: string; endsAt: string };

/**
 * Hands an app over, at once, to another organisation that the caller owns.
 *
 * @throws {ProblemError} `step-up-required`, `not-found` (app, or organisation), `forbidden`,
 *   `invalid-request` when the app is there already, `limit-reached`.
 */
export async function transferApp(
  ctx: Context,
  { appId, organisationId }: { appId: string; organisationId: string },
): Promise<App> {
  requireStepUp(ctx);
  await requireMembership(ctx.db, ctx, organisationId, "owner");
  return await changeApp(
    ctx,
    { appId, permission: "app:transfer", organisations: [organisationId] },
    async (tx, { app, row }) => {
      const to = await requireMembership(tx, ctx, organisationId, "owner");
      if (to.id === app.organisationId) throw alreadyThere();
      await handOver(tx, ctx, { app, to });
      return toApp({ ...row, organisation_id: to.id, organisation_name: to.name });
    },
  );
}

/**
 * Offers an app to whoever holds the address: nothing moves until they accept in a mail's link for an
 * organisation that they own. Whether the address has an account doesn't show. A new offer replaces the old.
 *
 * @throws {ProblemError} `step-up-required`, `not-found`, `forbidden`, `invalid-request` at /email,
 *   `too-many-requests`.
 */
export async function offerApp(
  ctx: Context,
  { appId, email: typed }: { appId: string; email: string },
): Promise<Offer> {
  requireStepUp(ctx);
  const address = requireEmail(typed);
  return await changeApp(
    ctx,
    { appId, permission: "app:transfer", locks: "relies" },
    async (tx, { app, accountId }) => {
      const token = newToken();
      const createdAt = ctx.now();
      const endsAt = new Date(createdAt.getTime() + OFFER_VALID_MS);
      await upsertTransfer(tx, {
        ...address,
        appId,
        requestedBy: accountId,
        tokenHash: hashToken(token),
        createdAt,
        endsAt,
      });
      await mailLink(tx, ctx, address, {
        kind: "app-offered",
        values: { app: app.name, organisation: app.organisationName, endsAt },
        lines: ["what", "link"],
        token,
      });
      await tellOwners(tx, ctx, app.organisationId, {
        kind: "app-offered-away",
        values: {
          app: app.name,
          organisation: app.organisationName,
          address: address.email,
          actor: await actorName(tx, ctx),
          endsAt,
        },
        lines: ["what", "until"],
      });
      await record(tx, ctx, {
        action: "app.transfer-offered",
        organisationId: app.organisationId,
        appId,
        targets: [{ type: "app", id: appId }],
        change: { after: { email: address.email, endsAt: endsAt.toISOString() } },
      });
      return {
        email: address.email,
        createdAt: createdAt.toISOString(),
        endsAt: endsAt.toISOString(),
      };
    },
  );
}

/** Takes an offer back; its link is dead. @throws {ProblemError} `step-up-required`, `not-found`, `forbidden` */
export async function cancelOffer(ctx: Context, { appId }: { appId: string }): Promise<void> {
  requireStepUp(ctx);
  await changeApp(
    ctx,
    { appId, permission: "app:transfer", locks: "relies" },
    async (tx, { app }) => {
      const offer = await deleteTransfer(tx, { appId });
      if (offer === undefined) throw new ProblemError("not-found");
      await record(tx, ctx, {
        action: "app.transfer-cancelled",
        organisationId: app.organisationId,
        appId,
        targets: [{ type: "app", id: appId }],
        change: { before: { email: offer.email } },
      });
    },
  );
}

export const alreadyThere = (): ProblemError =>
  invalidField("/organisationId", { code: "organisation-same" });
