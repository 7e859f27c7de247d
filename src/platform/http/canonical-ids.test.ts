import { afterAll, beforeAll, expect, test } from "vitest";
import { addApp, addMember } from "../../../test/builders/access.ts";
import { addOperator, addOperatorKey } from "../../../test/builders/operator.ts";
import { addPerson } from "../../../test/builders/people.ts";
import { startHarness, type Harness } from "../../../test/harness.ts";

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(async () => h.stop());

// Attack: name oneself in a spelling that is not equal to one's own id, so that the last operator goes.
test("an operator can't disable their own account, however its id is spelt", async () => {
  const operator = await addOperator(h);
  const reply = await h.call(
    "POST",
    `/v1/operator/accounts/${operator.accountId.toUpperCase()}/disable`,
    { as: operator.headers, body: { reason: "test" } },
  );
  expect([reply.status, reply.body.code]).toEqual([403, "forbidden"]);
  expect((await h.call("GET", "/v1/account", { as: operator.headers })).status).toBe(200);
});

test("whoever leaves an organisation or ends this session may spell the id in capitals", async () => {
  const { organisationId } = await addApp(h);
  const officer = await addMember(h, { organisationId, role: "officer" });
  const membership = `/v1/organisations/${organisationId}/people/${officer.accountId}`;
  const left = await h.call(
    "DELETE",
    membership.replace(/[^/]+$/, (id) => id.toUpperCase()),
    {
      as: officer.headers,
    },
  );
  expect(left.status).toBe(204);
  const ended = await h.call("DELETE", `/v1/sessions/${officer.sessionId.toUpperCase()}`, {
    as: officer.headers,
    body: {},
  });
  expect(ended.status).toBe(204);
  expect(String(ended.headers["set-cookie"])).toContain("Max-Age=0");
});

test("an externalId is the product's own: capitals are another one", async () => {
  const key = await addOperatorKey(h, await addOperator(h), { scopes: ["provision"] });
  const owner = await addPerson(h, { externalId: "canonical-owner" });
  const put = (externalId: string) =>
    h.call("PUT", `/v1/provision/organisations/${externalId}`, {
      as: key.headers,
      body: { name: "Acme", owners: [{ email: owner.email }] },
    });
  const externalId = "6f9619ff-8b86-d011-b42d-00c04fc964ff";
  const made = [await put(externalId), await put(externalId.toUpperCase())];
  expect(made.map(({ status }) => status)).toEqual([201, 201]);
});
