import type { Permission } from "../../../src/contract/access/permissions.ts";
import type { Role } from "../../../src/contract/access/roles.ts";

/** In the address: a role that is being made. No role is called so: names of roles have no capital. */
export const NEW_ROLE = "New";

/** Roles that somebody with these permissions may give to a person: nobody gives more than they hold. */
export function rolesToGive(roles: readonly Role[], held: readonly string[]): Role[] {
  const holds = new Set(held);
  return roles.filter(
    ({ name, permissions }) => name !== "gateway" && permissions.every((key) => holds.has(key)),
  );
}

/** Permissions by their area, in the order in which the areas first come. */
export function byArea(permissions: readonly Permission[]): [string, Permission[]][] {
  return [...Map.groupBy(permissions, ({ key }) => key.slice(0, key.indexOf(":")))];
}

/**
 * The name of a role as the server takes it, from what somebody typed: "Press office" becomes
 * `press-office`. Empty when nothing of it can stand in a name.
 */
export function toRoleName(typed: string): string {
  return typed
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^[^a-z]+|-+$/g, "")
    .slice(0, 40)
    .replace(/-$/, "");
}
