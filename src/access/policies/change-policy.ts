import type {
  PasswordPolicy,
  PasswordPolicyChange,
} from "../../contract/access/password-policies.ts";
import { compareRules } from "../../contract/identity/password-rules.ts";
import type { Context } from "../../context.ts";
import { requireStepUp } from "../../identity/sessions/require-step-up.ts";
import { record } from "../../record/entries/change.ts";
import { organisationMeant } from "../organisations/only-owned.ts";
import { changeOrganisation } from "../organisations/require-membership.ts";
import { callerOf } from "../sharing/app-access.ts";
import { tellPolicyChanged } from "./policy-mails.ts";
import { putPolicy, readPolicy } from "./policy-queries.ts";
import { policyOf } from "./read-policy.ts";
import { wantedPolicy } from "./wanted-rules.ts";

/**
 * Sets what an organisation asks of passwords, of everybody whom its apps reach. It holds at once, and counts
 * from now: no password ends the moment a rule begins. Members are told, and guests where it gets stricter.
 *
 * @throws {ProblemError} `step-up-required`, `not-found`, `invalid-request`
 */
export async function changePasswordPolicy(
  ctx: Context,
  sent: PasswordPolicyChange,
): Promise<PasswordPolicy> {
  requireStepUp(ctx);
  const organisationId = await organisationMeant(ctx, sent.organisationId);
  return await changeOrganisation(
    ctx,
    { organisationId, needs: "any", locks: "touches" },
    async (tx, organisation) => {
      const now = ctx.now();
      const before = await readPolicy(tx, organisationId);
      const wanted = wantedPolicy(sent, { ages: before.ages, now });
      const after = { ...wanted, changedAt: now, changedBy: callerOf(ctx) };
      await putPolicy(tx, organisationId, after);
      const change = compareRules(before.rules, after.rules);
      await tellPolicyChanged(tx, ctx, { organisation, rules: after.rules, change });
      await record(tx, ctx, {
        action: "password-policy.changed",
        organisationId,
        targets: [{ type: "organisation", id: organisationId }],
        change: {
          before: { preset: before.preset, rules: before.rules },
          after: { preset: after.preset, rules: after.rules, reason: after.reason },
        },
      });
      return await policyOf(tx, organisation, now);
    },
  );
}
