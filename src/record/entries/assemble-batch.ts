import type { KeyRing } from "../../platform/crypto/key-ring.ts";
import { entryId, sealBatch, type BatchKey, type BatchRow, type EncodedEntry } from "./batch.ts";
import { NO_FENCE, type Fence } from "./write-batch.ts";

/** Prepared when its batch is put together, so that an answer is made with what is known at that moment. */
export type Prepared<T> = { entry: EncodedEntry; value: T; fence?: Fence | undefined };

/** All fences as one, or null when two of them saw different versions of one slot: one is out of date. */
export function joinFences(prepared: readonly Prepared<unknown>[]): Fence | null {
  const versions = new Map<number, string>();
  let endsAtMs = Number.POSITIVE_INFINITY;
  for (const { fence } of prepared) {
    if (fence === undefined) continue;
    if (fence.endsAtMs < endsAtMs) endsAtMs = fence.endsAtMs;
    for (let index = 0; index < fence.slots.length; index++) {
      const slot = fence.slots[index] as number;
      const version = fence.versions[index] as string;
      const known = versions.get(slot);
      if (known === undefined) versions.set(slot, version);
      else if (known !== version) return null;
    }
  }
  if (versions.size === 0 && endsAtMs === Number.POSITIVE_INFINITY) return NO_FENCE;
  return { slots: [...versions.keys()], versions: [...versions.values()], endsAtMs };
}

/** A row with the entries that stand in it. */
export type FilledRow = BatchRow & { entries: readonly EncodedEntry[] };

/** One row for each class, and the id of each entry in the order given. */
export function toRows(
  prepared: readonly Prepared<unknown>[],
  { at, keyRing, take }: { at: Date; keyRing: KeyRing; take: () => BatchKey },
): { rows: FilledRow[]; ids: string[] } {
  const ids: string[] = Array.from({ length: prepared.length });
  const rows: FilledRow[] = [];
  for (const entryClass of ["important", "routine"] as const) {
    const entries: EncodedEntry[] = [];
    const indices: number[] = [];
    for (const [index, { entry }] of prepared.entries()) {
      if (entry.class !== entryClass) continue;
      entries.push(entry);
      indices.push(index);
    }
    if (entries.length === 0) continue;
    const key = take();
    for (const [position, index] of indices.entries()) ids[index] = entryId(key, position);
    rows.push({ ...sealBatch(keyRing, key, { at, entries }), entries });
  }
  return { rows, ids };
}
