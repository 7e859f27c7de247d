import { sql } from "kysely";
import type { BatchRange } from "../../contract/record/counts.ts";
import type { Db } from "../../platform/db/db.ts";
import type { StoredMap } from "./count-queries.ts";

type Row = { epoch: number; index: string; covered: string; root: Buffer };

const toMap = (row: Row | undefined): StoredMap | null =>
  row === undefined ? null : { ...row, index: Number(row.index), covered: Number(row.covered) };

/** The last map among the first `size` leaves of a log. */
export async function lastMapWithin(
  db: Db,
  { epoch, size }: { epoch: number; size: number },
): Promise<StoredMap | null> {
  const { rows } = await sql<Row>`
    select epoch, index, covered, root from count_map
    where epoch = ${epoch} and index < ${size} order by index desc limit 1`.execute(db);
  return toMap(rows[0]);
}

/** Where counting begins or ends: at so many leaves, or an instant. */
export type CountPlace = { size: number } | { at: Date };

type Life = { epoch: number; size: number };

const isBefore = (place: CountPlace) =>
  "size" in place ? sql`covered <= ${place.size}` : sql`made_at <= ${place.at}`;

/** Leaves without a batch, as the maps' own, need not be counted. */
const isAfter = (place: CountPlace) =>
  "size" in place
    ? sql`index >= ${place.size - 1} and not exists (
        select 1 from log_leaf as leaf
        where leaf.epoch = count_map.epoch and leaf.index >= covered and leaf.index < ${place.size}
          and leaf.writer is not null)`
    : sql`made_at >= ${place.at}`;

/** The last map, among those in the first `size` leaves of a log, that counts nothing after a place. */
export async function lastMapBefore(
  db: Db,
  { epoch, size }: Life,
  place: CountPlace,
): Promise<StoredMap | null> {
  const { rows } = await sql<Row>`
    select epoch, index, covered, root from count_map
    where epoch = ${epoch} and index < ${size} and ${isBefore(place)}
    order by index desc limit 1`.execute(db);
  return toMap(rows[0]);
}

/** The first map there that counts everything before a place. */
export async function firstMapAfter(
  db: Db,
  { epoch, size }: Life,
  place: CountPlace,
): Promise<StoredMap | null> {
  const { rows } = await sql<Row>`
    select epoch, index, covered, root from count_map
    where epoch = ${epoch} and index < ${size} and ${isAfter(place)}
    order by index limit 1`.execute(db);
  return toMap(rows[0]);
}

/** Which batches have their leaves from one index on and before another: numbers that follow each other in one row. */
export async function batchesBetween(
  db: Db,
  { epoch, from, to }: { epoch: number; from: number; to: number },
): Promise<BatchRange[]> {
  const { rows } = await sql<{ writer: number; first: string; last: string }>`
    select writer, min(number) as first, max(number) as last from (
      select writer, number, number - row_number() over (partition by writer order by number) as island
      from log_leaf
      where epoch = ${epoch} and index >= ${from} and index < ${to} and writer is not null
    ) as numbered group by writer, island order by writer, first`.execute(db);
  return rows.map(({ writer, first, last }) => ({
    writer,
    first: Number(first),
    last: Number(last),
  }));
}
