import { tellOwners } from "../../access/service-accounts/tell-owners.ts";
import type { Hold, HoldList, NewOperatorHold } from "../../contract/privacy/holds.ts";
import type { Context } from "../../context.ts";
import { uuidv7 } from "../../platform/crypto/uuid.ts";
import type { Tx } from "../../platform/db/db.ts";
import { invalidField, ProblemError } from "../../problem-error.ts";
import { record } from "../../record/entries/change.ts";
import {
  insertHold,
  listHolds,
  releaseHoldRow,
  type HoldRow,
} from "../../record/erasure/hold-queries.ts";
import { toHold, toHoldRow } from "../../record/erasure/hold-view.ts";
import { changeAsOperator, requireOperator } from "../require-operator.ts";

/** What operators hold. @throws {ProblemError} `not-found` */
export async function readOperatorHolds(ctx: Context): Promise<HoldList> {
  requireOperator(ctx);
  const rows = await listHolds(ctx.db, { organisationId: null, now: ctx.now() });
  return { holds: rows.map(toHold) };
}

/**
 * Holds entries of one organisation, about one account, or all: until an operator releases them. The owners of
 * a named organisation are told.
 *
 * @throws {ProblemError} `not-found`, `step-up-required`; `invalid-request` for a span that is none, and at
 *   /organisationId when there is no such organisation.
 */
export async function placeOperatorHold(ctx: Context, asked: NewOperatorHold): Promise<Hold> {
  const { accountId } = requireOperator(ctx);
  const now = ctx.now();
  const id = uuidv7(now.getTime());
  const row = toHoldRow(asked, { id, accountId, isOperator: true, now });
  return await changeAsOperator(ctx, {}, async (tx) => {
    await insertHold(tx, row);
    await tellHeld(tx, ctx, row, "hold-placed");
    await record(tx, ctx, {
      action: "hold.placed",
      reason: row.reason,
      organisationId: row.organisation_id ?? undefined,
      targets: [{ type: "hold", id }],
    });
    const placed = (await listHolds(tx, { organisationId: null, now })).find(
      (hold) => hold.id === id,
    );
    if (placed === undefined) throw new Error("the hold was just placed");
    return toHold(placed);
  });
}

/** Releases what an operator placed. @throws {ProblemError} `not-found`, `step-up-required` */
export async function releaseOperatorHold(ctx: Context, holdId: string): Promise<void> {
  const { accountId } = requireOperator(ctx);
  await changeAsOperator(ctx, {}, async (tx) => {
    const given = { holdId, organisationId: null, accountId, now: ctx.now() };
    const row = await releaseHoldRow(tx, given);
    if (row === undefined) throw new ProblemError("not-found");
    await tellHeld(tx, ctx, row, "hold-released");
    await record(tx, ctx, {
      action: "hold.released",
      organisationId: row.organisation_id ?? undefined,
      targets: [{ type: "hold", id: holdId }],
    });
  });
}

async function tellHeld(
  tx: Tx,
  ctx: Context,
  { organisation_id: organisationId, reason }: HoldRow,
  kind: "hold-placed" | "hold-released",
): Promise<void> {
  if (organisationId === null) return;
  const organisation = await tx
    .selectFrom("organisation")
    .select("name")
    .where("id", "=", organisationId)
    .executeTakeFirst();
  if (organisation === undefined)
    throw invalidField("/organisationId", { code: "no-such-organisation" });
  await tellOwners(tx, ctx, organisationId, {
    kind,
    values: { organisation: organisation.name, actor: { say: "theOperator" }, reason },
    lines: ["what", "reason"],
  });
}
