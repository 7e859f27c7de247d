import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  addEnrolledPerson,
  GOOD_PASSWORD,
  totpCode,
  wrongTotpCode,
} from "../../../test/builders/identity.ts";
import { addPerson, type Person } from "../../../test/builders/people.ts";
import { startHarness, type Harness } from "../../../test/harness.ts";

let h: Harness;
let person: Person;
beforeAll(async () => {
  h = await startHarness();
  person = await addPerson(h);
});
afterAll(async () => h.stop());

const create = (key: string, name: string, as = person) =>
  h.call("POST", "/v1/apps", { as: { ...as.headers, "idempotency-key": key }, body: { name } });
const appsNamed = async (name: string) =>
  (await h.db.selectFrom("app").select("id").where("name", "=", name).execute()).length;
const entriesOf = async (action: string) =>
  (await h.entries()).filter((entry) => entry.action === action).length;

test("a creation sent again is answered as the first time, and happens once", async () => {
  const first = await create("order-1", "Shop one");
  const again = await create("order-1", "Shop one");
  expect([first.status, again.status]).toEqual([201, 201]);
  expect(again.body).toEqual(first.body);
  expect(await appsNamed("Shop one")).toBe(1);
  expect([await entriesOf("app.created"), await entriesOf("request.replayed")]).toEqual([1, 1]);
});

// Attack: send it many times at once, so that none finds the other.
test("of many at once one happens; the others are told so or get its answer", async () => {
  const replies = await Promise.all(
    Array.from({ length: 20 }, () => create("order-2", "Shop two")),
  );
  expect(await appsNamed("Shop two")).toBe(1);
  for (const { status } of replies) expect([201, 409]).toContain(status);
  expect((await create("order-2", "Shop two")).status).toBe(201);
});

test("the key of one person says nothing to another, and one key is for one request", async () => {
  await create("order-3", "Shop three");
  expect((await create("order-3", "Shop four")).body).toMatchObject({
    status: 409,
    code: "idempotency-key-reused",
  });
  expect((await create("order-3", "Shop three", await addPerson(h))).status).toBe(201);
  expect(await appsNamed("Shop four")).toBe(0);
});

test("a refused creation leaves the key free", async () => {
  expect((await create("order-5", "")).status).toBe(400);
  expect((await create("order-5", "Shop five")).status).toBe(201);
});

test("a refusal that is kept, of a wrong code, leaves the key free", async () => {
  const ada = await addEnrolledPerson(h);
  const stepUp = (code: string) =>
    h.call("POST", "/v1/step-up", {
      as: { ...ada.headers, "idempotency-key": "order-8" },
      body: { code },
    });
  const wrong = wrongTotpCode(ada.secret, h.clock.now());
  const statuses = [await stepUp(wrong), await stepUp(wrong)].map(({ status }) => status);
  expect(statuses).toEqual([401, 401]);
  expect((await stepUp(totpCode(ada.secret, h.clock.now()))).status).toBe(204);
});

// Attack: read the table, and try passwords against what the request was remembered by.
test("what a request is remembered by can't be worked out without the installation's key", async () => {
  const ada = await addEnrolledPerson(h, { password: GOOD_PASSWORD });
  const body = { email: ada.email, password: GOOD_PASSWORD };
  const as = { ...ada.headers, "idempotency-key": "order-9" };
  expect((await h.call("POST", "/v1/sign-in", { as, body })).status).toBe(200);
  const { request_hash: stored } = await h.db
    .selectFrom("idempotent_reply")
    .select("request_hash")
    .where("key", "=", "order-9")
    .executeTakeFirstOrThrow();
  const guess = `/v1/sign-in\n${JSON.stringify(body)}`;
  for (const text of [guess, `idempotency\0${guess}`])
    expect(createHash("sha256").update(text).digest().equals(stored)).toBe(false);
});

test("a secret is not shown a second time", async () => {
  const { body: app } = await create("order-6", "Shop six");
  const as = { ...person.headers, "idempotency-key": "order-7" };
  const { body: account } = await h.call("POST", `/v1/apps/${app.id}/service-accounts`, {
    as: person.headers,
    body: { name: "Billing", role: "editor" },
  });
  const make = () =>
    h.call("POST", `/v1/service-accounts/${account.id}/keys`, { as, body: { name: "production" } });
  const first = await make();
  const again = await make();
  expect(first.status).toBe(201);
  expect(again).toMatchObject({ status: 409, body: { code: "conflict" } });
  expect(again.text).not.toContain(first.body.key);
  const { body } = await h.db
    .selectFrom("idempotent_reply")
    .select("body")
    .where("key", "=", "order-7")
    .executeTakeFirstOrThrow();
  expect(body).toEqual({ shownOnce: true });
});

test("an unreadable key is a 400 that names the header", async () => {
  expect((await create("é", "Shop")).body).toMatchObject({
    code: "invalid-request",
    errors: [{ in: "headers", pointer: "/idempotency-key" }],
  });
});
