import type { SecondFactors } from "../../contract/identity/second-factors.ts";
import type { CurrentSession } from "../../contract/identity/sessions.ts";
import type { Context } from "../../context.ts";
import { sessionOf } from "../sessions/open-session.ts";
import { countRecoveryCodes, findTotp, hasPasskey, readTotp } from "./factor-queries.ts";
import { readPause } from "./factor-throttle.ts";

/** The state of the caller's second factors; never a secret. */
export async function readFactors(ctx: Context): Promise<SecondFactors> {
  const { accountId } = sessionOf(ctx);
  const totp = await readTotp(ctx.db, accountId);
  const live = totp.find(({ state }) => state === "live");
  const left = await countRecoveryCodes(ctx.db, accountId);
  const pausedUntil = await readPause(ctx.db, { accountId, now: ctx.now() });
  return {
    totp: {
      configured: live !== undefined,
      verifiedAt: live?.confirmed_at?.toISOString() ?? null,
      lastUsedAt: live?.last_used_at?.toISOString() ?? null,
      isReplacementPending: totp.some(({ state }) => state === "pending"),
    },
    recoveryCodes: { left },
    pausedUntil: pausedUntil?.toISOString() ?? null,
  };
}

/** With which factors a session that waits for one can be finished; a full one takes them to confirm that it's you. */
export async function acceptedFactors(ctx: Context): Promise<CurrentSession["session"]["accepts"]> {
  const { accountId, level } = sessionOf(ctx);
  if (level !== "needs-second-factor" && level !== "full") return [];
  const hasTotp = (await findTotp(ctx.db, accountId, "live")) !== undefined;
  const takesCodes = level !== "full" && (await countRecoveryCodes(ctx.db, accountId)) > 0;
  return [
    ...((await hasPasskey(ctx.db, accountId)) ? (["passkey"] as const) : []),
    ...(hasTotp ? (["totp"] as const) : []),
    ...(takesCodes ? (["recovery-code"] as const) : []),
  ];
}
