import { builtInRoles } from "../../contract/access/roles.ts";
import { ProblemError } from "../../problem-error.ts";
import { permissionsOf } from "../roles/permissions-of.ts";
import type { AppAccess } from "./app-access.ts";

/**
 * Nobody gives more than they hold: no permission beyond their own, and nothing that lasts longer than
 * their own access. Else a guest of a week could let a second account of theirs stay for good.
 */
export function mayGive(
  giver: AppAccess,
  { role, expiresAt }: { role: string; expiresAt: Date | null },
): boolean {
  return holdsAll(giver, permissionsOfRole(giver, role)) && lastsAsLong(giver, expiresAt);
}

/** @throws {ProblemError} `beyond-your-own`, which says what is too much. */
export function requireMayGive(
  giver: AppAccess,
  given: { role: string; expiresAt: Date | null },
): void {
  requireHolds(giver, permissionsOfRole(giver, given.role));
  const { endsAt } = giver;
  if (endsAt !== null && !lastsAsLong(giver, given.expiresAt))
    throw new ProblemError("beyond-your-own", {
      detail: { code: "own-access-ends", params: { endsAt: endsAt.toISOString() } },
    });
}

/** @throws {ProblemError} `beyond-your-own`, which names what is missing. */
export function requireHolds(giver: AppAccess, permissions: Iterable<string>): void {
  const missing = [...permissions].filter((key) => !giver.permissions.has(key));
  if (missing.length > 0)
    throw new ProblemError("beyond-your-own", {
      detail: { code: "not-held", params: { permissions: missing.slice(0, 20).join(", ") } },
    });
}

/**
 * What is added to a role is given to all who hold it, or are invited to, and some of them may stay longer
 * than the caller.
 *
 * @throws {ProblemError} `beyond-your-own` to whose own access ends.
 */
export function requireMayWiden({ endsAt }: AppAccess): void {
  if (endsAt === null) return;
  throw new ProblemError("beyond-your-own", {
    detail: { code: "own-access-ends-role", params: { endsAt: endsAt.toISOString() } },
  });
}

/** Whether the app has such a role: built in, or its own. */
export function isRoleOf({ roleBook }: Pick<AppAccess, "roleBook">, role: string): boolean {
  return Object.hasOwn(builtInRoles, role) || roleBook.customRoles.has(role);
}

export function permissionsOfRole({ roleBook }: AppAccess, role: string): ReadonlySet<string> {
  return permissionsOf(role, roleBook.customRoles, roleBook.catalogue);
}

function holdsAll({ permissions }: AppAccess, wanted: ReadonlySet<string>): boolean {
  return [...wanted].every((key) => permissions.has(key));
}

function lastsAsLong({ endsAt }: AppAccess, expiresAt: Date | null): boolean {
  return endsAt === null || (expiresAt !== null && expiresAt <= endsAt);
}
