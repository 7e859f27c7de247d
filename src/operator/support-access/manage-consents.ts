import { requirePermission } from "../../access/sharing/app-access.ts";
import { changeApp } from "../../access/sharing/change-app.ts";
import { actorName, tellOwners } from "../../access/service-accounts/tell-owners.ts";
import { ownersPermission } from "../../contract/access/permissions.ts";
import type {
  NewSupportConsent,
  SupportConsentCreated,
  SupportConsentList,
} from "../../contract/operator/support-access.ts";
import type { Context } from "../../context.ts";
import { requireStepUp } from "../../identity/sessions/require-step-up.ts";
import { uuidv7 } from "../../platform/crypto/uuid.ts";
import { ProblemError } from "../../problem-error.ts";
import { record } from "../../record/entries/change.ts";
import { insertConsent, listConsents, withdrawConsent } from "./consent-queries.ts";
import { answerRequest, listOpenRequests } from "./request-queries.ts";

/**
 * An owner lets the operator read the app's entries, for a time: asked or unasked. All owners are told.
 *
 * @throws {ProblemError} `step-up-required`, `not-found`, `forbidden` to whoever is no owner; `conflict`
 *   when the question is not open any more.
 */
export async function giveConsent(
  ctx: Context,
  { appId, reason: given, hours, requestId }: NewSupportConsent & { appId: string },
): Promise<SupportConsentCreated> {
  requireStepUp(ctx);
  return await changeApp(
    ctx,
    { appId, permission: ownersPermission, locks: "relies" },
    async (tx, { app, accountId }) => {
      const createdAt = ctx.now();
      const id = uuidv7(createdAt.getTime());
      const endsAt = new Date(createdAt.getTime() + hours * 3_600_000);
      const reason = given.trim();
      await insertConsent(tx, { id, appId, givenBy: accountId, reason, createdAt, endsAt });
      if (
        requestId !== undefined &&
        !(await answerRequest(tx, { appId, requestId, consentId: id, now: createdAt }))
      )
        throw new ProblemError("conflict");
      await tellOwners(tx, ctx, app.organisationId, {
        kind: "support-consent-given",
        values: { app: app.name, hours, reason, actor: await actorName(tx, ctx) },
        lines: ["what", "reason"],
      });
      await record(tx, ctx, {
        action: "support.consent-given",
        reason,
        organisationId: app.organisationId,
        appId,
        targets: [{ type: "support-consent", id }],
        change: { after: { endsAt } },
      });
      return { id, endsAt: endsAt.toISOString() };
    },
  );
}

/**
 * Who let the operator in, why and until when, and what the operator asks.
 *
 * @throws {ProblemError} `not-found`, `forbidden`
 */
export async function readConsents(ctx: Context, appId: string): Promise<SupportConsentList> {
  await requirePermission(ctx.db, ctx, appId, "app:audit");
  const rows = await listConsents(ctx.db, appId);
  const asked = await listOpenRequests(ctx.db, { appId, now: ctx.now() });
  const consents = rows.map((row) => ({
    id: row.id,
    reason: row.reason,
    givenBy: { id: row.given_by, displayName: row.display_name },
    createdAt: row.created_at.toISOString(),
    endsAt: row.ends_at.toISOString(),
    withdrawnAt: row.withdrawn_at?.toISOString() ?? null,
  }));
  const requests = asked.map((row) => ({
    id: row.id,
    reason: row.reason,
    hours: row.hours,
    askedBy: { id: row.asked_by, displayName: row.display_name },
    createdAt: row.created_at.toISOString(),
    endsAt: row.ends_at.toISOString(),
  }));
  return { consents, requests };
}

/**
 * Ends a consent: the operator's next read is refused.
 *
 * @throws {ProblemError} `step-up-required`, `forbidden`; `not-found`, also for one that has ended.
 */
export async function endConsent(
  ctx: Context,
  { appId, consentId }: { appId: string; consentId: string },
): Promise<void> {
  requireStepUp(ctx);
  await changeApp(
    ctx,
    { appId, permission: ownersPermission, locks: "relies" },
    async (tx, { app }) => {
      if (!(await withdrawConsent(tx, { appId, consentId, now: ctx.now() })))
        throw new ProblemError("not-found");
      await tellOwners(tx, ctx, app.organisationId, {
        kind: "support-consent-withdrawn",
        values: { app: app.name, actor: await actorName(tx, ctx) },
        lines: ["what"],
      });
      await record(tx, ctx, {
        action: "support.consent-withdrawn",
        organisationId: app.organisationId,
        appId,
        targets: [{ type: "support-consent", id: consentId }],
      });
    },
  );
}
