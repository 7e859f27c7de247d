import { sql } from "kysely";
import { toBase64 } from "../../contract/proofs/bytes.ts";
import { decodeBatchLeaf, saltOf } from "../../contract/proofs/commitment.ts";
import { inclusionPath } from "../../contract/proofs/merkle.ts";
import { TileTree } from "../../contract/proofs/tile-tree.ts";
import type { BatchProof, EntryProof } from "../../contract/record/proofs.ts";
import type { Context } from "../../context.ts";
import type { Db } from "../../platform/db/db.ts";
import { ProblemError } from "../../problem-error.ts";
import { entryId, parseEntryId, type BatchRow } from "../entries/batch.ts";
import { decodeEntries } from "../entries/entry-codec.ts";
import type { Entry } from "../entries/entry.ts";
import { readBatches } from "../search/batch-queries.ts";
import { readerScope, visibleEntry, type VisibleEntry } from "../search/visible-entry.ts";
import { BatchCommitter, headOf, partsIn, type Part } from "../sequencer/commit-batch.ts";
import { sha256 } from "../sequencer/log-tree.ts";
import { tileReader } from "../sequencer/read-tile.ts";
import { isShownTo, openParts } from "./open-parts.ts";
import { receiptSalts } from "./promise-entry.ts";
import { readPublished, type PublishedLog } from "./public-log-queries.ts";

/** A batch's leaf, and what opens it. */
export type Leaf = { epoch: number; index: number; leaf: Buffer; seed: Buffer };

/**
 * Everything that it takes to check one entry that the caller may read. Parts that they may not see are
 * there as commitments alone: they prove as well, and say nothing.
 *
 * @throws {ProblemError} `not-found`; `not-proven-yet` for an entry that no signed checkpoint covers.
 */
export async function readProof(ctx: Context, id: string): Promise<EntryProof> {
  const { batch, position, entry, visible } = await readVisible(ctx, id);
  const leaf = await readLeaf(ctx.db, batch);
  const log = leaf === null ? null : await readPublished(ctx.db, leaf.epoch);
  if (leaf === null || log === null || log.size <= leaf.index)
    throw new ProblemError("not-proven-yet", { retryAfterSeconds: 2 });
  const proof = await proveEntry(treeOf(ctx.db, log), log.checkpoint, {
    batch,
    position,
    leaf,
    isShown: (part, at, parts) => isShownTo({ parts, entry, visible })(part, at),
  });
  return {
    ...proof,
    // Whoever sees all of it can compare it with what was promised.
    ...(proof.parts.every((part) => "text" in part) && {
      receiptSalts: receiptSalts(ctx.keyRing, id).map(toBase64),
    }),
  };
}

/** An entry of a batch that is in the log, and which of its parts are opened. */
export type EntryToProve = {
  batch: BatchRow;
  position: number;
  leaf: Leaf;
  isShown: (part: Part, at: number, parts: readonly Part[]) => boolean;
};

/** @param tree the log's, as large as the checkpoint says */
export async function proveEntry(
  tree: TileTree,
  checkpoint: string,
  { batch, position, leaf, isShown: mayShow }: EntryToProve,
): Promise<EntryProof> {
  const { hashes, ...proven } = await openBatch(tree, { batch, leaf });
  const index = position + 1;
  const found = partsIn(batch.payload)[position] ?? [];
  const parts = openParts(found, {
    seed: leaf.seed,
    index,
    isShown: (part, at) => mayShow(part, at, found),
  });
  return {
    format: "sallyport-entry-proof/v1",
    entry: entryId(batch, position),
    checkpoint,
    ...proven,
    parts,
    path: inclusionPath(sha256, hashes, index).map(toBase64),
  };
}

/** That a batch stands in the log, and when it was written; nothing of its entries. */
export async function proveBatch(
  tree: TileTree,
  found: { batch: BatchRow; leaf: Leaf },
): Promise<BatchProof> {
  const { leaf, head } = await openBatch(tree, found);
  return { leaf, head };
}

async function openBatch(
  tree: TileTree,
  { batch, leaf }: { batch: BatchRow; leaf: Leaf },
): Promise<BatchProof & { hashes: Buffer[] }> {
  const said = decodeBatchLeaf(leaf.leaf);
  if (said === null) throw new Error("the leaf of a batch is one of ours");
  const hashes = new BatchCommitter()
    .leavesOf(batch, leaf.seed, { isAltered: said.verdict !== 0 })
    .map((text) => Buffer.from(text, "binary"));
  return {
    leaf: {
      index: leaf.index,
      verdict: said.verdict,
      count: said.count,
      path: (await tree.inclusion(leaf.index)).map(toBase64),
    },
    head: {
      salt: toBase64(saltOf(sha256, leaf.seed, { entry: 0, part: 0 })),
      text: headOf(batch),
      path: inclusionPath(sha256, hashes, 0).map(toBase64),
    },
    hashes,
  };
}

const treeOf = (db: Db, { epoch, size }: PublishedLog): TileTree =>
  new TileTree(sha256, size, tileReader(db, epoch));

/** As reading the entry does; what the MAC does not fit is told by the proof itself. */
async function readVisible(
  ctx: Context,
  id: string,
): Promise<{ batch: BatchRow; position: number; entry: Entry; visible: VisibleEntry }> {
  const place = parseEntryId(id);
  const scope = readerScope(await ctx.ports.entryScope(ctx));
  const [batch] = place === null ? [] : await readBatches(ctx.db, [place]);
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
    return decodeEntries(payload)[position];
  } catch {
    return undefined;
  }
}

/** Of a batch that the log has taken; null before that. */
export async function readLeaf(
  db: Db,
  { writer, number }: Pick<BatchRow, "writer" | "number">,
): Promise<Leaf | null> {
  const { rows } = await sql<{ epoch: number; index: string; leaf: Buffer; seed: Buffer | null }>`
    select epoch, index, leaf, seed from log_leaf
    where writer = ${writer} and number = ${number}`.execute(db);
  const [row] = rows;
  if (row === undefined || row.seed === null) return null;
  return { ...row, seed: row.seed, index: Number(row.index) };
}
