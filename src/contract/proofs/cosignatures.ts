import type { ProofCrypto } from "./verify-log.ts";
import { parseNote, signaturesBy, signedMessage, type Note, type NoteSignature } from "./note.ts";
import { isQuorumMet, type Witness, type WitnessPolicy } from "./policy.ts";

/** A witness that signed a checkpoint, and when by its own clock. */
export type Cosigned = { name: string; at: Date };

export type WitnessReport = {
  signed: Cosigned[];
  /** Witnesses whose signature is there and does not hold. */
  forged: string[];
  /** As many have signed as the policy wants, and none is forged. */
  isMet: boolean;
};

/** What a policy's witnesses say of a checkpoint as it was read; of what is none, nothing. */
export async function checkWitnesses(
  crypto: ProofCrypto,
  checkpoint: string,
  policy: WitnessPolicy,
): Promise<WitnessReport> {
  const note = parseNote(checkpoint) ?? { text: "", signatures: [] };
  const { signed, forged } = await cosignersOf(crypto, note, policy);
  const names = new Set(signed.map(({ name }) => name));
  return { signed, forged, isMet: forged.length === 0 && isQuorumMet(policy, names) };
}

/**
 * The witnesses whose cosignatures of a checkpoint hold (C2SP tlog-cosignature v1). One that claims to be
 * of a known witness and does not hold counts for nothing, and is told.
 */
export async function cosignersOf(
  crypto: ProofCrypto,
  note: Note,
  { witnesses }: Pick<WitnessPolicy, "witnesses">,
): Promise<{ signed: Cosigned[]; forged: string[] }> {
  const signed: Cosigned[] = [];
  const forged: string[] = [];
  for (const witness of witnesses) {
    const claims = signaturesBy(note, witness.key);
    const times = await Promise.all(claims.map((claim) => timeOf(crypto, note, witness, claim)));
    if (times.includes(null)) forged.push(witness.name);
    else if (times.length > 0)
      signed.push({ name: witness.name, at: new Date(Math.max(...times.map(Number)) * 1000) });
  }
  return { signed, forged };
}

/** Seconds since 1970 that a cosignature states; null where it does not hold. */
async function timeOf(
  crypto: ProofCrypto,
  note: Note,
  { key }: Witness,
  claim: NoteSignature,
): Promise<number | null> {
  const said = signedMessage(key, note, claim);
  if (said?.atSeconds === undefined) return null;
  return (await crypto.isSigned(key.publicKey, said.message, said.signature))
    ? said.atSeconds
    : null;
}
