import { sql } from "kysely";
import { toBase64 } from "../../contract/proofs/bytes.ts";
import type { BatchLine, EntryLine, LeavesLine } from "../../contract/proofs/bundle.ts";
import { coverOf } from "../../contract/proofs/cover.ts";
import { HASH_BYTES } from "../../contract/proofs/merkle.ts";
import { TileTree, type ReadTile } from "../../contract/proofs/tile-tree.ts";
import { TILE_WIDTH } from "../../contract/proofs/tiles.ts";
import type { Db } from "../../platform/db/db.ts";
import type { BatchRow } from "../entries/batch.ts";
import { decodeWanted } from "../entries/entry-codec.ts";
import { readBatches, type BatchPlace } from "../search/batch-queries.ts";
import { keyOf } from "../search/source.ts";
import { visibleEntry, type ReaderScope, type VisibleEntry } from "../search/visible-entry.ts";
import { BatchCommitter, headOf } from "../sequencer/commit-batch.ts";
import { sha256 } from "../sequencer/log-tree.ts";
import { tileReader } from "../sequencer/read-tile.ts";
import { openLeaf, saidBy, type Leaf } from "./open-leaf.ts";
import type { PublishedLog } from "./public-log-queries.ts";
import { isShownTo, showParts } from "./show-parts.ts";

/** A batch with those of its entries that a reader sees and asked for. */
export type ShownBatch = { place: BatchPlace; entries: VisibleEntry[] };

export type Bundled = {
  lines: (LeavesLine | BatchLine | EntryLine)[];
  batches: number;
  entries: number;
  /** Ids of entries that no signed head covers. */
  unproven: string[];
};

/** A batch with its leaf, which a signed head covers. */
type Proven = { leaf: Omit<Leaf, "epoch">; batch: BatchRow; entries: VisibleEntry[] };

/** The lines of some batches, by the tiles of the log in which their leaves stand: what these share is told once. */
export async function bundleBatches(
  db: Db,
  {
    batches,
    scope,
    logs,
  }: { batches: readonly ShownBatch[]; scope: ReaderScope; logs: readonly PublishedLog[] },
): Promise<Bundled> {
  const bundled: Bundled = { lines: [], batches: 0, entries: 0, unproven: [] };
  const places = batches.map(({ place }) => place);
  const [rows, leaves] = [await readBatches(db, places), await readLeaves(db, places)];
  const byPlace = new Map(rows.map((batch) => [keyOf(batch), batch]));
  const proven: (Proven & { leaf: Leaf })[] = [];
  for (const { place, entries } of batches) {
    const [leaf, batch] = [leaves.get(keyOf(place)), byPlace.get(keyOf(place))];
    const log = logs.find(({ epoch }) => epoch === leaf?.epoch);
    if (leaf !== undefined && batch !== undefined && log !== undefined && leaf.index < log.size)
      proven.push({ leaf, batch, entries });
    else bundled.unproven.push(...entries.map(({ id }) => id));
  }
  const tiles = Map.groupBy(
    proven,
    ({ leaf }) => `${leaf.epoch}/${Math.floor(leaf.index / TILE_WIDTH)}`,
  );
  const readers = logs.map(({ epoch }) => remembering(tileReader(db, epoch)));
  for (const inTile of tiles.values()) {
    const log = logs.findIndex(({ epoch }) => epoch === inTile[0]?.leaf.epoch);
    const [read, size] = [readers[log], logs[log]?.size];
    if (read === undefined || size === undefined) throw new Error("a leaf is of one of the logs");
    await addTile(bundled, { inTile, scope, log, size, read });
  }
  return bundled;
}

/** Tiles above are the same for all leaves of a page: each is read once. */
function remembering(read: ReadTile): ReadTile {
  const known = new Map<string, Promise<Uint8Array>>();
  return async (place) => {
    const name = `${place.level}/${place.n}`;
    const tile = known.get(name) ?? read(place);
    known.set(name, tile);
    return await tile;
  };
}

/**
 * Adds the lines of batches whose leaves stand in one tile.
 *
 * @param log its number among the bundle's logs, with its size and tiles.
 */
export async function addTile(
  bundled: Bundled,
  {
    inTile,
    scope,
    log,
    size,
    read,
  }: {
    inTile: readonly Proven[];
    scope: ReaderScope;
    log: number;
    size: number;
    read: ReadTile;
  },
): Promise<void> {
  const ascending = inTile.toSorted((one, other) => one.leaf.index - other.leaf.index);
  const tile = Math.floor((ascending[0]?.leaf.index ?? 0) / TILE_WIDTH);
  const leaves = ascending.map(({ leaf: { index, leaf } }) => {
    const { verdict, count, root } = saidBy({ leaf });
    return { index, verdict, count, root: toBase64(root) };
  });
  const shown = leaves.map(({ index }) => index - tile * TILE_WIDTH);
  const around = await surroundings(read, { size, tile, shown });
  bundled.lines.push({ type: "leaves", log, tile, leaves, ...around });
  const committer = new BatchCommitter();
  for (const one of ascending) addBatch(bundled, { committer, scope }, one);
}

/** What else it takes to come from some leaves of a tile to the log's root. */
async function surroundings(
  read: ReadTile,
  { size, tile, shown }: { size: number; tile: number; shown: readonly number[] },
): Promise<{ hidden: string[]; path: string[] }> {
  const from = tile * TILE_WIDTH;
  const width = Math.min(TILE_WIDTH, size - from);
  const bytes = await read({ level: 0, n: tile, width });
  const hashes = Array.from({ length: width }, (_, at) =>
    bytes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES),
  );
  const path = await new TileTree(sha256, size, read).inclusion(from);
  // The first leaf's path up to the tile's own root is one hash for each time that the tile can be halved.
  const inside = Math.ceil(Math.log2(width));
  return {
    hidden: coverOf(sha256, hashes, shown).map(toBase64),
    path: path.slice(inside).map(toBase64),
  };
}

function addBatch(
  bundled: Bundled,
  { committer, scope }: { committer: BatchCommitter; scope: ReaderScope },
  { leaf, batch, entries }: Proven,
): void {
  const ascending = entries.toSorted((one, other) => one.place.position - other.place.position);
  const positions = ascending.map(({ place }) => place.position);
  const { head, hashes, entry: partsOf } = openLeaf(batch, leaf, positions, committer);
  const shown = [0, ...positions.map((position) => position + 1)];
  bundled.lines.push({
    type: "batch",
    head: { salt: toBase64(head.salt), text: headOf(batch) },
    positions,
    hashes: shown.map((index) => toBase64(hashes[index] as Uint8Array)),
    hidden: coverOf(sha256, hashes, shown).map(toBase64),
  });
  const decoded = decodeWanted(batch.payload, (position) => positions.includes(position));
  for (const { id, place } of ascending) {
    const { position } = place;
    const entry = decoded.get(position);
    const visible = entry === undefined ? null : visibleEntry(scope, batch, { position, entry });
    if (entry === undefined || visible === null)
      throw new Error("an entry that was just read is in its batch");
    const parts = showParts(partsOf(position), isShownTo({ entry, visible }));
    bundled.lines.push({ type: "entry", id, parts });
  }
  bundled.batches += 1;
  bundled.entries += entries.length;
}

async function readLeaves(db: Db, places: readonly BatchPlace[]): Promise<Map<string, Leaf>> {
  const { rows } = await sql<BatchPlace & Omit<Leaf, "index"> & { index: string }>`
    select leaf.writer, leaf.number::float8 as number, leaf.epoch, leaf.index, leaf.leaf, leaf.seed, leaf.openings
    from unnest(${places.map(({ writer }) => writer)}::int[], ${places.map(({ number }) => number)}::bigint[])
      as place (writer, number)
    join log_leaf as leaf on leaf.writer = place.writer and leaf.number = place.number
    where leaf.seed is not null or leaf.openings is not null`.execute(db);
  return new Map(rows.map((row) => [keyOf(row), { ...row, index: Number(row.index) }]));
}
