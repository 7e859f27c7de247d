import type { MemberRole } from "../../contract/access/roles.ts";
import type { Member } from "../../contract/access/organisations.ts";
import type { Context } from "../../context.ts";
import { accountTarget } from "../../identity/accounts/account-queries.ts";
import { requireStepUp } from "../../identity/sessions/require-step-up.ts";
import type { Tx } from "../../platform/db/db.ts";
import { ProblemError } from "../../problem-error.ts";
import { record } from "../../record/entries/change.ts";
import { tell } from "../../identity/accounts/tell.ts";
import { memberPhrase } from "../sharing/access-mails.ts";
import { callerOf } from "../sharing/app-access.ts";
import {
  countOwners,
  deleteMember,
  listMembers,
  upsertMember,
  type MemberRow,
} from "./organisation-queries.ts";
import { toMember } from "./read-organisations.ts";
import { changeOrganisation } from "./require-membership.ts";

type Who = { organisationId: string; accountId: string };

/**
 * Ends a membership: owners anybody's, everybody their own. The person is told.
 *
 * @throws {ProblemError} `step-up-required`, `not-found`, `forbidden`, `last-owner`.
 */
export async function removePerson(ctx: Context, who: Who): Promise<void> {
  requireStepUp(ctx);
  const { organisationId, accountId } = who;
  const needs = accountId === callerOf(ctx) ? "any" : "owner";
  await changeOrganisation(
    ctx,
    { organisationId, needs, accounts: [accountId] },
    async (tx, { name }) => {
      const member = await memberOf(tx, who);
      await deleteMember(tx, who);
      await requireOwner(tx, organisationId);
      await tell(tx, ctx, accountId, {
        kind: needs === "any" ? "member-left" : "member-removed",
        values: { organisation: name, role: memberPhrase(member.role) },
        lines: ["what"],
      });
      await record(tx, ctx, {
        action: "organisation.person-removed",
        organisationId,
        targets: [accountTarget(accountId)],
        change: { before: { role: member.role } },
      });
    },
  );
}

/**
 * Makes an owner an officer, or an officer an owner. The person is told.
 *
 * @throws {ProblemError} `step-up-required`, `not-found`, `forbidden`, `last-owner`.
 */
export async function changePerson(
  ctx: Context,
  { role, ...who }: Who & { role: MemberRole },
): Promise<Member> {
  requireStepUp(ctx);
  const { organisationId, accountId } = who;
  return await changeOrganisation(
    ctx,
    { organisationId, needs: "owner", accounts: [accountId] },
    async (tx, { name }) => {
      const member = await memberOf(tx, who);
      await upsertMember(tx, { ...who, role, createdAt: member.created_at });
      await requireOwner(tx, organisationId);
      await tell(tx, ctx, accountId, {
        kind: "member-changed",
        values: {
          organisation: name,
          role: memberPhrase(role),
          before: memberPhrase(member.role),
        },
        lines: ["what"],
      });
      await record(tx, ctx, {
        action: "organisation.person-changed",
        organisationId,
        targets: [accountTarget(accountId)],
        change: { before: { role: member.role }, after: { role } },
      });
      return toMember({ ...member, role });
    },
  );
}

/** Checked after the change and before the commit, under the organisation's lock. @throws {ProblemError} `last-owner` */
export async function requireOwner(tx: Tx, organisationId: string): Promise<void> {
  if ((await countOwners(tx, organisationId)) === 0) throw new ProblemError("last-owner");
}

async function memberOf(tx: Tx, { organisationId, accountId }: Who): Promise<MemberRow> {
  const members = await listMembers(tx, organisationId);
  const member = members.find(({ id }) => id === accountId);
  if (member === undefined) throw new ProblemError("not-found");
  return member;
}
