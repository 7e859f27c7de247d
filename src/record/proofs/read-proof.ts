import { sql } from "kysely";
import { toBase64 } from "../../contract/proofs/bytes.ts";
import { inclusionPath } from "../../contract/proofs/merkle.ts";
import { TileTree } from "../../contract/proofs/tile-tree.ts";
import type { BatchProof, EntryProof } from "../../contract/record/proofs.ts";
import type { Context } from "../../context.ts";
import type { Db } from "../../platform/db/db.ts";
import { ProblemError } from "../../problem-error.ts";
import { entryId, parseEntryId, type BatchRow } from "../entries/batch.ts";
import { decodeWanted } from "../entries/entry-codec.ts";
import type { Entry } from "../entries/entry.ts";
import { readBatches } from "../search/batch-queries.ts";
import { inSnapshot } from "../search/read-page.ts";
import {
  readerScope,
  visibleEntry,
  type ReaderScope,
  type VisibleEntry,
} from "../search/visible-entry.ts";
import { headOf } from "../sequencer/commit-batch.ts";
import { sha256 } from "../sequencer/log-tree.ts";
import { tileReader } from "../sequencer/read-tile.ts";
import { openLeaf, saidBy, type Leaf, type OpenedLeaf } from "./open-leaf.ts";
import { receiptSalts } from "./promise-entry.ts";
import { readPublished, type PublishedLog } from "./public-log-queries.ts";
import { isShownTo, showParts, type IsShown } from "./show-parts.ts";

/**
 * Everything that it takes to check one entry that the caller may read. Parts that they may not see, and those
 * that were erased, are there as commitments alone: they prove as well, and say nothing.
 *
 * @throws {ProblemError} `not-found`; `not-proven-yet` for an entry that no signed checkpoint covers.
 */
export async function readProof(ctx: Context, id: string): Promise<EntryProof> {
  const scope = readerScope(await ctx.ports.entryScope(ctx));
  // One state of the database: what is erased meanwhile changes a batch and what opens it together.
  const proof = await inSnapshot(ctx.db, async (db) => {
    const { batch, position, ...seen } = await readVisible(db, ctx, { id, scope });
    const leaf = await readLeaf(db, batch);
    const log = leaf === null ? null : await readPublished(db, leaf.epoch);
    if (leaf === null || log === null || log.size <= leaf.index)
      throw new ProblemError("not-proven-yet", { retryAfterSeconds: 2 });
    const isShown = isShownTo(seen);
    return await proveEntry(treeOf(db, log), log.checkpoint, { batch, position, leaf, isShown });
  });
  // Whoever sees all of it can compare it with what was promised.
  const isWhole = proof.parts.every((part) => "text" in part);
  return isWhole ? { ...proof, receiptSalts: receiptSalts(ctx.keyRing, id).map(toBase64) } : proof;
}

/** An entry of a batch that is in the log, and which of its parts are opened. */
export type EntryToProve = { batch: BatchRow; position: number; leaf: Leaf; isShown: IsShown };

/** @param tree the log's, as large as the checkpoint says */
export async function proveEntry(
  tree: TileTree,
  checkpoint: string,
  { batch, position, leaf, isShown }: EntryToProve,
): Promise<EntryProof> {
  const opened = openLeaf(batch, leaf, [position]);
  return {
    format: "sallyport-entry-proof/v1",
    entry: entryId(batch, position),
    checkpoint,
    ...(await proveOpened(tree, { batch, leaf, opened })),
    parts: showParts(opened.entry(position), isShown),
    path: inclusionPath(sha256, opened.hashes, position + 1).map(toBase64),
  };
}

/** That a batch stands in the log, and when it was written; nothing of its entries. */
export async function proveBatch(
  tree: TileTree,
  { batch, leaf }: { batch: BatchRow; leaf: Leaf },
): Promise<BatchProof> {
  return await proveOpened(tree, { batch, leaf, opened: openLeaf(batch, leaf, []) });
}

async function proveOpened(
  tree: TileTree,
  { batch, leaf, opened: { head, hashes } }: { batch: BatchRow; leaf: Leaf; opened: OpenedLeaf },
): Promise<BatchProof> {
  const { verdict, count } = saidBy(leaf);
  return {
    leaf: {
      index: leaf.index,
      verdict,
      count,
      path: (await tree.inclusion(leaf.index)).map(toBase64),
    },
    head: {
      salt: toBase64(head.salt),
      text: headOf(batch),
      path: inclusionPath(sha256, hashes, 0).map(toBase64),
    },
  };
}

const treeOf = (db: Db, { epoch, size }: PublishedLog): TileTree =>
  new TileTree(sha256, size, tileReader(db, epoch));

type Found = { batch: BatchRow; position: number; entry: Entry; visible: VisibleEntry };

/** As reading the entry does; what the MAC does not fit is told by the proof itself. */
async function readVisible(
  db: Db,
  ctx: Context,
  { id, scope }: { id: string; scope: ReaderScope },
): Promise<Found> {
  const place = parseEntryId(id);
  const [batch] = place === null ? [] : await readBatches(db, [place]);
  if (place === null || batch?.day !== place.day) throw new ProblemError("not-found");
  const { position } = place;
  const entry = entryAt(batch, position);
  const visible = entry === undefined ? null : visibleEntry(scope, batch, { position, entry });
  if (entry === undefined || visible === null) throw new ProblemError("not-found");
  return { batch, position, entry, visible };
}

/** Of a batch that was altered beyond reading nothing is shown. */
function entryAt({ payload }: BatchRow, position: number): Entry | undefined {
  try {
    return decodeWanted(payload, (at) => at === position).get(position);
  } catch {
    return undefined;
  }
}

/** Of a batch that the log has taken; null before that. */
export async function readLeaf(
  db: Db,
  { writer, number }: Pick<BatchRow, "writer" | "number">,
): Promise<Leaf | null> {
  const { rows } = await sql<Omit<Leaf, "index"> & { index: string }>`
    select epoch, index, leaf, seed, openings from log_leaf
    where writer = ${writer} and number = ${number}`.execute(db);
  const [row] = rows;
  return row === undefined ? null : { ...row, index: Number(row.index) };
}
