import type { TransferPreview } from "../../contract/access/apps.ts";
import type { Context } from "../../context.ts";
import { findDisplayName } from "../../identity/accounts/account-queries.ts";
import { hashToken } from "../../platform/crypto/tokens.ts";
import { findAccess } from "../sharing/app-access.ts";
import { deadOffer } from "./accept-transfer.ts";
import { findTransferByToken } from "./transfer-queries.ts";

/**
 * What an offer is about, for whoever holds its link. Changes nothing. An offer that its sender may not
 * make any more is as dead here as when it is accepted.
 *
 * @throws {ProblemError} `dead-link`
 */
export async function previewTransfer(
  ctx: Context,
  { token }: { token: string },
): Promise<TransferPreview> {
  const now = ctx.now();
  const offer = await findTransferByToken(ctx.db, { tokenHash: hashToken(token), now });
  if (offer === undefined) throw deadOffer();
  ctx.notes.appId = offer.app_id;
  const sender = await findAccess(ctx.db, {
    appId: offer.app_id,
    accountId: offer.requested_by,
    now,
  });
  if (sender?.permissions.has("app:transfer") !== true) throw deadOffer();
  const { app } = sender;
  return {
    email: offer.email,
    app: { id: app.id, name: app.name },
    organisation: { id: app.organisationId, name: app.organisationName },
    offeredBy: await findDisplayName(ctx.db, offer.requested_by),
    endsAt: offer.ends_at.toISOString(),
  };
}
