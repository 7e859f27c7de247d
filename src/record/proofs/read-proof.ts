import { sql } from "kysely";
import { toBase64 } from "../../contract/proofs/bytes.ts";
import {
  decodeBatchLeaf,
  partKinds,
  verdicts,
  type BatchLeaf,
} from "../../contract/proofs/commitment.ts";
import { inclusionPath } from "../../contract/proofs/merkle.ts";
import { TileTree } from "../../contract/proofs/tile-tree.ts";
import type { EntryProof } from "../../contract/record/proofs.ts";
import type { Context } from "../../context.ts";
import type { Db } from "../../platform/db/db.ts";
import { ProblemError } from "../../problem-error.ts";
import { parseEntryId, type BatchRow } from "../entries/batch.ts";
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
import { BatchCommitter, headOf } from "../sequencer/commit-batch.ts";
import { sha256 } from "../sequencer/log-tree.ts";
import { tileReader } from "../sequencer/read-tile.ts";
import { hashesOf, openParts, type BatchSecret, type OpenedPart } from "./openings.ts";
import { readPublished, type PublishedLog } from "./public-log-queries.ts";

type Leaf = BatchSecret & { epoch: number; index: number; leaf: Buffer };

/**
 * Everything that it takes to check one entry that the caller may read. Parts that they may not see, and those
 * that were erased, are there as commitments alone: they prove as well, and say nothing.
 *
 * @throws {ProblemError} `not-found`; `not-proven-yet` for an entry that no signed checkpoint covers.
 */
export async function readProof(ctx: Context, id: string): Promise<EntryProof> {
  const scope = readerScope(await ctx.ports.entryScope(ctx));
  // One state of the database: what is erased meanwhile changes a batch and what opens it together.
  return await inSnapshot(ctx.db, async (db) => {
    const found = await readVisible(db, ctx, { id, scope });
    const leaf = await readLeaf(db, found.batch);
    const log = leaf === null ? null : await readPublished(db, leaf.epoch);
    if (leaf === null || log === null || log.size <= leaf.index)
      throw new ProblemError("not-proven-yet", { retryAfterSeconds: 2 });
    const { verdict, count } = saidBy(leaf);
    return {
      format: "sallyport-entry-proof/v1",
      entry: id,
      checkpoint: log.checkpoint,
      leaf: {
        index: leaf.index,
        verdict,
        count,
        path: (await treeOf(db, log).inclusion(leaf.index)).map(toBase64),
      },
      ...inBatch(found, leaf),
    };
  });
}

function saidBy({ leaf }: Leaf): BatchLeaf {
  const said = decodeBatchLeaf(leaf);
  if (said === null) throw new Error("the leaf of a batch is one of ours");
  return said;
}

type Found = { batch: BatchRow; position: number; entry: Entry; visible: VisibleEntry };

/** What leads from an entry to the root of its batch. */
function inBatch(
  { batch, position, entry, visible }: Found,
  leaf: Leaf,
): Pick<EntryProof, "head" | "parts" | "path"> {
  const index = position + 1;
  const opened = openParts(batch, leaf, (at) => at === 0 || at === index);
  const head = opened?.[0]?.[0];
  const parts = opened?.[index];
  if (opened === null || head === undefined || head.salt === null || parts === undefined)
    throw new Error("nothing is left that opens a batch on record");
  const hashes = hashesIn(batch, leaf, opened);
  return {
    head: {
      salt: toBase64(head.salt),
      text: headOf(batch),
      path: inclusionPath(sha256, hashes, 0).map(toBase64),
    },
    parts: parts.map((part, at) => shownPart(part, at, { parts, entry, visible })),
    path: inclusionPath(sha256, hashes, index).map(toBase64),
  };
}

/** Of a whole batch the sequencer's own way is a good deal quicker. */
function hashesIn(
  batch: BatchRow,
  leaf: Leaf,
  opened: readonly (readonly OpenedPart[])[],
): Uint8Array[] {
  if (leaf.seed === null) return hashesOf(opened);
  const isAltered = saidBy(leaf).verdict !== verdicts.asWritten;
  return new BatchCommitter()
    .leavesOf(batch, leaf.seed, { isAltered })
    .map((text) => Buffer.from(text, "binary"));
}

function shownPart(part: OpenedPart, at: number, shown: Shown): EntryProof["parts"][number] {
  const { kind, salt, text, commitment } = part;
  if (text === null || salt === null)
    return { kind, commitment: toBase64(commitment), erased: true };
  return isShown(part, at, shown)
    ? { kind, salt: toBase64(salt), text }
    : { kind, commitment: toBase64(commitment) };
}

const treeOf = (db: Db, { epoch, size }: PublishedLog): TileTree =>
  new TileTree(sha256, size, tileReader(db, epoch));

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

async function readLeaf(
  db: Db,
  { writer, number }: Pick<BatchRow, "writer" | "number">,
): Promise<Leaf | null> {
  const { rows } = await sql<Omit<Leaf, "index"> & { index: string }>`
    select epoch, index, leaf, seed, openings from log_leaf
    where writer = ${writer} and number = ${number}`.execute(db);
  const [row] = rows;
  return row === undefined ? null : { ...row, index: Number(row.index) };
}

/** Of targets that were erased nothing stands in the entry. */
const isTarget = ({ kind, text }: OpenedPart): boolean => kind === partKinds.t && text !== null;

type Shown = { parts: readonly OpenedPart[]; entry: Entry; visible: VisibleEntry };

/** Whether the reader may see all that a part says: a part is shown whole or not at all. */
const isShown = (part: OpenedPart, at: number, shown: Shown): boolean =>
  showing[part.kind]?.(shown, at) ?? false;

const showing: Readonly<Record<number, (shown: Shown, at: number) => boolean>> = {
  [partKinds.c]: ({ entry, visible }) => (entry.appId ?? null) === visible.appId,
  [partKinds.a]: ({ entry, visible }) =>
    entry.actor.credentialId === (visible.credential?.id ?? null),
  [partKinds.x]: ({ entry, visible }) =>
    entry.address === visible.address && entry.userAgent === (visible.userAgent ?? ""),
  [partKinds.t]: ({ parts, entry, visible }, at) => {
    const before = parts.slice(0, at).filter(isTarget).length;
    const target = entry.targets?.[before];
    return target !== undefined && visible.targets.includes(target);
  },
  [partKinds.d]: ({ visible }) => visible.change !== undefined,
};
