import { revokeReasons, type RevokeReason } from "../../contract/access/api-keys.ts";
import { operatorScopes, type OperatorKey } from "../../contract/operator/keys.ts";
import type { Context } from "../../context.ts";
import { INSTALLATION_SLOT } from "../../platform/db/version-slots.ts";
import { ProblemError } from "../../problem-error.ts";
import { record } from "../../record/entries/change.ts";
import { changeAsOperator, requireOperator } from "../require-operator.ts";
import { actorName } from "../../access/service-accounts/tell-owners.ts";
import { tell } from "../../identity/accounts/tell.ts";
import { listOperators } from "../claim/operator-queries.ts";
import { findKeys, listKeys, markRevoked } from "./key-queries.ts";

/** The operator's keys, newest first, without their secrets. @throws {ProblemError} `not-found` */
export async function listOperatorKeys(ctx: Context): Promise<OperatorKey[]> {
  requireOperator(ctx);
  const rows = await listKeys(ctx.db);
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    scopes: operatorScopes.filter((scope) => row.scopes.includes(scope)),
    addresses: row.addresses,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at?.toISOString() ?? null,
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
    revokedAt: row.revoked_at?.toISOString() ?? null,
    revokeReason: revokeReasons.find((reason) => reason === row.revoke_reason) ?? null,
  }));
}

/**
 * Ends a key for good: the next request with it is refused, on every process.
 *
 * @throws {ProblemError} `not-found`, `step-up-required`; `key-ended` when it was revoked before.
 */
export async function revokeOperatorKey(
  ctx: Context,
  { keyId, reason = "unspecified" }: { keyId: string; reason?: RevokeReason | undefined },
): Promise<void> {
  await changeAsOperator(ctx, { touches: [INSTALLATION_SLOT] }, async (tx) => {
    const [key] = await findKeys(tx, [keyId]);
    if (key === undefined) throw new ProblemError("not-found");
    const targets = [{ type: "operator-key", id: keyId }];
    ctx.notes.targets = targets;
    if (!(await markRevoked(tx, { keyId, reason, now: ctx.now() })))
      throw new ProblemError("key-ended");
    await record(tx, ctx, { action: "operator.key-revoked", reason, targets });
    await tell(tx, ctx, await listOperators(tx), {
      kind: "operator-key-revoked",
      values: {
        key: key.name,
        keyId,
        actor: await actorName(tx, ctx),
        reason: { say: `reason-${reason}` },
      },
      lines: ["what", "then"],
    });
  });
}
