import { generateKeyPairSync, hash, sign, type KeyObject } from "node:crypto";
import { concat } from "../../src/contract/proofs/bytes.ts";
import {
  COSIGNATURE_V1,
  cosignedMessage,
  formatNote,
  keyIdOf,
  parseNote,
  type VerifierKey,
} from "../../src/contract/proofs/note.ts";
import type { WitnessPolicy } from "../../src/contract/proofs/policy.ts";

export type Witness = {
  key: VerifierKey;
  secret: KeyObject;
  /** That it alone must have signed. */
  policy: WitnessPolicy;
};

/** Somebody who signs what the log shows. */
export function newWitness(): Witness {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const raw = new Uint8Array(publicKey.export({ format: "der", type: "spki" }).subarray(12));
  const named = { name: "witness.example.test", type: COSIGNATURE_V1, publicKey: raw };
  const key = { ...named, keyId: keyIdOf((bytes) => hash("sha256", bytes, "buffer"), named) };
  const policy = { witnesses: [{ name: "one", key, url: null }], groups: [], quorum: "one" };
  return { key, secret: privateKey, policy };
}

/** The checkpoint with a line more: that the witness saw it at that time. */
export function cosign(
  { key: { name, keyId }, secret }: Witness,
  source: string,
  atMs: number,
): string {
  const note = parseNote(source);
  if (note === null) throw new Error("no note");
  const atSeconds = Math.floor(atMs / 1000);
  const time = new Uint8Array(8);
  new DataView(time.buffer).setBigUint64(0, BigInt(atSeconds));
  const signature = concat(time, sign(null, cosignedMessage(note.text, atSeconds), secret));
  return formatNote({ ...note, signatures: [...note.signatures, { name, keyId, signature }] });
}
