import type { KeyCreated, NewKey } from "../../contract/access/api-keys.ts";
import type { Context } from "../../context.ts";
import { requireStepUp } from "../../identity/sessions/require-step-up.ts";
import type { FieldRule } from "../../platform/http/field-rules.ts";
import { invalidField, ProblemError } from "../../problem-error.ts";
import { record } from "../../record/entries/change.ts";
import { changeServiceAccountOf, requireMayActAs } from "../service-accounts/on-service-account.ts";
import { requireEnd } from "../service-accounts/require-end.ts";
import { actorName, tellOwners } from "../service-accounts/tell-owners.ts";
import { endRule } from "../sharing/parse-end.ts";
import { latestEnd, makeKey } from "./make-key.ts";
import { targetOfKey } from "./on-key.ts";

/** Live keys of one service account. */
const MAX_LIVE_KEYS = 100;

/**
 * Makes a key for a service account. Whoever has it acts as that account.
 *
 * @returns the key's text, which is shown this once.
 * @throws {ProblemError} `step-up-required`, `not-found`, `forbidden`, `invalid-request`, `beyond-your-own`, `limit-reached`.
 */
export async function createKey(
  ctx: Context,
  { serviceAccountId, name, ...given }: NewKey & { serviceAccountId: string },
): Promise<KeyCreated> {
  requireStepUp(ctx);
  const expiresAt = endOfKey(ctx.now(), given.expiresAt);
  return await changeServiceAccountOf(
    ctx,
    { serviceAccountId, permission: "app:keys" },
    async (tx, { account, access }) => {
      requireMayActAs(access, account, expiresAt);
      if (account.liveKeys >= MAX_LIVE_KEYS) throw new ProblemError("limit-reached");
      const { accountId: createdBy, app } = access;
      const made = await makeKey(tx, ctx, {
        accountId: account.id,
        name,
        createdBy,
        expiresAt,
        rotatedFrom: null,
      });
      await record(tx, ctx, {
        action: "key.created",
        organisationId: app.organisationId,
        appId: app.id,
        targets: [targetOfKey({ id: made.id, accountId: account.id })],
        change: { after: { name, expiresAt } },
      });
      await tellOwners(tx, ctx, app.organisationId, {
        kind: "key-created",
        values: {
          app: app.name,
          account: account.name,
          key: name,
          keyId: made.id,
          actor: await actorName(tx, ctx),
          endsAt: expiresAt,
        },
        lines: ["what", "until"],
      });
      return made;
    },
  );
}

function endOfKey(now: Date, asked: string | undefined): Date {
  const latest = latestEnd(now);
  if (asked === undefined) return latest;
  const expiresAt = requireEnd(asked, now);
  if (expiresAt > latest) throw invalidField("/expiresAt", TOO_LATE);
  return expiresAt;
}

const TOO_LATE = { code: "end-too-late" } as const;

/** The same, told together with what else is wrong. */
export const keyEndRule: FieldRule = (text, beside) => {
  const isTooLate = new Date(text) > latestEnd(beside.ctx.now());
  return isTooLate ? TOO_LATE : endRule(text, beside);
};
