import type { Context } from "../../context.ts";
import type { Db } from "../../platform/db/db.ts";
import { ProblemError } from "../../problem-error.ts";
import { sessionOf } from "./open-session.ts";
import { isPasswordDue } from "../passwords/password-due.ts";
import { isIdle } from "./idle-limit.ts";
import { storedLevel } from "./session-level.ts";
import { findStillLive } from "./session-queries.ts";

/**
 * After the locks: the session may have ended, or its account been disabled, while the request waited.
 * Ask with the account's slot locked: signing out, "not me", disabling and asking for another password
 * touch it before they answer.
 *
 * @throws {ProblemError} `not-signed-in`, `new-password-required`, `address-not-allowed`
 */
export async function requireStillLive(db: Db, ctx: Context): Promise<void> {
  const { sessionId, accountId, level } = sessionOf(ctx);
  const session = { sessionId, level: storedLevel(level), now: ctx.now() };
  const live = await findStillLive(db, session);
  if (live === undefined) throw new ProblemError("not-signed-in");
  const from = { accountId, address: ctx.origin.address, now: ctx.now() };
  if (live.has_rules && !(await ctx.ports.sessionMayCome(db, from)))
    throw new ProblemError("address-not-allowed");
  if (level === "full" && (await isIdle(db, ctx, { accountId, ...live })))
    throw new ProblemError("not-signed-in");
  if (level === "full" && (await isPasswordDue(db, ctx, { accountId, ...live })))
    throw new ProblemError("new-password-required");
}
