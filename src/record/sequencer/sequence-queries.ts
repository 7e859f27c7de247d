import { sql } from "kysely";
import type { Db, Tx } from "../../platform/db/db.ts";
import { DEAD_AFTER_SECONDS } from "../../platform/jobs/dead-after.ts";
import type { BatchPlace } from "../search/batch-queries.ts";
import { lastTile, TILE_WIDTH } from "../../contract/proofs/tiles.ts";
import type { Tile } from "./log-tree.ts";

/** Advisory lock of the one process that adds to the log, or signs, at this moment. */
const SEQUENCING_LOCK = 770_003;
/** Numbers of one writer looked at in one round. */
export const ROUND_NUMBERS = 500;

/** False: another process is at it. The lock ends with the transaction, whatever becomes of us. */
export async function lockLog(tx: Tx): Promise<boolean> {
  const { rows } = await sql<{ locked: boolean }>`
    select pg_try_advisory_xact_lock(${SEQUENCING_LOCK}) as locked`.execute(tx);
  return rows[0]?.locked === true;
}

/** As `lockLog`, after whoever is at it: for what has done its work already and only adds it. */
export async function waitForLog(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(${SEQUENCING_LOCK})`.execute(tx);
}

export type Epoch = {
  epoch: number;
  origin: string;
  /** The key that signs it. */
  verifierKey: string;
  size: number;
  /** The last one that was signed, with its signatures. */
  checkpoint: string | null;
  checkpointSize: number;
  /** Leaves that what is shown covers. */
  publishedSize: number;
};

/** The log's present life; null before its first leaf. */
export async function readEpoch(db: Db): Promise<Epoch | null> {
  const { rows } = await sql<
    Omit<Epoch, "size" | "checkpointSize" | "publishedSize"> & {
      size: string;
      signed: string;
      shown: string;
    }
  >`
    select epoch, origin, verifier_key as "verifierKey", size, checkpoint, checkpoint_size as signed,
      published_size as shown
    from log_epoch order by epoch desc limit 1`.execute(db);
  const [row] = rows;
  if (row === undefined) return null;
  const { size, signed, shown, ...epoch } = row;
  return {
    ...epoch,
    size: Number(size),
    checkpointSize: Number(signed),
    publishedSize: Number(shown),
  };
}

export async function insertEpoch(
  tx: Tx,
  { epoch, origin, verifierKey }: Pick<Epoch, "epoch" | "origin" | "verifierKey">,
): Promise<Epoch> {
  await sql`
    insert into log_epoch (epoch, origin, verifier_key)
    values (${epoch}, ${origin}, ${verifierKey})`.execute(tx);
  return {
    epoch,
    origin,
    verifierKey,
    size: 0,
    checkpoint: null,
    checkpointSize: 0,
    publishedSize: 0,
  };
}

export type WaitingWriter = {
  id: number;
  sequencedThrough: number;
  /** Its process is alive: a number that is missing will come. */
  isAlive: boolean;
  waiting: { number: number; atMs: number; bytes: number }[];
};

/** The writers that may have more, and what stands after the number that each is in the log through. */
export async function readWaiting(tx: Tx): Promise<WaitingWriter[]> {
  const { rows } = await sql<{
    id: number;
    sequenced: string;
    alive: boolean;
    waiting: { number: number; at: number; bytes: number }[] | null;
  }>`
    select writer.id, writer.sequenced_through as sequenced,
      coalesce(process.seen_at > clock_timestamp() - ${DEAD_AFTER_SECONDS} * interval '1 second', false) as alive,
      (
        select json_agg(json_build_object('number', number, 'at', extract(epoch from at) * 1000,
          'bytes', length(payload)) order by number)
        from (
          select number, at, payload from entry_batch
          where entry_batch.writer = writer.id and number > writer.sequenced_through
          order by number limit ${ROUND_NUMBERS}
        ) as batch
      ) as waiting
    from entry_writer as writer
    left join process on process.id = writer.process_id
    where writer.ended_at is null
    order by writer.id`.execute(tx);
  return rows.map((row) => ({
    id: row.id,
    sequencedThrough: Number(row.sequenced),
    isAlive: row.alive,
    waiting: (row.waiting ?? []).map(({ number, at, bytes }) => ({ number, atMs: at, bytes })),
  }));
}

export async function advanceWriter(tx: Tx, id: number, through: number): Promise<void> {
  await sql`update entry_writer set sequenced_through = ${through}
    where id = ${id} and sequenced_through < ${through}`.execute(tx);
}

const writersOf = (places: readonly BatchPlace[]) => places.map(({ writer }) => writer);
const numbersOf = (places: readonly BatchPlace[]) => places.map(({ number }) => number);

export async function addGaps(tx: Tx, places: readonly BatchPlace[]): Promise<void> {
  if (places.length === 0) return;
  await sql`
    insert into sequence_gap (writer, number)
    select writer, number
    from unnest(${writersOf(places)}::int[], ${numbersOf(places)}::bigint[]) as gap (writer, number)
    on conflict do nothing`.execute(tx);
}

/** Takes the gaps where a batch stands by now: its process had only been paused. */
export async function takeClosedGaps(tx: Tx): Promise<BatchPlace[]> {
  const { rows } = await sql<{ writer: number; number: string }>`
    delete from sequence_gap as gap using (
      select gap.writer, gap.number from sequence_gap as gap
      cross join lateral (
        select 1 from entry_batch where writer = gap.writer and number = gap.number limit 1
      ) as batch limit ${ROUND_NUMBERS}
    ) as closed
    where gap.writer = closed.writer and gap.number = closed.number
    returning gap.writer, gap.number`.execute(tx);
  return rows.map(({ writer, number }) => ({ writer, number: Number(number) }));
}

/** The tiles that a tree of this size has not filled yet. */
export async function readEdge(
  db: Db,
  { epoch, size }: Pick<Epoch, "epoch" | "size">,
): Promise<Tile[]> {
  const edge = Array.from({ length: 8 }, (_, level) => lastTile(level, size)).filter(
    (tile) => tile !== undefined && tile.width < TILE_WIDTH,
  );
  const { rows } = await sql<{ level: number; n: string; hashes: Buffer }>`
    select tile.level, tile.n, tile.hashes
    from unnest(${edge.map((tile) => tile?.level)}::int[], ${edge.map((tile) => tile?.n)}::bigint[])
      as edge (level, n)
    join log_tile as tile using (level, n)
    where tile.epoch = ${epoch}`.execute(db);
  if (rows.length !== edge.length) throw new Error("the log lacks a tile");
  return rows.map(({ level, n, hashes }) => ({ level, n: Number(n), hashes }));
}

export type NewLeaf = { leaf: Buffer; place: BatchPlace | null; seed: Buffer | null };

/** Adds leaves behind those that are there. @throws {Error} when the log has grown meanwhile: the fence. */
export async function addLeaves(
  tx: Tx,
  { epoch, size }: Pick<Epoch, "epoch" | "size">,
  leaves: readonly NewLeaf[],
  tiles: readonly Tile[],
): Promise<void> {
  await sql`
    insert into log_leaf (epoch, index, leaf, writer, number, seed)
    select ${epoch}, ${size}::bigint + place - 1, leaf, writer, number, seed
    from unnest(${leaves.map(({ leaf }) => leaf)}::bytea[], ${leaves.map(({ place }) => place?.writer ?? null)}::int[],
      ${leaves.map(({ place }) => place?.number ?? null)}::bigint[], ${leaves.map(({ seed }) => seed)}::bytea[])
      with ordinality as added (leaf, writer, number, seed, place)`.execute(tx);
  await sql`
    insert into log_tile (epoch, level, n, hashes)
    select ${epoch}, level, n, hashes
    from unnest(${tiles.map(({ level }) => level)}::int[], ${tiles.map(({ n }) => n)}::bigint[],
      ${tiles.map(({ hashes }) => hashes)}::bytea[]) as tile (level, n, hashes)
    on conflict (epoch, level, n) do update set hashes = excluded.hashes`.execute(tx);
  const { numAffectedRows } = await sql`
    update log_epoch set size = ${size + leaves.length} where epoch = ${epoch} and size = ${size}
      and epoch = (select max(epoch) from log_epoch)`.execute(tx);
  if (numAffectedRows !== 1n) throw new Error("the log has grown meanwhile");
}

/** Keeps what was signed. `isShown`: at once, and not when its witnesses have signed it too. */
export async function putCheckpoint(
  tx: Tx,
  {
    epoch,
    size,
    checkpoint,
    isShown,
  }: { epoch: number; size: number; checkpoint: string; isShown: boolean },
): Promise<void> {
  await sql`
    update log_epoch set checkpoint = ${checkpoint}, checkpoint_size = ${size}, signed_at = clock_timestamp(),
      published = case when ${isShown}::boolean then ${checkpoint} else published end,
      published_size = case when ${isShown}::boolean then ${size} else published_size end
    where epoch = ${epoch} and checkpoint_size <= ${size}`.execute(tx);
}
