import type { App } from "../../contract/access/apps.ts";
import type { Organisation } from "../../contract/access/organisations.ts";
import type { SharedPerson } from "../../contract/access/sharing-people-views.ts";
import type { Context } from "../../context.ts";
import { requireEmail } from "../../identity/accounts/email-address.ts";
import { listMemberships, type MembershipRow } from "../organisations/organisation-queries.ts";
import { toOrganisation } from "../organisations/read-organisations.ts";
import { toApp } from "../apps/read-apps.ts";
import { listRelations } from "./access-queries.ts";
import { callerOf } from "./app-access.ts";
import { EXPIRED_SHOWN_MS } from "./invitation.ts";
import { MAX_LISTED } from "./invitation-queries.ts";
import { toPending } from "./pending-invitation.ts";
import {
  listOrganisationInvitations,
  listPeopleGrants,
  listPeopleMemberships,
  type OrganisationInvitation,
  type PersonGrantRow,
} from "./people-queries.ts";
import { accountRefs, type AccountRefs } from "./ref-queries.ts";

/** What others share with the caller: apps by grant, and organisations they belong to. */
export async function sharedWithMe(
  ctx: Context,
): Promise<{ apps: App[]; organisations: Organisation[] }> {
  const accountId = callerOf(ctx);
  const rows = await listRelations(ctx.db, { accountId, now: ctx.now() });
  const memberships = await listMemberships(ctx.db, accountId);
  return {
    apps: rows
      .filter((row) => row.grant_id !== null && row.deleted_at === null)
      .map((row) => toApp({ ...row, member_role: null })),
    organisations: memberships.map(toOrganisation),
  };
}

/**
 * Everybody with access to the organisations that the caller belongs to, by person, and who is invited.
 * An invited address is tied to an account only where that account has access here: whether others
 * have one doesn't show.
 */
export async function sharedByUs(ctx: Context): Promise<{ people: SharedPerson[] }> {
  const organisations = await listMemberships(ctx.db, callerOf(ctx));
  const organisationIds = organisations.map(({ id }) => id);
  const now = ctx.now();
  const grants = await listPeopleGrants(ctx.db, { organisationIds, now });
  const memberships = await listPeopleMemberships(ctx.db, organisationIds);
  const invitations = await listOrganisationInvitations(ctx.db, {
    organisationIds,
    endedAfter: new Date(now.getTime() - EXPIRED_SHOWN_MS),
    limit: MAX_LISTED,
  });
  const refs = await accountRefs(
    ctx.db,
    [...memberships, ...grants].map((row) => row.account_id),
  );
  return {
    people: [...gather({ organisations, grants, memberships, invitations, refs, now }).values()],
  };
}

type Found = {
  organisations: readonly MembershipRow[];
  grants: readonly PersonGrantRow[];
  memberships: readonly { organisation_id: string; account_id: string; role: string }[];
  invitations: readonly OrganisationInvitation[];
  refs: AccountRefs;
  now: Date;
};

/** People by the key of their address, members first. */
function gather(found: Found): Map<string, SharedPerson> {
  const people = new Map<string, SharedPerson>();
  const names = new Map(found.organisations.map(({ id, name }) => [id, name]));
  const account = (accountId: string) => {
    const ref = found.refs(accountId);
    const email = ref.email ?? "";
    return personAt(people, requireEmail(email).emailKey, { account: ref, email });
  };
  for (const { account_id, organisation_id: id, role } of found.memberships)
    account(account_id).memberships.push({
      organisation: { id, name: names.get(id) ?? "" },
      role: role === "owner" ? "owner" : "officer",
    });
  for (const grant of found.grants) account(grant.account_id).grants.push(toShared(grant));
  for (const invitation of found.invitations) {
    const { email, email_key } = invitation.row;
    const person = personAt(people, email_key, { account: null, email });
    person.invitations.push(toPending(invitation, { names, now: found.now }));
  }
  return people;
}

function personAt(
  people: Map<string, SharedPerson>,
  key: string,
  who: Pick<SharedPerson, "account" | "email">,
): SharedPerson {
  const known = people.get(key);
  if (known !== undefined) return known;
  const person = { ...who, memberships: [], grants: [], invitations: [] };
  people.set(key, person);
  return person;
}

export const toShared = (row: PersonGrantRow): SharedPerson["grants"][number] => ({
  id: row.id,
  app: { id: row.app_id, name: row.app_name },
  role: row.role,
  expiresAt: row.expires_at?.toISOString() ?? null,
});
