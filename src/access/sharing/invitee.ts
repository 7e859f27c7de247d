import type { InvitationAcceptance } from "../../contract/access/sharing.ts";
import type { Context } from "../../context.ts";
import { findCredentials, findPerson } from "../../identity/accounts/account-queries.ts";
import { choosePassword, passwordRule } from "../../identity/accounts/choose-password.ts";
import { characterRulesOf } from "../../identity/passwords/effective-policy.ts";
import { requireEmail } from "../../identity/accounts/email-address.ts";
import type { FieldRule } from "../../platform/http/field-rules.ts";
import { requireAdmission } from "../../platform/http/request-context.ts";
import { ProblemError } from "../../problem-error.ts";
import { change, record } from "../../record/entries/change.ts";
import { readerOf, type ReaderChoice } from "../../identity/accounts/reader.ts";
import { recipientsOf, tell } from "../../identity/accounts/tell.ts";
import { offeredRules } from "../policies/offered-rules.ts";
import { callerOf } from "./app-access.ts";
import { entryPlace, invitationTargets } from "./invitation.ts";
import { listParts, markWrongAccount, type InvitationRow } from "./invitation-queries.ts";
import { failureAt } from "../../failures.ts";

/** Who accepts: somebody signed in as the invited address, or somebody new who proved it by the link. */
export type Invitee =
  | { kind: "account"; accountId: string; email: string; displayName: string }
  | { kind: "new"; displayName: string; passwordHash: string; reader: ReaderChoice };

type Answers = Pick<InvitationAcceptance, "password" | "displayName" | "language" | "timeZone"> & {
  acceptLanguage?: string | undefined;
};

/**
 * @throws {ProblemError} `wrong-account`, `not-signed-in`, `invalid-request`, `forbidden`, or what
 *   stands between a half-open session and a full one.
 */
export async function inviteeOf(
  ctx: Context,
  invitation: InvitationRow,
  answers: Answers,
): Promise<Invitee> {
  if (ctx.principal.kind !== "stranger") return await signedIn(ctx, invitation);
  const holder = await findCredentials(ctx.db, invitation.email_key);
  // One that the operator's product made is nobody's yet: whoever opens the mail takes it over.
  if (holder?.is_proven === true) throw signInFirst();
  return await newPerson(ctx, invitation, answers);
}

export const signInFirst = (): ProblemError =>
  new ProblemError("not-signed-in", {
    detail: { code: "invited-has-account" },
  });

async function signedIn(ctx: Context, invitation: InvitationRow): Promise<Invitee> {
  requireAdmission(ctx.principal, ["full"]);
  const caller = await findPerson(ctx.db, callerOf(ctx));
  if (requireEmail(caller.email).emailKey !== invitation.email_key)
    return await refuseAccount(ctx, invitation);
  return {
    kind: "account",
    accountId: caller.id,
    email: caller.email,
    displayName: caller.display_name,
  };
}

/** Kept: the invitation is marked, and its inviter told the first time, so that it is no dead end. The link stays good. */
async function refuseAccount(ctx: Context, invitation: InvitationRow): Promise<never> {
  const parts = await listParts(ctx.db, [invitation.id]);
  await change(ctx, {}, async (tx) => {
    const isFirst = await markWrongAccount(tx, { invitationId: invitation.id, now: ctx.now() });
    if (isFirst)
      await tell(tx, ctx, invitation.inviter_id, {
        kind: "invitation-wrong-account",
        values: { address: invitation.email },
        lines: ["what", "then"],
      });
    await record(tx, ctx, {
      action: "invitation.accepted",
      outcome: "refused",
      reason: "wrong-account",
      ...entryPlace(parts),
      ...(invitation.organisation_id !== null && { organisationId: invitation.organisation_id }),
      targets: invitationTargets(invitation.id, parts),
    });
  });
  throw new ProblemError("wrong-account", {
    detail: { code: "invited-is-another" },
  });
}

async function newPerson(
  ctx: Context,
  invitation: InvitationRow,
  answers: Answers,
): Promise<Invitee> {
  const { email, display_name: suggested } = invitation;
  const displayName = (answers.displayName ?? suggested)?.trim();
  const { password } = answers;
  const errors = [
    ...(password === undefined ? [failureAt("/password", { code: "password-wanted" })] : []),
    ...(displayName === undefined ? [failureAt("/displayName", { code: "name-wanted" })] : []),
  ];
  if (password === undefined || displayName === undefined)
    throw new ProblemError("invalid-request", { errors });
  const parts = await listParts(ctx.db, [invitation.id]);
  const offered = await offeredRules(ctx.db, { invitation, parts, now: ctx.now() });
  const rules = characterRulesOf(offered);
  const passwordHash = await choosePassword(ctx, password, { email, displayName }, { rules });
  const [inviter] = await recipientsOf(ctx.db, invitation.inviter_id);
  const reader = readerOf(answers, answers.acceptLanguage, inviter?.language);
  return { kind: "new", displayName, passwordHash, reader };
}

/** Whoever is signed in chooses no password: theirs is not looked at. */
export const newPasswordRule: FieldRule = (password, beside) =>
  beside.ctx.principal.kind === "stranger" ? passwordRule(password, beside) : null;
