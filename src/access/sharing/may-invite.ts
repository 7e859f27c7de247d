import type { Failure } from "../../contract/problems.ts";
import type { Context } from "../../context.ts";
import { findPerson } from "../../identity/accounts/account-queries.ts";
import { requireEmail } from "../../identity/accounts/email-address.ts";
import type { Db, Tx } from "../../platform/db/db.ts";
import { invalidField, ProblemError } from "../../problem-error.ts";
import { callerOf, requirePermission, type AppAccess } from "./app-access.ts";
import { findGrantOfAddress } from "./grant-queries.ts";
import { isRoleOf, requireMayGive } from "./may-give.ts";
import type { Fault } from "../../contract/failures.ts";
import { failureAt } from "../../failures.ts";

/** One app of an invitation that is about to be sent. */
export type WantedPart = { appId: string; role: string; expiresAt: Date | null };

/** @throws {ProblemError} `invalid-request`: nobody gives anything to themselves. */
export async function requireOtherAddress(
  ctx: Context,
  emailKey: string,
  pointer = "/email",
): Promise<void> {
  const caller = await findPerson(ctx.db, callerOf(ctx));
  if (requireEmail(caller.email).emailKey === emailKey)
    throw invalidField(pointer, { code: "own-address" });
}

/** The caller's access to every app, each with `app:share`. @throws {ProblemError} `not-found`, `forbidden` */
export async function requireSharer(
  db: Db,
  ctx: Context,
  parts: readonly Pick<WantedPart, "appId">[],
): Promise<AppAccess[]> {
  const accesses: AppAccess[] = [];
  for (const { appId } of parts)
    accesses.push(await requirePermission(db, ctx, appId, "app:share"));
  return accesses;
}

/**
 * Whether the caller may give all of it to that address now; ask inside the transaction.
 *
 * @throws {ProblemError} `not-found`, `forbidden`, `invalid-request` at /apps/N/role,
 *   `beyond-your-own`, `already-shared`.
 */
export async function requireMayInvite(
  tx: Tx,
  ctx: Context,
  { parts, emailKey }: { parts: readonly WantedPart[]; emailKey: string },
): Promise<AppAccess[]> {
  const accesses = await requireSharer(tx, ctx, parts);
  const errors: Failure[] = parts.flatMap(({ role }, index) => {
    const access = accesses[index];
    const fault = access && roleFault(access, role);
    return fault === undefined ? [] : [failureAt(`/apps/${index}/role`, fault)];
  });
  if (errors.length > 0) throw new ProblemError("invalid-request", { errors });
  for (const [index, part] of parts.entries()) {
    const access = accesses[index];
    if (access === undefined) continue;
    requireMayGive(access, part);
    const held = await findGrantOfAddress(tx, { appId: part.appId, emailKey, now: ctx.now() });
    if (held !== undefined)
      throw new ProblemError("already-shared", {
        detail: { code: "shared-already", params: { app: access.app.name } },
      });
  }
  return accesses;
}

/** What is wrong with a role for a person; undefined when nothing is. */
export function roleFault(access: AppAccess, role: string): Fault | undefined {
  if (role === "gateway") return { code: "role-for-services" };
  return isRoleOf(access, role) ? undefined : { code: "role-unknown" };
}
