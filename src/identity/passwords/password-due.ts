import { ruleBounds } from "../../contract/identity/password-rules.ts";
import type { Context } from "../../context.ts";
import type { Db } from "../../platform/db/db.ts";
import type { PasswordAge } from "../sessions/session-queries.ts";

/** No organisation can ask for another password sooner, unless it asks for one at once. */
const ALWAYS_GOOD_MS = ruleBounds.maxAgeDays.min * 86_400_000;

/**
 * Whether the account's password has ended, by what its organisations ask at this moment: asked each time, so
 * that a rule, a grant and their ends count at once. Mostly what came with the session is answer enough.
 */
export async function isPasswordDue(
  db: Db,
  ctx: Pick<Context, "ports" | "now">,
  { accountId, ...age }: PasswordAge & { accountId: string },
): Promise<boolean> {
  const { password_changed_at: changedAt, password_demanded_at: demandedAt } = age;
  const distrustedAt = age.password_distrusted_at;
  if (changedAt === null) return false;
  if (distrustedAt !== null && distrustedAt > changedAt) return true;
  const now = ctx.now();
  const isDemanded = demandedAt !== null && demandedAt > changedAt;
  if (!isDemanded && now.getTime() - changedAt.getTime() < ALWAYS_GOOD_MS) return false;
  const { due } = await ctx.ports.passwordRules(db, { accountId, changedAt, distrustedAt, now });
  return due !== null && due.at <= now;
}

export async function findPasswordAge(db: Db, accountId: string): Promise<PasswordAge> {
  return await db
    .selectFrom("account")
    .select(["password_changed_at", "password_demanded_at", "password_distrusted_at"])
    .where("id", "=", accountId)
    .executeTakeFirstOrThrow();
}
