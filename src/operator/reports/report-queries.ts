import type { Db, Tx } from "../../platform/db/db.ts";

export type EarlierReport = { requestHash: Buffer; entryId: string };

export async function findReport(
  db: Db,
  { keyId, reportedId }: { keyId: string; reportedId: string },
): Promise<EarlierReport | undefined> {
  return await db
    .selectFrom("reported_entry")
    .select(["request_hash as requestHash", "entry_id as entryId"])
    .where("key_id", "=", keyId)
    .where("reported_id", "=", reportedId)
    .executeTakeFirst();
}

/** False when another call has reported under this id, also one at the same time. */
export async function insertReport(
  tx: Tx,
  report: { keyId: string; reportedId: string; requestHash: Buffer; entryId: string; now: Date },
): Promise<boolean> {
  const inserted = await tx
    .insertInto("reported_entry")
    .values({
      key_id: report.keyId,
      reported_id: report.reportedId,
      request_hash: report.requestHash,
      entry_id: report.entryId,
      created_at: report.now,
    })
    .onConflict((conflict) => conflict.columns(["key_id", "reported_id"]).doNothing())
    .returning("entry_id")
    .executeTakeFirst();
  return inserted !== undefined;
}

/** The enabled or disabled account that a reported actor has. */
export async function findActor(
  db: Db,
  by: { accountId: string } | { externalId: string },
): Promise<{ id: string } | undefined> {
  return await db
    .selectFrom("account")
    .select("id")
    .where((eb) =>
      "accountId" in by ? eb("id", "=", by.accountId) : eb("external_id", "=", by.externalId),
    )
    .executeTakeFirst();
}

/** An app, deleted ones too when it is named by its id: what was done before may be told after. */
export async function findReportedApp(
  db: Db,
  by: { id: string } | { externalId: string },
): Promise<{ id: string; organisationId: string } | undefined> {
  return await db
    .selectFrom("app")
    .select(["id", "organisation_id as organisationId"])
    .where((eb) => ("id" in by ? eb("id", "=", by.id) : eb("external_id", "=", by.externalId)))
    .executeTakeFirst();
}
