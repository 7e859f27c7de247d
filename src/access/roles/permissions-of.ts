import { ownPermissions, ownersPermission } from "../../contract/access/permissions.ts";
import type { BuiltInRole, MemberRole } from "../../contract/access/roles.ts";

/** What the roles of one app are made of. */
export type RoleBook = {
  /** Custom roles of the app: name → permissions as they were written down. */
  customRoles: ReadonlyMap<string, readonly string[]>;
  /** Keys of the operator's catalogue. */
  catalogue: ReadonlySet<string>;
};

const NONE: ReadonlySet<string> = new Set();
const own: readonly string[] = Object.keys(ownPermissions);
/** A map, because a custom role may be called `constructor`. */
const VERBS: ReadonlyMap<string, readonly string[]> = new Map<BuiltInRole, readonly string[]>([
  ["reporter", ["read"]],
  ["exporter", ["read", "export"]],
  ["editor", ["read", "write"]],
  ["sender", ["read", "write", "send"]],
]);

/** Not an admin's: what ends or gives away the app. */
const OWNERS_ALONE: ReadonlySet<string> = new Set(["app:delete", ownersPermission]);

/** What somebody with this role in an app may do. An unknown role may nothing. Pure: decisions use it in memory. */
export function permissionsOf(
  role: string,
  customRoles: RoleBook["customRoles"],
  catalogue: RoleBook["catalogue"],
): ReadonlySet<string> {
  if (role === "gateway") return new Set(["decision:ask"]);
  if (role === "admin") return allBut(OWNERS_ALONE, catalogue);
  const verbs = VERBS.get(role);
  if (verbs !== undefined)
    return new Set(everything(catalogue).filter((key) => verbs.includes(verbOf(key))));
  const written = customRoles.get(role);
  if (written === undefined) return NONE;
  // What the operator took out of the catalogue is nobody's any more.
  const known = new Set(everything(catalogue));
  return new Set([
    "app:read",
    ...written.filter((key) => known.has(key) && key !== ownersPermission),
  ]);
}

/** What a member of an organisation may do to its apps: an owner everything, an officer watch. */
export function permissionsOfMember(
  role: MemberRole,
  catalogue: RoleBook["catalogue"],
): ReadonlySet<string> {
  return role === "owner"
    ? new Set(everything(catalogue))
    : new Set(["app:read", "app:audit", "app:export"]);
}

/** All permissions there are, ours first. */
export function everything(catalogue: RoleBook["catalogue"]): string[] {
  return [...own, ...catalogue];
}

function allBut(left: ReadonlySet<string>, catalogue: RoleBook["catalogue"]): ReadonlySet<string> {
  return new Set(everything(catalogue).filter((key) => !left.has(key)));
}

const verbOf = (key: string): string => key.slice(key.indexOf(":") + 1);
