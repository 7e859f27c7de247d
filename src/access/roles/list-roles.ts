import {
  ownPermissions,
  ownersPermission,
  type Permission,
} from "../../contract/access/permissions.ts";
import { builtInRoles, type Role } from "../../contract/access/roles.ts";
import type { Context } from "../../context.ts";
import { requirePermission } from "../sharing/app-access.ts";
import { permissionsOf, type RoleBook } from "./permissions-of.ts";
import { readCatalogue, readRoles, type RoleRow } from "./role-queries.ts";

/** Built-in roles first, then the app's own, each with what it means now. @throws {ProblemError} `not-found`, `forbidden` */
export async function listRoles(
  ctx: Context,
  { appId }: { appId: string },
): Promise<{ roles: Role[]; permissions: Permission[] }> {
  const { roleBook } = await requirePermission(ctx.db, ctx, appId, "app:read");
  const own = await readRoles(ctx.db, appId);
  const builtIn = Object.entries(builtInRoles).map(([name, description]) =>
    toRole({ name, description }, roleBook),
  );
  return {
    roles: [...builtIn, ...own.map((row) => toRole(row, bookOf(row, roleBook)))],
    permissions: [
      ...Object.entries(ownPermissions)
        .filter(([key]) => key !== ownersPermission)
        .map(([key, description]) => ({ key, description })),
      ...(await readCatalogue(ctx.db)),
    ],
  };
}

/** A role as its readers see it. */
export function toRole(
  { name, description }: Pick<RoleRow, "name" | "description">,
  { customRoles, catalogue }: RoleBook,
): Role {
  return {
    name,
    description,
    isBuiltIn: Object.hasOwn(builtInRoles, name),
    permissions: [...permissionsOf(name, customRoles, catalogue)].toSorted(),
  };
}

/** The book with this row in it, as it was read or is about to be written. */
export function bookOf(
  { name, permissions }: Pick<RoleRow, "name" | "permissions">,
  { catalogue }: RoleBook,
): RoleBook {
  return { catalogue, customRoles: new Map([[name, permissions]]) };
}
