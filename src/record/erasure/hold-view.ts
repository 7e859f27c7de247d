import type { Hold, NewOperatorHold } from "../../contract/privacy/holds.ts";
import { invalidField } from "../../problem-error.ts";
import type { HoldRow } from "./hold-queries.ts";

export const toHold = (row: HoldRow & { display_name: string }): Hold => ({
  id: row.id,
  reason: row.reason,
  organisationId: row.organisation_id,
  accountId: row.account_id,
  from: row.from_at?.toISOString() ?? null,
  to: row.to_at?.toISOString() ?? null,
  until: row.until?.toISOString() ?? null,
  placedAt: row.placed_at.toISOString(),
  placedBy: { id: row.placed_by, displayName: row.display_name },
  byOperator: row.is_operators,
});

/**
 * A hold as it is asked for, as it is kept.
 *
 * @throws {ProblemError} `invalid-request` at /to when the span is empty, at /until when that has passed.
 */
export function toHoldRow(
  asked: NewOperatorHold,
  by: { id: string; accountId: string; isOperator: boolean; now: Date },
): HoldRow {
  const { organisationId, accountId, from, to, until, reason } = asked;
  const span = { from_at: dateOf(from), to_at: dateOf(to), until: dateOf(until) };
  if (span.from_at !== null && span.to_at !== null && span.from_at >= span.to_at)
    throw invalidField("/to", { code: "span-empty" });
  if (span.until !== null && span.until <= by.now)
    throw invalidField("/until", { code: "end-passed" });
  return {
    id: by.id,
    organisation_id: organisationId?.toLowerCase() ?? null,
    account_id: accountId?.toLowerCase() ?? null,
    ...span,
    reason: reason.trim(),
    placed_by: by.accountId,
    is_operators: by.isOperator,
    placed_at: by.now,
  };
}

const dateOf = (instant: string | undefined): Date | null =>
  instant === undefined ? null : new Date(instant);
