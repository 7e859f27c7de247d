import { createHmac, hkdfSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createKeyRing, type KeyPurpose } from "./key-ring.ts";

const secretA = Buffer.alloc(32, 0xa1);
const secretB = Buffer.alloc(32, 0xb2);
const purposes: KeyPurpose[] = ["api-key", "session", "record-mac", "seal", "token", "fingerprint"];

describe("createKeyRing", () => {
  // Labels and derivation are permanent: another byte here and every stored key, seal and MAC is lost.
  test("derives the same keys for ever", () => {
    const { key } = createKeyRing({ current: secretA, previous: [] }).key("seal");
    expect(key).toEqual(
      Buffer.from(hkdfSync("sha256", secretA, Buffer.alloc(0), "sallyport/v1/seal", 32)),
    );
    expect(key.toString("hex")).toBe(
      "8ee35464c36ec76fc7094ba45802f2d5d323dcbc938eaf4ec4791cbcd94c50ae",
    );
  });

  // RFC 5869, appendix A.3 (SHA-256, empty salt and info): the primitive below the ring is HKDF.
  test("stands on HKDF-SHA-256", () => {
    const derived = hkdfSync("sha256", Buffer.alloc(22, 0x0b), "", "", 42);
    expect(Buffer.from(derived).toString("hex")).toBe(
      "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
    );
  });

  test("gives each purpose a key of its own, named by 8 hexadecimal digits", () => {
    const ring = createKeyRing({ current: secretA, previous: [secretB] });
    const keys = purposes.map((purpose) => ring.key(purpose));
    expect(new Set(keys.map(({ key }) => key.toString("hex"))).size).toBe(purposes.length);
    for (const { id, key } of keys) {
      expect(id).toMatch(/^[0-9a-f]{8}$/);
      expect(key).toHaveLength(32);
    }
  });

  test("makes with the current key and still checks what a previous key made", () => {
    const before = createKeyRing({ current: secretA, previous: [] });
    const after = createKeyRing({ current: secretB, previous: [secretA] });
    const old = before.mac("api-key", "data");

    expect(after.verifyMac("api-key", old.keyId, "data", old.mac)).toBe(true);
    expect(after.mac("api-key", "data").keyId).not.toBe(old.keyId);
    expect(after.macs("api-key", "data")).toEqual([after.mac("api-key", "data"), old]);
    expect(after.keyById("api-key", old.keyId)).toEqual(before.key("api-key").key);
  });

  test("forgets a key that left the ring", () => {
    const old = createKeyRing({ current: secretA, previous: [] }).mac("token", "data");
    const ring = createKeyRing({ current: secretB, previous: [] });
    expect(ring.keyById("token", old.keyId)).toBeUndefined();
    expect(ring.verifyMac("token", old.keyId, "data", old.mac)).toBe(false);
  });

  test("counts a secret that is current and previous once", () => {
    const ring = createKeyRing({ current: secretA, previous: [secretB, secretA, secretB] });
    expect(ring.macs("token", "data")).toHaveLength(2);
  });

  test.each([0, 31, 33])("refuses a secret of %i bytes", (size) => {
    const wrong = Buffer.alloc(size);
    expect(() => createKeyRing({ current: wrong, previous: [] })).toThrow("32 bytes");
    expect(() => createKeyRing({ current: secretA, previous: [wrong] })).toThrow("32 bytes");
  });
});

describe("mac and verifyMac", () => {
  const ring = createKeyRing({ current: secretA, previous: [] });

  test("is HMAC-SHA-256 with the derived key, for text and bytes alike", () => {
    const { mac } = ring.mac("token", "grüße");
    const { key } = ring.key("token");
    expect(mac).toEqual(createHmac("sha256", key).update("grüße").digest());
    expect(ring.mac("token", Buffer.from("grüße")).mac).toEqual(mac);
  });

  test("refuses other data, another purpose, an unknown key and a MAC of another length", () => {
    const { keyId, mac } = ring.mac("token", "data");
    expect(ring.verifyMac("token", keyId, "data", mac)).toBe(true);
    expect(ring.verifyMac("token", keyId, "date", mac)).toBe(false);
    expect(ring.verifyMac("session", keyId, "data", mac)).toBe(false);
    expect(ring.verifyMac("session", ring.key("session").id, "data", mac)).toBe(false);
    expect(ring.verifyMac("token", "00000000", "data", mac)).toBe(false);
    for (const wrong of [Buffer.alloc(0), mac.subarray(0, 31), Buffer.concat([mac, mac])])
      expect(ring.verifyMac("token", keyId, "data", wrong)).toBe(false);
  });

  test("refuses a MAC with any single bit changed", () => {
    const { keyId, mac } = ring.mac("token", "data");
    for (let bit = 0; bit < 256; bit += 1) {
      const changed = Buffer.from(mac);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(ring.verifyMac("token", keyId, "data", changed)).toBe(false);
    }
  });
});
