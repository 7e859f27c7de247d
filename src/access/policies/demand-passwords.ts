import type { PasswordDemand, PasswordDemanded } from "../../contract/access/password-policies.ts";
import { DEMAND_EVERY_HOURS } from "../../contract/identity/password-rules.ts";
import type { Context } from "../../context.ts";
import { accountTarget } from "../../identity/accounts/account-queries.ts";
import { requireStepUp } from "../../identity/sessions/require-step-up.ts";
import type { Db, Tx } from "../../platform/db/db.ts";
import { ProblemError } from "../../problem-error.ts";
import { record } from "../../record/entries/change.ts";
import { organisationMeant } from "../organisations/only-owned.ts";
import { changeOrganisation, requireMembership } from "../organisations/require-membership.ts";
import { callerOf } from "../sharing/app-access.ts";
import { tellDemanded } from "./policy-mails.ts";
import { demandPasswordsOf } from "./policy-queries.ts";
import { listBound } from "./tie-queries.ts";

type Meant = { organisationId: string; accountId?: string | undefined };

/**
 * Asks one person whom the organisation's apps reach, or all of them, for another password at once: from the
 * answer on their sessions can choose one and nothing else, on every process. Nobody is asked by the same
 * organisation twice within 24 hours.
 *
 * @throws {ProblemError} `step-up-required`; `not-found` for an organisation or a person that is not theirs.
 */
export async function demandPasswords(
  ctx: Context,
  sent: PasswordDemand,
): Promise<PasswordDemanded> {
  requireStepUp(ctx);
  const organisationId = await organisationMeant(ctx, sent.organisationId);
  const meant = { organisationId, accountId: sent.accountId };
  await requireMembership(ctx.db, ctx, organisationId, "any");
  const accounts = await boundIds(ctx.db, ctx, meant);
  return await changeOrganisation(
    ctx,
    { organisationId, needs: "any", locks: "touches", accounts },
    async (tx, organisation) => {
      // Whoever came meanwhile has not been locked, and is not asked; whoever went is bound no more.
      const still = new Set(await boundIds(tx, ctx, meant));
      const asked = accounts.filter((id) => still.has(id));
      const demanded = await demand(tx, ctx, { organisationId, accountIds: asked });
      await tellDemanded(tx, ctx, { organisation, accountIds: demanded });
      await record(tx, ctx, {
        action: "password-policy.password-demanded",
        organisationId,
        targets: [
          { type: "organisation", id: organisationId },
          ...(sent.accountId === undefined ? [] : [accountTarget(sent.accountId)]),
        ],
        change: { after: { people: demanded.length } },
      });
      return { demanded: demanded.length, spared: asked.length - demanded.length };
    },
  );
}

async function boundIds(
  db: Db,
  ctx: Context,
  { organisationId, accountId }: Meant,
): Promise<string[]> {
  const bound = await listBound(db, { organisationId, now: ctx.now() });
  if (accountId === undefined) return bound.map(({ id }) => id);
  if (!bound.some(({ id }) => id === accountId)) throw new ProblemError("not-found");
  return [accountId];
}

async function demand(
  tx: Tx,
  ctx: Context,
  { organisationId, accountIds }: { organisationId: string; accountIds: readonly string[] },
): Promise<string[]> {
  const now = ctx.now();
  return await demandPasswordsOf(tx, {
    organisationId,
    accountIds,
    demandedBy: callerOf(ctx),
    now,
    notSince: new Date(now.getTime() - DEMAND_EVERY_HOURS * 3_600_000),
  });
}
