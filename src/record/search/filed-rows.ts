import { sql, type RawBuilder } from "kysely";
import { readBatches } from "./batch-queries.ts";
import type { EntryFilter } from "./entry-filter.ts";
import type { Sought, TermGroups } from "./filter-terms.ts";
import { compareNewestFirst, type Position } from "./position.ts";
import { keyOf, seenIn, type Search } from "./source.ts";
import type { VisibleEntry } from "./visible-entry.ts";

/** A row's place as JSON. */
export const asPosition = sql.raw(
  "json_build_object('atMs', (extract(epoch from at) * 1000)::bigint, 'writer', writer, 'number', number, 'position', position)",
);

/** What the columns of `entry` can tell; the entry itself is asked afterwards. */
export function fits(filter: EntryFilter): RawBuilder<unknown> {
  const conditions: RawBuilder<unknown>[] = [sql`true`];
  const { actions, actionPrefixes = [], outcomes, reasons, actorIds } = filter;
  if (actions !== undefined)
    conditions.push(
      sql`(entry.action = any(${actions}::text[]) or entry.action like any(${actionPrefixes.map((prefix) => `${prefix}%`)}::text[]))`,
    );
  if (outcomes !== undefined) conditions.push(sql`entry.outcome = any(${outcomes}::text[])`);
  if (reasons !== undefined) conditions.push(sql`entry.reason = any(${reasons}::text[])`);
  if (actorIds !== undefined) conditions.push(sql`entry.actor_id = any(${actorIds}::uuid[])`);
  if (filter.credentialIds !== undefined)
    conditions.push(
      sql`(entry.credential_id = any(${filter.credentialIds}::text[]) or entry.target_ids && ${filter.credentialIds}::text[])`,
    );
  if (filter.cidrs !== undefined)
    conditions.push(sql`entry.address <<= any(${filter.cidrs}::inet[])`);
  if (filter.requestIds !== undefined)
    conditions.push(sql`entry.request_id = any(${filter.requestIds}::text[])`);
  return sql.join(conditions, sql` and `);
}

/** For each alternative, and the place, what an `entry` meets that may be meant. */
export function conditionsOf({ alternatives, place }: Sought): RawBuilder<unknown>[] {
  const conditions = alternatives.map(hasTerms);
  if (place !== null)
    conditions.push(
      sql`(entry.writer, entry.number, entry.position) = (${place.writer}::int, ${place.number}::bigint, ${place.position}::int)`,
    );
  return conditions;
}

/**
 * A condition for each group, the narrowest first: the index jumps from one to the next entry that the other may
 * have too, so what it reads grows with the narrowest. Terms that one condition asks for together it goes through one
 * by one, wherever they stand.
 */
function hasTerms(groups: TermGroups): RawBuilder<unknown> {
  return sql.join(
    groups.map((group) =>
      group.length === 1
        ? sql`entry.terms @> ${group}::int[]`
        : sql`entry.terms && ${group}::int[]`,
    ),
    sql` and `,
  );
}

/** The entries at these places that the reader sees and asked for, newest first. */
export async function readFound(
  search: Search,
  found: readonly Position[],
): Promise<VisibleEntry[]> {
  const wanted = Map.groupBy(found, keyOf);
  const seen: VisibleEntry[] = [];
  for (const batch of await readBatches(
    search.db,
    [...wanted.values()].flatMap((places) => places.slice(0, 1)),
  )) {
    const positions = new Set(wanted.get(keyOf(batch))?.map(({ position }) => position));
    seen.push(...seenIn(search, batch, (position) => positions.has(position)));
  }
  return seen.toSorted((one, other) => compareNewestFirst(one.place, other.place));
}
