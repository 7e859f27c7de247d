import type { NewMember } from "../../contract/access/organisations.ts";
import type { Context } from "../../context.ts";
import { findDisplayName } from "../../identity/accounts/account-queries.ts";
import { requireEmail } from "../../identity/accounts/email-address.ts";
import { requireStepUp } from "../../identity/sessions/require-step-up.ts";
import { uuidv7 } from "../../platform/crypto/uuid.ts";
import { ProblemError } from "../../problem-error.ts";
import { record } from "../../record/entries/change.ts";
import { callerOf } from "../sharing/app-access.ts";
import { invitationMail, newLink } from "../sharing/invitation.ts";
import { insertInvitation } from "../sharing/invitation-queries.ts";
import { requireRoom } from "../sharing/invite.ts";
import { mailLink } from "../sharing/mail-link.ts";
import { requireOtherAddress } from "../sharing/may-invite.ts";
import { isMemberAddress } from "./organisation-queries.ts";
import { changeOrganisation } from "./require-membership.ts";

/**
 * Invites somebody to be an owner or officer, always by a link in a mail: whether the address has an
 * account doesn't show.
 *
 * @throws {ProblemError} `step-up-required`, `invalid-request` at /email, `not-found`, `forbidden` to
 *   an officer, `already-member`, `limit-reached`, `too-many-requests`.
 */
export async function invitePerson(
  ctx: Context,
  { organisationId, email: typed, role }: NewMember & { organisationId: string },
): Promise<{ id: string }> {
  requireStepUp(ctx);
  const address = requireEmail(typed);
  await requireOtherAddress(ctx, address.emailKey);
  return await changeOrganisation(
    ctx,
    { organisationId, needs: "owner", locks: "relies" },
    async (tx, organisation) => {
      if (await isMemberAddress(tx, { organisationId, emailKey: address.emailKey }))
        throw new ProblemError("already-member");
      await requireRoom(tx, ctx);
      const inviterId = callerOf(ctx);
      const link = newLink(ctx);
      const id = uuidv7(link.sentAt.getTime());
      await insertInvitation(tx, {
        ...address,
        ...link,
        id,
        displayName: null,
        inviterId,
        organisation: { id: organisationId, role },
        parts: [],
      });
      const mail = invitationMail({
        ...link,
        inviterName: await findDisplayName(tx, inviterId),
        parts: [],
        organisation: { name: organisation.name, role },
        isResent: false,
      });
      await mailLink(tx, ctx, address, mail);
      await record(tx, ctx, {
        action: "organisation.person-added",
        organisationId,
        targets: [{ type: "invitation", id }],
        change: { after: { email: address.email, role } },
      });
      return { id };
    },
  );
}
