import type { Context } from "../../context.ts";
import { uuidv7 } from "../../platform/crypto/uuid.ts";
import { mailLinkToHolder } from "../mail-links/mail-link-to-holder.ts";
import { insertReset } from "./reset-queries.ts";

/** How long a link to a new password works. */
const RESET_MINUTES = 60;

/**
 * Mails a link to choose another password to every address of the account that signs in with this one. The answer
 * is the same for every address, known or not (T28).
 *
 * @throws {ProblemError} `invalid-request` at /email; `too-many-requests`.
 */
export async function askReset(
  ctx: Context,
  email: string,
  acceptLanguage: string | undefined,
): Promise<void> {
  const now = ctx.now();
  const endsAt = new Date(now.getTime() + RESET_MINUTES * 60_000);
  const id = uuidv7(now.getTime());
  await mailLinkToHolder(ctx, {
    email,
    acceptLanguage,
    action: "account.password-reset-asked",
    link: { purpose: "new-password", endsAt },
    mail: {
      kind: "new-password",
      values: { minutes: RESET_MINUTES },
      lines: ["what", "link", "factor"],
    },
    async subjectOf(tx, accountId) {
      if (accountId !== null) await insertReset(tx, { id, accountId, now, endsAt });
      return id;
    },
  });
}
