import type { Db } from "../../platform/db/db.ts";
import {
  accountSlot,
  INSTALLATION_SLOT,
  organisationSlot,
} from "../../platform/db/version-slots.ts";
import { loadRules } from "../address-rules/effective-rules.ts";
import { builtInRoles } from "../../contract/access/roles.ts";
import { permissionsOf, type RoleBook } from "../roles/permissions-of.ts";
import { readRoleBooks } from "../roles/role-queries.ts";
import type { Loaded } from "./fact-store.ts";
import type { AppFact, KeyFact } from "./facts.ts";

/** API keys by id, with their service account, its grant and both's address rules. */
export async function loadKeyFacts(db: Db, ids: readonly string[]): Promise<Loaded<KeyFact>[]> {
  const rows = await selectKeys(db, ids);
  const rules = await loadRules(db, {
    accountIds: rows.map((row) => row.account_id),
    keyIds: rows.map((row) => row.id),
  });
  return rows.map((row) => ({
    id: row.id,
    slots: [organisationSlot(row.organisation_id), accountSlot(row.account_id)],
    value: {
      keyId: row.id,
      mac: row.mac,
      macKeyId: row.mac_key_id,
      expiresAtMs: row.expires_at.getTime(),
      isRevoked: row.revoked_at !== null,
      accountId: row.account_id,
      displayName: row.display_name,
      isDisabled: row.disabled_at !== null || row.service_deleted_at !== null,
      appId: row.app_id,
      organisationId: row.organisation_id,
      grant:
        row.role === null
          ? null
          : { role: row.role, expiresAtMs: row.grant_expires_at?.getTime() ?? null },
      levels: [rules.get("service-account", row.account_id), rules.get("key", row.id)].filter(
        (level) => level !== null,
      ),
    },
  }));
}

function selectKeys(db: Db, ids: readonly string[]) {
  return db
    .selectFrom("api_key")
    .innerJoin("account", "account.id", "api_key.account_id")
    .innerJoin("service_account", "service_account.account_id", "api_key.account_id")
    .innerJoin("app", "app.id", "service_account.app_id")
    .leftJoin("access_grant", (join) =>
      join
        .onRef("access_grant.account_id", "=", "api_key.account_id")
        .onRef("access_grant.app_id", "=", "service_account.app_id"),
    )
    .select([
      "api_key.id",
      "api_key.mac",
      "api_key.mac_key_id",
      "api_key.expires_at",
      "api_key.revoked_at",
      "api_key.account_id",
      "account.display_name",
      "account.disabled_at",
      "service_account.app_id",
      "service_account.deleted_at as service_deleted_at",
      "app.organisation_id",
      "access_grant.role",
      "access_grant.expires_at as grant_expires_at",
    ])
    .where("api_key.id", "in", [...ids])
    .execute();
}

/** Apps by id, with the permissions of their roles and their address rules. Deleted apps do not exist. */
export async function loadAppFacts(db: Db, ids: readonly string[]): Promise<Loaded<AppFact>[]> {
  const rows = await db
    .selectFrom("app")
    .select(["id", "organisation_id", "disabled_at"])
    .where("id", "in", [...ids])
    .where("deleted_at", "is", null)
    .execute();
  const appIds = rows.map((row) => row.id);
  const rules = await loadRules(db, { appIds });
  const bookOf = await readRoleBooks(db, appIds);
  return rows.map((row) => ({
    id: row.id,
    slots: [organisationSlot(row.organisation_id), INSTALLATION_SLOT],
    value: {
      appId: row.id,
      organisationId: row.organisation_id,
      isDisabled: row.disabled_at !== null,
      permissionsByRole: permissionsByRole(bookOf(row.id)),
      level: rules.get("app", row.id),
    },
  }));
}

/** Worked out once for each time an app is read, so that a decision is two look-ups. */
function permissionsByRole({ customRoles, catalogue }: RoleBook): Map<string, ReadonlySet<string>> {
  const roles = [...Object.keys(builtInRoles), ...customRoles.keys()];
  return new Map(roles.map((role) => [role, permissionsOf(role, customRoles, catalogue)]));
}
