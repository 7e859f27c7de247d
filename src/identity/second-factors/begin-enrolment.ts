import type { EnrolmentReply } from "../../contract/identity/second-factors.ts";
import type { Context } from "../../context.ts";
import { readBranding } from "../../platform/branding/branding-queries.ts";
import { seal } from "../../platform/crypto/seal.ts";
import { uuidv7 } from "../../platform/crypto/uuid.ts";
import { accountSlot } from "../../platform/db/version-slots.ts";
import { change, record } from "../../record/entries/change.ts";
import { accountTarget, findPerson } from "../accounts/account-queries.ts";
import { sessionOf } from "../sessions/open-session.ts";
import { requireStepUp } from "../sessions/require-step-up.ts";
import { requireStillLive } from "../sessions/require-still-live.ts";
import { findTotp, replacePendingTotp } from "./factor-queries.ts";
import { lockFactors } from "./factor-throttle.ts";
import { issuerOf } from "./issuer-of.ts";
import { newTotpSecret, otpauthUrl, qrSvg } from "./totp.ts";
import { totpSeal } from "./try-code.ts";

/**
 * Makes a new secret, which waits for its first code; a live one works until then.
 *
 * @throws {ProblemError} `step-up-required` in a full session.
 */
export async function beginEnrolment(ctx: Context): Promise<EnrolmentReply> {
  const { accountId, level } = sessionOf(ctx);
  if (level === "full") requireStepUp(ctx);
  const secret = newTotpSecret();
  const now = ctx.now();
  return await change(ctx, { relies: [accountSlot(accountId)] }, async (tx) => {
    await lockFactors(tx, accountId);
    await requireStillLive(tx, ctx);
    const isReplacement = (await findTotp(tx, accountId, "live")) !== undefined;
    await replacePendingTotp(tx, {
      id: uuidv7(now.getTime()),
      accountId,
      sealedSecret: seal(ctx.keyRing, totpSeal(accountId), secret),
      now,
    });
    const { email } = await findPerson(tx, accountId);
    await record(tx, ctx, {
      action: "factor.enrolment-begun",
      targets: [accountTarget(accountId)],
      change: { after: { factor: "totp", isReplacement } },
    });
    const url = otpauthUrl({
      secret,
      issuer: issuerOf(ctx, await readBranding(tx)),
      account: email,
    });
    return { secret, otpauthUrl: url, qrSvg: qrSvg(url) };
  });
}
