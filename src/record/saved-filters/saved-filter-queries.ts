import type { Db, Tx } from "../../platform/db/db.ts";

export async function readSavedFilters(db: Db, accountId: string) {
  return await db
    .selectFrom("saved_filter")
    .select(["id", "name", "query", "created_at as createdAt"])
    .where("account_id", "=", accountId)
    .orderBy("name")
    .execute();
}

/** One change at a time to an account's filters: two that are kept at once count each other. */
export async function lockSavedFilters(tx: Tx, accountId: string): Promise<void> {
  await tx
    .selectFrom("account")
    .select("id")
    .where("id", "=", accountId)
    .forNoKeyUpdate()
    .executeTakeFirst();
}

export async function insertSavedFilter(
  tx: Tx,
  filter: { id: string; accountId: string; name: string; query: string; createdAt: Date },
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto("saved_filter")
    .values({
      id: filter.id,
      account_id: filter.accountId,
      name: filter.name,
      query: filter.query,
      created_at: filter.createdAt,
    })
    .onConflict((conflict) => conflict.columns(["account_id", "name"]).doNothing())
    .executeTakeFirst();
  return Number(numInsertedOrUpdatedRows ?? 0) === 1;
}

/** @returns its name before, or undefined when the account has none of this id. */
export async function lockSavedFilter(
  tx: Tx,
  { id, accountId }: { id: string; accountId: string },
): Promise<{ name: string; query: string; createdAt: Date } | undefined> {
  return await tx
    .selectFrom("saved_filter")
    .select(["name", "query", "created_at as createdAt"])
    .where("id", "=", id)
    .where("account_id", "=", accountId)
    .forUpdate()
    .executeTakeFirst();
}

/** @returns false when another of the account's filters has the name. */
export async function renameSavedFilterRow(
  tx: Tx,
  { id, accountId, name }: { id: string; accountId: string; name: string },
): Promise<boolean> {
  const taken = await tx
    .selectFrom("saved_filter")
    .select("id")
    .where("account_id", "=", accountId)
    .where("name", "=", name)
    .where("id", "<>", id)
    .executeTakeFirst();
  if (taken !== undefined) return false;
  await tx.updateTable("saved_filter").set({ name }).where("id", "=", id).execute();
  return true;
}

export async function deleteSavedFilterRow(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom("saved_filter").where("id", "=", id).execute();
}
