import type { EntryProof } from "../record/proofs.ts";
import { areEqual, fromBase64, utf8 } from "./bytes.ts";
import type { Checkpoint } from "./checkpoint.ts";
import {
  commitTo,
  encodeBatchLeaf,
  entryLeaf,
  partKinds,
  SALT_BYTES,
  verdicts,
  type Committed,
} from "./commitment.ts";
import { HASH_BYTES, hashLeaf, isIncluded, rootByPath, type Sha256 } from "./merkle.ts";
import type { VerifierKey } from "./note.ts";
import { LogFault, openCheckpoint, type ProofCrypto } from "./verify-log.ts";

/** What a proof shows to be true. */
export type ProvenEntry = {
  origin: string;
  /** Leaves of the log that was signed. */
  size: number;
  /** The batch was altered before it came into the log: what it says is what was found then. */
  isAltered: boolean;
  /** When and as what the batch was put together. */
  head: { day: string; writer: number; number: number; class: string; at: string; count: number };
  /** The parts that were shown, with their kinds (contract/proofs/commitment.ts). */
  parts: { kind: number; text: string }[];
  /** How many parts were not, and how many of these are said to be erased. */
  closed: number;
  erased: number;
};

/**
 * Checks one entry: its parts against its batch, its batch against the log, the log's head against the key.
 *
 * @throws {LogFault} in words for whatever does not hold.
 */
export async function verifyEntry(
  crypto: ProofCrypto,
  proof: EntryProof,
  key: VerifierKey,
): Promise<ProvenEntry> {
  const checkpoint = await openCheckpoint(crypto, proof.checkpoint, key);
  return openEntry(crypto.sha256, checkpoint, proof);
}

/** Checks an entry against a head of its log. @throws {LogFault} as `verifyEntry` does. */
export function openEntry(sha256: Sha256, checkpoint: Checkpoint, proof: EntryProof): ProvenEntry {
  const { index, verdict, count } = proof.leaf;
  const position = Number(proof.entry.split("-").at(-1));
  const root = rootByPath(
    sha256,
    { index: position + 1, hash: hashLeaf(sha256, entryLeaf(committed(sha256, proof))) },
    count + 1,
    hashes(proof.path),
  );
  if (root === null) throw new LogFault("The entry's path does not lead to a batch.");
  const leaf = { index, hash: hashLeaf(sha256, encodeBatchLeaf({ verdict, count, root })) };
  if (!isIncluded(sha256, leaf, checkpoint, hashes(proof.leaf.path)))
    throw new LogFault("The entry is not the one that was signed.", index);
  const head = openHead(sha256, proof, root);
  return {
    origin: checkpoint.origin,
    size: checkpoint.size,
    isAltered: verdict !== verdicts.asWritten,
    head,
    parts: proof.parts.flatMap((part) =>
      "text" in part ? [{ kind: part.kind, text: part.text }] : [],
    ),
    closed: proof.parts.filter((part) => !("text" in part)).length,
    erased: proof.parts.filter((part) => "erased" in part).length,
  };
}

function committed(sha256: Sha256, { parts }: EntryProof): Committed[] {
  return parts.map((part) => ({
    kind: part.kind,
    commitment:
      "text" in part
        ? commitTo(sha256, { kind: part.kind, salt: saltIn(part.salt), bytes: utf8(part.text) })
        : bytesIn(part.commitment, HASH_BYTES),
  }));
}

/** The batch's own part: which one it is. The entry's id must say the same. */
function openHead(
  sha256: Sha256,
  { entry, leaf, head }: EntryProof,
  root: Uint8Array,
): ProvenEntry["head"] {
  const kind = partKinds.h;
  const commitment = commitTo(sha256, { kind, salt: saltIn(head.salt), bytes: utf8(head.text) });
  const hash = hashLeaf(sha256, entryLeaf([{ kind, commitment }]));
  const found = rootByPath(sha256, { index: 0, hash }, leaf.count + 1, hashes(head.path));
  if (found === null || !areEqual(found, root))
    throw new LogFault("The batch's head is not the one that was signed.", leaf.index);
  const said = JSON.parse(head.text) as ProvenEntry["head"];
  const id = `${said.day.replaceAll("-", "")}-${said.writer}-${said.number}`;
  if (entry.slice(0, entry.lastIndexOf("-")) !== id)
    throw new LogFault(`The entry stands in batch ${id}, and claims to be ${entry}.`, leaf.index);
  return said;
}

const hashes = (path: readonly string[]): Uint8Array[] =>
  path.map((text) => bytesIn(text, HASH_BYTES));

const saltIn = (text: string): Uint8Array => bytesIn(text, SALT_BYTES);

function bytesIn(text: string, length: number): Uint8Array {
  const bytes = fromBase64(text);
  if (bytes?.length !== length) throw new LogFault("The proof can't be read.");
  return bytes;
}
