import type { Context } from "../../context.ts";
import { uuidv7 } from "../../platform/crypto/uuid.ts";
import type { Tx } from "../../platform/db/db.ts";
import { accountSlot, organisationSlot } from "../../platform/db/version-slots.ts";
import { invalidField, ProblemError } from "../../problem-error.ts";
import { change, record } from "../../record/entries/change.ts";
import { tellOwners } from "../service-accounts/tell-owners.ts";
import { findScope, type RulesScope } from "./rules-scope.ts";

/** Longer than this is not an emergency. The table's check says the same. */
export const MAX_BREAK_GLASS_HOURS = 4;

/** An app with every list below it, or a service account with its keys' lists. */
export type GlassTarget = { appId: string } | { accountId: string };

/**
 * Holds address rules off for some hours, for the operator at the server: somebody locked their own
 * back end out. Everything else about a key still counts, and the owners are told.
 *
 * @throws {ProblemError} `forbidden` for everybody but the system, `invalid-request`, `not-found`.
 */
export async function breakGlass(
  ctx: Context,
  { target, reason, hours }: { target: GlassTarget; reason: string; hours: number },
): Promise<{ endsAt: Date; description: string }> {
  requireGlass(ctx, { reason, hours });
  const now = ctx.now();
  const endsAt = new Date(now.getTime() + hours * 3_600_000);
  const seen = await scopeOf(ctx.db, target, now);
  const touches = [
    organisationSlot(seen.app.organisationId),
    ...("accountId" in target ? [accountSlot(target.accountId)] : []),
  ];
  return await change(ctx, { touches }, async (tx) => {
    const scope = await scopeOf(tx, target, now);
    const { app, description, phrase } = scope;
    if (app.organisationId !== seen.app.organisationId) throw new ProblemError("conflict");
    await insertWindow(tx, { target, reason, startedAt: now, endsAt });
    await record(tx, ctx, {
      action: "address-rules.broken-glass",
      organisationId: app.organisationId,
      appId: app.id,
      targets: scope.targets,
      change: { after: { reason, endsAt } },
    });
    await tellOwners(tx, ctx, app.organisationId, {
      kind: "rules-held-off",
      values: { app: app.name, scope: phrase, endsAt, reason },
      lines: ["what", "reason", "then"],
    });
    return { endsAt, description };
  });
}

/** @throws {ProblemError} `forbidden` for everybody but the system, `invalid-request`. */
export function requireGlass(
  ctx: Context,
  { reason, hours }: { reason: string; hours: number },
): void {
  if (ctx.principal.kind !== "system") throw new ProblemError("forbidden");
  if (!(hours > 0 && hours <= MAX_BREAK_GLASS_HOURS))
    throw invalidField("/hours", { code: "hours-between", params: { max: MAX_BREAK_GLASS_HOURS } });
  if (reason.trim() === "" || reason.length > 400)
    throw invalidField("/reason", { code: "reason-wanted" });
}

async function scopeOf(db: Context["db"], target: GlassTarget, now: Date): Promise<RulesScope> {
  const scope = await findScope(
    db,
    "appId" in target
      ? { level: "app", ownerId: target.appId }
      : { level: "service-account", ownerId: target.accountId },
    now,
  );
  if (scope === undefined) throw new ProblemError("not-found");
  return scope;
}

async function insertWindow(
  tx: Tx,
  given: { target: GlassTarget; reason: string; startedAt: Date; endsAt: Date },
): Promise<void> {
  const { target, reason, startedAt, endsAt } = given;
  await tx
    .insertInto("break_glass")
    .values({
      id: uuidv7(startedAt.getTime()),
      app_id: "appId" in target ? target.appId : null,
      account_id: "accountId" in target ? target.accountId : null,
      reason,
      started_at: startedAt,
      ends_at: endsAt,
    })
    .execute();
}
