import { makeOrganisation } from "../../access/organisations/make-organisation.ts";
import {
  renameOrganisationRow,
  upsertMember,
} from "../../access/organisations/organisation-queries.ts";
import { tellOwners } from "../../access/service-accounts/tell-owners.ts";
import type { ProvisionOrganisation } from "../../contract/operator/provisioning.ts";
import type { Context } from "../../context.ts";
import { accountTarget } from "../../identity/accounts/account-queries.ts";
import type { Tx } from "../../platform/db/db.ts";
import { accountSlot, lockSlots, organisationSlot } from "../../platform/db/version-slots.ts";
import { invalidField } from "../../problem-error.ts";
import { record } from "../../record/entries/change.ts";
import { changeWithKey } from "../keys/change-with-key.ts";
import { findOwners, type Owner } from "./find-owners.ts";
import type { Provisioned } from "./provision-account.ts";
import { newOwnersMail } from "./provision-mails.ts";
import {
  findOrganisation,
  lockExternalId,
  ownersAmong,
  type KnownOrganisation,
} from "./provision-queries.ts";

/**
 * Makes or changes the organisation with the product's externalId. The people named are made owners where
 * they are not; nobody is removed, for that is the owners' own affair.
 *
 * @throws {ProblemError} `forbidden`; `invalid-request` at /owners and at each owner that there is not.
 */
export async function provisionOrganisation(
  ctx: Context,
  externalId: string,
  { name: given, owners = [] }: ProvisionOrganisation,
): Promise<Provisioned> {
  const name = given.trim();
  return await changeWithKey(ctx, "provision", async (tx) => {
    await lockExternalId(tx, "organisation", externalId);
    const known = await findOrganisation(tx, externalId);
    if (known === undefined && owners.length === 0)
      throw invalidField("/owners", { code: "owner-wanted" });
    const named = await findOwners(tx, owners);
    const touches = named.map(({ id }) => accountSlot(id));
    if (known !== undefined) touches.push(organisationSlot(known.id));
    await lockSlots(tx, { touches });
    // Read again: until the lock an owner could be disabled.
    const people = await findOwners(tx, owners);
    return known === undefined
      ? await make(tx, ctx, { externalId, name, people })
      : await update(tx, ctx, known, { name, people });
  });
}

async function make(
  tx: Tx,
  ctx: Context,
  { externalId, name, people }: { externalId: string; name: string; people: readonly Owner[] },
): Promise<Provisioned> {
  const id = await makeOrganisation(tx, ctx, { name, externalId });
  await addOwners(tx, ctx, id, people);
  await tellOwners(tx, ctx, id, newOwnersMail(name, namesOf(people)));
  await record(tx, ctx, {
    action: "organisation.provisioned",
    organisationId: id,
    targets: targetsOf(id, people),
    change: { after: { name, externalId } },
  });
  return { id, isNew: true };
}

async function update(
  tx: Tx,
  ctx: Context,
  { id, name: before }: KnownOrganisation,
  { name, people }: { name: string; people: readonly Owner[] },
): Promise<Provisioned> {
  const accountIds = people.map((person) => person.id);
  const owners = await ownersAmong(tx, { organisationId: id, accountIds });
  const added = people.filter((person) => !owners.has(person.id));
  if (name !== before) await renameOrganisationRow(tx, { organisationId: id, name });
  if (added.length > 0) {
    await addOwners(tx, ctx, id, added);
    await tellOwners(tx, ctx, id, newOwnersMail(name, namesOf(added)));
  }
  await record(tx, ctx, {
    action: "organisation.provisioned",
    organisationId: id,
    targets: targetsOf(id, added),
    change: name === before ? undefined : { before: { name: before }, after: { name } },
  });
  return { id, isNew: false };
}

const namesOf = (people: readonly Owner[]): string[] =>
  people.map(({ displayName, email }) => `${displayName} (${email})`);

async function addOwners(
  tx: Tx,
  ctx: Context,
  organisationId: string,
  people: readonly Owner[],
): Promise<void> {
  for (const { id } of people)
    await upsertMember(tx, {
      organisationId,
      accountId: id,
      role: "owner",
      createdAt: ctx.now(),
    });
}

const targetsOf = (organisationId: string, people: readonly Owner[]) => [
  { type: "organisation", id: organisationId },
  ...people.map(({ id }) => accountTarget(id)),
];
