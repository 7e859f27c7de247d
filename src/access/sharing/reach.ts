import type { MemberRole } from "../../contract/access/roles.ts";
import type { Context } from "../../context.ts";
import type { Db } from "../../platform/db/db.ts";
import { ProblemError } from "../../problem-error.ts";
import { listMembers } from "../organisations/organisation-queries.ts";
import { listAccess } from "./app-access.ts";
import {
  listOrganisationInvitations,
  listPeopleGrants,
  type OrganisationInvitation,
  type PersonGrantRow,
} from "./people-queries.ts";
import { findPersonById, listReachedKeys, type RemovalKeyRow } from "./removal-queries.ts";

export type Named = { organisationId: string; accountId: string };

/** All that ties a person to an organisation. */
export type Reach = {
  person: NonNullable<Awaited<ReturnType<typeof findPersonById>>>;
  membership: MemberRole | null;
  grants: PersonGrantRow[];
  keys: RemovalKeyRow[];
  toThem: OrganisationInvitation[];
  byThem: OrganisationInvitation[];
};

/**
 * What a person has in an organisation, read where it is asked.
 *
 * @throws {ProblemError} `not-found` for nobody, and for somebody whom nothing ties to it: an owner
 *   learns nothing about accounts that are not their guests.
 */
export async function readReach(db: Db, ctx: Context, named: Named): Promise<Reach> {
  const { organisationId, accountId } = named;
  const now = ctx.now();
  const person = await findPersonById(db, accountId);
  if (person === undefined) throw new ProblemError("not-found");
  const members = await listMembers(db, organisationId);
  const membership = members.find(({ id }) => id === person.id)?.role ?? null;
  const grants = await listPeopleGrants(db, {
    organisationIds: [organisationId],
    accountId: person.id,
    now,
  });
  const keyHolder = await listAccess(db, { accountId: person.id, now }, "app:keys");
  const keys = await listReachedKeys(db, {
    organisationId,
    accountId: person.id,
    appIds: keyHolder.map(({ app }) => app.id),
    now,
  });
  const invitations = await listOrganisationInvitations(db, {
    organisationIds: [organisationId],
    endedAfter: now,
  });
  const reach = {
    person,
    membership,
    grants,
    keys,
    toThem: invitations.filter(({ row }) => row.email_key === person.email_key),
    byThem: invitations.filter(({ row }) => row.inviter_id === person.id),
  };
  if (!isTied(reach)) throw new ProblemError("not-found");
  return reach;
}

/** An invitation to an address ties nobody: else ids of accounts could be tried out against addresses. */
const isTied = ({ membership, grants, keys, byThem }: Omit<Reach, "person" | "toThem">): boolean =>
  membership !== null ||
  grants.length > 0 ||
  byThem.length > 0 ||
  keys.some((key) => key.is_theirs);
