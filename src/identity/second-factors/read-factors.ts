import type { SecondFactors } from "../../contract/identity/second-factors.ts";
import type { Context } from "../../context.ts";
import { sessionOf } from "../sessions/open-session.ts";
import { countRecoveryCodes, readTotp } from "./factor-queries.ts";
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

/** With which factors a session that waits for one can be finished. */
export async function acceptedFactors(ctx: Context): Promise<("totp" | "recovery-code")[]> {
  const { accountId, level } = sessionOf(ctx);
  if (level !== "needs-second-factor") return [];
  const totp = await readTotp(ctx.db, accountId);
  const left = await countRecoveryCodes(ctx.db, accountId);
  return [
    ...(totp.some(({ state }) => state === "live") ? (["totp"] as const) : []),
    ...(left > 0 ? (["recovery-code"] as const) : []),
  ];
}
