import type { OwnPermission } from "../../contract/access/permissions.ts";
import type { Context } from "../../context.ts";
import type { Tx } from "../../platform/db/db.ts";
import { ProblemError } from "../../problem-error.ts";
import {
  changeServiceAccountOf,
  readServiceAccount,
} from "../service-accounts/on-service-account.ts";
import type { ServiceAccountRow } from "../service-accounts/service-account-queries.ts";
import type { AppAccess } from "../sharing/app-access.ts";
import { findKey, type ApiKeyRow } from "./api-key-queries.ts";

export type NamedKey = { keyId: string; permission: OwnPermission };

export type FoundKey = { key: ApiKeyRow; account: ServiceAccountRow; access: AppAccess };

export const targetOfKey = ({ id, accountId }: Pick<ApiKeyRow, "id" | "accountId">) => ({
  type: "key",
  id,
  accountId,
});

/**
 * A key of an app on which the caller holds the permission.
 *
 * @throws {ProblemError} `not-found`, `forbidden`.
 */
export async function readKey(ctx: Context, { keyId, permission }: NamedKey): Promise<FoundKey> {
  const key = await findKey(ctx.db, keyId);
  if (key === undefined) throw new ProblemError("not-found");
  const found = await readServiceAccount(ctx, { serviceAccountId: key.accountId, permission });
  ctx.notes.targets = [targetOfKey(key)];
  return { ...found, key };
}

/**
 * A change of a key; what counts is read under the locks.
 *
 * @throws {ProblemError} `not-found`, `forbidden`, `conflict`.
 */
export async function changeKeyOf<T>(
  ctx: Context,
  { keyId, permission }: NamedKey,
  work: (tx: Tx, found: FoundKey) => Promise<T>,
): Promise<T> {
  // A key never moves to another service account.
  const { key: seen } = await readKey(ctx, { keyId, permission });
  const named = { serviceAccountId: seen.accountId, permission };
  return await changeServiceAccountOf(ctx, named, async (tx, found) => {
    ctx.notes.targets = [targetOfKey(seen)];
    const key = await findKey(tx, keyId);
    if (key === undefined) throw new ProblemError("not-found");
    return await work(tx, { ...found, key });
  });
}
