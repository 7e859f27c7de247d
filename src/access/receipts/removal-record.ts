import { uuidv7 } from "../../platform/crypto/uuid.ts";
import type { Db, Tx } from "../../platform/db/db.ts";
import { requestCount } from "../../record/completeness/count-queries.ts";
import { parseEntryId } from "../../record/entries/batch.ts";

/** Who was removed from everything, and which entry says so. */
export type RemovalRow = {
  id: string;
  organisation_id: string;
  account_id: string;
  entry: string;
  removed_at: Date;
};

/**
 * Notes a removal, in its transaction, and asks for the counts that its receipt rests on.
 *
 * @returns its id
 */
export async function noteRemoval(
  tx: Tx,
  given: { organisationId: string; accountId: string; entry: string; now: Date },
): Promise<string> {
  const id = uuidv7(given.now.getTime());
  await tx
    .insertInto("access_removal")
    .values({
      id,
      organisation_id: given.organisationId,
      account_id: given.accountId,
      entry: given.entry,
      removed_at: given.now,
    })
    .execute();
  const batch = parseEntryId(given.entry);
  if (batch === null) throw new Error("an entry's id is one of ours");
  await requestCount(tx, batch);
  return id;
}

/** The newest that are listed; older ones stay in the log. */
const MAX_LISTED = 500;

/** Newest first. */
export async function listRemovals(db: Db, organisationId: string): Promise<RemovalRow[]> {
  return await db
    .selectFrom("access_removal")
    .selectAll()
    .where("organisation_id", "=", organisationId)
    .orderBy("removed_at", "desc")
    .orderBy("id")
    .limit(MAX_LISTED)
    .execute();
}

export async function findRemoval(
  db: Db,
  { organisationId, removalId }: { organisationId: string; removalId: string },
): Promise<RemovalRow | undefined> {
  return await db
    .selectFrom("access_removal")
    .selectAll()
    .where("id", "=", removalId)
    .where("organisation_id", "=", organisationId)
    .executeTakeFirst();
}
