import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createKeyRing } from "./key-ring.ts";
import { open, seal, SealBrokenError } from "./seal.ts";

const secretA = Buffer.alloc(32, 0xa1);
const secretB = Buffer.alloc(32, 0xb2);
const ring = createKeyRing({ current: secretA, previous: [] });

describe("seal and open", () => {
  test("give back any bytes under any context", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.string(), (plaintext, context) => {
        const sealed = seal(ring, context, plaintext);
        expect(sealed).toHaveLength(plaintext.length + 33);
        expect(open(ring, context, sealed)).toEqual(Buffer.from(plaintext));
      }),
    );
  });

  test("give back text as UTF-8, also from a plain view into a larger buffer", () => {
    const sealed = seal(ring, "mail", "Grüße 👋");
    const frame = new Uint8Array(sealed.length + 10);
    frame.set(sealed, 7);
    const view = frame.subarray(7, 7 + sealed.length);
    expect(open(ring, "mail", view).toString("utf8")).toBe("Grüße 👋");
  });

  // A nonce used twice under one key gives both plaintexts away.
  test("never repeat a nonce, so equal texts seal differently", () => {
    const nonces = new Set<string>();
    for (let i = 0; i < 2000; i += 1)
      nonces.add(seal(ring, "c", "same").subarray(5, 17).toString("hex"));
    expect(nonces.size).toBe(2000);
  });

  test("refuse each single changed bit", () => {
    const sealed = seal(ring, "totp-secret:1", "secret");
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(() => open(ring, "totp-secret:1", changed)).toThrow(SealBrokenError);
    }
  });

  test("refuse every cut and every extension", () => {
    const sealed = seal(ring, "c", "secret");
    for (let length = 0; length < sealed.length; length += 1)
      expect(() => open(ring, "c", sealed.subarray(0, length))).toThrow(SealBrokenError);
    expect(() => open(ring, "c", Buffer.concat([sealed, Buffer.of(0)]))).toThrow(SealBrokenError);
  });

  // The attack: copying one account's sealed TOTP secret into another account's row.
  test("refuse a value moved to another context", () => {
    const sealed = seal(ring, "totp-secret:1", "secret");
    expect(() => open(ring, "totp-secret:2", sealed)).toThrow(SealBrokenError);
    expect(() => open(ring, "", sealed)).toThrow(SealBrokenError);
  });

  test("open what a previous key sealed, and refuse it once that key has left the ring", () => {
    const sealed = seal(ring, "c", "secret");
    const rotated = createKeyRing({ current: secretB, previous: [secretA] });
    expect(open(rotated, "c", sealed).toString()).toBe("secret");
    const forgotten = createKeyRing({ current: secretB, previous: [] });
    expect(() => open(forgotten, "c", sealed)).toThrow(SealBrokenError);
  });
});
