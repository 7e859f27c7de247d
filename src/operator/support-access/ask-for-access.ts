import { tellOwners } from "../../access/service-accounts/tell-owners.ts";
import type {
  NewSupportRequest,
  SupportRequestCreated,
} from "../../contract/operator/support-access.ts";
import type { Context } from "../../context.ts";
import { uuidv7 } from "../../platform/crypto/uuid.ts";
import { ProblemError } from "../../problem-error.ts";
import { record } from "../../record/entries/change.ts";
import { changeAsOperator, requireOperator } from "../require-operator.ts";
import { insertRequest, listOpenRequests, lockApp } from "./request-queries.ts";

/** Two weeks: whoever has not answered by then will not. */
const OPEN_MS = 14 * 86_400_000;

/**
 * An operator asks to read an app's log. It opens nothing: each owner is told, and one of them may agree.
 * One question at a time about an app, so that nobody is worn down by mails.
 *
 * @throws {ProblemError} `not-found`, `step-up-required`; `conflict` while a question about the app is open.
 */
export async function askForAccess(
  ctx: Context,
  { appId, reason: given, hours }: NewSupportRequest,
): Promise<SupportRequestCreated> {
  const { accountId } = requireOperator(ctx);
  return await changeAsOperator(ctx, {}, async (tx) => {
    const app = await lockApp(tx, appId);
    if (app === undefined) throw new ProblemError("not-found");
    const createdAt = ctx.now();
    if ((await listOpenRequests(tx, { appId, now: createdAt })).length > 0)
      throw new ProblemError("conflict", {
        detail: { code: "owners-asked-already" },
      });
    const id = uuidv7(createdAt.getTime());
    const endsAt = new Date(createdAt.getTime() + OPEN_MS);
    const reason = given.trim();
    await insertRequest(tx, { id, appId, askedBy: accountId, reason, hours, createdAt, endsAt });
    await tellOwners(tx, ctx, app.organisation_id, {
      kind: "support-requested",
      values: { app: app.name, hours, reason },
      lines: ["what", "reason", "then"],
    });
    await record(tx, ctx, {
      action: "support.requested",
      reason,
      organisationId: app.organisation_id,
      appId,
      targets: [{ type: "support-request", id }],
      change: { after: { hours } },
    });
    return { id, endsAt: endsAt.toISOString() };
  });
}
