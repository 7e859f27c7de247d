import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  addApp,
  addGrant,
  addMember,
  entriesOf,
  subjectsTo,
} from "../../../test/builders/access.ts";
import { addKey, addServiceAccount, addServiceKey, useKey } from "../../../test/builders/keys.ts";
import { addPerson, addSession } from "../../../test/builders/people.ts";
import { startHarness, type Harness } from "../../../test/harness.ts";

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(async () => h.stop());

const YEAR_MS = 365 * 86_400_000;

describe("POST /v1/apps/:appId/service-accounts", () => {
  test("makes an account that cannot sign in, with a grant like any other, on record", async () => {
    const app = await addApp(h);
    const expiresAt = new Date(h.clock.now().getTime() + YEAR_MS).toISOString();
    const reply = await h.call("POST", `/v1/apps/${app.appId}/service-accounts`, {
      as: app.owner.headers,
      body: { name: "Billing", role: "reporter", expiresAt },
    });
    expect(reply.status).toBe(201);
    const { id } = reply.body;
    const account = await h.db
      .selectFrom("account")
      .select(["kind", "email", "password_hash"])
      .where("id", "=", id)
      .executeTakeFirst();
    expect(account).toEqual({ kind: "service", email: null, password_hash: null });
    const shown = await h.call("GET", `/v1/service-accounts/${id}`, { as: app.owner.headers });
    expect(shown.body).toMatchObject({
      appId: app.appId,
      role: "reporter",
      expiresAt,
      liveKeys: 0,
    });
    const grants = await h.db
      .selectFrom("access_grant")
      .select(["role", "granted_by"])
      .where("account_id", "=", id)
      .execute();
    expect(grants).toEqual([{ role: "reporter", granted_by: app.owner.accountId }]);
    expect((await entriesOf(h, "service-account.created")).at(-1)).toMatchObject({
      appId: app.appId,
      organisationId: app.organisationId,
      change: { after: { name: "Billing", role: "reporter" } },
    });
  });

  test.each([
    [{ role: "editor" }, "/name"],
    [{ name: "", role: "editor" }, "/name"],
    [{ name: "a\nb", role: "editor" }, "/name"],
    [{ name: "Billing", role: "no-such-role" }, "/role"],
    [{ name: "Billing", role: "owner" }, "/role"],
    [{ name: "Billing", role: "editor", expiresAt: "2020-01-01T00:00:00Z" }, "/expiresAt"],
    [{ name: "Billing", role: "editor", expiresAt: "2026-12-31T23:59:60Z" }, "/expiresAt"],
    [{ name: "Billing", role: "editor", accountId: "x" }, "/accountId"],
  ])("answers 400 to %j at %s", async (body, pointer) => {
    const app = await addApp(h);
    const reply = await h.call("POST", `/v1/apps/${app.appId}/service-accounts`, {
      as: app.owner.headers,
      body,
    });
    expect(reply.status).toBe(400);
    expect(reply.body.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer);
  });

  test("gives no more than the giver holds, and for no longer", async () => {
    const app = await addApp(h);
    const endsAt = new Date(h.clock.now().getTime() + 3_600_000);
    await h.call("POST", `/v1/apps/${app.appId}/roles`, {
      as: app.owner.headers,
      body: { name: "keeper", permissions: ["app:keys"] },
    });
    const { person } = await addGrant(h, { ...app, role: "keeper", expiresAt: endsAt });
    const make = (role: string, expiresAt: Date) =>
      h.call("POST", `/v1/apps/${app.appId}/service-accounts`, {
        as: person.headers,
        body: { name: "Mine", role, expiresAt: expiresAt.toISOString() },
      });
    expect((await make("admin", endsAt)).body.code).toBe("beyond-your-own");
    expect((await make("gateway", endsAt)).body.code).toBe("beyond-your-own");
    expect((await make("keeper", new Date(endsAt.getTime() + 1))).body.code).toBe(
      "beyond-your-own",
    );
    expect((await make("keeper", endsAt)).status).toBe(201);
  });

  test("refuses a stranger, a half-open session, one without step-up and one without permission", async () => {
    const app = await addApp(h);
    const half = await addSession(h, app.owner.accountId, { level: "needs-second-factor" });
    const stale = await addSession(h, app.owner.accountId, { isSteppedUp: false });
    const { person } = await addGrant(h, { ...app, role: "editor" });
    const officer = await addMember(h, { ...app, role: "officer" });
    const codes = [];
    for (const as of [{}, half.headers, stale.headers, person.headers, officer.headers]) {
      const reply = await h.call("POST", `/v1/apps/${app.appId}/service-accounts`, {
        as,
        body: { name: "Billing", role: "reporter" },
      });
      codes.push([reply.status, reply.body.code]);
    }
    expect(codes).toEqual([
      [401, "not-signed-in"],
      [403, "second-factor-required"],
      [403, "step-up-required"],
      [403, "forbidden"],
      [403, "forbidden"],
    ]);
  });
});

const calls = (sa: string, id: string) =>
  [
    ["GET", `/v1/service-accounts/${sa}`],
    ["PATCH", `/v1/service-accounts/${sa}`, { name: "Mine" }],
    ["DELETE", `/v1/service-accounts/${sa}`],
    ["GET", `/v1/service-accounts/${sa}/keys`],
    ["POST", `/v1/service-accounts/${sa}/keys`, { name: "Mine" }],
    ["GET", `/v1/keys/${id}`],
    ["POST", `/v1/keys/${id}/rotate`, { overlapSeconds: 0 }],
    ["DELETE", `/v1/keys/${id}`, {}],
    ["GET", `/v1/service-accounts/${sa}/address-rules`],
    ["PUT", `/v1/keys/${id}/address-rules`, { mode: "off", entries: [] }],
    ["POST", `/v1/keys/${id}/address-rules/confirm`],
    ["POST", `/v1/service-accounts/${sa}/address-rules/test`, { address: "127.0.0.1" }],
  ] as const;

// Guarantee: an outsider learns nothing from an id, nor does their own log tell them whose it was (T25).
test("service accounts and keys of others are the same 404 as none, and are named in no entry", async () => {
  const key = await addServiceKey(h);
  const stranger = await addPerson(h);
  const { serviceAccountId, keyId } = key;
  const none = "00000000-0000-7000-8000-000000000000";
  const answers = async (sa: string, id: string) => {
    const replies = [];
    for (const [method, url, body] of calls(sa, id)) {
      const reply = await h.call(method, url, { as: stranger.headers, ...(body && { body }) });
      replies.push({ ...reply.body, status: reply.status, requestId: "" });
    }
    return replies;
  };
  const theirs = await answers(serviceAccountId, keyId);
  expect(theirs).toEqual(await answers(none, "0".repeat(12)));
  expect(new Set(theirs.map(({ status }) => status))).toEqual(new Set([404]));
  const entries = (await h.entries()).filter(({ actor }) => actor.accountId === stranger.accountId);
  expect(entries.length).toBe(2 * calls("", "").length);
  expect(JSON.stringify(entries)).not.toContain(key.appId);
  expect(JSON.stringify(entries)).not.toContain(key.organisationId);
  expect((await useKey(h, key)).status).toBe(200);
});

describe("PATCH /v1/service-accounts/:id", () => {
  test("disables and enables: no key of it works meanwhile (T20)", async () => {
    const key = await addServiceKey(h);
    const second = await addKey(h, key);
    const patch = (body: object) =>
      h.call("PATCH", `/v1/service-accounts/${key.serviceAccountId}`, {
        as: key.owner.headers,
        body,
      });
    expect((await patch({ disabled: true })).body).toMatchObject({ disabled: true, liveKeys: 2 });
    expect((await useKey(h, key)).status).toBe(401);
    expect((await useKey(h, { ...key, ...second })).status).toBe(401);
    expect((await patch({ name: "Invoices", disabled: false })).status).toBe(200);
    expect((await useKey(h, key)).status).toBe(200);
    expect((await entriesOf(h, "service-account.changed")).at(-1)?.change).toEqual({
      before: { name: "Billing", disabled: true },
      after: { name: "Invoices", disabled: false },
    });
    expect((await patch({ name: "Bills" })).status).toBe(200);
    const told = (await subjectsTo(h, key.owner.email)).slice(-2);
    expect(told).toEqual([
      expect.stringContaining('"Billing"'),
      expect.stringContaining('"Invoices"'),
    ]);
    expect(told.map((subject) => subject.split(" ").at(-1))).toEqual(["disabled", "enabled"]);
    expect((await patch({})).status).toBe(400);
  });

  test("enabling takes as much authority as making keys; disabling does not", async () => {
    const app = await addApp(h);
    const id = await addServiceAccount(h, app, { role: "admin" });
    await h.call("POST", `/v1/apps/${app.appId}/roles`, {
      as: app.owner.headers,
      body: { name: "keeper", permissions: ["app:keys"] },
    });
    const { person } = await addGrant(h, { ...app, role: "keeper" });
    const patch = (disabled: boolean) =>
      h.call("PATCH", `/v1/service-accounts/${id}`, { as: person.headers, body: { disabled } });
    expect((await patch(true)).status).toBe(200);
    expect((await patch(false)).body.code).toBe("beyond-your-own");
  });
});

describe("DELETE /v1/service-accounts/:id", () => {
  test("is final: keys revoked, access gone, owners told, nothing comes back", async () => {
    const key = await addServiceKey(h);
    const url = `/v1/service-accounts/${key.serviceAccountId}`;
    expect((await h.call("DELETE", url, { as: key.owner.headers })).status).toBe(204);
    expect((await useKey(h, key)).status).toBe(401);
    for (const [method, path, body] of [
      ["GET", url],
      ["PATCH", url, { disabled: false }],
      ["DELETE", url],
      ["POST", `${url}/keys`, { name: "Again" }],
      ["GET", `/v1/keys/${key.keyId}`],
    ] as const) {
      const reply = await h.call(method, path, { as: key.owner.headers, ...(body && { body }) });
      expect([path, reply.status]).toEqual([path, 404]);
    }
    const row = await h.db
      .selectFrom("api_key")
      .select(["revoked_at", "revoke_reason"])
      .where("id", "=", key.keyId)
      .executeTakeFirst();
    expect(row).toMatchObject({ revoke_reason: "privilege_withdrawn" });
    expect(row?.revoked_at).not.toBeNull();
    const grants = h.db
      .selectFrom("access_grant")
      .select("id")
      .where("account_id", "=", key.serviceAccountId);
    expect(await grants.execute()).toEqual([]);
    const [entry] = (await entriesOf(h, "service-account.deleted")).filter(
      ({ outcome }) => outcome === "done",
    );
    expect(entry?.targets).toContainEqual({
      type: "key",
      id: key.keyId,
      accountId: key.serviceAccountId,
    });
    expect((await subjectsTo(h, key.owner.email)).at(-1)).toContain("was deleted");
    const list = await h.call("GET", `/v1/apps/${key.appId}/service-accounts`, {
      as: key.owner.headers,
    });
    expect(list.body.serviceAccounts).toEqual([]);
  });

  test("of two at once exactly one deletes", async () => {
    const app = await addApp(h);
    const id = await addServiceAccount(h, app);
    const remove = () => h.call("DELETE", `/v1/service-accounts/${id}`, { as: app.owner.headers });
    const statuses = (await Promise.all([remove(), remove()])).map(({ status }) => status);
    expect(statuses.toSorted((a, b) => a - b)).toEqual([204, 404]);
  });
});

test("lists an app's service accounts to whoever may keep keys, and to nobody else", async () => {
  const key = await addServiceKey(h);
  const { person } = await addGrant(h, { appId: key.appId, role: "reporter" });
  const url = `/v1/apps/${key.appId}/service-accounts`;
  expect((await h.call("GET", url, { as: person.headers })).body.code).toBe("forbidden");
  expect((await h.call("GET", url, { as: key.headers })).body.code).toBe("forbidden");
  const { body } = await h.call("GET", url, { as: key.owner.headers });
  expect(body.serviceAccounts).toMatchObject([
    { id: key.serviceAccountId, name: "Billing", role: "editor", liveKeys: 1, disabled: false },
  ]);
});
