import type { Context, Principal } from "../../context.ts";
import { hashToken } from "../../platform/crypto/tokens.ts";
import { isPasswordDue } from "../passwords/password-due.ts";
import { isIdle } from "./idle-limit.ts";
import { endIdle, findLiveSession, touchSession, type LiveSession } from "./session-queries.ts";

/** "Last seen" is to the minute: a write at each request would cost more than the request. */
const SEEN_EVERY_MS = 60_000;
/** `newToken` makes 43 characters; a longer cookie is not looked up. */
const MAX_TOKEN_CHARACTERS = 100;

/**
 * Who a session cookie is, read from the primary at each request: an ended session is nobody at once, and one
 * whose account's password has ended can choose another and nothing else. One that has rested for too long ends by
 * being asked for: a rule that is relaxed later does not bring it back.
 */
export async function resolveSession(token: string, ctx: Context): Promise<Principal | null> {
  if (token.length > MAX_TOKEN_CHARACTERS) return null;
  const row = await findLiveSession(ctx.db, { tokenHash: hashToken(token), now: ctx.now() });
  if (row === undefined) return null;
  const accountId = row.account_id;
  if (row.level === "full" && (await isIdle(ctx.db, ctx, { accountId, ...row }))) {
    await endIdle(ctx.db, { sessionId: row.id, lastSeenAt: row.last_seen_at, now: ctx.now() });
    return null;
  }
  const { address } = ctx.origin;
  const isOutside =
    row.has_rules &&
    !(await ctx.ports.sessionMayCome(ctx.db, { accountId, address, now: ctx.now() }));
  if (!isOutside) noteSeen(ctx, row);
  const isDue = row.level === "full" && (await isPasswordDue(ctx.db, ctx, { accountId, ...row }));
  return {
    kind: "session",
    accountId,
    sessionId: row.id,
    level: isDue ? "needs-new-password" : row.level,
    steppedUpAt: row.stepped_up_at,
    isOperator: row.is_operator,
    ...(isOutside && { isOutside }),
  };
}

/** Beside the request, which waits for nothing here and does not fail by it. */
function noteSeen(ctx: Context, { id, last_seen_at }: LiveSession): void {
  const now = ctx.now();
  const seenBefore = new Date(now.getTime() - SEEN_EVERY_MS);
  if (last_seen_at > seenBefore) return;
  touchSession(ctx.db, { sessionId: id, address: ctx.origin.address, now, seenBefore }).catch(
    (error: unknown) => ctx.log.warn({ err: error }, "a session's last use was not noted"),
  );
}
