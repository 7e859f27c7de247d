import type { Context } from "../../context.ts";
import type { Db } from "../../platform/db/db.ts";
import type { BatchRow } from "../entries/batch.ts";
import { openBatch } from "../search/open-batch.ts";
import { presentEntries } from "../search/present-entries.ts";
import { keyOf } from "../search/source.ts";
import type { VisibleEntry } from "../search/visible-entry.ts";
import { readBatches } from "../search/batch-queries.ts";
import { readLeaves, type LeafRow } from "./leaf-queries.ts";
import { comparePlaces, type Place, type Span } from "./place.ts";
import { renderEntry, type RenderedEntry } from "./render-entry.ts";
import { cursorOf, type StreamRow } from "./stream-row.ts";
import { readScope, streamedEntry, type StreamScope } from "./stream-scope.ts";

/** What a parcel holds at most: one entry always fits. */
export type ParcelLimits = { entries: number; bytes: number };

export type Parcel = Span & {
  entries: RenderedEntry[];
  /** Batches that are not as they were written: nothing of them is sent. */
  altered: Place[];
  /** More stands behind it, or it has reached a limit. */
  isFull: boolean;
};

export type CollectServices = Pick<Context, "db" | "keyRing" | "log" | "recorder">;

/** Leaves looked at in one go; of most, an organisation has nothing. */
const LEAVES = 1_000;
/** Batches opened at a time. */
const BATCHES = 16;

/**
 * What is to be sent next, in the order of the log. Where nothing of the stream's stands, its end is how far was
 * looked.
 *
 * @param until where it ends, when that was decided by an earlier try.
 */
export async function collectParcel(
  services: CollectServices,
  row: StreamRow,
  { limits, until }: { limits: ParcelLimits; until: Place | null },
): Promise<Parcel> {
  const { db } = services;
  const from = cursorOf(row);
  const scope = await readScope(db, row.organisation_id);
  const leaves = await readLeaves(db, { from, until, scope, covers: row.covers, limit: LEAVES });
  const last = leaves.at(-1);
  const seen: Seen = { visible: [], altered: [] };
  const wanted = leaves.filter(({ isWanted }) => isWanted);
  for (let index = 0; index < wanted.length; index += BATCHES) {
    if (seen.visible.length > limits.entries) break;
    await lookInto(services, seen, {
      leaves: wanted.slice(index, index + BATCHES),
      scope,
      from,
      until,
    });
  }
  const end = until ?? (last === undefined ? from : afterLeaf(last));
  const isCut = until === null && leaves.length === LEAVES;
  return await cut(db, { row, seen, from, end, limits, isCut });
}

type Seen = { visible: { place: Place; entry: VisibleEntry }[]; altered: Place[] };

const afterLeaf = ({ epoch, leaf }: LeafRow): Place => ({ epoch, leaf: leaf + 1, position: 0 });

async function lookInto(
  services: CollectServices,
  seen: Seen,
  {
    leaves,
    scope,
    from,
    until,
  }: { leaves: readonly LeafRow[]; scope: StreamScope; from: Place; until: Place | null },
): Promise<void> {
  const batches = new Map(
    (await readBatches(services.db, leaves.map(placeOfBatch))).map((batch) => [
      keyOf(batch),
      batch,
    ]),
  );
  for (const leaf of leaves) {
    const batch = batches.get(keyOf(placeOfBatch(leaf)));
    if (batch !== undefined) openInto(services, seen, { leaf, batch, scope, from, until });
  }
}

const placeOfBatch = ({ writer, number }: LeafRow) => ({
  writer: writer ?? 0,
  number: number ?? 0,
});

function openInto(
  services: CollectServices,
  seen: Seen,
  {
    leaf: { epoch, leaf },
    batch,
    scope,
    from,
    until,
  }: { leaf: LeafRow; batch: BatchRow; scope: StreamScope; from: Place; until: Place | null },
): void {
  const opened = openBatch(services, batch);
  if (opened === null) {
    seen.altered.push({ epoch, leaf, position: 0 });
    return;
  }
  for (const [position, entry] of opened) {
    const place = { epoch, leaf, position };
    if (comparePlaces(place, from) < 0) continue;
    if (until !== null && comparePlaces(place, until) >= 0) continue;
    const visible = streamedEntry(scope, batch, { position, entry });
    if (visible !== null) seen.visible.push({ place, entry: visible });
  }
}

type Cutting = {
  row: StreamRow;
  seen: Seen;
  from: Place;
  end: Place;
  limits: ParcelLimits;
  isCut: boolean;
};

async function cut(
  db: Db,
  { row, seen: { visible, altered }, from, end, limits, isCut }: Cutting,
): Promise<Parcel> {
  const some = visible.slice(0, limits.entries);
  const shown = await presentEntries(
    db,
    some.map(({ entry }) => entry),
  );
  const entries: RenderedEntry[] = [];
  let bytes = 0;
  for (const [index, entry] of shown.entries()) {
    const place = some[index]?.place ?? from;
    const rendered = renderEntry(row.format, { entry, place, organisationId: row.organisation_id });
    bytes += Buffer.byteLength(rendered.text);
    if (bytes > limits.bytes && entries.length > 0) break;
    entries.push(rendered);
  }
  const isWhole = entries.length === visible.length;
  const to = isWhole ? end : afterEntry(entries.at(-1)?.place ?? from);
  return {
    from,
    to,
    entries,
    altered: altered.filter((place) => comparePlaces(place, to) < 0),
    isFull: !isWhole || isCut,
  };
}

export const afterEntry = ({ epoch, leaf, position }: Place): Place => ({
  epoch,
  leaf,
  position: position + 1,
});
