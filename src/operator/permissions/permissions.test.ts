import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import {
  insertApp,
  insertKey,
  type TestApp,
  type TestKey,
} from "../../../test/builders/gateways.ts";
import { addOperator } from "../../../test/builders/operator.ts";
import { addPerson, type Person } from "../../../test/builders/people.ts";
import { startHarness, type Harness } from "../../../test/harness.ts";

let h: Harness;
let operator: Person;
beforeAll(async () => {
  h = await startHarness();
});
beforeEach(async () => {
  operator = await addOperator(h);
  await put([]);
});
afterAll(async () => h.stop());

const put = (permissions: { key: string; description: string }[], as = operator) =>
  h.call("PUT", "/v1/permissions", { as: as.headers, body: { permissions } });

const read = { key: "orders:read", description: "See orders" };
const write = { key: "orders:write", description: "Change orders" };

test("replaces the whole list, which every signed-in person reads; the entry says what changed", async () => {
  expect((await put([write, read])).body.permissions).toEqual([read, write]);
  expect((await put([{ ...read, description: "Look at orders" }])).status).toBe(200);

  const person = await addPerson(h);
  const { status, body } = await h.call("GET", "/v1/permissions", { as: person.headers });

  expect([status, body.permissions]).toEqual([200, [{ ...read, description: "Look at orders" }]]);
  expect(body.own.map((own: { key: string }) => own.key)).toContain("app:share");
  const entry = (await h.entries()).findLast(({ action }) => action === "permission.replaced");
  expect(entry?.change).toEqual({
    before: { "orders:read": "See orders", "orders:write": "Change orders" },
    after: { "orders:read": "Look at orders" },
  });
});

test("refuses Sallyport's own areas, doubles and bad keys, each at its place, and changes nothing", async () => {
  await put([read]);
  const own = await put([read, { key: "app:fly", description: "" }, write, write]);
  expect([own.status, own.body.errors]).toMatchObject([
    400,
    [{ pointer: "/permissions/1/key" }, { pointer: "/permissions/3/key" }],
  ]);
  expect((await put([{ key: "decision:ask", description: "" }])).status).toBe(400);
  for (const key of ["Orders:read", "orders", "orders:", "orders:read ", "o:r:x", "x".repeat(90)]) {
    const { status, body } = await put([{ key, description: "" }]);
    expect([status, body.errors[0].pointer]).toEqual([400, "/permissions/0/key"]);
  }
  const many = Array.from({ length: 501 }, (_, index) => ({ key: `a:b${index}`, description: "" }));
  expect((await put(many)).status).toBe(400);
  const { body } = await h.call("GET", "/v1/permissions", { as: operator.headers });
  expect(body.permissions).toEqual([read]);
});

test("five hundred permissions with long descriptions fit", async () => {
  const many = Array.from({ length: 500 }, (_, index) => ({
    key: `area-${index}:verb`,
    description: "é".repeat(400),
  }));
  expect((await put(many)).body.permissions.length).toBe(500);
});

const decide = (gateway: TestKey, key: TestKey, { appId }: TestApp) =>
  h
    .call("POST", "/v1/decisions", {
      as: gateway.headers,
      body: { credential: key.text, action: "orders:read", appId, address: "192.0.2.1" },
    })
    .then(({ body }) => body.reason);

test("what leaves the catalogue is nobody's from the next decision on, and theirs again once it is back", async () => {
  const app = await insertApp(h);
  const gateway = await insertKey(h, app, { role: "gateway" });
  const reporter = await insertKey(h, app, { role: "reporter" });
  await h.db
    .insertInto("role")
    .values({ app_id: app.appId, name: "clerk", permissions: ["orders:read"] })
    .execute();
  const clerk = await insertKey(h, app, { role: "clerk" });
  const both = async () => [
    await decide(gateway, reporter, app),
    await decide(gateway, clerk, app),
  ];

  expect(await both()).toEqual(["permission-missing", "permission-missing"]);
  await put([read]);
  expect(await both()).toEqual(["allowed", "allowed"]);
  await put([]);
  expect(await both()).toEqual(["permission-missing", "permission-missing"]);
  await put([read]);
  expect(await both()).toEqual(["allowed", "allowed"]);
});

test("of two lists put at once one stands whole", async () => {
  const other = await addOperator(h);
  await Promise.all([put([read]), put([write], other)]);
  const { body } = await h.call("GET", "/v1/permissions", { as: operator.headers });
  expect([[read], [write]]).toContainEqual(body.permissions);
});

test("a list that somebody else replaced meanwhile is not written over unseen", async () => {
  const seen = await h.call("GET", "/v1/permissions", { as: operator.headers });
  const other = await addOperator(h);
  expect((await put([write], other)).status).toBe(200);
  const replace = (version: string) =>
    h.call("PUT", "/v1/permissions", {
      as: operator.headers,
      body: { permissions: [read], version },
    });
  const late = await replace(seen.body.version);
  expect([late.status, late.body.detailCode]).toEqual([409, "catalogue-changed-meanwhile"]);
  const now = await h.call("GET", "/v1/permissions", { as: operator.headers });
  expect(now.body.permissions).toEqual([write]);
  expect((await replace(now.body.version)).body.permissions).toEqual([read]);
});
