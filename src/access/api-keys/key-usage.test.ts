import { afterAll, beforeAll, expect, test } from "vitest";
import { addServiceKey, useKey } from "../../../test/builders/keys.ts";
import { startHarness, type Harness } from "../../../test/harness.ts";
import { listCallersOfKey } from "./caller-queries.ts";
import { KeyUsage } from "./key-usage.ts";
import { MAX_CALLERS_PER_KEY } from "./key-usage-queries.ts";

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(async () => h.stop());

const lastUse = (keyId: string) =>
  h.db
    .selectFrom("api_key")
    .select(["last_used_at", "last_used_address"])
    .where("id", "=", keyId)
    .executeTakeFirst();

test("counts allowed and refused uses by address, and knows the last that was allowed", async () => {
  const { keyId } = await addServiceKey(h);
  const usage = new KeyUsage(h.services);
  const now = h.clock.now().getTime();
  usage.used(keyId, "192.0.2.7", true, now);
  usage.used(keyId, "192.0.2.7", true, now + 1_000);
  usage.used(keyId, "2001:db8::7", false, now + 2_000);
  await usage.flush();
  usage.used(keyId, "192.0.2.7", true, now - 5_000);
  usage.used(keyId, "192.0.2.7", false, now + 3_000);
  await usage.flush();
  expect(await lastUse(keyId)).toEqual({
    last_used_at: new Date(now + 1_000),
    last_used_address: "192.0.2.7",
  });
  expect(await listCallersOfKey(h.db, keyId)).toEqual([
    {
      keyId,
      address: "192.0.2.7",
      firstSeenAt: new Date(now - 5_000),
      lastSeenAt: new Date(now + 3_000),
      lastAllowedAt: new Date(now + 1_000),
      count: 3,
      refusedCount: 1,
    },
    {
      keyId,
      address: "2001:db8::7",
      firstSeenAt: new Date(now + 2_000),
      lastSeenAt: new Date(now + 2_000),
      lastAllowedAt: null,
      count: 0,
      refusedCount: 1,
    },
  ]);
});

test("a use from an address that could not be told is a use", async () => {
  const { keyId } = await addServiceKey(h);
  const usage = new KeyUsage(h.services);
  const now = h.clock.now();
  usage.used(keyId, null, true, now.getTime());
  await usage.flush();
  expect(await lastUse(keyId)).toEqual({ last_used_at: now, last_used_address: null });
  expect(await listCallersOfKey(h.db, keyId)).toEqual([]);
});

// The attack: whoever tries a leaked key from many places must not make those that work forgotten.
test("keeps at most 32 addresses a key, and those that were only refused go first", async () => {
  const { keyId } = await addServiceKey(h);
  const usage = new KeyUsage(h.services);
  const now = h.clock.now().getTime();
  for (let i = 0; i < 20; i += 1) usage.used(keyId, `192.0.2.${i}`, true, now + i);
  await usage.flush();
  for (let i = 0; i < 500; i += 1)
    usage.used(keyId, `198.51.${i >> 8}.${i & 255}`, false, now + 10_000 + i);
  await usage.flush();
  const callers = await listCallersOfKey(h.db, keyId);
  expect(callers).toHaveLength(MAX_CALLERS_PER_KEY);
  expect(callers.filter(({ count }) => count > 0)).toHaveLength(20);
  for (let i = 0; i < 40; i += 1) usage.used(keyId, `203.0.113.${i}`, true, now + 20_000 + i);
  await usage.flush();
  const after = await listCallersOfKey(h.db, keyId);
  expect(after.map(({ address }) => address)).toEqual(
    Array.from({ length: MAX_CALLERS_PER_KEY }, (_, i) => `203.0.113.${39 - i}`),
  );
});

test("what could not be written is kept and written once, and unknown keys harm nobody", async () => {
  const { keyId } = await addServiceKey(h);
  let isDown = true;
  const db: typeof h.db = new Proxy(h.db, {
    get(target, name) {
      if (name === "transaction" && isDown) throw new Error("the database is away");
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const usage = new KeyUsage({ db, log: h.services.log });
  const now = h.clock.now().getTime();
  usage.used(keyId, "192.0.2.7", true, now);
  usage.used("000000000000", "192.0.2.7", true, now);
  await expect(usage.flush()).rejects.toThrow("away");
  usage.used(keyId, "192.0.2.7", true, now + 1);
  usage.used(keyId, "192.0.2.8", false, now + 2);
  isDown = false;
  await usage.flush();
  await usage.flush();
  const callers = await listCallersOfKey(h.db, keyId);
  expect(callers.map(({ address, count, refusedCount }) => [address, count, refusedCount])).toEqual(
    [
      ["192.0.2.8", 0, 1],
      ["192.0.2.7", 2, 0],
    ],
  );
});

test("two processes that write the same keys at once lose no count", async () => {
  const keys = [await addServiceKey(h), await addServiceKey(h), await addServiceKey(h)];
  const now = h.clock.now().getTime();
  const processes = Array.from({ length: 8 }, () => new KeyUsage(h.services));
  for (const [index, usage] of processes.entries()) {
    const order = index % 2 === 0 ? keys : keys.toReversed();
    for (const { keyId } of order) usage.used(keyId, "192.0.2.7", true, now + index);
  }
  await Promise.all(processes.map((usage) => usage.flush()));
  for (const { keyId } of keys)
    expect(await listCallersOfKey(h.db, keyId)).toMatchObject([{ count: 8 }]);
});

test("what a stopping process noted is written before it is gone", async () => {
  const second = await startHarness({ beside: h });
  const key = await addServiceKey(h);
  await second.call("GET", `/v1/apps/${key.appId}`, { as: key.headers, from: "127.0.0.7" });
  await second.stop();
  expect((await lastUse(key.keyId))?.last_used_address).toBe("127.0.0.7");
  const shown = await h.call("GET", `/v1/keys/${key.keyId}`, { as: key.owner.headers });
  expect(shown.body).toMatchObject({
    lastUsedAddress: "127.0.0.7",
    callers: [{ address: "127.0.0.7", keyId: key.keyId, count: 1, refusedCount: 0 }],
  });
});

test("noting a use is cheap: a million of known pairs in well under a second", () => {
  const usage = new KeyUsage(h.services);
  const before = process.hrtime.bigint();
  for (let i = 0; i < 1_000_000; i += 1) usage.used("abcdefghijkl", "192.0.2.7", true, i);
  expect(Number(process.hrtime.bigint() - before) / 1e6).toBeLessThan(1_000);
});

test("who still uses an old key is seen beside its successor", async () => {
  const key = await addServiceKey(h);
  const rotated = await h.call("POST", `/v1/keys/${key.keyId}/rotate`, {
    as: key.owner.headers,
    body: { overlapSeconds: 3_600 },
  });
  await useKey(h, key, "127.0.0.9");
  // Enforcing reads what was used a moment ago, so it writes it first.
  const rules = await h.call("PUT", `/v1/keys/${key.keyId}/address-rules`, {
    as: key.owner.headers,
    body: { mode: "enforce", entries: [{ cidr: "127.0.0.8" }] },
  });
  expect(rules.body.code).toBe("callers-would-be-cut-off");
  const old = await h.call("GET", `/v1/keys/${key.keyId}`, { as: key.owner.headers });
  expect(old.body).toMatchObject({
    rotatedTo: rotated.body.id,
    callers: [{ address: "127.0.0.9", count: 1 }],
  });
});
