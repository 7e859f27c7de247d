import {
  DEFAULT_PAGE_ENTRIES,
  type EntryList,
  type EntryQuery,
  type LogEntry,
} from "../../contract/record/entries.ts";
import type { Context } from "../../context.ts";
import type { FieldRules } from "../../platform/http/field-rules.ts";
import { ProblemError } from "../../problem-error.ts";
import { parseEntryId } from "../entries/batch.ts";
import { readBatches } from "./batch-queries.ts";
import { filterRules, readFilter } from "./entry-filter.ts";
import { openBatch } from "./open-batch.ts";
import { cursorRule, fromCursor, toCursor } from "./position.ts";
import { presentEntries } from "./present-entries.ts";
import { readPage } from "./read-page.ts";
import { readerScope, visibleEntry } from "./visible-entry.ts";

/**
 * A page of what the caller may read: their own acts, what was done to them, the apps they audit.
 *
 * @throws {ProblemError} `invalid-request` naming the filters at fault.
 */
export async function listEntries(ctx: Context, query: EntryQuery): Promise<EntryList> {
  const { limit, cursor, ...fields } = query;
  const filter = readFilter(fields);
  const { entries, next } = await readPage(ctx, {
    scope: await ctx.ports.entryScope(ctx),
    filter,
    cursor: cursor === undefined ? undefined : fromCursor(cursor),
    limit: Number(limit ?? DEFAULT_PAGE_ENTRIES),
  });
  return {
    entries: await presentEntries(ctx.db, entries),
    nextCursor: next === null ? null : toCursor(next),
  };
}

/** Its filters' rules, told together with what else is wrong. */
export const listRules: FieldRules = { ...filterRules, "/cursor": cursorRule };

/**
 * One entry that the caller may read.
 *
 * @throws {ProblemError} `not-found` for one that is not there, and just so for one that is not theirs to read.
 */
export async function readEntry(ctx: Context, id: string): Promise<LogEntry> {
  const place = parseEntryId(id);
  const scope = readerScope(await ctx.ports.entryScope(ctx));
  const [batch] = place === null ? [] : await readBatches(ctx.db, [place]);
  if (place === null || batch?.day !== place.day) throw new ProblemError("not-found");
  const { position } = place;
  const entry = openBatch(ctx, batch, (at) => at === position)?.get(position);
  const visible = entry === undefined ? null : visibleEntry(scope, batch, { position, entry });
  const [presented] = visible === null ? [] : await presentEntries(ctx.db, [visible]);
  if (presented === undefined) throw new ProblemError("not-found");
  return presented;
}
