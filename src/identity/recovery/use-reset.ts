import type { Context } from "../../context.ts";
import type { Tx } from "../../platform/db/db.ts";
import { sessionOf } from "../sessions/open-session.ts";
import { endSessions } from "../sessions/session-queries.ts";
import { closeReset, findOpenReset, isReady } from "./reset-queries.ts";

/** What came of a reset that was open when a new authenticator was confirmed. */
export type UsedReset = { resetId: string; removedPasskeys: number; endedSessions: number };

/**
 * A new authenticator was just confirmed, under the lock of the account's factors: no reset is open any more. One
 * that was ready, in a session that it brought to enrolment, was used: everything else that signs in as the account,
 * lost with the rest, goes.
 *
 * @returns null where none was used.
 */
export async function useReset(tx: Tx, ctx: Context): Promise<UsedReset | null> {
  const { accountId, sessionId, level } = sessionOf(ctx);
  const now = ctx.now();
  const reset = await findOpenReset(tx, { accountId, now });
  if (reset === undefined) return null;
  const isUsed = level === "needs-enrolment" && isReady(reset, now);
  await closeReset(tx, { id: reset.id, how: isUsed ? "used" : "needless", now });
  if (!isUsed) return null;
  const passkeys = await tx
    .deleteFrom("passkey")
    .where("account_id", "=", accountId)
    .returning("id")
    .execute();
  const others = { accountId, exceptSessionId: sessionId, reason: "factor-lost" as const, now };
  const endedSessions = await endSessions(tx, others);
  return { resetId: reset.id, removedPasskeys: passkeys.length, endedSessions };
}
