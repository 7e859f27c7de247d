import { argon2Sync } from "node:crypto";
import { hashRaw, type Algorithm } from "@node-rs/argon2";
import { describe, expect, test } from "vitest";

// RFC 9106 §5: all three have these inputs.
const message = Buffer.alloc(32, 1);
const nonce = Buffer.alloc(16, 2);
const secret = Buffer.alloc(8, 3);
const associatedData = Buffer.alloc(12, 4);
const cost = { memory: 32, passes: 3, parallelism: 4, tagLength: 32 };

const published = [
  ["argon2d", 0, "512b391b6f1162975371d30919734294f868e3be3984f3c1a13a4db9fabe4acb"],
  ["argon2i", 1, "c814d9d1dc7f37aa13f0d77f2494bda1c8de6b016dd388d29952a4c4672b6ce8"],
  ["argon2id", 2, "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"],
] as const;

/*
 * The library that hashes passwords takes a secret and no associated data, which the published inputs have. So the
 * vectors are shown of node:crypto, which takes both, and the library of node:crypto, with everything but those.
 */
describe.each(published)("%s", (name, algorithm, tag) => {
  test("RFC 9106 §5: node:crypto gives the published tag, with secret and associated data", () => {
    const given = { message, nonce, secret, associatedData, ...cost };
    expect(argon2Sync(name, given).toString("hex")).toBe(tag);
  });

  test.each([
    ["with a secret", { secret }],
    ["without", {}],
  ])("our library gives the same as node:crypto for the published inputs, %s", async (_, given) => {
    const ours = await hashRaw(message, {
      // eslint-disable-next-line typescript/no-unsafe-enum-assignment -- the library's enum stands in its types alone
      algorithm: algorithm as Algorithm,
      salt: nonce,
      memoryCost: cost.memory,
      timeCost: cost.passes,
      parallelism: cost.parallelism,
      outputLen: cost.tagLength,
      ...given,
    });
    expect(ours.equals(argon2Sync(name, { message, nonce, ...cost, ...given }))).toBe(true);
  });
});
