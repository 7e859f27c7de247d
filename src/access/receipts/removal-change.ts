import type { RemovalChange } from "../../contract/access/receipt.ts";
import type { Tx } from "../../platform/db/db.ts";
import type { MembershipRow } from "../organisations/organisation-queries.ts";
import type { Reach } from "../sharing/reach.ts";
import type { RemovalKeyRow } from "../sharing/removal-queries.ts";
import { toShared } from "../sharing/shared-views.ts";

/** An entry's change has 32 KiB; an owner's apps are named in it as far as they surely fit. */
const MAX_NAMED_APPS = 100;

/**
 * What the entry of a removal says: all that its receipt names, so that the log's proof covers it. Names as they
 * are at this moment.
 */
export async function removalChange(
  tx: Tx,
  {
    organisation,
    reach: { person, membership, grants, keys: reached },
    keys,
  }: { organisation: MembershipRow; reach: Reach; keys: readonly RemovalKeyRow[] },
): Promise<RemovalChange> {
  const revoked = new Set(keys.map(({ id }) => id));
  const kept = reached.filter((key) => key.is_theirs && !revoked.has(key.id));
  return {
    before: {
      person: { displayName: person.display_name, email: person.email },
      organisation: organisation.name,
      membership,
      grants: grants.map(toShared),
      ...(membership !== null && { apps: await appsOf(tx, organisation.id) }),
    },
    after: { revokedKeys: [...revoked], keptKeys: kept.map(({ id }) => id) },
  };
}

async function appsOf(tx: Tx, organisationId: string): Promise<{ id: string; name: string }[]> {
  return await tx
    .selectFrom("app")
    .select(["id", "name"])
    .where("organisation_id", "=", organisationId)
    .where("deleted_at", "is", null)
    .orderBy("name")
    .orderBy("id")
    .limit(MAX_NAMED_APPS)
    .execute();
}
