import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  type KeyObject,
} from "node:crypto";
import { readFile } from "node:fs/promises";
import {
  ED25519,
  keyIdOf,
  type NoteSignature,
  type VerifierKey,
} from "../../contract/proofs/note.ts";
import { createOnce } from "../../platform/files/durable-file.ts";
import { sha256 } from "./log-tree.ts";

/** Length of what stands before the 32 bytes of an Ed25519 key in its SPKI form (RFC 8410 §4). */
const SPKI_PREFIX_BYTES = 12;

/** Signs for the log. One key may sign for all of its lives: each has a name of its own. */
export class LogSigner {
  readonly #key: KeyObject;
  readonly #publicKey: Uint8Array;

  /** @throws {Error} for a key that is not Ed25519. */
  constructor(pem: string) {
    this.#key = createPrivateKey(pem);
    if (this.#key.asymmetricKeyType !== "ed25519")
      throw new Error(`is a key of type ${this.#key.asymmetricKeyType}, not ed25519`);
    const spki = createPublicKey(this.#key).export({ format: "der", type: "spki" });
    this.#publicKey = new Uint8Array(spki.subarray(SPKI_PREFIX_BYTES));
  }

  /** The key under the name of a log, as verifiers are given it. */
  verifierKey(origin: string): VerifierKey {
    const key = { name: origin, type: ED25519, publicKey: this.#publicKey };
    return { ...key, keyId: keyIdOf(sha256, key) };
  }

  sign(origin: string, text: string): NoteSignature {
    const { name, keyId } = this.verifierKey(origin);
    return { name, keyId, signature: this.signMessage(Buffer.from(text, "utf8")) };
  }

  /** @param message whose beginning tells what it is: the same key signs checkpoints. */
  signMessage(message: Uint8Array): Uint8Array {
    return sign(null, message, this.#key);
  }
}

/**
 * The log's signing key. It is not in the database, so that whoever can write there cannot sign.
 *
 * @param isNew asked only where there is no file: may one be made? With a log that was signed already, a
 *   new key must be somebody's decision.
 * @throws {Error} saying what to do.
 */
export async function openLogKey(path: string, isNew: () => Promise<boolean>): Promise<LogSigner> {
  const found = await readKey(path);
  if (found !== null) return signerOf(path, found);
  if (!(await isNew()))
    throw new Error(
      `${path} is gone, and the log was signed with it. Put it back from your backup. If it is lost, make a new one (openssl genpkey -algorithm ed25519 -out ${path}): the log then goes on under a new name that commits to the old one.`,
    );
  const { privateKey } = generateKeyPairSync("ed25519");
  await createOnce(path, privateKey.export({ format: "pem", type: "pkcs8" }).toString());
  return signerOf(path, (await readKey(path)) ?? "");
}

async function readKey(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as { code?: unknown }).code === "ENOENT") return null;
    throw new Error(`${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

function signerOf(path: string, pem: string): LogSigner {
  try {
    return new LogSigner(pem);
  } catch (error) {
    // OpenSSL's own words may quote the file.
    throw new Error(`${path} holds no Ed25519 key in PEM. Put it back from your backup.`, {
      cause: error,
    });
  }
}
