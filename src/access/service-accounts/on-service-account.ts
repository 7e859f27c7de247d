import type { OwnPermission } from "../../contract/access/permissions.ts";
import type { Context } from "../../context.ts";
import type { Tx } from "../../platform/db/db.ts";
import { ProblemError } from "../../problem-error.ts";
import { requirePermission, type AppAccess } from "../sharing/app-access.ts";
import { changeApp } from "../sharing/change-app.ts";
import { requireMayGive } from "../sharing/may-give.ts";
import { findServiceAccount, type ServiceAccountRow } from "./service-account-queries.ts";

export type Named = { serviceAccountId: string; permission: OwnPermission };

/**
 * A service account of an app on which the caller holds the permission.
 *
 * @throws {ProblemError} `not-found`, `forbidden`.
 */
export async function readServiceAccount(
  ctx: Context,
  { serviceAccountId, permission }: Named,
): Promise<{ account: ServiceAccountRow; access: AppAccess }> {
  const account = await findServiceAccount(ctx.db, { id: serviceAccountId, now: ctx.now() });
  if (account === undefined) throw new ProblemError("not-found");
  const access = await hidingApp(ctx, () =>
    requirePermission(ctx.db, ctx, account.appId, permission),
  );
  ctx.notes.targets = [targetOf(account)];
  return { account, access };
}

/**
 * A change of a service account or of something that belongs to it; what counts is read under the locks.
 *
 * @throws {ProblemError} `not-found`, `forbidden`, `conflict`.
 */
export async function changeServiceAccountOf<T>(
  ctx: Context,
  { serviceAccountId, permission }: Named,
  work: (tx: Tx, found: { account: ServiceAccountRow; access: AppAccess }) => Promise<T>,
): Promise<T> {
  // A service account never moves to another app.
  const { account: seen } = await readServiceAccount(ctx, { serviceAccountId, permission });
  return await changeApp(
    ctx,
    { appId: seen.appId, permission, accounts: [seen.id] },
    async (tx, access) => {
      const account = await findServiceAccount(tx, { id: seen.id, now: ctx.now() });
      if (account === undefined) throw new ProblemError("not-found");
      return await work(tx, { account, access });
    },
  );
}

export const targetOf = ({ id }: { id: string }) => ({
  type: "service-account",
  id,
  accountId: id,
});

/**
 * Runs a check of permission on an app that the caller did not name: where the app is nothing to them,
 * their own entry must not tell which app it was.
 */
async function hidingApp<T>(ctx: Context, check: () => Promise<T>): Promise<T> {
  try {
    return await check();
  } catch (error) {
    if (error instanceof ProblemError && error.code === "not-found") {
      delete ctx.notes.appId;
      delete ctx.notes.organisationId;
    }
    throw error;
  }
}

/**
 * Whoever holds a key acts as its service account: a new key, or an account that works again, is given
 * only by who holds all that it may, and for no longer than they do.
 *
 * @throws {ProblemError} `beyond-your-own`
 */
export function requireMayActAs(
  access: AppAccess,
  account: Pick<ServiceAccountRow, "role" | "expiresAt">,
  keyEndsAt: Date | null,
): void {
  if (account.role === null) return;
  requireMayGive(access, { role: account.role, expiresAt: earlier(account.expiresAt, keyEndsAt) });
}

function earlier(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b;
  return a < b ? a : b;
}
