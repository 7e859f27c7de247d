import {
  MAX_SAVED_FILTERS,
  type NewSavedFilter,
  type SavedFilter,
} from "../../contract/record/saved-filters.ts";
import type { Context } from "../../context.ts";
import { uuidv7 } from "../../platform/crypto/uuid.ts";
import { ProblemError } from "../../problem-error.ts";
import { change, record } from "../entries/change.ts";
import {
  deleteSavedFilterRow,
  insertSavedFilter,
  lockSavedFilter,
  lockSavedFilters,
  readSavedFilters,
  renameSavedFilterRow,
} from "./saved-filter-queries.ts";

/** No decision depends on a bookmark: no version slot. */
const NO_DECISION = {};

/** Sessions alone reach the routes of saved filters. */
function accountOf({ principal }: Context): string {
  if (principal.kind !== "session") throw new ProblemError("forbidden");
  return principal.accountId;
}

export async function listSavedFilters(ctx: Context): Promise<{ filters: SavedFilter[] }> {
  const rows = await readSavedFilters(ctx.db, accountOf(ctx));
  return {
    filters: rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() })),
  };
}

/** Keeps a filter under a name. @throws {ProblemError} `name-taken`, `limit-reached` */
export async function createSavedFilter(
  ctx: Context,
  { name: typed, query }: NewSavedFilter,
): Promise<SavedFilter> {
  const accountId = accountOf(ctx);
  const name = typed.trim();
  const createdAt = ctx.now();
  const id = uuidv7(createdAt.getTime());
  return await change(ctx, NO_DECISION, async (tx) => {
    await lockSavedFilters(tx, accountId);
    const kept = await readSavedFilters(tx, accountId);
    if (kept.length >= MAX_SAVED_FILTERS) throw new ProblemError("limit-reached");
    if (!(await insertSavedFilter(tx, { id, accountId, name, query, createdAt })))
      throw new ProblemError("name-taken");
    await record(tx, ctx, {
      action: "saved-filter.created",
      targets: [{ type: "saved-filter", id }],
      change: { after: { name, query } },
    });
    return { id, name, query, createdAt: createdAt.toISOString() };
  });
}

/** @throws {ProblemError} `not-found`, also for somebody else's; `name-taken` */
export async function renameSavedFilter(
  ctx: Context,
  { id, name: typed }: { id: string; name: string },
): Promise<SavedFilter> {
  const accountId = accountOf(ctx);
  const name = typed.trim();
  return await change(ctx, NO_DECISION, async (tx) => {
    await lockSavedFilters(tx, accountId);
    const before = await lockSavedFilter(tx, { id, accountId });
    if (before === undefined) throw new ProblemError("not-found");
    if (!(await renameSavedFilterRow(tx, { id, accountId, name })))
      throw new ProblemError("name-taken");
    await record(tx, ctx, {
      action: "saved-filter.renamed",
      targets: [{ type: "saved-filter", id }],
      change: { before: { name: before.name }, after: { name } },
    });
    return { id, name, query: before.query, createdAt: before.createdAt.toISOString() };
  });
}

/** @throws {ProblemError} `not-found`, also for somebody else's */
export async function deleteSavedFilter(ctx: Context, id: string): Promise<void> {
  const accountId = accountOf(ctx);
  await change(ctx, NO_DECISION, async (tx) => {
    await lockSavedFilters(tx, accountId);
    const before = await lockSavedFilter(tx, { id, accountId });
    if (before === undefined) throw new ProblemError("not-found");
    await deleteSavedFilterRow(tx, id);
    await record(tx, ctx, {
      action: "saved-filter.deleted",
      targets: [{ type: "saved-filter", id }],
      change: { before: { name: before.name, query: before.query } },
    });
  });
}
