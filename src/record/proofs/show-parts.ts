import { toBase64 } from "../../contract/proofs/bytes.ts";
import { partKinds } from "../../contract/proofs/commitment.ts";
import type { EntryProof } from "../../contract/record/proofs.ts";
import type { Entry } from "../entries/entry.ts";
import type { VisibleEntry } from "../search/visible-entry.ts";
import type { OpenedPart } from "./openings.ts";

/** Which of an entry's parts a proof opens; the place among them tells targets apart. */
export type IsShown = (part: OpenedPart, at: number, parts: readonly OpenedPart[]) => boolean;

/** An entry's parts as a proof has them: what is shown with its salt, the rest as commitments alone. */
export function showParts(parts: readonly OpenedPart[], isShown: IsShown): EntryProof["parts"] {
  return parts.map((part, at) => {
    const { kind, salt, text, commitment } = part;
    if (text === null || salt === null)
      return { kind, commitment: toBase64(commitment), erased: true };
    return isShown(part, at, parts)
      ? { kind, salt: toBase64(salt), text }
      : { kind, commitment: toBase64(commitment) };
  });
}

type Seen = { entry: Entry; visible: VisibleEntry };
type Shown = Seen & { parts: readonly OpenedPart[] };

/** Whether a reader may see all that a part says: a part is shown whole or not at all. */
export const isShownTo =
  (seen: Seen): IsShown =>
  ({ kind }, at, parts) =>
    showing[kind]?.({ ...seen, parts }, at) ?? false;

/** Of targets that were erased nothing stands in the entry. */
const isTarget = ({ kind, text }: OpenedPart): boolean => kind === partKinds.t && text !== null;

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
