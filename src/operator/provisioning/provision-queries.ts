import { sql } from "kysely";
import type { Db, Tx } from "../../platform/db/db.ts";

/**
 * Makes calls about one externalId wait for each other until the commit, also where there is no row to
 * lock yet. Two ids with one hash only wait needlessly.
 */
export async function lockExternalId(
  tx: Tx,
  kind: "account" | "organisation" | "app",
  externalId: string,
): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${kind} ${externalId}`}, 770002))`.execute(
    tx,
  );
}

export type Holder = {
  id: string;
  email: string | null;
  emailKey: string | null;
  displayName: string;
  externalId: string | null;
  isProven: boolean;
  isDisabled: boolean;
};

/** The person with this externalId or address, locked until the commit. */
export async function lockPerson(
  tx: Tx,
  by: { externalId: string } | { emailKey: string },
): Promise<Holder | undefined> {
  const row = await tx
    .selectFrom("account")
    .select(["id", "email", "email_key", "display_name", "external_id", "is_proven", "disabled_at"])
    .where((eb) =>
      "externalId" in by
        ? eb("external_id", "=", by.externalId)
        : eb("email_key", "=", by.emailKey),
    )
    .where("kind", "=", "person")
    .forUpdate()
    .executeTakeFirst();
  return (
    row && {
      id: row.id,
      email: row.email,
      emailKey: row.email_key,
      displayName: row.display_name,
      externalId: row.external_id,
      isProven: row.is_proven,
      isDisabled: row.disabled_at !== null,
    }
  );
}

/** Ties the product's id to an account that was just made and has proven nothing yet. */
export async function markUnproven(
  tx: Tx,
  { accountId, externalId }: { accountId: string; externalId: string },
): Promise<void> {
  await tx
    .updateTable("account")
    .set({ external_id: externalId, is_proven: false })
    .where("id", "=", accountId)
    .execute();
}

export async function tieAccount(
  tx: Tx,
  tie: { accountId: string; externalId: string; displayName: string },
): Promise<void> {
  await tx
    .updateTable("account")
    .set({ external_id: tie.externalId, display_name: tie.displayName })
    .where("id", "=", tie.accountId)
    .execute();
}

/** Links that wait for the address carry the name that its account will have. */
export async function renameSignUps(
  tx: Tx,
  { emailKey, displayName }: { emailKey: string; displayName: string },
): Promise<void> {
  await tx
    .updateTable("sign_up")
    .set({ display_name: displayName })
    .where("email_key", "=", emailKey)
    .execute();
}

export type KnownOrganisation = { id: string; name: string };

export async function findOrganisation(
  db: Db,
  externalId: string,
): Promise<KnownOrganisation | undefined> {
  return await db
    .selectFrom("organisation")
    .select(["id", "name"])
    .where("external_id", "=", externalId)
    .executeTakeFirst();
}

export type KnownApp = { id: string; name: string; organisationId: string };

export async function findApp(db: Db, externalId: string): Promise<KnownApp | undefined> {
  return await db
    .selectFrom("app")
    .select(["id", "name", "organisation_id as organisationId"])
    .where("external_id", "=", externalId)
    .where("deleted_at", "is", null)
    .executeTakeFirst();
}

/** Those of the accounts that own the organisation now. */
export async function ownersAmong(
  tx: Tx,
  { organisationId, accountIds }: { organisationId: string; accountIds: readonly string[] },
): Promise<Set<string>> {
  if (accountIds.length === 0) return new Set();
  const rows = await tx
    .selectFrom("organisation_member")
    .select("account_id")
    .where("organisation_id", "=", organisationId)
    .where("account_id", "in", [...accountIds])
    .where("role", "=", "owner")
    .execute();
  return new Set(rows.map((row) => row.account_id));
}
