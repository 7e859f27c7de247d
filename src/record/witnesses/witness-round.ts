import { cosignersOf } from "../../contract/proofs/cosignatures.ts";
import {
  formatVerifierKey,
  parseNote,
  signaturesBy,
  type Note,
  type NoteSignature,
} from "../../contract/proofs/note.ts";
import { isQuorumMet, type Witness, type WitnessPolicy } from "../../contract/proofs/policy.ts";
import { TileTree } from "../../contract/proofs/tile-tree.ts";
import type { Services } from "../../context.ts";
import { proofCrypto } from "../../platform/crypto/proof-crypto.ts";
import type { Db } from "../../platform/db/db.ts";
import { sha256 } from "../sequencer/log-tree.ts";
import { tileReader } from "../sequencer/read-tile.ts";
import { submitCheckpoint, withSignatures } from "./submit-checkpoint.ts";
import {
  publish,
  putCosigned,
  putFault,
  readCosignedSizes,
  readSignedHead,
  type SignedHead,
} from "./witness-queries.ts";
import type { WitnessPatience } from "./witness-patience.ts";

export type WitnessServices = Pick<Services, "log"> & { db: Db; policy: WitnessPolicy };

/** A witness that says it has signed another size is asked again from there, so often. */
const ATTEMPTS = 3;

/**
 * Has the newest checkpoint signed by the witnesses and shows it with their signatures, once there are
 * as many as the policy wants. Any number of processes may do it: a witness signs the same thing twice.
 *
 * @returns whether a witness was asked.
 */
export async function witnessRound(
  services: WitnessServices,
  patience: WitnessPatience,
): Promise<boolean> {
  const { db, policy } = services;
  const head = await readSignedHead(db);
  const note = parseNote(head?.checkpoint ?? "");
  if (head === null || note === null) return false;
  const asked = policy.witnesses.filter((witness) => patience.mayAsk(witness, head));
  if (asked.length === 0) return false;
  const sizes = await readCosignedSizes(db, head.epoch);
  const tree = new TileTree(sha256, head.size, tileReader(db, head.epoch));
  try {
    await Promise.all(
      asked.map(async (witness) => {
        const old = Math.min(sizes.get(formatVerifierKey(witness.key)) ?? 0, head.size);
        const found = await ask({ witness, head, note, tree, old });
        await remember(services, patience, { witness, head, found });
      }),
    );
    await show(services, { head, note, signatures: patience.signaturesOf(head) });
  } catch (error) {
    // What could not be shown is asked for once more: without news nothing else would bring it back.
    patience.forgetSigned();
    throw error;
  }
  return true;
}

type Asking = { witness: Witness; head: SignedHead; note: Note; tree: TileTree; old: number };
type Answer = { signatures: readonly NoteSignature[] } | { fault: string };

async function ask({ witness, head, note, tree, old }: Asking): Promise<Answer> {
  let from = old;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const url = witness.url ?? "";
    const { size, checkpoint } = head;
    const reply = await submitCheckpoint({ url, checkpoint, size, tree, old: from });
    if ("fault" in reply) return reply;
    if ("signatures" in reply) return await checked(witness, note, reply.signatures);
    if (reply.conflict > size)
      return { fault: `it has signed ${reply.conflict} leaves, and this log has ${size}` };
    from = reply.conflict;
  }
  return { fault: "it says each time that it has signed something else" };
}

async function checked(
  witness: Witness,
  note: Note,
  signatures: readonly NoteSignature[],
): Promise<Answer> {
  const own = signaturesBy({ text: note.text, signatures }, witness.key);
  const { signed } = await cosignersOf(
    proofCrypto,
    { text: note.text, signatures: own },
    { witnesses: [witness] },
  );
  return signed.length > 0 ? { signatures: own } : { fault: "its signature does not hold" };
}

async function remember(
  { db, log }: WitnessServices,
  patience: WitnessPatience,
  { witness, head, found }: { witness: Witness; head: SignedHead; found: Answer },
): Promise<void> {
  const { name } = witness;
  const place = { epoch: head.epoch, key: formatVerifierKey(witness.key), name };
  if ("signatures" in found) {
    patience.hasSigned(witness, head, found.signatures);
    await putCosigned(db, place, head.size);
    return;
  }
  patience.hasFailed(witness);
  log.warn({ witness: name, fault: found.fault }, "a witness did not sign the log; tried again");
  await putFault(db, place, found.fault);
}

async function show(
  { db, policy }: WitnessServices,
  {
    head,
    note,
    signatures,
  }: { head: SignedHead; note: Note; signatures: ReadonlyMap<string, readonly NoteSignature[]> },
): Promise<void> {
  if (signatures.size === 0 || !isQuorumMet(policy, new Set(signatures.keys()))) return;
  const checkpoint = withSignatures(note, [...signatures.values()].flat());
  await publish(db, { ...head, checkpoint });
}
