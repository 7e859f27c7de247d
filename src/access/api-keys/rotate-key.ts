import type { KeyCreated } from "../../contract/access/api-keys.ts";
import type { Context } from "../../context.ts";
import { requireStepUp } from "../../identity/sessions/require-step-up.ts";
import { ProblemError } from "../../problem-error.ts";
import { record } from "../../record/entries/change.ts";
import { copyRulesInForce } from "../address-rules/rule-queries.ts";
import { requireMayActAs } from "../service-accounts/on-service-account.ts";
import { actorName, tellOwners } from "../service-accounts/tell-owners.ts";
import { endKeyAt, type ApiKeyRow } from "./api-key-queries.ts";
import { latestEnd, makeKey } from "./make-key.ts";
import { changeKeyOf, targetOfKey } from "./on-key.ts";

/**
 * Makes a key's successor: for the same service account, under the same name, as long-lived, with the
 * address rules that are in force on the old key. The old key works for `overlapSeconds` more, never
 * longer than it would have. A key has one successor, and no more than two keys of a line are live: a
 * predecessor whose overlap still runs ends at once.
 *
 * @throws {ProblemError} `step-up-required`, `not-found`, `forbidden`, `beyond-your-own`, `already-rotated`, `key-ended`.
 */
export async function rotateKey(
  ctx: Context,
  { keyId, overlapSeconds }: { keyId: string; overlapSeconds: number },
): Promise<KeyCreated> {
  requireStepUp(ctx);
  return await changeKeyOf(
    ctx,
    { keyId, permission: "app:keys" },
    async (tx, { key, account, access }) => {
      if (key.rotatedTo !== null) throw new ProblemError("already-rotated");
      const now = ctx.now();
      const expiresAt = endOfSuccessor(key, now);
      requireMayActAs(access, account, expiresAt);
      const endsAt = new Date(now.getTime() + overlapSeconds * 1000);
      const old = await endKeyAt(tx, { id: key.id, endsAt, now });
      if (old === undefined) throw new ProblemError("key-ended");
      if (key.rotatedFrom !== null) await endKeyAt(tx, { id: key.rotatedFrom, endsAt: now, now });
      const { accountId: createdBy, app } = access;
      const { name } = key;
      const bindings = { accountId: account.id, name, createdBy, expiresAt, rotatedFrom: key.id };
      const made = await makeKey(tx, ctx, bindings);
      await copyRulesInForce(tx, { fromKeyId: key.id, toKeyId: made.id, now, by: createdBy });
      await record(tx, ctx, {
        action: "key.rotated",
        organisationId: app.organisationId,
        appId: app.id,
        targets: [targetOfKey(key), targetOfKey({ id: made.id, accountId: account.id })],
        change: {
          before: { id: key.id, expiresAt: key.expiresAt },
          after: { id: made.id, expiresAt, oldKeyEndsAt: old.expiresAt },
        },
      });
      await tellOwners(tx, ctx, app.organisationId, {
        kind: "key-rotated",
        values: {
          app: app.name,
          account: account.name,
          key: name,
          keyId: key.id,
          newKeyId: made.id,
          actor: await actorName(tx, ctx),
          oldEndsAt: old.expiresAt,
          endsAt: expiresAt,
        },
        lines: ["what", "until"],
      });
      return made;
    },
  );
}

/** As long from now as the old key was made for. */
function endOfSuccessor({ createdAt, expiresAt }: ApiKeyRow, now: Date): Date {
  const end = new Date(now.getTime() + expiresAt.getTime() - createdAt.getTime());
  const latest = latestEnd(now);
  return end < latest ? end : latest;
}
