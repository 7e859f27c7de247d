import { createPublicKey, hash, verify } from "node:crypto";
import { InvalidArgumentError } from "commander";
import { fromHex } from "../src/contract/proofs/bytes.ts";
import { parseVerifierKey, type VerifierKey } from "../src/contract/proofs/note.ts";
import type { ProofCrypto } from "../src/contract/proofs/verify-log.ts";

/** What stands before an Ed25519 key in its SPKI form (RFC 8410 §4). */
const SPKI_PREFIX = fromHex("302a300506032b6570032100") ?? new Uint8Array();

/** Node's own hashes and signatures, for checking proofs. */
export const proofCrypto: ProofCrypto = {
  // By way of binary text, which Node hands over in half the time that a Buffer takes: there are millions.
  sha256: (bytes) => Buffer.from(hash("sha256", bytes, "binary"), "binary"),
  isSigned: async (publicKey, message, signature) => {
    const key = Buffer.concat([SPKI_PREFIX, publicKey]);
    return verify(null, message, createPublicKey({ key, format: "der", type: "spki" }), signature);
  },
};

/** A verifier key that was given as an option. @throws {InvalidArgumentError} */
export function readKey(text: string): VerifierKey {
  const key = parseVerifierKey(proofCrypto.sha256, text.trim());
  if (key === null) throw new InvalidArgumentError("It is no verifier key: name+id+key.");
  return key;
}

/** The same for an option that may be given several times. */
export const readKeys = (text: string, earlier: readonly VerifierKey[]): VerifierKey[] => [
  ...earlier,
  readKey(text),
];
