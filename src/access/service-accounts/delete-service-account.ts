import type { Context } from "../../context.ts";
import { requireStepUp } from "../../identity/sessions/require-step-up.ts";
import { ProblemError } from "../../problem-error.ts";
import { record } from "../../record/entries/change.ts";
import { changeServiceAccountOf, targetOf } from "./on-service-account.ts";
import { endServiceAccount } from "./service-account-queries.ts";
import { actorName, tellOwners } from "./tell-owners.ts";

/**
 * Ends a service account for good: every key of it is revoked and its access is gone.
 *
 * @throws {ProblemError} `step-up-required`, `not-found`, `forbidden`.
 */
export async function deleteServiceAccount(
  ctx: Context,
  { serviceAccountId }: { serviceAccountId: string },
): Promise<void> {
  requireStepUp(ctx);
  await changeServiceAccountOf(
    ctx,
    { serviceAccountId, permission: "app:keys" },
    async (tx, { account, access }) => {
      const ended = await endServiceAccount(tx, { id: account.id, now: ctx.now() });
      if (ended === undefined) throw new ProblemError("not-found");
      const { organisationId, name: appName } = access.app;
      await record(tx, ctx, {
        action: "service-account.deleted",
        organisationId,
        appId: account.appId,
        targets: [
          targetOf(account),
          ...ended.revokedKeyIds.map((id) => ({ type: "key", id, accountId: account.id })),
        ],
        change: { before: { name: account.name, role: account.role } },
      });
      await tellOwners(tx, ctx, organisationId, {
        kind: "service-account-deleted",
        values: {
          app: appName,
          account: account.name,
          actor: await actorName(tx, ctx),
          count: ended.revokedKeyIds.length,
        },
        lines: ["what", "keys"],
      });
    },
  );
}
