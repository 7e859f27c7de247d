import { crc32 } from "node:zlib";
import * as fc from "fast-check";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addApp, addGrant } from "../../../test/builders/access.ts";
import { addKey, addServiceKey, useKey, type ServiceKey } from "../../../test/builders/keys.ts";
import { startHarness, type Harness } from "../../../test/harness.ts";
import { newApiKey, parseApiKey } from "../../platform/crypto/api-key-format.ts";
import { randomBase62, toBase62 } from "../../platform/crypto/tokens.ts";

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(async () => h.stop());

const bearer = (text: string) => ({ authorization: `Bearer ${text}` });
const read = (headers: Record<string, string>, from = "127.0.0.1") =>
  h.call("GET", "/v1/apps", { as: headers, from });

/** A well-formed key with the id of a real one and another secret: what a guesser can make. */
function forge(keyId: string): string {
  const body = `sally_key_${keyId}_${randomBase62(43)}`;
  const text = body + toBase62(crc32(body), 6);
  if (parseApiKey(text)?.id !== keyId) throw new Error("a forgery is well-formed");
  return text;
}

const enforce = (key: ServiceKey, path: string, ...cidrs: string[]) =>
  h.call("PUT", `/v1/${path}/address-rules`, {
    as: key.owner.headers,
    body: { mode: "enforce", entries: cidrs.map((cidr) => ({ cidr })), confirm: true },
  });

// Guarantee: what fails tells nothing apart, however it fails (T20, T28).
test("unknown, wrong, revoked, expired, disabled and taken away are one answer", async () => {
  const made = async (spoil: (key: ServiceKey) => Promise<unknown>) => {
    const key = await addServiceKey(h);
    await spoil(key);
    return key.headers;
  };
  const set = (table: "account" | "app" | "api_key", id: string, column: string) =>
    sql`update ${sql.table(table)} set ${sql.ref(column)} = ${h.clock.now()} where id = ${id}`.execute(
      h.db,
    );
  const good = await addServiceKey(h);
  const cases = [
    bearer("x"),
    bearer("sally_key_"),
    bearer(newApiKey("key").text),
    bearer(newApiKey("op").text),
    bearer(forge(good.keyId)),
    bearer(good.text.slice(0, -1)),
    bearer(good.text.toLowerCase()),
    await made((key) => h.call("DELETE", `/v1/keys/${key.keyId}`, { as: key.owner.headers })),
    await made((key) => set("api_key", key.keyId, "expires_at")),
    await made((key) => set("account", key.serviceAccountId, "disabled_at")),
    await made((key) => set("app", key.appId, "disabled_at")),
    await made((key) => set("app", key.appId, "deleted_at")),
    await made((key) =>
      h.db.deleteFrom("access_grant").where("account_id", "=", key.serviceAccountId).execute(),
    ),
    await made((key) =>
      sql`update access_grant set expires_at = ${h.clock.now()} where account_id = ${key.serviceAccountId}`.execute(
        h.db,
      ),
    ),
  ];
  const replies = [];
  for (const headers of cases) {
    const reply = await read(headers);
    replies.push({
      ...reply.body,
      requestId: "",
      challenge: reply.headers["www-authenticate"],
    });
  }
  expect(replies[0]).toMatchObject({ status: 401, code: "not-signed-in", challenge: "Bearer" });
  for (const reply of replies) expect(reply).toEqual(replies[0]);
  expect((await read(good.headers)).status).toBe(200);
});

test("junk proves nothing, and never reaches the database", async () => {
  const key = await addServiceKey(h);
  const { db } = h.services;
  const selectFrom = db.selectFrom.bind(db);
  let lookUps = 0;
  Reflect.set(db, "selectFrom", (table: never) => {
    if (JSON.stringify(table) === '"api_key"') lookUps += 1;
    return selectFrom(table);
  });
  try {
    const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    const tail = fc.string({
      unit: fc.constantFrom(...base62.split("")),
      minLength: 49,
      maxLength: 49,
    });
    await fc.assert(
      fc.asyncProperty(tail, async (text) => {
        expect((await read(bearer(`sally_key_${key.keyId}_${text}`))).status).toBe(401);
      }),
      { numRuns: 50 },
    );
    expect(lookUps).toBe(0);
    expect((await read(key.headers)).status).toBe(200);
    expect(lookUps).toBe(1);
  } finally {
    Reflect.set(db, "selectFrom", selectFrom);
  }
});

test("a key works until one moment before its end", async () => {
  const key = await addServiceKey(h);
  const end = new Date(h.clock.now().getTime() + 60_000);
  const short = await addKey(h, key, { expiresAt: end.toISOString() });
  h.clock.advance(end.getTime() - h.clock.now().getTime() - 1_000);
  expect((await read(short.headers)).status).toBe(200);
  h.clock.advance(end.getTime() - h.clock.now().getTime());
  expect((await read(short.headers)).status).toBe(401);
});

describe("address rules", () => {
  test("are asked after the secret is proven, at every level, and the refusal is on record (T16)", async () => {
    const key = await addServiceKey(h);
    expect((await useKey(h, key, "127.0.0.2")).status).toBe(200);
    await enforce(key, `apps/${key.appId}`, "127.0.0.0/8");
    await enforce(key, `service-accounts/${key.serviceAccountId}`, "127.0.0.0/30");
    expect((await useKey(h, key, "127.0.0.2")).status).toBe(200);
    expect((await useKey(h, key, "127.0.0.9")).body.code).toBe("address-not-allowed");
    await enforce(key, `keys/${key.keyId}`, "127.0.0.3");
    expect((await useKey(h, key, "127.0.0.2")).body.code).toBe("address-not-allowed");
    expect((await useKey(h, key, "127.0.0.3")).status).toBe(200);
    const wrong = forge(key.keyId);
    expect((await read(bearer(wrong), "127.0.0.2")).status).toBe(401);
    const refused = (await h.entries()).filter(
      ({ reason, appId }) => reason === "address-not-allowed" && appId === key.appId,
    );
    expect(refused[0]).toMatchObject({
      outcome: "refused",
      address: "127.0.0.9",
      organisationId: key.organisationId,
      targets: [{ type: "key", id: key.keyId, accountId: key.serviceAccountId }],
    });
  });

  test("bind every key of the level below which they hang, and nobody's session", async () => {
    const key = await addServiceKey(h);
    const sibling = await addKey(h, key);
    const neighbour = await addServiceKey(h, { app: key });
    await enforce(key, `service-accounts/${key.serviceAccountId}`, "127.0.0.2");
    expect((await useKey(h, { ...key, ...sibling }, "127.0.0.3")).status).toBe(403);
    expect((await useKey(h, neighbour, "127.0.0.3")).status).toBe(200);
    await enforce(key, `apps/${key.appId}`, "127.0.0.2");
    expect((await useKey(h, neighbour, "127.0.0.3")).status).toBe(403);
    const { person } = await addGrant(h, { appId: key.appId, role: "editor" });
    const url = `/v1/apps/${key.appId}`;
    expect((await h.call("GET", url, { as: person.headers, from: "127.0.0.3" })).status).toBe(200);
  });

  test("of the app do not bind its gateway", async () => {
    const app = await addApp(h);
    const gateway = await addServiceKey(h, { app, role: "gateway" });
    await enforce(gateway, `apps/${app.appId}`, "127.0.0.2");
    expect((await read(gateway.headers, "127.0.0.3")).status).toBe(200);
    await enforce(gateway, `keys/${gateway.keyId}`, "127.0.0.2");
    expect((await read(gateway.headers, "127.0.0.3")).status).toBe(403);
  });

  // The attack: an address that cannot be told must not count as none to check (T14, T15).
  test("refuse an unknown address, and believe no header", async () => {
    const proxied = await startHarness({
      beside: h,
      env: {
        SALLYPORT_TRUSTED_PROXIES: "127.0.0.1/32",
        SALLYPORT_FORWARDED_HEADER: "x-forwarded-for",
      },
    });
    try {
      const key = await addServiceKey(h);
      await enforce(key, `keys/${key.keyId}`, "127.0.0.2", "192.0.2.7");
      const url = `/v1/apps/${key.appId}`;
      const spoof = (headers: Record<string, string>) => ({ ...key.headers, ...headers });
      const forged = spoof({ "x-forwarded-for": "127.0.0.2", "x-real-ip": "127.0.0.2" });
      expect((await h.call("GET", url, { as: forged, from: "127.0.0.3" })).status).toBe(403);
      for (const hops of [
        "",
        "a",
        ",",
        "127.0.0.2,",
        "0127.0.0.2",
        "127.2",
        "2130706434",
        "0x7f000002",
        "127.0.0.2%lo",
        "127.0.0.2, unknown",
        "192.0.2.7, 192.0.2.8",
        "x".repeat(3_000),
      ]) {
        const as = spoof({ "x-forwarded-for": hops });
        const reply = await proxied.call("GET", url, { as, from: "127.0.0.1" });
        expect([hops.slice(0, 20), reply.status]).toEqual([hops.slice(0, 20), 403]);
      }
      const honest = spoof({ "x-forwarded-for": "203.0.113.5, ::ffff:192.0.2.7" });
      expect((await proxied.call("GET", url, { as: honest, from: "127.0.0.1" })).status).toBe(200);
    } finally {
      await proxied.stop();
    }
  });
});

// Guarantee: no process remembers what another has ended (T16, T26).
test("a revoke or a tighter list in one process binds the next request of another", async () => {
  const second = await startHarness({ beside: h });
  try {
    const key = await addServiceKey(h);
    const there = () => second.call("GET", `/v1/apps/${key.appId}`, { as: key.headers });
    expect((await there()).status).toBe(200);
    await enforce(key, `keys/${key.keyId}`, "127.0.0.2");
    expect((await there()).status).toBe(403);
    await h.call("DELETE", `/v1/keys/${key.keyId}`, { as: key.owner.headers });
    expect((await there()).status).toBe(401);
  } finally {
    await second.stop();
  }
});
