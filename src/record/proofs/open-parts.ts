import { toBase64, utf8 } from "../../contract/proofs/bytes.ts";
import { commitTo, partKinds, saltOf } from "../../contract/proofs/commitment.ts";
import type { EntryProof } from "../../contract/record/proofs.ts";
import type { Entry } from "../entries/entry.ts";
import type { VisibleEntry } from "../search/visible-entry.ts";
import type { Part } from "../sequencer/commit-batch.ts";
import { sha256 } from "../sequencer/log-tree.ts";

/**
 * An entry's parts as a proof shows them to one reader: what they may see with its salt, the rest as commitments alone.
 *
 * @param index of the entry's leaf in its batch's tree: the head is 0.
 */
export function openParts(
  parts: readonly Part[],
  {
    seed,
    index,
    isShown,
  }: { seed: Buffer; index: number; isShown: (part: Part, at: number) => boolean },
): EntryProof["parts"] {
  return parts.map((part, at) => {
    const { kind, text } = part;
    const salt = saltOf(sha256, seed, { entry: index, part: at });
    return isShown(part, at)
      ? { kind, salt: toBase64(salt), text }
      : { kind, commitment: toBase64(commitTo(sha256, { kind, salt, bytes: utf8(text) })) };
  });
}

type Shown = { parts: readonly Part[]; entry: Entry; visible: VisibleEntry };

/** Whether the reader may see all that a part says: a part is shown whole or not at all. */
export const isShownTo =
  (shown: Shown) =>
  ({ kind }: Part, at: number): boolean =>
    showing[kind]?.(shown, at) ?? false;

const showing: Readonly<Record<number, (shown: Shown, at: number) => boolean>> = {
  [partKinds.c]: ({ entry, visible }) => (entry.appId ?? null) === visible.appId,
  [partKinds.a]: ({ entry, visible }) =>
    entry.actor.credentialId === (visible.credential?.id ?? null),
  [partKinds.x]: ({ entry, visible }) =>
    entry.address === visible.address && entry.userAgent === (visible.userAgent ?? ""),
  [partKinds.t]: ({ parts, entry, visible }, at) => {
    const before = parts.slice(0, at).filter(({ kind }) => kind === partKinds.t).length;
    const target = entry.targets?.[before];
    return target !== undefined && visible.targets.includes(target);
  },
  [partKinds.d]: ({ visible }) => visible.change !== undefined,
};
