import type { OwnerRef } from "../../contract/operator/provisioning.ts";
import type { Failure } from "../../contract/problems.ts";
import { parseEmail } from "../../identity/accounts/email-address.ts";
import type { Tx } from "../../platform/db/db.ts";
import { ProblemError } from "../../problem-error.ts";
import { failureAt } from "../../failures.ts";

export type Owner = { id: string; email: string; displayName: string };

const NOBODY = { code: "no-such-person" } as const;
/** Owning an organisation is one of the things a holder is asked about before a product may do them. */
const NOT_TIED = { code: "not-tied" } as const;

/**
 * The people that are named, each once.
 *
 * @throws {ProblemError} `invalid-request` naming each that is no enabled person's account, or whose
 *   holder has not consented to be tied to the product.
 */
export async function findOwners(tx: Tx, refs: readonly OwnerRef[]): Promise<Owner[]> {
  const found = new Map<string, Owner>();
  const errors: Failure[] = [];
  for (const [index, ref] of refs.entries()) {
    const owner = await findOwner(tx, ref);
    if (owner?.isTied === true) {
      found.set(owner.id, owner);
      continue;
    }
    const pointer = `/owners/${index}/${"email" in ref ? "email" : "externalId"}`;
    errors.push(failureAt(pointer, owner === undefined ? NOBODY : NOT_TIED));
  }
  if (errors.length > 0) throw new ProblemError("invalid-request", { errors });
  return [...found.values()];
}

async function findOwner(
  tx: Tx,
  ref: OwnerRef,
): Promise<(Owner & { isTied: boolean }) | undefined> {
  const emailKey = "email" in ref ? (parseEmail(ref.email)?.emailKey ?? null) : null;
  if ("email" in ref && emailKey === null) return undefined;
  const row = await tx
    .selectFrom("account")
    .select(["id", "email", "display_name as displayName", "external_id"])
    .where((eb) =>
      "email" in ref ? eb("email_key", "=", emailKey) : eb("external_id", "=", ref.externalId),
    )
    .where("kind", "=", "person")
    .where("disabled_at", "is", null)
    .executeTakeFirst();
  if (row === undefined || row.email === null) return undefined;
  const { id, email, displayName, external_id: externalId } = row;
  return { id, email, displayName, isTied: externalId !== null };
}
