import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  changeAccess,
  insertApp,
  insertKey,
  type TestApp,
  type TestKey,
} from "../../../test/builders/gateways.ts";
import { addPerson } from "../../../test/builders/people.ts";
import { startHarness, type Harness } from "../../../test/harness.ts";
import { newApiKey } from "../../platform/crypto/api-key-format.ts";

let h: Harness;
let app: TestApp;
let gateway: TestKey;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(async () => h.stop());
beforeEach(async () => {
  app = await insertApp(h);
  gateway = await insertKey(h, app, { role: "gateway" });
});

const ask = (
  key: { text: string },
  given: { action?: string; address?: string; appId?: string; as?: TestKey; from?: string } = {},
) =>
  h.call("POST", "/v1/decisions", {
    as: (given.as ?? gateway).headers,
    ...(given.from !== undefined && { from: given.from }),
    body: {
      credential: key.text,
      action: given.action ?? "app:read",
      appId: given.appId ?? app.appId,
      address: given.address ?? "203.0.113.7",
    },
  });

const reasonFor = async (...given: Parameters<typeof ask>): Promise<string> => {
  const { status, body } = await ask(...given);
  expect([status, body.allowed]).toEqual([200, body.reason === "allowed"]);
  return body.reason;
};

const inMinutes = (minutes: number) => new Date(h.clock.now().getTime() + minutes * 60_000);

const enforce = (
  owner: TestKey,
  level: "key" | "service-account" | "app",
  cidrs: string[],
  more: object = {},
) =>
  changeAccess(h, { app, key: owner }, (tx) =>
    tx
      .insertInto("address_rules")
      .values({
        level,
        owner_id: { key: owner.keyId, "service-account": owner.accountId, app: app.appId }[level],
        mode: "enforce",
        entries: JSON.stringify(cidrs.map((cidr) => ({ cidr, note: "" }))),
        ...more,
      })
      .execute(),
  );

describe("POST /v1/decisions", () => {
  test("allows what the key's role allows, and the answer is on record before it is given", async () => {
    const key = await insertKey(h, app);

    const { status, body } = await ask(key);

    expect(status).toBe(200);
    expect(body).toEqual({
      allowed: true,
      reason: "allowed",
      entryId: expect.stringMatching(/^\d{8}-\d+-\d+-\d+$/),
      accountId: key.accountId,
      credentialId: key.keyId,
      role: "editor",
    });
    const entries = (await h.entries()).filter((entry) => entry.actor.credentialId === key.keyId);
    expect(entries).toMatchObject([
      {
        action: "decision.made",
        outcome: "done",
        reason: "allowed",
        appId: app.appId,
        organisationId: app.organisationId,
        actor: { kind: "api-key", accountId: key.accountId },
        targets: [
          { type: "permission", id: "app:read" },
          { type: "api-key", id: gateway.keyId, accountId: gateway.accountId },
        ],
        address: "203.0.113.7",
      },
    ]);
  });

  const changeKey = (key: TestKey, set: object) =>
    changeAccess(h, { app, key }, (tx) =>
      tx.updateTable("api_key").set(set).where("id", "=", key.keyId).execute(),
    );

  test.each<{
    reason: string;
    make: () => Promise<{ text: string }>;
    given?: Parameters<typeof ask>[1];
  }>([
    { reason: "unknown-credential", make: async () => ({ text: "sally_key_nonsense" }) },
    { reason: "unknown-credential", make: async () => insertKey(h, await insertApp(h)) },
    { reason: "expired", make: () => insertKey(h, app, { expiresAt: inMinutes(0) }) },
    {
      reason: "revoked",
      make: async () => {
        const key = await insertKey(h, app);
        await changeKey(key, { revoked_at: h.clock.now(), revoke_reason: "unspecified" });
        return key;
      },
    },
    {
      reason: "disabled",
      make: async () => {
        const key = await insertKey(h, app);
        await changeAccess(h, { app, key }, (tx) =>
          tx
            .updateTable("account")
            .set({ disabled_at: h.clock.now() })
            .where("id", "=", key.accountId)
            .execute(),
        );
        return key;
      },
    },
    {
      reason: "permission-missing",
      make: () => insertKey(h, app),
      given: { action: "app:delete" },
    },
    {
      reason: "permission-missing",
      make: () => insertKey(h, app),
      given: { action: "no-such:read" },
    },
    { reason: "permission-missing", make: () => insertKey(h, app, { role: "gateway" }) },
    { reason: "grant-missing", make: () => insertKey(h, app, { role: null }) },
    { reason: "grant-ended", make: () => insertKey(h, app, { grantEndsAt: inMinutes(0) }) },
    {
      reason: "address-not-allowed",
      make: async () => {
        const key = await insertKey(h, app);
        await enforce(key, "key", ["198.51.100.0/24"]);
        return key;
      },
    },
    ...[
      "garbage",
      "",
      "010.0.0.1",
      "127.1",
      "::1%lo",
      "1.2.3.4, 203.0.113.7",
      "2130706433",
      "１.2.3.4",
      "203.0.113.7\u0000",
      "203.0.113.7 ".repeat(5_000),
    ].map((address) => ({
      reason: "address-not-allowed",
      make: () => insertKey(h, app),
      given: { address },
    })),
  ])("answers $reason $given.address $given.action", async ({ reason, make, given }) => {
    expect(await reasonFor(await make(), given)).toBe(reason);
  });

  test("a wrong secret looks like an unknown key", async () => {
    const key = await insertKey(h, app);
    const other = await insertKey(h, app);
    const forged = { text: key.text.slice(0, 23) + other.text.slice(23) };
    const unknown = await ask({ text: "sally_key_nonsense" });
    expect({ ...(await ask(forged)).body, entryId: "" }).toEqual({ ...unknown.body, entryId: "" });
  });

  test("levels intersect, and the app's own list does not bind gateway keys", async () => {
    const key = await insertKey(h, app);
    await enforce(key, "app", ["203.0.113.0/24"]);
    await enforce(key, "key", ["203.0.113.7/32"]);
    expect(await reasonFor(key)).toBe("allowed");
    expect(await reasonFor(key, { address: "203.0.113.8" })).toBe("address-not-allowed");
    expect(await reasonFor(key, { address: "::ffff:203.0.113.7" })).toBe("allowed");
    // asked from 127.0.0.1, which the app's list does not hold
    expect((await ask(key, { from: "127.0.0.1" })).status).toBe(200);
  });

  test("an enforcement that nobody confirmed ends at its instant", async () => {
    const key = await insertKey(h, app);
    await enforce(key, "key", ["198.51.100.0/24"], {
      reverts_at: inMinutes(10),
      reverts_to: JSON.stringify({ mode: "off", entries: [] }),
    });
    expect(await reasonFor(key)).toBe("address-not-allowed");
    h.clock.advance(10 * 60_000);
    expect(await reasonFor(key)).toBe("allowed");
  });

  test("ends count to the millisecond, without a sweeper", async () => {
    const key = await insertKey(h, app, { grantEndsAt: inMinutes(5) });
    expect(await reasonFor(key)).toBe("allowed");
    h.clock.advance(5 * 60_000);
    expect(await reasonFor(key)).toBe("grant-ended");
  });

  test("a burst beyond the key's quota is refused, and what the address rules refuse costs none", async () => {
    const key = await insertKey(h, app);
    await enforce(key, "key", ["203.0.113.7/32"]);
    h.clock.freeze();
    const burst = async (count: number, address: string) => {
      const reasons = await Promise.all(
        Array.from({ length: count }, () => reasonFor(key, { address })),
      );
      return Object.fromEntries(
        Object.entries(Object.groupBy(reasons, (reason) => reason)).map(([reason, all]) => [
          reason,
          all?.length,
        ]),
      );
    };
    expect(await burst(100, "203.0.113.8")).toEqual({ "address-not-allowed": 100 });
    expect(await burst(2_010, "203.0.113.7")).toEqual({ allowed: 2_000, "rate-limited": 10 });
  });
});

describe("whoever asks", () => {
  test("needs a gateway key: 401 without, 403 with another role", async () => {
    const key = await insertKey(h, app);
    expect(
      (
        await h.call("POST", "/v1/decisions", {
          body: { credential: key.text, action: "app:read", appId: app.appId, address: "::1" },
        })
      ).status,
    ).toBe(401);
    expect((await ask(key, { as: key })).body).toMatchObject({ status: 403, code: "forbidden" });
  });

  test("is told the same of another's app as of none", async () => {
    const key = await insertKey(h, app);
    const other = await insertApp(h);
    const replies = await Promise.all(
      [other.appId, "01890000-0000-7000-8000-000000000000", "x"].map((appId) =>
        ask(key, { appId }),
      ),
    );
    for (const reply of replies)
      expect({ ...reply.body, requestId: "" }).toEqual({ ...replies[0]?.body, requestId: "" });
    expect(replies[0]?.status).toBe(404);
  });

  test("is bound by its own address list at the address it calls from", async () => {
    const key = await insertKey(h, app);
    await enforce(gateway, "key", ["127.0.0.2/32"]);
    expect((await ask(key, { from: "127.0.0.3" })).body).toMatchObject({
      status: 403,
      code: "address-not-allowed",
    });
    expect((await ask(key, { from: "127.0.0.2" })).status).toBe(200);
  });

  // Attack: keys with a right checksum that are none cost a look-up each.
  test("is told to wait when its network sends wrong keys without end, and nobody else is", async () => {
    const key = await insertKey(h, app);
    const wrong = () =>
      ask(key, {
        as: { ...gateway, headers: { authorization: `Bearer ${newApiKey("key").text}` } },
        from: "127.0.7.7",
      });
    await Promise.all(Array.from({ length: 1_200 }, wrong));
    expect(await wrong()).toMatchObject({
      status: 429,
      headers: { "retry-after": expect.any(String) },
    });
    expect((await ask(key, { from: "127.0.7.8" })).status).toBe(200);
  });

  test("leaves its own use, so that a list which would cut it off is asked about", async () => {
    const owner = await addPerson(h);
    const { body } = await h.call("GET", "/v1/organisations", { as: owner.headers });
    const own = await insertApp(h, body.organisations[0].id);
    const asker = await insertKey(h, own, { role: "gateway" });
    await ask(await insertKey(h, own), { as: asker, appId: own.appId, from: "127.0.0.9" });

    const reply = await h.call("PUT", `/v1/keys/${asker.keyId}/address-rules`, {
      as: owner.headers,
      body: { mode: "enforce", entries: [{ cidr: "127.0.0.10", note: "" }] },
    });
    expect(reply).toMatchObject({
      status: 409,
      body: { code: "callers-would-be-cut-off", callers: [{ address: "127.0.0.9" }] },
    });
  });

  test("leaves exactly one entry, also when it is refused", async () => {
    const key = await insertKey(h, app);
    const before = (await h.entries()).length;
    const statuses = [
      await ask(key),
      await ask(key, { appId: "x" }),
      await ask({ text: "junk" }),
      await ask(key, { as: key }),
    ].map((reply) => reply.status);
    expect(statuses).toEqual([200, 404, 200, 403]);
    expect((await h.entries()).length - before).toBe(4);
  });
});
