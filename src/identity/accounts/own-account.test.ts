import { afterAll, beforeAll, expect, test } from "vitest";
import { addPerson } from "../../../test/builders/people.ts";
import { systemContext } from "../../context.ts";
import { startHarness, type Harness } from "../../../test/harness.ts";
import { readOwnAccount } from "./own-account.ts";

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(async () => h.stop());

test("GET /v1/account answers who the session is, and nothing more", async () => {
  const person = await addPerson(h, { displayName: "Ada Example", isOperator: true });
  const reply = await h.call("GET", "/v1/account", { as: person.headers });
  expect([reply.status, reply.body]).toEqual([
    200,
    {
      id: person.accountId,
      kind: "person",
      email: person.email,
      displayName: "Ada Example",
      isOperator: true,
      language: "en",
      timeZone: null,
      createdAt: expect.any(String),
    },
  ]);
});

test("for an API key it is the service account, with its app", async () => {
  const accountId = "01980000-0000-7000-8000-0000000000aa";
  const appId = "01980000-0000-7000-8000-0000000000ab";
  await h.db
    .insertInto("account")
    .values({ id: accountId, kind: "service", display_name: "Billing" })
    .execute();
  const principal = {
    kind: "api-key",
    accountId,
    keyId: "000000000000",
    appId,
    organisationId: appId,
  } as const;
  expect(await readOwnAccount({ ...systemContext(h.services, "test"), principal })).toEqual({
    id: accountId,
    kind: "service",
    displayName: "Billing",
    app: { id: appId },
  });
});

test("PATCH /v1/account changes one's own name alone, with before and after on record", async () => {
  const [person, other] = [await addPerson(h, { displayName: "Ada" }), await addPerson(h)];
  const rename = (body: object) => h.call("PATCH", "/v1/account", { body, as: person.headers });
  const reply = await rename({ displayName: " Ada Example " });
  expect([reply.status, reply.body.displayName]).toEqual([200, "Ada Example"]);
  expect((await h.entries()).at(-1)).toMatchObject({
    action: "account.renamed",
    actor: { accountId: person.accountId },
    change: { before: { displayName: "Ada" }, after: { displayName: "Ada Example" } },
  });
  const untouched = await h.call("GET", "/v1/account", { as: other.headers });
  expect(untouched.body.displayName).toBe("Robin Example");
});

// T4 T19: no field of the account but the name can be reached here.
test.each([
  [{ id: "01980000-0000-7000-8000-000000000000", displayName: "x" }, "/id"],
  [{ isOperator: true, displayName: "x" }, "/isOperator"],
  [{ email: "x@example.test", displayName: "x" }, "/email"],
  [{ displayName: "" }, "/displayName"],
  [{ displayName: "x".repeat(121) }, "/displayName"],
  [{}, ""],
])("T4 PATCH /v1/account answers 400 to %j", async (body, pointer) => {
  const { headers } = await addPerson(h);
  const reply = await h.call("PATCH", "/v1/account", { body, as: headers });
  expect(reply.status).toBe(400);
  expect(reply.body.errors[0].pointer).toBe(pointer);
});
