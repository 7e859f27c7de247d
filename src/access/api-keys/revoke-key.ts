import type { RevokeReason } from "../../contract/access/api-keys.ts";
import type { Context } from "../../context.ts";
import { requireStepUp } from "../../identity/sessions/require-step-up.ts";
import type { Tx } from "../../platform/db/db.ts";
import { accountSlot, organisationSlot } from "../../platform/db/version-slots.ts";
import { ProblemError } from "../../problem-error.ts";
import { change, record } from "../../record/entries/change.ts";
import { actorName, tellOwners } from "../service-accounts/tell-owners.ts";
import { findKey, findPresentedKey, revokeKeyRow, type ApiKeyRow } from "./api-key-queries.ts";
import { changeKeyOf, targetOfKey } from "./on-key.ts";

/**
 * Ends a key for good, at once.
 *
 * @throws {ProblemError} `step-up-required`, `not-found`, `forbidden`, `key-ended` when it was revoked before.
 */
export async function revokeKey(
  ctx: Context,
  { keyId, reason }: { keyId: string; reason: RevokeReason },
): Promise<void> {
  requireStepUp(ctx);
  await changeKeyOf(ctx, { keyId, permission: "app:keys" }, async (tx, { key, access }) => {
    await endKey(tx, ctx, { key, reason, app: access.app });
  });
}

/**
 * A key ends itself: to hold it is the authorisation. For whoever found it, and for a back end that shuts down.
 *
 * @throws {ProblemError} `forbidden` for whatever is no key, `key-ended`, `conflict` when the app was handed over meanwhile.
 */
export async function revokeOwnKey(
  ctx: Context,
  { reason }: { reason: RevokeReason },
): Promise<void> {
  const { principal } = ctx;
  if (principal.kind !== "api-key") throw new ProblemError("forbidden");
  const { keyId, accountId, organisationId } = principal;
  const touches = [organisationSlot(organisationId), accountSlot(accountId)];
  await change(ctx, { touches }, async (tx) => {
    const [key, presented] = [await findKey(tx, keyId), await findPresentedKey(tx, keyId)];
    if (key === undefined || presented === undefined) throw new ProblemError("key-ended");
    if (presented.organisationId !== organisationId) throw new ProblemError("conflict");
    const { name } = await tx
      .selectFrom("app")
      .select("name")
      .where("id", "=", presented.appId)
      .executeTakeFirstOrThrow();
    await endKey(tx, ctx, { key, reason, app: { id: presented.appId, name, organisationId } });
  });
}

async function endKey(
  tx: Tx,
  ctx: Context,
  {
    key,
    reason,
    app,
  }: {
    key: ApiKeyRow;
    reason: RevokeReason;
    app: { id: string; name: string; organisationId: string };
  },
): Promise<void> {
  if (!(await revokeKeyRow(tx, { id: key.id, reason, now: ctx.now() })))
    throw new ProblemError("key-ended");
  await record(tx, ctx, {
    action: "key.revoked",
    organisationId: app.organisationId,
    appId: app.id,
    targets: [targetOfKey(key)],
    change: { before: { name: key.name, expiresAt: key.expiresAt }, after: { reason } },
  });
  await tellOwners(tx, ctx, app.organisationId, {
    kind: "key-revoked",
    values: {
      app: app.name,
      key: key.name,
      keyId: key.id,
      actor: await actorName(tx, ctx),
      reason: { say: `reason-${reason}` },
    },
    lines: ["what", "then"],
  });
}
