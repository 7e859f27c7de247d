import { sha256 } from "@noble/hashes/sha2.js";
import type { ProofCrypto } from "../../src/contract/proofs/verify-log.ts";

/** Not a view of somebody else's memory: what the browser's signatures want. */
const own = (bytes: Uint8Array) => Uint8Array.from(bytes);

/** Hashes by a library, because the browser's own only come later; signatures by the browser. */
export const browserCrypto: ProofCrypto = {
  sha256: (bytes) => sha256(bytes),
  isSigned: async (publicKey, message, signature) => {
    try {
      const key = await crypto.subtle.importKey("raw", own(publicKey), "Ed25519", false, [
        "verify",
      ]);
      return await crypto.subtle.verify("Ed25519", key, own(signature), own(message));
    } catch {
      return false; // no key, or no signature, of this kind
    }
  },
};

/** Whether this browser knows signatures of this kind: one that does not must not call any false. */
export async function canCheckSignatures(): Promise<boolean> {
  try {
    await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
    return true;
  } catch {
    return false;
  }
}
