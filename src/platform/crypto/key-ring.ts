import { createHash, hash, hkdfSync, timingSafeEqual } from "node:crypto";

/** What a derived key is for. A key of one purpose is never used for another. */
export type KeyPurpose = "api-key" | "session" | "record-mac" | "seal" | "token" | "fingerprint";

/** A derived key of 32 bytes and its public name (8 hexadecimal digits), which is stored beside what the key made. */
export type DerivedKey = { readonly id: string; readonly key: Buffer };

/** An HMAC-SHA-256 (32 bytes) and the id of the key that made it. */
export type KeyedMac = { readonly keyId: string; readonly mac: Buffer };

/** The keys of one installation. Current keys make; current and previous keys check. */
export type KeyRing = {
  /** The current key of a purpose. */
  key(purpose: KeyPurpose): DerivedKey;
  /** The key of that id, current or previous; undefined when the ring does not hold it. */
  keyById(purpose: KeyPurpose, id: string): Buffer | undefined;
  /** HMAC-SHA-256 with the current key. */
  mac(purpose: KeyPurpose, data: string | Uint8Array): KeyedMac;
  /** The same with every key, current first: for looking something up that an earlier key may have stored. */
  macs(purpose: KeyPurpose, data: string | Uint8Array): KeyedMac[];
  /** True when the key of that id made this MAC. Constant time; an unknown key or another length is false. */
  verifyMac(
    purpose: KeyPurpose,
    keyId: string,
    data: string | Uint8Array,
    mac: Uint8Array,
  ): boolean;
};

const SECRET_BYTES = 32;
/** The current key, then the previous ones. */
type Keys = readonly [DerivedKey, ...DerivedKey[]];

/**
 * Derives the keys of all purposes from the installation's secret and its predecessors (HKDF-SHA-256, RFC 5869,
 * with the purpose as info). The labels are permanent: another label is another key.
 *
 * @throws {Error} when a secret is not 32 bytes, or two secrets give the same key id.
 */
export function createKeyRing(secrets: {
  current: Uint8Array;
  previous: readonly Uint8Array[];
}): KeyRing {
  const inOrder = distinctSecrets([secrets.current, ...secrets.previous]);
  const keys: Record<KeyPurpose, Keys> = {
    "api-key": deriveAll(inOrder, "api-key"),
    session: deriveAll(inOrder, "session"),
    "record-mac": deriveAll(inOrder, "record-mac"),
    seal: deriveAll(inOrder, "seal"),
    token: deriveAll(inOrder, "token"),
    fingerprint: deriveAll(inOrder, "fingerprint"),
  };
  const keyById = (purpose: KeyPurpose, id: string) =>
    keys[purpose].find((candidate) => candidate.id === id)?.key;

  return {
    key: (purpose) => keys[purpose][0],
    keyById,
    mac: (purpose, data) => macWith(keys[purpose][0], data),
    macs: (purpose, data) => keys[purpose].map((key) => macWith(key, data)),
    verifyMac(purpose, keyId, data, mac) {
      const key = keyById(purpose, keyId);
      if (key === undefined) return false;
      const expected = hmac(key, data);
      return mac.byteLength === expected.byteLength && timingSafeEqual(mac, expected);
    },
  };
}

function deriveAll(
  [current, ...previous]: readonly [Uint8Array, ...Uint8Array[]],
  purpose: KeyPurpose,
): Keys {
  const keys: [DerivedKey, ...DerivedKey[]] = [derive(current, purpose)];
  for (const secret of previous) {
    const derived = derive(secret, purpose);
    // With two keys under one id, what the second made could never be checked again.
    if (keys.some((key) => key.id === derived.id))
      throw new Error(`two secret keys share the key id ${derived.id}: make a new secret key`);
    keys.push(derived);
  }
  return keys;
}

function derive(secret: Uint8Array, purpose: KeyPurpose): DerivedKey {
  const info = `sallyport/v1/${purpose}`;
  const key = Buffer.from(hkdfSync("sha256", secret, Buffer.alloc(0), info, SECRET_BYTES));
  return { id: createHash("sha256").update(key).digest("hex").slice(0, 8), key };
}

/** A secret listed twice (current and previous, after a rotation that was undone) counts once. */
function distinctSecrets([current, ...previous]: readonly [Uint8Array, ...Uint8Array[]]): readonly [
  Uint8Array,
  ...Uint8Array[],
] {
  const distinct: [Uint8Array, ...Uint8Array[]] = [current];
  for (const secret of previous)
    if (!distinct.some((known) => Buffer.compare(known, secret) === 0)) distinct.push(secret);
  for (const secret of distinct)
    if (secret.byteLength !== SECRET_BYTES)
      throw new Error(`a secret key has ${SECRET_BYTES} bytes, not ${secret.byteLength}`);
  return distinct;
}

function macWith({ id, key }: DerivedKey, data: string | Uint8Array): KeyedMac {
  return { keyId: id, mac: hmac(key, data) };
}

/** SHA-256 works on blocks of this many bytes. */
const BLOCK_BYTES = 64;

/**
 * HMAC-SHA-256 (RFC 2104 §2) by two one-shot digests: node's Hmac object costs several times what it
 * computes, on the path of every batch. Keys are 32 bytes, so they are padded and never hashed first.
 */
function hmac(key: Buffer, data: string | Uint8Array): Buffer {
  const message = typeof data === "string" ? Buffer.from(data, "utf8") : data;
  const inner = hash("sha256", Buffer.concat([padded(key, 0x36), message]), "buffer");
  return hash("sha256", Buffer.concat([padded(key, 0x5c), inner]), "buffer");
}

const pads = new WeakMap<Buffer, Map<number, Buffer>>();

function padded(key: Buffer, byte: number): Buffer {
  const known = pads.get(key)?.get(byte);
  if (known !== undefined) return known;
  const pad = Buffer.alloc(BLOCK_BYTES, byte);
  for (const [index, value] of key.entries()) pad[index] = value ^ byte;
  pads.set(key, (pads.get(key) ?? new Map<number, Buffer>()).set(byte, pad));
  return pad;
}
