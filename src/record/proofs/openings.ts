import {
  commitTo,
  entryLeaf,
  partKinds,
  SALT_BYTES,
  saltOf,
  type Committed,
} from "../../contract/proofs/commitment.ts";
import { utf8 } from "../../contract/proofs/bytes.ts";
import { hashLeaf } from "../../contract/proofs/merkle.ts";
import type { BatchRow } from "../entries/batch.ts";
import { headOf, partsIn } from "../sequencer/commit-batch.ts";
import { sha256 } from "../sequencer/log-tree.ts";

/*
 * What a batch's leaf commits to, part by part. The salts come from the batch's seed; once something of the
 * batch was erased the seed is gone with it (it would open what was erased to whoever kept a copy), and the
 * salts of what is left stand by themselves, beside the commitments of what is not.
 */

/** What opens a batch: its seed, or, once something was erased, its openings. */
export type BatchSecret = { seed: Buffer | null; openings: Buffer | null };

/** `text` and `salt` are null for a part that was erased. */
export type OpenedPart = Committed & { text: string | null; salt: Uint8Array | null };

const [GONE, SALT] = [0, 1];
const OPENING_BYTES = 1 + SALT_BYTES;

/**
 * The parts of each leaf of a batch's tree: its head, then its entries.
 *
 * @param isWanted of a batch with its seed, the leaves that are opened; the others are left empty.
 * @returns null where nothing is left that opens it.
 * @throws {Error} for a payload that is none of ours, or openings that do not fit it.
 */
export function openParts(
  batch: BatchRow,
  secret: BatchSecret,
  isWanted: (leaf: number) => boolean = () => true,
): OpenedPart[][] | null {
  const leaves = [
    [{ kind: partKinds.h as number, text: headOf(batch) }],
    ...partsIn(batch.payload),
  ];
  const { seed, openings } = secret;
  if (seed !== null)
    return leaves.map((parts, entry) =>
      isWanted(entry)
        ? parts.map(({ kind, text }, part) =>
            withSalt({ kind, text, salt: saltOf(sha256, seed, { entry, part }) }),
          )
        : [],
    );
  return openings === null ? null : openSingly(leaves, openings);
}

function openSingly(
  leaves: readonly (readonly { kind: number; text: string }[])[],
  openings: Buffer,
): OpenedPart[][] {
  let at = 0;
  const opened = leaves.map((parts) =>
    parts.map(({ kind, text }) => {
      const value = openings.subarray(at + 1, at + OPENING_BYTES);
      const isSalt = openings[at] === SALT;
      at += OPENING_BYTES;
      return isSalt
        ? withSalt({ kind, text, salt: value })
        : { kind, text: null, salt: null, commitment: value };
    }),
  );
  if (at !== openings.length) throw new Error("a batch's openings do not fit its payload");
  return opened;
}

/** A part that was erased before its batch came into this life of the log is committed to as it was: as nothing. */
function withSalt({
  kind,
  text,
  salt,
}: {
  kind: number;
  text: string;
  salt: Uint8Array;
}): OpenedPart {
  const commitment = commitTo(sha256, { kind, salt, bytes: utf8(text) });
  return text === ""
    ? { kind, text: null, salt: null, commitment }
    : { kind, text, salt, commitment };
}

/** As `openParts` reads them again. */
export const toOpenings = (leaves: readonly (readonly OpenedPart[])[]): Buffer =>
  Buffer.concat(
    leaves.flatMap((parts) =>
      parts.flatMap(({ salt, commitment }) =>
        salt === null ? [Buffer.of(GONE), commitment] : [Buffer.of(SALT), salt],
      ),
    ),
  );

/** Hashes of the leaves of the batch's tree. */
export const hashesOf = (leaves: readonly (readonly OpenedPart[])[]): Uint8Array[] =>
  leaves.map((parts) => hashLeaf(sha256, entryLeaf(parts)));
