import { createPublicKey, hash, verify } from "node:crypto";
import { fromHex } from "../../contract/proofs/bytes.ts";
import type { ProofCrypto } from "../../contract/proofs/verify-log.ts";

/** What stands before an Ed25519 key in its SPKI form (RFC 8410 §4). */
const SPKI_PREFIX = fromHex("302a300506032b6570032100") ?? new Uint8Array();

/** Node's own hashes and signatures, for checking proofs. */
export const proofCrypto: ProofCrypto = {
  sha256: (bytes) => hash("sha256", bytes, "buffer"),
  isSigned: async (publicKey, message, signature) => {
    const key = Buffer.concat([SPKI_PREFIX, publicKey]);
    return verify(null, message, createPublicKey({ key, format: "der", type: "spki" }), signature);
  },
};
