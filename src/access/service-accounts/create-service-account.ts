import type { NewServiceAccount } from "../../contract/access/service-accounts.ts";
import type { Context } from "../../context.ts";
import { requireStepUp } from "../../identity/sessions/require-step-up.ts";
import { uuidv7 } from "../../platform/crypto/uuid.ts";
import { invalidField, ProblemError } from "../../problem-error.ts";
import { record } from "../../record/entries/change.ts";
import { changeApp } from "../sharing/change-app.ts";
import { requireEnd } from "./require-end.ts";
import { isRoleOf, requireMayGive } from "../sharing/may-give.ts";
import { endPhrase, rolePhrase } from "../sharing/access-mails.ts";
import { targetOf } from "./on-service-account.ts";
import { actorName, tellOwners } from "./tell-owners.ts";
import { countServiceAccounts, insertServiceAccount } from "./service-account-queries.ts";

/** Service accounts of one app. */
const MAX_SERVICE_ACCOUNTS = 100;

/**
 * Makes an account for a program, with a role in one app and no way to sign in.
 *
 * @throws {ProblemError} `step-up-required`, `not-found`, `forbidden`, `invalid-request`, `beyond-your-own`, `limit-reached`.
 */
export async function createServiceAccount(
  ctx: Context,
  { appId, name, role, ...given }: NewServiceAccount & { appId: string },
): Promise<{ id: string }> {
  requireStepUp(ctx);
  const now = ctx.now();
  const expiresAt = given.expiresAt === undefined ? null : requireEnd(given.expiresAt, now);
  const id = uuidv7(now.getTime());
  return await changeApp(
    ctx,
    { appId, permission: "app:keys", accounts: [id] },
    async (tx, access) => {
      if (!isRoleOf(access, role)) throw invalidField("/role", { code: "role-unknown" });
      requireMayGive(access, { role, expiresAt });
      if ((await countServiceAccounts(tx, appId)) >= MAX_SERVICE_ACCOUNTS)
        throw new ProblemError("limit-reached");
      const { accountId: createdBy } = access;
      const grantId = uuidv7(now.getTime());
      const account = { id, appId, name, role, expiresAt };
      await insertServiceAccount(tx, { ...account, grantId, createdBy, createdAt: now });
      await record(tx, ctx, {
        action: "service-account.created",
        organisationId: access.app.organisationId,
        appId,
        targets: [targetOf(account), { type: "grant", id: grantId, accountId: id }],
        change: { after: { name, role, expiresAt } },
      });
      await tellOwners(tx, ctx, access.app.organisationId, {
        kind: "service-account-created",
        values: {
          app: access.app.name,
          account: name,
          actor: await actorName(tx, ctx),
          role: rolePhrase(role),
          end: endPhrase(expiresAt),
        },
        lines: ["what"],
      });
      return { id };
    },
  );
}
