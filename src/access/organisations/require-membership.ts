import type { Context } from "../../context.ts";
import type { Db, Tx } from "../../platform/db/db.ts";
import { accountSlot, organisationSlot } from "../../platform/db/version-slots.ts";
import { ProblemError } from "../../problem-error.ts";
import { callerOf } from "../sharing/app-access.ts";
import { changeAsCaller } from "../sharing/change-as-caller.ts";
import { findMembership, type MembershipRow } from "./organisation-queries.ts";

/**
 * The caller's membership, read where it is asked. Names the organisation in the request's entry.
 *
 * @throws {ProblemError} `not-found` to whom the organisation is nothing; `forbidden` to an officer where an owner is needed.
 */
export async function requireMembership(
  db: Db,
  ctx: Context,
  organisationId: string,
  needs: "owner" | "any",
): Promise<MembershipRow> {
  const membership = await findMembership(db, { accountId: callerOf(ctx), organisationId });
  if (membership === undefined) throw new ProblemError("not-found");
  ctx.notes.organisationId = organisationId;
  if (needs === "owner" && membership.role !== "owner") throw new ProblemError("forbidden");
  return membership;
}

export type OrganisationChangeOptions = {
  organisationId: string;
  needs: "owner" | "any";
  locks?: "touches" | "relies";
  /** Accounts whose access changes. */
  accounts?: readonly string[];
};

/**
 * A change of an organisation by a member. Whoever is none is refused before anything is locked; what
 * counts is read again under the locks, so that of two owners who remove each other one stays.
 */
export async function changeOrganisation<T>(
  ctx: Context,
  { organisationId, needs, locks = "touches", accounts = [] }: OrganisationChangeOptions,
  work: (tx: Tx, membership: MembershipRow) => Promise<T>,
): Promise<T> {
  await requireMembership(ctx.db, ctx, organisationId, needs);
  const own = organisationSlot(organisationId);
  const others = accounts.map(accountSlot);
  return await changeAsCaller(
    ctx,
    {
      touches: locks === "touches" ? [own, ...others] : others,
      relies: [own],
    },
    async (tx) => await work(tx, await requireMembership(tx, ctx, organisationId, needs)),
  );
}
