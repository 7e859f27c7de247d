import { sql } from "kysely";
import type { LogSummary, SummaryQuery } from "../../contract/record/summary.ts";
import type { Context } from "../../context.ts";
import type { Db } from "../../platform/db/db.ts";
import { readFilter } from "./entry-filter.ts";
import { invalidQuery } from "./invalid-query.ts";
import { NEWEST } from "./position.ts";
import { presentSummary } from "./present-summary.ts";
import { inSnapshot, searchSubjectsOf } from "./read-page.ts";
import { readSpan } from "./summary-span.ts";
import { readTail } from "./tally-tail.ts";
import { readTallied, type Tallied } from "./tally-queries.ts";
import { readerScope } from "./visible-entry.ts";

/** A summary takes no longer of PostgreSQL, ms. */
const STATEMENT_TIMEOUT_MS = 4_000;
/** SQLSTATE query_canceled. */
const QUERY_CANCELED = "57014";

/**
 * What the caller may read in the log, as counts: by day, by address, and what is done again and again
 * folded by who does it. Costs as many rows as there are kinds of entries in each hour.
 *
 * @throws {ProblemError} `invalid-request` naming the parameters at fault; `from` when there is too much to count.
 */
export async function readSummary(
  ctx: Context,
  { timeZone = "UTC", ...query }: SummaryQuery,
): Promise<LogSummary> {
  const asked = readFilter(query);
  const span = readSpan(asked, timeZone, ctx.now());
  const filter = { ...asked, fromMs: span.fromMs, toMs: span.toMs };
  const scope = await ctx.ports.entryScope(ctx);
  const subjects = searchSubjectsOf(scope, filter);
  ctx.recorder.counts.want();
  const [tallied, tail] = await inTime(ctx.db, async (db) => {
    const search = { db, services: ctx, scope: readerScope(scope), subjects, filter };
    return [
      await readTallied({ db, scope, subjects, filter, span }),
      await readTail({ ...search, before: NEWEST, limit: 0, spent: { rows: 0 } }),
    ] as const;
  });
  return await presentSummary(ctx.db, {
    span,
    counts: together(tallied, tail),
    isComplete: tail.isComplete,
  });
}

const together = (one: Tallied, other: Tallied): Tallied => ({
  hours: [...one.hours, ...other.hours],
  addresses: [...one.addresses, ...other.addresses],
  folds: [...one.folds, ...other.folds],
});

async function inTime<T>(db: Db, work: (db: Db) => Promise<T>): Promise<T> {
  try {
    return await inSnapshot(db, async (tx) => {
      await sql.raw(`set local statement_timeout = ${STATEMENT_TIMEOUT_MS}`).execute(tx);
      return await work(tx);
    });
  } catch (error) {
    if ((error as { code?: unknown }).code !== QUERY_CANCELED) throw error;
    throw invalidQuery([{ field: "from", fault: { code: "span-too-much" } }]);
  }
}
