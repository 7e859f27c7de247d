import type { Context } from "../../context.ts";
import { uuidv7 } from "../../platform/crypto/uuid.ts";
import type { Tx } from "../../platform/db/db.ts";
import { insertOrganisation, upsertMember } from "./organisation-queries.ts";

/** Longest name of an organisation, characters; the table says the same. */
const MAX_NAME_LENGTH = 120;

/**
 * Makes an organisation, in the caller's transaction; the caller says who may and puts it on record.
 * Nothing depends on it yet, so no slot is touched.
 *
 * @returns its id.
 */
export async function makeOrganisation(
  tx: Tx,
  ctx: Context,
  given: { name: string; ownerId?: string | undefined; externalId?: string | undefined },
): Promise<string> {
  const createdAt = ctx.now();
  const id = uuidv7(createdAt.getTime());
  await insertOrganisation(tx, { id, name: given.name, createdAt, externalId: given.externalId });
  if (given.ownerId !== undefined)
    await upsertMember(tx, {
      organisationId: id,
      accountId: given.ownerId,
      role: "owner",
      createdAt,
    });
  return id;
}

/** Port of identity: every person gets an organisation silently, however the account was made. */
export async function accountMade(
  tx: Tx,
  ctx: Context,
  { accountId, displayName }: { accountId: string; displayName: string },
): Promise<void> {
  await makeOrganisation(tx, ctx, { name: silentName(displayName), ownerId: accountId });
}

/** By characters, as PostgreSQL counts: cutting UTF-16 could leave half of one. */
function silentName(displayName: string): string {
  const ending = "'s organisation";
  return `${Array.from(displayName)
    .slice(0, MAX_NAME_LENGTH - ending.length)
    .join("")}${ending}`;
}
