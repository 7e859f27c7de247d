import { sql } from "kysely";
import { BUCKETS } from "../../contract/proofs/count-map.ts";
import type { Db, Tx } from "../../platform/db/db.ts";

/** Advisory lock of the one process that counts at this moment. */
const COUNTING_LOCK = 770_005;

/** False: another process is at it. The lock ends with the transaction, whatever becomes of us. */
export async function lockCounts(tx: Tx): Promise<boolean> {
  const { rows } = await sql<{ locked: boolean }>`
    select pg_try_advisory_xact_lock(${COUNTING_LOCK}) as locked`.execute(tx);
  return rows[0]?.locked === true;
}

export type CountState = {
  /** Leaves before this one are counted in the last map; 0: there is none. */
  covered: number;
  /** The last map is older than it may get, or somebody waits for the next one. */
  isDue: boolean;
};

/** @param everySeconds how old a map gets before the next one is due */
export async function readCountState(
  tx: Tx,
  epoch: number,
  everySeconds: number,
): Promise<CountState> {
  const { rows } = await sql<{ covered: string; due: boolean }>`
    select covered,
      made_at < clock_timestamp() - ${everySeconds} * interval '1 second' or exists (
        select 1 from count_request as request
        join log_leaf as leaf on leaf.writer = request.writer and leaf.number = request.number
        where leaf.epoch = ${epoch}
      ) as due
    from count_map where epoch = ${epoch} order by index desc limit 1`.execute(tx);
  const [row] = rows;
  if (row === undefined) return { covered: 0, isDue: true };
  return { covered: Number(row.covered), isDue: row.due };
}

/** The seed of a life's counts; made with its first map. */
export async function takeSeed(tx: Tx, epoch: number, fresh: Buffer): Promise<Buffer> {
  await sql`insert into count_seed (epoch, seed) values (${epoch}, ${fresh}) on conflict do nothing`.execute(
    tx,
  );
  return (await readSeed(tx, epoch)) ?? fresh;
}

export async function readSeed(db: Db, epoch: number): Promise<Buffer | null> {
  const { rows } = await sql<{ seed: Buffer }>`
    select seed from count_seed where epoch = ${epoch}`.execute(db);
  return rows[0]?.seed ?? null;
}

export type CountedLeaf = { index: number; writer: number; number: number; entries: number };

/** Leaves of batches from one index on, in order. */
export async function readUncounted(
  tx: Tx,
  { epoch, from, limit }: { epoch: number; from: number; limit: number },
): Promise<CountedLeaf[]> {
  const { rows } = await sql<{ index: string; writer: number; number: string; entries: number }>`
    select leaf.index, leaf.writer, leaf.number, batch.count as entries
    from log_leaf as leaf
    cross join lateral (
      select count from entry_batch where writer = leaf.writer and number = leaf.number limit 1
    ) as batch
    where leaf.epoch = ${epoch} and leaf.index >= ${from}
    order by leaf.index limit ${limit}`.execute(tx);
  return rows.map(({ index, number, ...row }) => ({
    ...row,
    index: Number(index),
    number: Number(number),
  }));
}

/** `map`: the one in which it became that, by the leaves that it covers. */
export type CountRow = { bucket: number; tag: Buffer; map: number; count: number; last: number };

type StoredCount = { bucket: number; tag: Buffer; map: string; count: string; last: string };

const toCountRow = ({ bucket, tag, map, count, last }: StoredCount): CountRow => ({
  bucket,
  tag,
  map: Number(map),
  count: Number(count),
  last: Number(last),
});

/** All that these buckets hold now, by bucket and tag. */
export async function readBuckets(
  tx: Tx,
  epoch: number,
  buckets: readonly number[],
): Promise<CountRow[]> {
  const { rows } = await sql<StoredCount>`
    select bucket, tag, map, count, last from count_subject
    where epoch = ${epoch} and bucket = any(${[...buckets]}::int[]) order by bucket, tag`.execute(
    tx,
  );
  return rows.map(toCountRow);
}

/** All that one bucket held in a map, by tag. */
export async function readBucketIn(
  db: Db,
  { epoch, bucket, covered }: { epoch: number; bucket: number; covered: number },
): Promise<CountRow[]> {
  const { rows } = await sql<StoredCount>`
    select subject.bucket, subject.tag, change.map, change.count, change.last
    from count_subject as subject
    cross join lateral (
      select map, count, last from count_change
      where epoch = subject.epoch and tag = subject.tag and map <= ${covered}
      order by map desc limit 1
    ) as change
    where subject.epoch = ${epoch} and subject.bucket = ${bucket} order by subject.tag`.execute(db);
  return rows.map(toCountRow);
}

export async function putCounts(tx: Tx, epoch: number, rows: readonly CountRow[]): Promise<void> {
  await sql`
    with counted as (
      select * from unnest(${rows.map(({ bucket }) => bucket)}::int[], ${rows.map(({ tag }) => tag)}::bytea[],
        ${rows.map(({ map }) => map)}::bigint[], ${rows.map(({ count }) => count)}::bigint[],
        ${rows.map(({ last }) => last)}::bigint[]) as counted (bucket, tag, map, count, last)
    ), kept as (
      insert into count_change (epoch, tag, map, count, last)
      select ${epoch}, tag, map, count, last from counted
    )
    insert into count_subject (epoch, bucket, tag, map, count, last)
    select ${epoch}, bucket, tag, map, count, last from counted
    on conflict (epoch, bucket, tag) do update
      set map = excluded.map, count = excluded.count, last = excluded.last`.execute(tx);
}

/** Hashes of the buckets that were not empty in a map. */
export async function readBucketHashes(
  db: Db,
  { epoch, covered }: { epoch: number; covered: number },
): Promise<Map<number, Buffer>> {
  const { rows } = await sql<{ bucket: number; hash: Buffer }>`
    select bucket, found.hash from generate_series(0, ${BUCKETS - 1}) as bucket
    cross join lateral (
      select hash from count_bucket
      where epoch = ${epoch} and count_bucket.bucket = bucket.bucket and map <= ${covered}
      order by map desc limit 1
    ) as found`.execute(db);
  return new Map(rows.map(({ bucket, hash }) => [bucket, hash]));
}

export async function putBuckets(
  tx: Tx,
  { epoch, covered }: { epoch: number; covered: number },
  hashes: ReadonlyMap<number, Uint8Array>,
): Promise<void> {
  await sql`
    insert into count_bucket (epoch, bucket, map, hash)
    select ${epoch}, bucket, ${covered}, hash
    from unnest(${[...hashes.keys()]}::int[], ${[...hashes.values()].map((hash) => Buffer.from(hash))}::bytea[])
      as changed (bucket, hash)`.execute(tx);
}

export type StoredMap = { epoch: number; index: number; covered: number; root: Buffer };

/** Notes a map, and that whoever waited for what it covers need not any longer. */
export async function putMap(tx: Tx, { epoch, index, covered, root }: StoredMap): Promise<void> {
  await sql`
    insert into count_map (epoch, index, covered, root)
    values (${epoch}, ${index}, ${covered}, ${root})`.execute(tx);
  await sql`
    delete from count_request as request using log_leaf as leaf
    where leaf.writer = request.writer and leaf.number = request.number
      and (leaf.epoch < ${epoch} or leaf.index < ${covered})`.execute(tx);
}

/** The batch is counted as soon as it is in the log. In the transaction that writes it. */
export async function requestCount(
  tx: Tx,
  { writer, number }: { writer: number; number: number },
): Promise<void> {
  await sql`insert into count_request (writer, number) values (${writer}, ${number})`.execute(tx);
}
