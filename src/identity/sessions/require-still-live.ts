import type { Context } from "../../context.ts";
import type { Tx } from "../../platform/db/db.ts";
import { ProblemError } from "../../problem-error.ts";
import { sessionOf } from "./open-session.ts";
import { isStillLive } from "./session-queries.ts";

/**
 * After the locks: the session may have ended, or its account been disabled, while the request waited.
 * Ask with the account's slot locked: signing out, "not me" and disabling touch it before they answer.
 *
 * @throws {ProblemError} `not-signed-in`
 */
export async function requireStillLive(tx: Tx, ctx: Context): Promise<void> {
  const { sessionId, level } = sessionOf(ctx);
  if (!(await isStillLive(tx, { sessionId, level, now: ctx.now() })))
    throw new ProblemError("not-signed-in");
}
