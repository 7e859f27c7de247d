import type { InvitationAcceptance, InvitationAccepted } from "../../contract/access/sharing.ts";
import type { Context } from "../../context.ts";
import { accountTarget } from "../../identity/accounts/account-queries.ts";
import { makePerson } from "../../identity/accounts/make-person.ts";
import { deleteSignUps } from "../../identity/accounts/sign-up-queries.ts";
import { actingAs, openSession, type OpenedSession } from "../../identity/sessions/open-session.ts";
import { hashToken } from "../../platform/crypto/tokens.ts";
import type { Tx } from "../../platform/db/db.ts";
import { accountSlot, organisationSlot } from "../../platform/db/version-slots.ts";
import { ProblemError } from "../../problem-error.ts";
import { change, record } from "../../record/entries/change.ts";
import { tell } from "../../identity/accounts/tell.ts";
import { changeAsCaller } from "./change-as-caller.ts";
import { giveMembership, giveParts, type Given } from "./give-parts.ts";
import { deadInvitation, entryPlace, invitationTargets } from "./invitation.ts";
import {
  consumeInvitation,
  findInvitationByToken,
  listParts,
  setAcceptedBy,
  type InvitationRow,
  type PartRow,
} from "./invitation-queries.ts";
import { inviteeOf, signInFirst, type Invitee } from "./invitee.ts";
import { memberPhrase, rolePhrase } from "./access-mails.ts";
import { tellOwnersBut } from "../service-accounts/tell-owners.ts";
import type { MailValue } from "../../platform/mail/compose-mail.ts";

export type Acceptance = Omit<InvitationAccepted, "session"> & {
  /** Of an account that was made just now; null for somebody who was signed in. */
  opened: OpenedSession | null;
};

type Account = InvitationAccepted["account"];

/**
 * Accepts an invitation: signed in as the invited address, or, where it has no account, by choosing a
 * password and a name, which makes one. It works once, and gives only what the inviter still may give,
 * judged in the transaction that gives it; what they may not is left out, and when nothing is left,
 * nothing happened.
 *
 * @throws {ProblemError} `dead-link`, `wrong-account`, `not-signed-in` when the address has an
 *   account, `enrolment-required` and its like for half-open sessions, `invalid-request` at /password
 *   or /displayName (the link stays good), `conflict`.
 */
export async function acceptInvitation(
  ctx: Context,
  { token, ...given }: InvitationAcceptance & { acceptLanguage?: string | undefined },
): Promise<Acceptance> {
  const tokenHash = hashToken(token);
  const invitation = await findInvitationByToken(ctx.db, { tokenHash, now: ctx.now() });
  if (invitation === undefined) throw deadInvitation();
  const parts = await listParts(ctx.db, [invitation.id]);
  Object.assign(ctx.notes, {
    ...placeOf(invitation, parts),
    targets: invitationTargets(invitation.id, parts),
  });
  const invitee = await inviteeOf(ctx, invitation, given);
  const organisations = organisationsOf(invitation, parts);
  // Somebody new has no session yet that could have ended.
  const changeAs = invitee.kind === "account" ? changeAsCaller : change;
  return await changeAs(
    ctx,
    {
      touches: [
        ...organisations.map(organisationSlot),
        ...(invitee.kind === "account" ? [accountSlot(invitee.accountId)] : []),
      ],
      relies: [accountSlot(invitation.inviter_id)],
    },
    async (tx) => await accept(tx, ctx, { tokenHash, invitee, organisations }),
  );
}

async function accept(
  tx: Tx,
  ctx: Context,
  given: { tokenHash: Buffer; invitee: Invitee; organisations: readonly string[] },
): Promise<Acceptance> {
  const invitation = await consumeInvitation(tx, { ...given, now: ctx.now() });
  if (invitation === undefined) throw deadInvitation();
  const parts = await listParts(tx, [invitation.id]);
  const isLocked = organisationsOf(invitation, parts).every((id) =>
    given.organisations.includes(id),
  );
  if (!isLocked) throw new ProblemError("conflict");
  const { account, opened } = await settle(tx, ctx, { invitation, invitee: given.invitee });
  await setAcceptedBy(tx, { invitationId: invitation.id, accountId: account.id });
  const result = {
    ...(await giveParts(tx, ctx, { invitation, parts, accountId: account.id })),
    organisation: await giveMembership(tx, ctx, { invitation, accountId: account.id }),
  };
  if (result.grants.length === 0 && result.organisation === null)
    throw deadInvitation({ code: "nothing-left-to-give" });
  await tellAll(tx, ctx, { invitation, result, account });
  await record(tx, opened === null ? ctx : actingAs(ctx, opened), {
    action: "invitation.accepted",
    ...placeOf(invitation, parts),
    targets: [
      ...invitationTargets(invitation.id, parts),
      ...result.grants.map((grant) => ({ type: "grant", id: grant.id })),
      accountTarget(account.id),
      { type: "inviter", id: invitation.inviter_id, accountId: invitation.inviter_id },
    ],
    change: { after: result },
  });
  return { account, ...result, opened };
}

/** The account that accepts: the one signed in, or the one made now, signed in as far as enrolment. */
async function settle(
  tx: Tx,
  ctx: Context,
  { invitation, invitee }: { invitation: InvitationRow; invitee: Invitee },
): Promise<{ account: Account; opened: OpenedSession | null }> {
  const { email, email_key: emailKey } = invitation;
  if (invitee.kind === "account")
    return {
      account: { id: invitee.accountId, email: invitee.email, displayName: invitee.displayName },
      opened: null,
    };
  const { displayName, passwordHash, reader } = invitee;
  // Before the account, as a sign-up's own link does: two orders would wait for each other.
  await deleteSignUps(tx, emailKey);
  const made = await makePerson(tx, ctx, { email, emailKey, displayName, passwordHash, reader });
  if (made === null) throw signInFirst();
  const opened = await openSession(tx, ctx, made.accountId, "needs-enrolment");
  return { account: { id: made.accountId, email, displayName }, opened };
}

async function tellAll(
  tx: Tx,
  ctx: Context,
  { invitation, result, account }: { invitation: InvitationRow; result: Given; account: Account },
): Promise<void> {
  const { organisation } = result;
  await tell(tx, ctx, invitation.inviter_id, {
    kind: "invitation-accepted",
    values: { address: invitation.email },
    lines: [
      "what",
      ...(organisation === null
        ? []
        : [
            [
              "member",
              { organisation: organisation.name, role: memberPhrase(organisation.role) },
            ] as ["member", { organisation: string; role: MailValue }],
          ]),
      ...result.grants.map(({ app, role }) => line("given", app.name, role)),
      ...result.leftOut.map(({ app, role }) => line("leftOut", app.name, role)),
    ],
  });
  if (organisation !== null)
    await tellOwnersBut([account.id, invitation.inviter_id], tx, ctx, {
      organisationId: organisation.id,
      mail: {
        kind: "member-joined",
        values: {
          person: `${account.displayName} (${account.email})`,
          organisation: organisation.name,
          role: memberPhrase(organisation.role),
        },
        lines: ["what", "owners"],
      },
    });
}

const line = <Key extends string>(key: Key, app: string, role: string) =>
  [key, { app, role: rolePhrase(role) }] as [Key, { app: string; role: MailValue }];

function placeOf(invitation: InvitationRow, parts: readonly PartRow[]) {
  return invitation.organisation_id === null
    ? entryPlace(parts)
    : { organisationId: invitation.organisation_id };
}

function organisationsOf(invitation: InvitationRow, parts: readonly PartRow[]): string[] {
  const ids = parts.map((part) => part.organisation_id);
  if (invitation.organisation_id !== null) ids.push(invitation.organisation_id);
  return [...new Set(ids)];
}
