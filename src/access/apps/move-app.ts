import type { Context } from "../../context.ts";
import type { Tx } from "../../platform/db/db.ts";
import { ProblemError } from "../../problem-error.ts";
import { record } from "../../record/entries/change.ts";
import { listMembers, type MembershipRow } from "../organisations/organisation-queries.ts";
import { tell } from "../../identity/accounts/tell.ts";
import { countApps, moveApp, takeOutOfInvitations } from "./app-queries.ts";
import { MAX_APPS } from "./make-app.ts";
import { deleteTransfer } from "./transfer-queries.ts";

type Move = {
  app: { id: string; name: string; organisationId: string; organisationName: string };
  to: MembershipRow;
};

/**
 * Hands an app over, in the caller's transaction, and puts it on record. Both organisations' slots are
 * locked, and who may has been checked. Grants, roles, service accounts, keys and rules stay as they
 * are: the new owners hold every permission, so none of it is beyond them. Invitations under way lose
 * the app: they were sent under the old owners, and hold apps of one organisation alone.
 *
 * @throws {ProblemError} `limit-reached`
 */
export async function handOver(tx: Tx, ctx: Context, { app, to }: Move): Promise<void> {
  if ((await countApps(tx, to.id)) >= MAX_APPS) throw new ProblemError("limit-reached");
  await moveApp(tx, { appId: app.id, organisationId: to.id, now: ctx.now() });
  await deleteTransfer(tx, { appId: app.id });
  await takeOutOfInvitations(tx, app.id);
  const members = [
    ...(await listMembers(tx, app.organisationId)),
    ...(await listMembers(tx, to.id)),
  ];
  const owners = members.filter((member) => member.role === "owner").map((member) => member.id);
  await tell(tx, ctx, owners, {
    kind: "app-handed-over",
    values: { app: app.name, organisation: to.name, from: app.organisationName },
    lines: ["what", "keep"],
  });
  await record(tx, ctx, {
    action: "app.transferred",
    organisationId: app.organisationId,
    appId: app.id,
    targets: [
      { type: "app", id: app.id },
      { type: "organisation", id: to.id },
    ],
    change: { before: { organisationId: app.organisationId }, after: { organisationId: to.id } },
  });
}
