import {
  MAX_PASSKEYS,
  type AddPasskeyRequest,
  type Passkey,
} from "../../contract/identity/passkeys.ts";
import type { Context } from "../../context.ts";
import { uuidv7 } from "../../platform/crypto/uuid.ts";
import { accountSlot } from "../../platform/db/version-slots.ts";
import { ProblemError } from "../../problem-error.ts";
import { change, record } from "../../record/entries/change.ts";
import { accountTarget } from "../accounts/account-queries.ts";
import { lockFactors } from "../second-factors/factor-throttle.ts";
import { sessionOf } from "../sessions/open-session.ts";
import { requireStepUp } from "../sessions/require-step-up.ts";
import { requireStillLive } from "../sessions/require-still-live.ts";
import { spendChallenge } from "./challenge.ts";
import { mailPasskeyAdded } from "./passkey-mails.ts";
import { countPasskeys, insertPasskey } from "./passkey-queries.ts";
import { passkeyTarget } from "./passkey-target.ts";
import { verifyRegistration } from "./verify-passkey.ts";

/**
 * Adds what the authenticator made: it signs its holder in from now on.
 *
 * @throws {ProblemError} `step-up-required`; `wrong-passkey` when it is not what was asked for, or the same
 *   answer was given before; `conflict` when it is known already, or there are enough.
 */
export async function addPasskey(
  ctx: Context,
  { name: given, registration }: AddPasskeyRequest,
): Promise<Passkey> {
  requireStepUp(ctx);
  const { accountId, sessionId } = sessionOf(ctx);
  const made = await verifyRegistration(ctx, registration, { purpose: "add", sessionId });
  if (made === null) throw new ProblemError("wrong-passkey");
  const name = given.trim();
  const now = ctx.now();
  const id = uuidv7(now.getTime());
  const transports = [...new Set(registration.response.transports)];
  return await change(ctx, { relies: [accountSlot(accountId)] }, async (tx) => {
    await lockFactors(tx, accountId);
    await requireStillLive(tx, ctx);
    if (!(await spendChallenge(tx, made.challenge))) throw new ProblemError("wrong-passkey");
    if ((await countPasskeys(tx, accountId)) >= MAX_PASSKEYS)
      throw new ProblemError("conflict", {
        detail: { code: "too-many-passkeys", params: { count: MAX_PASSKEYS } },
      });
    if (!(await insertPasskey(tx, { ...made.passkey, id, accountId, transports, name, now })))
      throw new ProblemError("conflict", { detail: { code: "passkey-known" } });
    await mailPasskeyAdded(tx, ctx, { accountId, passkey: name });
    await record(tx, ctx, {
      action: "passkey.added",
      targets: [accountTarget(accountId), passkeyTarget(accountId, id)],
      change: { after: { name, isSynced: made.passkey.isBackedUp } },
    });
    return {
      id,
      name,
      createdAt: now.toISOString(),
      lastUsedAt: null,
      isSynced: made.passkey.isBackedUp,
      cloneNoticedAt: null,
    };
  });
}
