import { InvalidArgumentError } from "commander";
import { parseVerifierKey, type VerifierKey } from "../src/contract/proofs/note.ts";
import { proofCrypto } from "../src/platform/crypto/proof-crypto.ts";

export { proofCrypto };

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
