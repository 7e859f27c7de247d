import { renameAppRow } from "../../access/apps/app-queries.ts";
import { makeApp } from "../../access/apps/make-app.ts";
import type { ProvisionApp } from "../../contract/operator/provisioning.ts";
import type { Context } from "../../context.ts";
import type { Tx } from "../../platform/db/db.ts";
import { lockSlots, organisationSlot } from "../../platform/db/version-slots.ts";
import { invalidField, ProblemError } from "../../problem-error.ts";
import { record } from "../../record/entries/change.ts";
import { changeWithKey } from "../keys/change-with-key.ts";
import type { Provisioned } from "./provision-account.ts";
import { findApp, findOrganisation, lockExternalId, type KnownApp } from "./provision-queries.ts";

/**
 * Makes or renames the app with the product's externalId, in an organisation of the product's. An app is
 * moved to another organisation by its owners alone. A deleted app's externalId is free again.
 *
 * @throws {ProblemError} `forbidden`, `limit-reached`; `invalid-request` at /organisation/externalId;
 *   `external-id-taken` when an app of another organisation has it.
 */
export async function provisionApp(
  ctx: Context,
  externalId: string,
  { name: given, organisation }: ProvisionApp,
): Promise<Provisioned> {
  const name = given.trim();
  return await changeWithKey(ctx, "provision", async (tx) => {
    await lockExternalId(tx, "app", externalId);
    const home = await findOrganisation(tx, organisation.externalId);
    if (home === undefined)
      throw invalidField("/organisation/externalId", { code: "no-such-organisation" });
    await lockSlots(tx, { touches: [organisationSlot(home.id)] });
    const known = await findApp(tx, externalId);
    if (known === undefined)
      return await make(tx, ctx, { organisationId: home.id, name, externalId });
    if (known.organisationId !== home.id) throw new ProblemError("external-id-taken");
    return await rename(tx, ctx, known, name);
  });
}

async function make(
  tx: Tx,
  ctx: Context,
  app: { organisationId: string; name: string; externalId: string },
): Promise<Provisioned> {
  const id = await makeApp(tx, ctx, app);
  const { name, externalId } = app;
  await record(tx, ctx, {
    ...entryOf({ ...app, id }),
    change: { after: { name, externalId } },
  });
  return { id, isNew: true };
}

async function rename(tx: Tx, ctx: Context, known: KnownApp, name: string): Promise<Provisioned> {
  const isSame = known.name === name;
  if (!isSame) await renameAppRow(tx, { appId: known.id, name });
  await record(tx, ctx, {
    ...entryOf(known),
    change: isSame ? undefined : { before: { name: known.name }, after: { name } },
  });
  return { id: known.id, isNew: false };
}

const entryOf = ({ id, organisationId }: { id: string; organisationId: string }) => ({
  action: "app.provisioned" as const,
  organisationId,
  appId: id,
  targets: [{ type: "app", id }],
});
