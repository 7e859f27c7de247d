import { createHash } from "node:crypto";
import { readCatalogue, type CatalogueRow } from "../../access/roles/role-queries.ts";
import { ownAreas, ownPermissions } from "../../contract/access/permissions.ts";
import type { Catalogue, NewCatalogue } from "../../contract/operator/permissions.ts";
import type { Failure } from "../../contract/problems.ts";
import type { Context } from "../../context.ts";
import type { Tx } from "../../platform/db/db.ts";
import { INSTALLATION_SLOT } from "../../platform/db/version-slots.ts";
import { ProblemError } from "../../problem-error.ts";
import { record } from "../../record/entries/change.ts";
import { actorName } from "../../access/service-accounts/tell-owners.ts";
import { tell } from "../../identity/accounts/tell.ts";
import type { Mail } from "../../platform/mail/compose-mail.ts";
import { listOperators } from "../claim/operator-queries.ts";
import { changeAsOperator } from "../require-operator.ts";
import type { Fault } from "../../contract/failures.ts";
import { failureAt } from "../../failures.ts";

const own = Object.entries(ownPermissions).map(([key, description]) => ({ key, description }));

/** The operator's permissions and ours. Everybody who is signed in may read it: roles are made of it. */
export async function listPermissions(ctx: Context): Promise<Catalogue> {
  return toReply(await readCatalogue(ctx.db));
}

const toReply = (permissions: CatalogueRow[]): Catalogue => ({
  permissions,
  own,
  version: versionOf(permissions),
});

/** What the list says, in short. @param permissions sorted by key */
const versionOf = (permissions: readonly CatalogueRow[]): string =>
  createHash("sha256")
    .update(JSON.stringify(permissions.map(({ key, description }) => [key, description])))
    .digest("base64url");

/**
 * Replaces the operator's catalogue. A custom role keeps the name of what is taken out, but from that
 * commit on it is nobody's; put back, it is theirs again (docs/operator.md).
 *
 * @throws {ProblemError} `not-found`, `step-up-required`; `invalid-request` at /permissions/N/key for an area
 *   of Sallyport's own and for a key that stands twice; `conflict` when the list is not the one that was read.
 */
export async function replaceCatalogue(
  ctx: Context,
  { permissions, version }: NewCatalogue,
): Promise<Catalogue> {
  return await changeAsOperator(ctx, { touches: [INSTALLATION_SLOT] }, async (tx) => {
    requireUsable(permissions);
    const before = await readCatalogue(tx);
    if (version !== undefined && version !== versionOf(before))
      throw new ProblemError("conflict", { detail: { code: "catalogue-changed-meanwhile" } });
    await write(tx, permissions);
    const after = await readCatalogue(tx);
    const [removed, added] = [without(before, after), without(after, before)];
    await record(tx, ctx, {
      action: "permission.replaced",
      change: { before: removed, after: added },
    });
    await tell(tx, ctx, await listOperators(tx), await mailOf(tx, ctx, { removed, added }));
    return toReply(after);
  });
}

/** Long lists are cut: the entry in the log has them whole. */
async function mailOf(
  tx: Tx,
  ctx: Context,
  { removed, added }: { removed: object; added: object },
): Promise<Mail> {
  return {
    kind: "catalogue-replaced",
    values: { actor: await actorName(tx, ctx), added: named(added), removed: named(removed) },
    lines: [
      "what",
      ...(named(added) === "" ? [] : (["added"] as const)),
      ...(named(removed) === "" ? [] : (["removed"] as const)),
    ],
  };
}

const named = (permissions: object): string => Object.keys(permissions).slice(0, 20).join(", ");

function requireUsable(permissions: readonly CatalogueRow[]): void {
  const seen = new Set<string>();
  const errors: Failure[] = [];
  for (const [index, { key }] of permissions.entries()) {
    const pointer = `/permissions/${index}/key`;
    const fault = ownAreaRule(key);
    if (fault !== null) errors.push(failureAt(pointer, fault));
    if (seen.has(key)) errors.push(failureAt(pointer, { code: "permission-twice" }));
    seen.add(key);
  }
  if (errors.length > 0) throw new ProblemError("invalid-request", { errors: errors.slice(0, 20) });
}

/** Told together with what else is wrong. */
export const ownAreaRule = (key: string): Fault | null =>
  ownAreas.some((area) => key.startsWith(`${area}:`))
    ? { code: "own-area", params: { areas: ownAreas.join(", ") } }
    : null;

async function write(tx: Tx, permissions: readonly CatalogueRow[]): Promise<void> {
  await tx.deleteFrom("permission").execute();
  if (permissions.length > 0)
    await tx
      .insertInto("permission")
      .values([...permissions])
      .execute();
}

/** What differs: the whole list is up to 500 long, and most of it stays. */
function without(
  rows: readonly CatalogueRow[],
  others: readonly CatalogueRow[],
): Record<string, string> {
  const same = new Map(others.map(({ key, description }) => [key, description]));
  return Object.fromEntries(
    rows
      .filter(({ key, description }) => same.get(key) !== description)
      .map(({ key, description }) => [key, description]),
  );
}
