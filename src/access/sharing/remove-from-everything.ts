import type {
  RemovalDone,
  RemovalPreview,
  RemovalRequest,
} from "../../contract/access/sharing-people-views.ts";
import type { Context } from "../../context.ts";
import { accountTarget } from "../../identity/accounts/account-queries.ts";
import { deviceName } from "../../identity/sessions/device-name.ts";
import { requireStepUp } from "../../identity/sessions/require-step-up.ts";
import type { Tx } from "../../platform/db/db.ts";
import { record } from "../../record/entries/change.ts";
import type { EntryTarget } from "../../record/entries/entry.ts";
import { deleteMember, type MembershipRow } from "../organisations/organisation-queries.ts";
import { requireOwner } from "../organisations/remove-person.ts";
import { changeOrganisation, requireMembership } from "../organisations/require-membership.ts";
import { tell } from "../../identity/accounts/tell.ts";
import type { MailValue } from "../../platform/mail/compose-mail.ts";
import { actorName, tellOwnersBut } from "../service-accounts/tell-owners.ts";
import { rolePhrase } from "./access-mails.ts";
import { removalChange } from "../receipts/removal-change.ts";
import { noteRemoval } from "../receipts/removal-record.ts";
import { cancelInvitationRow, deleteParts } from "./invitation-queries.ts";
import { toPending } from "./pending-invitation.ts";
import type { OrganisationInvitation } from "./people-queries.ts";
import { readReach, type Named, type Reach } from "./reach.ts";
import { toAccountRef } from "./ref-queries.ts";
import {
  deleteGrantsIn,
  deleteOffersOf,
  listLiveSessions,
  revokeKeys,
  type RemovalKeyRow,
} from "./removal-queries.ts";
import { toShared } from "./shared-views.ts";

/** What removing a person would end, and what it leaves. @throws {ProblemError} `not-found`, `forbidden` to an officer */
export async function previewRemoval(ctx: Context, named: Named): Promise<RemovalPreview> {
  const organisation = await requireMembership(ctx.db, ctx, named.organisationId, "owner");
  const reach = await readReach(ctx.db, ctx, named);
  ctx.notes.targets = [accountTarget(reach.person.id)];
  const sessions = await listLiveSessions(ctx.db, {
    accountId: reach.person.id,
    now: ctx.now(),
  });
  return {
    account: toAccountRef(reach.person),
    ...toRemoved(ctx, organisation, reach),
    keys: reach.keys.map(toKey),
    sessions: sessions.map((session) => ({
      id: session.id,
      device: deviceName(session.user_agent),
      createdAt: session.created_at.toISOString(),
      lastSeenAt: session.last_seen_at.toISOString(),
    })),
  };
}

/**
 * Ends everything that ties a person to an organisation, at once and in one entry: grants, membership,
 * invitations to them and by them, offers, and, where asked, the keys that they made. Whatever is
 * given at the same moment either came first and ends here, or is refused: both lock the organisation.
 *
 * @throws {ProblemError} `step-up-required`, `not-found`, `forbidden` to an officer, `last-owner`.
 */
export async function removeFromEverything(
  ctx: Context,
  { revokeKeys: mustRevoke, ...named }: Named & RemovalRequest,
): Promise<RemovalDone> {
  requireStepUp(ctx);
  const { organisationId, accountId } = named;
  return await changeOrganisation(
    ctx,
    { organisationId, needs: "owner", accounts: [accountId] },
    async (tx, organisation) => {
      const reach = await readReach(tx, ctx, named);
      const keys = mustRevoke ? reach.keys.filter((key) => key.is_theirs) : [];
      await endAll(tx, ctx, { named, reach, keys });
      if (reach.membership === "owner") await requireOwner(tx, organisationId);
      await tellAll(tx, ctx, { organisation, reach, keys });
      const removed = toRemoved(ctx, organisation, reach);
      const entry = await record(tx, ctx, {
        action: "access.removed-from-everything",
        organisationId,
        targets: targetsOf(reach, keys),
        change: await removalChange(tx, { organisation, reach, keys }),
      });
      const removalId = await noteRemoval(tx, { ...named, entry, now: ctx.now() });
      return { removalId, ...removed, revokedKeys: keys.map(toKey) };
    },
  );
}

async function endAll(
  tx: Tx,
  ctx: Context,
  { named, reach, keys }: { named: Named; reach: Reach; keys: readonly RemovalKeyRow[] },
): Promise<void> {
  const now = ctx.now();
  await deleteGrantsIn(tx, named);
  await deleteMember(tx, named);
  for (const invitation of invitationsOf(reach)) await cancel(tx, invitation, now);
  await deleteOffersOf(tx, { ...named, emailKey: reach.person.email_key });
  await revokeKeys(tx, { keyIds: keys.map((key) => key.id), now });
}

/** An invitation holds apps of one organisation, so all of it goes. */
async function cancel(tx: Tx, { row, parts }: OrganisationInvitation, now: Date): Promise<void> {
  await deleteParts(tx, { invitationId: row.id, appIds: parts.map((part) => part.app_id) });
  await cancelInvitationRow(tx, { invitationId: row.id, now });
}

const invitationsOf = ({ toThem, byThem }: Reach): OrganisationInvitation[] => [
  ...new Map([...toThem, ...byThem].map((invitation) => [invitation.row.id, invitation])).values(),
];

async function tellAll(
  tx: Tx,
  ctx: Context,
  {
    organisation,
    reach,
    keys,
  }: { organisation: MembershipRow; reach: Reach; keys: readonly RemovalKeyRow[] },
): Promise<void> {
  await tell(tx, ctx, reach.person.id, {
    kind: "access-ended-everywhere",
    values: { organisation: organisation.name },
    lines: [
      "what",
      ...reach.grants.map(
        (grant) =>
          ["part", { app: grant.app_name, role: rolePhrase(grant.role) }] as [
            "part",
            { app: string; role: MailValue },
          ],
      ),
    ],
  });
  const { display_name: name, email } = reach.person;
  await tellOwnersBut([reach.person.id], tx, ctx, {
    organisationId: organisation.id,
    mail: {
      kind: "person-removed",
      values: {
        organisation: organisation.name,
        person: `${name} (${email})`,
        actor: await actorName(tx, ctx),
        count: keys.length,
      },
      lines: [
        "what",
        ...(keys.length > 0 ? (["keys"] as const) : []),
        ...keys.map(
          (key) =>
            [
              "key",
              { app: key.app_name, account: key.account_name, key: key.name, keyId: key.id },
            ] as ["key", { app: string; account: string; key: string; keyId: string }],
        ),
      ],
    },
  });
}

function targetsOf(reach: Reach, keys: readonly RemovalKeyRow[]): EntryTarget[] {
  return [
    accountTarget(reach.person.id),
    ...reach.grants.flatMap((grant) => [
      { type: "app", id: grant.app_id },
      { type: "grant", id: grant.id },
    ]),
    ...invitationsOf(reach).map(({ row }) => ({ type: "invitation", id: row.id })),
    ...keys.map((key) => ({ type: "key", id: key.id, accountId: key.account_id })),
  ];
}

function toRemoved(ctx: Context, organisation: MembershipRow, reach: Reach) {
  const view = { names: new Map([[organisation.id, organisation.name]]), now: ctx.now() };
  return {
    membership: reach.membership,
    grants: reach.grants.map(toShared),
    invitationsToThem: reach.toThem.map((invitation) => toPending(invitation, view)),
    invitationsByThem: reach.byThem.map((invitation) => toPending(invitation, view)),
  };
}

const toKey = (key: RemovalKeyRow) => ({
  id: key.id,
  name: key.name,
  app: { id: key.app_id, name: key.app_name },
  serviceAccount: { id: key.account_id, name: key.account_name },
  expiresAt: key.expires_at.toISOString(),
  isTheirs: key.is_theirs,
});
