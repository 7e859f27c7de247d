import type { ProofCrypto } from "./verify-log.ts";
import {
  formatVerifierKey,
  parseNote,
  signaturesBy,
  signedMessage,
  type VerifierKey,
} from "./note.ts";
import { LogFault } from "./verify-log.ts";

/** Somebody other than the log who signed its checkpoint; `atMs` where their signature says when. */
export type Cosigned = { name: string; atMs: number | null };

/**
 * Which of these keys signed a checkpoint. Lines of signers that are not among them are left alone: they say nothing
 * to whoever does not know them.
 *
 * @throws {LogFault} for a line that claims to be of one of the keys and is not.
 */
export async function cosignedBy(
  { isSigned }: Pick<ProofCrypto, "isSigned">,
  source: string,
  keys: readonly VerifierKey[],
): Promise<Cosigned[]> {
  const note = parseNote(source);
  if (note === null) throw new LogFault("The checkpoint can't be read.");
  const found: Cosigned[] = [];
  for (const key of keys)
    for (const claim of signaturesBy(note, key)) {
      const signed = signedMessage(key, note, claim);
      if (signed === null || !(await isSigned(key.publicKey, signed.message, signed.signature)))
        throw new LogFault(
          `A signature on the checkpoint claims to be of ${key.name}, and is not by ${formatVerifierKey(key)}.`,
        );
      const { atSeconds } = signed;
      found.push({ name: key.name, atMs: atSeconds === undefined ? null : atSeconds * 1000 });
    }
  return found;
}
