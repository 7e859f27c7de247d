import { argon2Sync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createPasswordHasher } from "./password-hasher.ts";
import { WorkQueueFullError } from "./work-gate.ts";

const base64 = (bytes: Buffer) => bytes.toString("base64").replaceAll("=", "");
const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

const hasher = createPasswordHasher({ maxQueued: 100 });

describe("createPasswordHasher", () => {
  test("stores argon2id with 19 MiB, two passes, one lane, a fresh salt of 16 and a digest of 32 bytes", async () => {
    const [one, other] = await Promise.all([hasher.hash("a password"), hasher.hash("a password")]);
    expect(one).toMatch(
      /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/,
    );
    expect(one).not.toBe(other);
  });

  // Another implementation (OpenSSL's, behind node:crypto) makes the hash that ours must accept.
  test("agrees with another implementation of RFC 9106", async () => {
    const nonce = Buffer.alloc(16, 7);
    const digest = argon2Sync("argon2id", {
      message: Buffer.from("Zürich and a word"),
      nonce,
      parallelism: 1,
      tagLength: 32,
      memory: 19_456,
      passes: 2,
    });
    const phc = `$argon2id$v=19$m=19456,t=2,p=1$${base64(nonce)}$${base64(digest)}`;
    expect(await hasher.verify(phc, "Zu\u0308rich and\u00a0a word")).toBe(true);
    expect(await hasher.verify(phc, "Zürich and a word ")).toBe(false);
  });

  test.each(["", "\u0000", "a\u0000b", "é".repeat(256), "👋".repeat(256)])(
    "accepts the right password and refuses its neighbours: %j",
    async (password) => {
      const phc = await hasher.hash(password);
      expect(await hasher.verify(phc, password)).toBe(true);
      expect(await hasher.verify(phc, `${password}x`)).toBe(false);
      expect(await hasher.verify(phc, `${password}\u0000`)).toBe(false);
    },
  );

  // T28: a sign-in must not tell by its time whether the address has an account. The medians of both kinds are
  // taken in turns, so that a busy machine slows them alike; without the dummy hash the ratio is below 0.01.
  test("takes as long for an unknown account as for a wrong password, and says no", async () => {
    const phc = await hasher.hash("a password");
    const times: { known: number[]; unknown: number[] } = { known: [], unknown: [] };
    const timed = async (kind: "known" | "unknown") => {
      const start = performance.now();
      expect(await hasher.verify(kind === "known" ? phc : null, "wrong")).toBe(false);
      times[kind].push(performance.now() - start);
    };
    for (let i = 0; i < 15; i += 1) {
      await timed("known");
      await timed("unknown");
    }
    const ratio = median(times.unknown) / median(times.known);
    expect(ratio).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(2);
  });

  test("runs one hash at a time when told so, and refuses what its queue cannot hold", async () => {
    const narrow = createPasswordHasher({ parallel: 1, maxQueued: 2 });
    const four = Array.from({ length: 4 }, async () => narrow.verify(null, "x"));
    await expect(four[3]).rejects.toThrow(WorkQueueFullError);
    expect([narrow.running, narrow.queued]).toEqual([1, 2]);
    expect(await Promise.all(four.slice(0, 3))).toEqual([false, false, false]);
    expect([narrow.running, narrow.queued]).toEqual([0, 0]);
  });

  test("asks to hash again when kind, version or cost differ from today's", async () => {
    const phc = await hasher.hash("a password");
    expect(hasher.needsRehash(phc)).toBe(false);
    for (const [today, other] of [
      ["argon2id", "argon2i"],
      ["v=19", "v=16"],
      ["m=19456", "m=9728"],
      ["t=2", "t=1"],
      ["p=1", "p=2"],
    ] as const)
      expect(hasher.needsRehash(phc.replace(today, other))).toBe(true);
    expect(hasher.needsRehash("$2b$10$x")).toBe(true);
  });

  test.each(["", "not a hash", "$argon2id$v=19$m=19456,t=2,p=1$"])(
    "throws on a stored value that is no hash, and stays usable: %j",
    async (stored) => {
      await expect(hasher.verify(stored, "x")).rejects.toThrow(Error);
      expect(hasher.running).toBe(0);
    },
  );
});
