import type { AccountRef } from "../../contract/access/sharing-people.ts";
import type { Db } from "../../platform/db/db.ts";

export type AccountRefs = (accountId: string) => AccountRef;

/** Accounts as they stand in lists. Accounts are never deleted while something names them. */
export async function accountRefs(db: Db, accountIds: readonly string[]): Promise<AccountRefs> {
  const ids = [...new Set(accountIds)];
  const rows =
    ids.length === 0
      ? []
      : await db
          .selectFrom("account")
          .select(["id", "kind", "email", "display_name"])
          .where("id", "in", ids)
          .execute();
  const byId = new Map(rows.map((row) => [row.id, toAccountRef(row)]));
  return (accountId) => {
    const ref = byId.get(accountId);
    if (ref === undefined) throw new Error(`account ${accountId} is named and does not exist`);
    return ref;
  };
}

export function toAccountRef(row: {
  id: string;
  kind: string;
  email: string | null;
  display_name: string;
}): AccountRef {
  return {
    id: row.id,
    kind: row.kind === "service" ? "service" : "person",
    email: row.email,
    displayName: row.display_name,
  };
}

export async function organisationNames(
  db: Db,
  organisationIds: readonly (string | null)[],
): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(organisationIds)].filter((id) => id !== null);
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom("organisation")
    .select(["id", "name"])
    .where("id", "in", ids)
    .execute();
  return new Map(rows.map((row) => [row.id, row.name]));
}
