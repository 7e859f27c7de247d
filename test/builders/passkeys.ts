import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from "node:crypto";
import type {
  AssertionOptions,
  PasskeyAssertion,
  PasskeyRegistration,
  RegistrationOptions,
} from "../../src/contract/identity/passkeys.ts";
import { done } from "../told/scene.ts";
import type { Harness, Headers } from "../harness.ts";

/** What a browser or an authenticator says that is not so. */
export type Lies = {
  origin?: string;
  rpId?: string;
  type?: string;
  challenge?: string;
  crossOrigin?: boolean;
  isPresent?: boolean;
  isVerified?: boolean;
  counter?: number;
  credentialId?: Buffer;
  userHandle?: string | null;
  /** Of the attestation. */
  format?: string;
  statement?: Cbor;
  /** What the key says of itself. */
  algorithm?: number;
  /** Whose key signs. */
  signer?: KeyObject;
  /** Turned over in what was signed, after it was signed. */
  isChangedAfter?: "clientData" | "authenticatorData" | "signature";
};

/** WebAuthn §6.1: flags of authenticator data. */
const PRESENT = 0x01;
const VERIFIED = 0x04;
const HAS_CREDENTIAL = 0x40;

const sha256 = (data: Buffer | string) => createHash("sha256").update(data).digest();
const base64url = (data: Buffer) => data.toString("base64url");

/**
 * An authenticator in software, and the browser around it: real keys, real signatures, and whatever lie a test
 * wants to be told (WebAuthn Level 3 §6, §7).
 */
export class SoftAuthenticator {
  readonly credentialId = randomBytes(32);
  readonly #origin: string;
  readonly #rpId: string;
  readonly #key: { publicKey: KeyObject; privateKey: KeyObject };
  readonly #algorithm: number;
  #userHandle = "";
  counter = 0;

  constructor({ services: { config } }: Harness, algorithm: -7 | -8 | -35 | -257 = -7) {
    this.#origin = config.publicUrl.origin;
    this.#rpId = config.rpId;
    this.#algorithm = algorithm;
    this.#key = newKey(algorithm);
  }

  register(options: RegistrationOptions, lies: Lies = {}): PasskeyRegistration {
    this.#userHandle = options.user.id;
    const clientData = this.#clientData("webauthn.create", options.challenge, lies);
    const id = lies.credentialId ?? this.credentialId;
    const length = Buffer.alloc(2);
    length.writeUInt16BE(id.length);
    const credential = Buffer.concat([Buffer.alloc(16), length, id, cbor(this.#cose(lies))]);
    const authenticatorData = this.#authenticatorData(lies, credential);
    const attestationObject = cbor(
      new Map<string, Cbor>([
        ["fmt", lies.format ?? "none"],
        ["attStmt", lies.statement ?? new Map()],
        ["authData", authenticatorData],
      ]),
    );
    return {
      id: base64url(id),
      rawId: base64url(id),
      type: "public-key",
      response: {
        clientDataJSON: base64url(clientData),
        attestationObject: base64url(attestationObject),
        transports: ["internal"],
      },
      clientExtensionResults: {},
    };
  }

  /** Each use counts one up, as a security key does. */
  assert(options: AssertionOptions, lies: Lies = {}): PasskeyAssertion {
    this.counter = lies.counter ?? this.counter + 1;
    const clientData = this.#clientData("webauthn.get", options.challenge, lies);
    const authenticatorData = this.#authenticatorData(lies);
    const signed = Buffer.concat([authenticatorData, sha256(clientData)]);
    const key = lies.signer ?? this.#key.privateKey;
    const signature = sign(key.asymmetricKeyType === "ed25519" ? null : "sha256", signed, key);
    const parts = { clientData, authenticatorData, signature };
    if (lies.isChangedAfter !== undefined) {
      const part = parts[lies.isChangedAfter];
      part.writeUInt8(part.readUInt8(part.length - 2) ^ 1, part.length - 2);
    }
    const id = lies.credentialId ?? this.credentialId;
    return {
      id: base64url(id),
      rawId: base64url(id),
      type: "public-key",
      response: {
        clientDataJSON: base64url(clientData),
        authenticatorData: base64url(authenticatorData),
        signature: base64url(signature),
        userHandle: lies.userHandle === undefined ? this.#userHandle : lies.userHandle,
      },
      clientExtensionResults: {},
    };
  }

  #clientData(type: string, challenge: string, lies: Lies): Buffer {
    return Buffer.from(
      JSON.stringify({
        type: lies.type ?? type,
        challenge: lies.challenge ?? challenge,
        origin: lies.origin ?? this.#origin,
        crossOrigin: lies.crossOrigin ?? false,
      }),
    );
  }

  #authenticatorData(lies: Lies, credential?: Buffer): Buffer {
    const flags =
      ((lies.isPresent ?? true) ? PRESENT : 0) |
      ((lies.isVerified ?? true) ? VERIFIED : 0) |
      (credential === undefined ? 0 : HAS_CREDENTIAL);
    const fixed = Buffer.alloc(5);
    fixed.writeUInt8(flags);
    fixed.writeUInt32BE(this.counter, 1);
    return Buffer.concat([sha256(lies.rpId ?? this.#rpId), fixed, credential ?? Buffer.alloc(0)]);
  }

  /** RFC 9052 §7, RFC 9053 §7: the public key as a map of small numbers. */
  #cose({ algorithm = this.#algorithm }: Lies): Cbor {
    const { x = "", y = "", n = "", e = "" } = this.#key.publicKey.export({ format: "jwk" });
    const bytes = (text: string) => Buffer.from(text, "base64url");
    switch (this.#algorithm) {
      case -257:
        return new Map<number, Cbor>([
          [1, 3],
          [3, algorithm],
          [-1, bytes(n)],
          [-2, bytes(e)],
        ]);
      case -8:
        return new Map<number, Cbor>([
          [1, 1],
          [3, algorithm],
          [-1, 6],
          [-2, bytes(x)],
        ]);
      default:
        return new Map<number, Cbor>([
          [1, 2],
          [3, algorithm],
          [-1, this.#algorithm === -35 ? 2 : 1],
          [-2, bytes(x)],
          [-3, bytes(y)],
        ]);
    }
  }
}

function newKey(algorithm: number): { publicKey: KeyObject; privateKey: KeyObject } {
  if (algorithm === -8) return generateKeyPairSync("ed25519");
  if (algorithm === -257) return generateKeyPairSync("rsa", { modulusLength: 2048 });
  return generateKeyPairSync("ec", { namedCurve: algorithm === -35 ? "P-384" : "P-256" });
}

type Cbor = number | string | Buffer | Map<string, Cbor> | Map<number, Cbor>;

/** RFC 8949, the little of it that authenticators write. */
function cbor(value: Cbor): Buffer {
  if (typeof value === "number") return value >= 0 ? head(0, value) : head(1, -1 - value);
  if (typeof value === "string")
    return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  const members = [...(value as Map<string | number, Cbor>)].flatMap(([key, member]) => [
    cbor(key),
    cbor(member),
  ]);
  return Buffer.concat([head(5, value.size), ...members]);
}

function head(major: number, value: number): Buffer {
  const kind = major << 5;
  if (value < 24) return Buffer.from([kind | value]);
  if (value < 256) return Buffer.from([kind | 24, value]);
  const long = Buffer.alloc(3);
  long.writeUInt8(kind | 25);
  long.writeUInt16BE(value, 1);
  return long;
}

/** Adds a passkey to the account of a stepped-up session, as its panel does. */
export async function addPasskey(
  h: Harness,
  { headers: as }: { headers: Headers },
  {
    name = "Laptop",
    key = new SoftAuthenticator(h),
  }: { name?: string; key?: SoftAuthenticator } = {},
): Promise<{ passkeyId: string; key: SoftAuthenticator }> {
  const { body: options } = await done(h, "POST", "/passkeys/options", { as, body: {} });
  const registration = key.register(options);
  const { body } = await done(h, "POST", "/passkeys", { as, body: { name, registration } });
  return { passkeyId: body.passkey.id, key };
}
