import type { Context } from "../../context.ts";
import { invalidField } from "../../problem-error.ts";
import { callerOf } from "../sharing/app-access.ts";
import { listMemberships } from "./organisation-queries.ts";

/**
 * The organisation that a call means: the one it names, else the only one that the caller owns. That
 * the caller may is checked where it is used.
 *
 * @throws {ProblemError} `invalid-request` at /organisationId when none is named and there isn't exactly one.
 */
export async function organisationMeant(
  ctx: Context,
  organisationId: string | undefined,
): Promise<string> {
  if (organisationId !== undefined) return organisationId;
  const owned = (await listMemberships(ctx.db, callerOf(ctx))).filter(
    (row) => row.role === "owner",
  );
  const [only] = owned;
  if (only === undefined || owned.length > 1)
    throw invalidField("/organisationId", {
      code: only === undefined ? "organisation-none" : "organisation-which",
    });
  return only.id;
}
