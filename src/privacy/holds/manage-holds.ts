import {
  changeOrganisation,
  requireMembership,
} from "../../access/organisations/require-membership.ts";
import { actorName, tellOwners } from "../../access/service-accounts/tell-owners.ts";
import { callerOf } from "../../access/sharing/app-access.ts";
import type { Hold, HoldList, NewHold } from "../../contract/privacy/holds.ts";
import type { Context } from "../../context.ts";
import { requireStepUp } from "../../identity/sessions/require-step-up.ts";
import { uuidv7 } from "../../platform/crypto/uuid.ts";
import { ProblemError } from "../../problem-error.ts";
import { record } from "../../record/entries/change.ts";
import { insertHold, listHolds, releaseHoldRow } from "../../record/erasure/hold-queries.ts";
import { toHold, toHoldRow } from "../../record/erasure/hold-view.ts";

/** What is held of the organisation's log. @throws {ProblemError} `not-found` */
export async function readHolds(ctx: Context, organisationId: string): Promise<HoldList> {
  await requireMembership(ctx.db, ctx, organisationId, "any");
  const rows = await listHolds(ctx.db, { organisationId, now: ctx.now() });
  return { holds: rows.map(toHold) };
}

/**
 * Holds entries of the organisation's log: neither a period's end nor somebody's wish to be forgotten takes
 * them. All owners are told.
 *
 * @throws {ProblemError} `step-up-required`, `not-found`; `invalid-request` for a span that is none.
 */
export async function placeHold(
  ctx: Context,
  { organisationId, ...asked }: NewHold & { organisationId: string },
): Promise<Hold> {
  requireStepUp(ctx);
  const now = ctx.now();
  const id = uuidv7(now.getTime());
  const by = { id, accountId: callerOf(ctx), isOperator: false, now };
  const row = toHoldRow({ ...asked, organisationId }, by);
  return await changeOrganisation(
    ctx,
    { organisationId, needs: "any", locks: "touches" },
    async (tx, { name }) => {
      await insertHold(tx, row);
      await tellOwners(tx, ctx, organisationId, {
        kind: "hold-placed",
        values: { organisation: name, actor: await actorName(tx, ctx), reason: row.reason },
        lines: ["what", "reason"],
      });
      await record(tx, ctx, {
        action: "hold.placed",
        reason: row.reason,
        organisationId,
        targets: [{ type: "hold", id }],
        change: { after: spanOf(row) },
      });
      const holds = await listHolds(tx, { organisationId, now });
      const placed = holds.find((hold) => hold.id === id);
      if (placed === undefined) throw new Error("the hold was just placed");
      return toHold(placed);
    },
  );
}

/**
 * Releases a hold that somebody of the organisation placed. Owners alone may, and all are told: what has ended
 * goes within a day.
 *
 * @throws {ProblemError} `step-up-required`, `not-found`, `forbidden` to an officer.
 */
export async function releaseHold(
  ctx: Context,
  { organisationId, holdId }: { organisationId: string; holdId: string },
): Promise<void> {
  requireStepUp(ctx);
  await changeOrganisation(
    ctx,
    { organisationId, needs: "owner", locks: "touches" },
    async (tx, { name }) => {
      const given = { holdId, organisationId, accountId: callerOf(ctx), now: ctx.now() };
      const row = await releaseHoldRow(tx, given);
      if (row === undefined) throw new ProblemError("not-found");
      await tellOwners(tx, ctx, organisationId, {
        kind: "hold-released",
        values: { organisation: name, actor: await actorName(tx, ctx), reason: row.reason },
        lines: ["what", "reason"],
      });
      await record(tx, ctx, {
        action: "hold.released",
        organisationId,
        targets: [{ type: "hold", id: holdId }],
        change: { before: spanOf(row) },
      });
    },
  );
}

/** Whom it is about stands in no entry: it would have to be erased with them. */
const spanOf = (row: { from_at: Date | null; to_at: Date | null; until: Date | null }) => ({
  from: row.from_at,
  to: row.to_at,
  until: row.until,
});
