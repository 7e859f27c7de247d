import { sql } from "kysely";
import type { Db } from "../../platform/db/db.ts";
import type { Place } from "./place.ts";
import type { StreamScope } from "./stream-scope.ts";

export type LeafRow = {
  epoch: number;
  leaf: number;
  /** Of its batch; null where the leaf commits to something else. */
  writer: number | null;
  number: number | null;
  /** Something of the stream's may stand in its batch. */
  isWanted: boolean;
};

type StoredLeaf = Omit<LeafRow, "leaf" | "number"> & { leaf: string; number: string | null };

/** Leaves from a place on, in the log's order. What is not in the log's tree yet is not there. */
export async function readLeaves(
  db: Db,
  {
    from,
    until,
    scope,
    covers,
    limit,
  }: {
    from: Place;
    until: Place | null;
    scope: StreamScope;
    covers: "important" | "everything";
    limit: number;
  },
): Promise<LeafRow[]> {
  const isAll = scope === "everything";
  const organisations = isAll ? [] : [scope.organisationId];
  const apps = isAll ? [] : [...scope.apps];
  const { epoch, leaf, position } = until ?? { epoch: 2_147_483_647, leaf: 0, position: 0 };
  // A parcel that ends inside a batch wants that one too.
  const end = position > 0 ? leaf + 1 : leaf;
  const { rows } = await sql<StoredLeaf>`
    select leaf.epoch, leaf.index as leaf, leaf.writer, leaf.number, batch.writer is not null as "isWanted"
    from (
      select log_leaf.epoch, index, writer, number from log_leaf
      join log_epoch on log_epoch.epoch = log_leaf.epoch and log_leaf.index < log_epoch.size
      where (log_leaf.epoch, log_leaf.index) >= (${from.epoch}::int, ${from.leaf}::bigint)
        and (log_leaf.epoch, log_leaf.index) < (${epoch}::int, ${end}::bigint)
      order by log_leaf.epoch, log_leaf.index limit ${limit}
    ) as leaf
    left join entry_batch as batch on batch.writer = leaf.writer and batch.number = leaf.number
      and batch.class <> 'empty' and (${covers} = 'everything' or batch.class = 'important')
      and (${isAll}::boolean or batch.organisations && ${organisations}::uuid[] or batch.apps && ${apps}::uuid[])
    order by leaf.epoch, leaf.index`.execute(db);
  return rows.map((row) => ({
    ...row,
    leaf: Number(row.leaf),
    number: row.number === null ? null : Number(row.number),
  }));
}

/** The place behind everything that is in the log now; its very beginning before there is one. */
export async function readLogEnd(db: Db): Promise<Place> {
  const { rows } = await sql<{ epoch: number; size: string }>`
    select epoch, size from log_epoch order by epoch desc limit 1`.execute(db);
  const [row] = rows;
  return { epoch: row?.epoch ?? 1, leaf: Number(row?.size ?? 0), position: 0 };
}

/** Clocks of processes and PostgreSQL differ by less, ms: what was written then came into the log then, or later. */
const CLOCKS_DIFFER_MS = 60_000;

/** The first leaf that came into the log at that instant or later. */
export async function placeAtTime(db: Db, at: Date): Promise<Place> {
  const from = new Date(at.getTime() - CLOCKS_DIFFER_MS);
  const { rows } = await sql<{ epoch: number; size: string }>`
    select epoch, size from log_epoch
    where epoch = coalesce((select max(epoch) from log_epoch where started_at <= ${from}), 1)`.execute(
    db,
  );
  const [row] = rows;
  if (row === undefined) return { epoch: 1, leaf: 0, position: 0 };
  // Leaves come one after the other, so their times grow: halving finds the first in 40 looks of a key.
  let [low, high] = [0, Number(row.size)];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const { rows: looked } = await sql<{ isBefore: boolean }>`
      select taken_at < ${from} as "isBefore" from log_leaf
      where epoch = ${row.epoch} and index = ${middle}`.execute(db);
    if (looked[0]?.isBefore === true) low = middle + 1;
    else high = middle;
  }
  return { epoch: row.epoch, leaf: low, position: 0 };
}
