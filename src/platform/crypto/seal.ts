import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { KeyRing } from "./key-ring.ts";

/** The sealed bytes were not made by this installation for this context, or were changed since. */
export class SealBrokenError extends Error {
  override readonly name = "SealBrokenError";
}

// version (1) | key id (4) | nonce (12) | ciphertext | tag (16)
const VERSION = 1;
const HEADER_BYTES = 5;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const OVERHEAD_BYTES = HEADER_BYTES + NONCE_BYTES + TAG_BYTES;

/**
 * Encrypts what the database must not be able to read (AES-256-GCM, NIST SP 800-38D). The context names what and whose
 * it is, for example `totp-secret:<account id>`, and must be given again to open: sealed bytes moved to another row do
 * not open there. The result is 33 bytes longer than the plaintext. Nonces are random, so one key stays below
 * 2^32 sealings (SP 800-38D §8.3): rotate the secret key before.
 */
export function seal(
  ring: KeyRing,
  purposeContext: string,
  plaintext: Uint8Array | string,
): Buffer {
  const { id, key } = ring.key("seal");
  const header = Buffer.concat([Buffer.from([VERSION]), Buffer.from(id, "hex")]);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(aad(header, purposeContext));
  const input = typeof plaintext === "string" ? Buffer.from(plaintext, "utf8") : plaintext;
  return Buffer.concat([header, nonce, cipher.update(input), cipher.final(), cipher.getAuthTag()]);
}

/**
 * Gives back what `seal` was given for the same context, also when it was sealed with a previous key of the ring.
 *
 * @throws {SealBrokenError} for any changed, cut or foreign bytes, another context, or a key the ring does not hold.
 */
export function open(ring: KeyRing, purposeContext: string, sealed: Uint8Array): Buffer {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  if (bytes.length < OVERHEAD_BYTES || bytes[0] !== VERSION)
    throw new SealBrokenError("not a sealed value of a known version");

  const header = bytes.subarray(0, HEADER_BYTES);
  const keyId = header.subarray(1).toString("hex");
  const key = ring.keyById("seal", keyId);
  if (key === undefined)
    throw new SealBrokenError(`sealed with the key ${keyId}, which is not among the secret keys`);

  const bodyStart = HEADER_BYTES + NONCE_BYTES;
  const nonce = bytes.subarray(HEADER_BYTES, bodyStart);
  const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(aad(header, purposeContext));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([
      decipher.update(bytes.subarray(bodyStart, -TAG_BYTES)),
      decipher.final(),
    ]);
  } catch (cause) {
    throw new SealBrokenError("the sealed value was changed or belongs elsewhere", { cause });
  }
}

function aad(header: Buffer, purposeContext: string): Buffer {
  return Buffer.concat([header, Buffer.from(purposeContext, "utf8")]);
}
