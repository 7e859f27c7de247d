import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addApp, addGrant, addMember, entriesOf } from "../../../test/builders/access.ts";
import { addKey, addServiceAccount, addServiceKey, useKey } from "../../../test/builders/keys.ts";
import { addSession } from "../../../test/builders/people.ts";
import { startHarness, type Harness } from "../../../test/harness.ts";
import { apiKeyScanPattern } from "../../platform/crypto/api-key-format.ts";

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(async () => h.stop());

const DAY_MS = 86_400_000;
const instant = (ms: number): string => new Date(h.clock.now().getTime() + ms).toISOString();

/** Sessions live for 12 hours and step-up for 10 minutes; tests that move the clock sign in again. */
const freshOwner = (accountId: string) => addSession(h, accountId);

describe("POST /v1/service-accounts/:id/keys", () => {
  test("shows the key once: entries, mails, replies and tables hold nothing of its secret", async () => {
    const key = await addServiceKey(h);
    const secret = key.text.split("_").at(-1) ?? "";
    expect(key.text).toMatch(apiKeyScanPattern);
    expect(key.text.split("_")[2]).toBe(key.keyId);
    await useKey(h, key);
    const as = key.owner.headers;
    const list = await h.call("GET", `/v1/service-accounts/${key.serviceAccountId}/keys`, { as });
    const one = await h.call("GET", `/v1/keys/${key.keyId}`, { as });
    const row = await h.db
      .selectFrom("api_key")
      .selectAll()
      .where("id", "=", key.keyId)
      .executeTakeFirst();
    const everything = [
      list.text,
      one.text,
      JSON.stringify(await h.mails()),
      JSON.stringify(await h.entries()),
      JSON.stringify(row),
      row?.mac.toString("latin1"),
    ].join("\n");
    for (const part of [secret, secret.slice(0, 20), secret.slice(-6)])
      expect(everything).not.toContain(part);
    expect(list.body.keys).toMatchObject([
      { id: key.keyId, prefix: `sally_key_${key.keyId}_…`, state: "live", revokedAt: null },
    ]);
  });

  test("logs nothing of the key either, whatever happens to it", async () => {
    const lines: string[] = [];
    const { log } = h.services;
    const { level } = log;
    const stream = Reflect.get(
      log,
      Object.getOwnPropertySymbols(log).find((s) => s.description === "pino.stream") ?? "",
    );
    const write = Reflect.get(Object(stream), "write");
    log.level = "trace";
    Reflect.set(Object(stream), "write", (line: string) => lines.push(line));
    try {
      const key = await addServiceKey(h);
      await useKey(h, key);
      await useKey(h, { ...key, headers: { authorization: `Bearer ${key.text.slice(0, -1)}x` } });
      await h.call("POST", "/v1/keys/self-revoke", { as: key.headers });
      log.info("written last");
      expect(lines.join("")).toContain("written last");
      expect(lines.join("")).not.toContain(key.text.split("_").at(-1)?.slice(0, 40));
    } finally {
      Reflect.set(Object(stream), "write", write);
      log.level = level;
    }
  });

  test("ends after a year when nothing else is said, and never later", async () => {
    const app = await addApp(h);
    const serviceAccountId = await addServiceAccount(h, app);
    const make = (expiresAt?: string) =>
      h.call("POST", `/v1/service-accounts/${serviceAccountId}/keys`, {
        as: app.owner.headers,
        body: { name: "Production", ...(expiresAt !== undefined && { expiresAt }) },
      });
    const nextYear = h.clock.now();
    nextYear.setUTCFullYear(nextYear.getUTCFullYear() + 1);
    const byDefault = new Date((await make()).body.expiresAt).getTime();
    expect(Math.abs(byDefault - nextYear.getTime())).toBeLessThan(60_000);
    expect((await make(instant(367 * DAY_MS))).body.errors).toMatchObject([
      { pointer: "/expiresAt" },
    ]);
    expect((await make(instant(-1))).body.errors).toMatchObject([{ pointer: "/expiresAt" }]);
    const soon = instant(DAY_MS);
    expect((await make(soon)).body.expiresAt).toBe(soon);
  });

  // The attack: app:keys alone must not be a way to act with permissions that one does not hold.
  test("makes no key of an account that may more than its maker, or works for longer", async () => {
    const app = await addApp(h);
    await h.call("POST", `/v1/apps/${app.appId}/roles`, {
      as: app.owner.headers,
      body: { name: "keeper", permissions: ["app:keys"] },
    });
    const endsAt = new Date(h.clock.now().getTime() + 3_600_000);
    const { person } = await addGrant(h, { ...app, role: "keeper", expiresAt: endsAt });
    const admin = await addServiceAccount(h, app, { role: "admin" });
    const keeper = await addServiceAccount(h, app, { role: "keeper" });
    const make = (id: string, expiresAt: Date) =>
      h.call("POST", `/v1/service-accounts/${id}/keys`, {
        as: person.headers,
        body: { name: "Mine", expiresAt: expiresAt.toISOString() },
      });
    expect((await make(admin, endsAt)).body.code).toBe("beyond-your-own");
    expect((await make(keeper, new Date(endsAt.getTime() + 1))).body.code).toBe("beyond-your-own");
    expect((await make(keeper, endsAt)).status).toBe(201);
    const theirs = await addKey(h, { ...app, serviceAccountId: admin });
    const rotated = await h.call("POST", `/v1/keys/${theirs.keyId}/rotate`, {
      as: person.headers,
      body: { overlapSeconds: 0 },
    });
    expect(rotated.body.code).toBe("beyond-your-own");
  });

  test("tells every owner who made which key", async () => {
    const app = await addApp(h);
    const second = await addMember(h, { ...app, role: "owner" });
    const officer = await addMember(h, { ...app, role: "officer" });
    const serviceAccountId = await addServiceAccount(h, app);
    const key = await addKey(h, { ...app, serviceAccountId });
    const mails = (await h.mails()).filter(({ text }) => text.includes(key.keyId));
    expect(mails.map(({ to }) => to).toSorted()).toEqual(
      [app.owner.email, second.email].toSorted(),
    );
    expect(mails[0]?.text).toContain(app.owner.email);
    expect(mails.map(({ to }) => to)).not.toContain(officer.email);
  });
});

const rotate = (keyId: string, as: Record<string, string>, overlapSeconds: unknown = 60) =>
  h.call("POST", `/v1/keys/${keyId}/rotate`, { as, body: { overlapSeconds } });

describe("POST /v1/keys/:id/rotate", () => {
  test("both keys work until the very end of the overlap, then the new one alone", async () => {
    const key = await addServiceKey(h);
    const reply = await rotate(key.keyId, key.owner.headers, 60);
    expect(reply.status).toBe(201);
    const next = { ...key, headers: { authorization: `Bearer ${reply.body.key}` } };
    const old = await h.call("GET", `/v1/keys/${key.keyId}`, { as: key.owner.headers });
    expect(old.body).toMatchObject({ rotatedTo: reply.body.id, state: "live" });
    const endsAtMs = new Date(old.body.expiresAt).getTime();
    expect((await useKey(h, key)).status).toBe(200);
    h.clock.advance(endsAtMs - h.clock.now().getTime() - 500);
    expect((await useKey(h, key)).status).toBe(200);
    h.clock.advance(endsAtMs - h.clock.now().getTime());
    expect((await useKey(h, key)).status).toBe(401);
    expect((await useKey(h, next)).status).toBe(200);
    expect((await entriesOf(h, "key.rotated")).at(-1)?.change).toMatchObject({
      before: { id: key.keyId },
      after: { id: reply.body.id, oldKeyEndsAt: new Date(endsAtMs).toISOString() },
    });
  });

  test("of one hundred at once exactly one makes a successor", async () => {
    const key = await addServiceKey(h);
    const replies = await Promise.all(
      Array.from({ length: 100 }, () => rotate(key.keyId, key.owner.headers, 0)),
    );
    expect(replies.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(replies.filter(({ body }) => body.code === "already-rotated")).toHaveLength(99);
    const made = h.db.selectFrom("api_key").select("id").where("rotated_from", "=", key.keyId);
    expect(await made.execute()).toHaveLength(1);
  });

  test("never lets the old key live longer than it would have, nor three keys of a line at once", async () => {
    const app = await addApp(h);
    const serviceAccountId = await addServiceAccount(h, app);
    const first = await addKey(h, { ...app, serviceAccountId }, { expiresAt: instant(3_600_000) });
    const second = (await rotate(first.keyId, app.owner.headers, 30 * 86_400)).body;
    const as = app.owner.headers;
    const read = async (id: string) => (await h.call("GET", `/v1/keys/${id}`, { as })).body;
    expect((await read(first.keyId)).expiresAt).toBe(first.expiresAt);
    const lifeMs = new Date(second.expiresAt).getTime() - h.clock.now().getTime();
    expect(Math.abs(lifeMs - 3_600_000)).toBeLessThan(10_000);
    const third = (await rotate(second.id, as, 600)).body;
    expect((await read(first.keyId)).state).toBe("expired");
    expect((await read(second.id)).state).toBe("live");
    expect(await read(third.id)).toMatchObject({ state: "live", rotatedFrom: second.id });
  });

  test("takes the address rules that are in force along, for good", async () => {
    const key = await addServiceKey(h);
    const url = `/v1/keys/${key.keyId}/address-rules`;
    const body = { mode: "enforce", entries: [{ cidr: "127.0.0.2", note: "office" }] };
    await h.call("PUT", url, { as: key.owner.headers, body });
    const { id, key: text } = (await rotate(key.keyId, key.owner.headers)).body;
    const next = { ...key, headers: { authorization: `Bearer ${text}` } };
    h.clock.advance(11 * 60_000);
    expect((await useKey(h, next, "127.0.0.3")).status).toBe(403);
    expect((await useKey(h, next, "127.0.0.2")).status).toBe(200);
    const { headers } = await freshOwner(key.owner.accountId);
    const rules = await h.call("GET", `/v1/keys/${id}/address-rules`, { as: headers });
    expect(rules.body).toMatchObject({
      mode: "enforce",
      entries: [{ cidr: "127.0.0.2/32", note: "office" }],
      revertsAt: null,
    });
  });

  test("refuses overlaps out of bounds, keys that ended, and those who may not", async () => {
    const key = await addServiceKey(h);
    const { headers: stale } = await addSession(h, key.owner.accountId, { isSteppedUp: false });
    const { person } = await addGrant(h, { appId: key.appId, role: "sender" });
    for (const bad of [-1, 30 * 86_400 + 1, 1.5, "60", null])
      expect((await rotate(key.keyId, key.owner.headers, bad)).body.errors).toMatchObject([
        { pointer: "/overlapSeconds" },
      ]);
    expect((await rotate(key.keyId, stale)).body.code).toBe("step-up-required");
    expect((await rotate(key.keyId, person.headers)).body.code).toBe("forbidden");
    expect((await rotate(key.keyId, key.headers)).body.code).toBe("forbidden");
    expect((await rotate(key.keyId, {})).status).toBe(401);
    await h.call("DELETE", `/v1/keys/${key.keyId}`, { as: key.owner.headers });
    expect((await rotate(key.keyId, key.owner.headers)).body.code).toBe("key-ended");
  });
});

describe("DELETE /v1/keys/:id", () => {
  test("ends a key at the very next request, with its reason on record and the owners told", async () => {
    const key = await addServiceKey(h);
    const as = key.owner.headers;
    const body = { reason: "key_compromise" };
    expect((await h.call("DELETE", `/v1/keys/${key.keyId}`, { as, body })).status).toBe(204);
    expect((await useKey(h, key)).status).toBe(401);
    const shown = await h.call("GET", `/v1/keys/${key.keyId}`, { as });
    expect(shown.body).toMatchObject({ state: "revoked", revokeReason: "key_compromise" });
    expect((await entriesOf(h, "key.revoked")).at(-1)).toMatchObject({
      targets: [{ type: "key", id: key.keyId }],
      change: { after: { reason: "key_compromise" } },
    });
    expect((await h.mails()).at(-1)).toMatchObject({
      to: key.owner.email,
      subject: expect.stringContaining("revoked"),
    });
  });

  test("is final: it takes no second reason, and a revoked key is never live again", async () => {
    const key = await addServiceKey(h);
    const revoke = (body?: object) =>
      h.call("DELETE", `/v1/keys/${key.keyId}`, { as: key.owner.headers, ...(body && { body }) });
    const replies = await Promise.all([revoke(), revoke({ reason: "superseded" })]);
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([204, 409]));
    expect((await revoke()).body.code).toBe("key-ended");
    expect((await revoke({ reason: "bored" })).body.errors).toMatchObject([{ pointer: "/reason" }]);
  });
});

describe("POST /v1/keys/self-revoke", () => {
  test("ends the key that is sent, and no other; who holds it needs nothing else", async () => {
    const key = await addServiceKey(h, { role: "gateway" });
    const other = await addKey(h, key);
    const body = { reason: "key_compromise" };
    const end = () => h.call("POST", "/v1/keys/self-revoke", { as: key.headers, body });
    expect((await end()).status).toBe(204);
    expect((await end()).status).toBe(401);
    const as = key.owner.headers;
    const keys = await h.call("GET", `/v1/service-accounts/${key.serviceAccountId}/keys`, { as });
    const states = keys.body.keys.map(({ id, state }: { id: string; state: string }) => [
      id,
      state,
    ]);
    expect(states).toEqual([
      [other.keyId, "live"],
      [key.keyId, "revoked"],
    ]);
    const entries = (await entriesOf(h, "key.revoked")).slice(-2);
    expect(entries).toMatchObject([
      { actor: { kind: "api-key", credentialId: key.keyId }, outcome: "done" },
      { actor: { kind: "stranger" }, outcome: "refused", reason: "not-signed-in" },
    ]);
  });

  test("is not for sessions", async () => {
    const app = await addApp(h);
    const reply = await h.call("POST", "/v1/keys/self-revoke", { as: app.owner.headers });
    expect(reply.body.code).toBe("forbidden");
    expect((await h.call("POST", "/v1/keys/self-revoke")).status).toBe(401);
  });
});
