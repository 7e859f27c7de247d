import { changeApp } from "../../access/sharing/change-app.ts";
import { ownersPermission } from "../../contract/access/permissions.ts";
import type { Context } from "../../context.ts";
import { ProblemError } from "../../problem-error.ts";
import { record } from "../../record/entries/change.ts";
import { answerRequest } from "./request-queries.ts";

/**
 * An owner refuses what the operator asks. Nobody's access changes by it, so it needs no step-up.
 *
 * @throws {ProblemError} `forbidden` to whoever is no owner; `not-found`, also for a question that is not open.
 */
export async function refuseRequest(
  ctx: Context,
  { appId, requestId }: { appId: string; requestId: string },
): Promise<void> {
  await changeApp(
    ctx,
    { appId, permission: ownersPermission, locks: "relies" },
    async (tx, { app }) => {
      const answer = { appId, requestId, consentId: null, now: ctx.now() };
      if (!(await answerRequest(tx, answer))) throw new ProblemError("not-found");
      await record(tx, ctx, {
        action: "support.request-refused",
        organisationId: app.organisationId,
        appId,
        targets: [{ type: "support-request", id: requestId }],
      });
    },
  );
}
