import { ownersPermission } from "../../contract/access/permissions.ts";
import { ProblemError } from "../../problem-error.ts";
import { everything, type RoleBook } from "./permissions-of.ts";
import { failureAt } from "../../failures.ts";

/** @throws {ProblemError} `invalid-request` naming every permission that no role can be made of. */
export function requireKnown(permissions: readonly string[], { catalogue }: RoleBook): void {
  const known = new Set(everything(catalogue));
  const errors = permissions.flatMap((key, index) => {
    if (known.has(key) && key !== ownersPermission) return [];
    const code = known.has(key) ? "permission-of-owners" : "permission-unknown";
    return [failureAt(`/permissions/${index}`, { code })];
  });
  if (errors.length > 0) throw new ProblemError("invalid-request", { errors });
}
