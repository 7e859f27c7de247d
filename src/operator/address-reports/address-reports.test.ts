import { afterAll, beforeAll, expect, test } from "vitest";
import { linkToken, newEmail } from "../../../test/builders/identity.ts";
import { addOperator } from "../../../test/builders/operator.ts";
import { addPerson, addSession } from "../../../test/builders/people.ts";
import { startHarness, type Harness } from "../../../test/harness.ts";

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(async () => h.stop());

/** Somebody took a change of their address back. */
async function reported() {
  const person = await addPerson(h);
  const path = "/v1/account/addresses";
  await h.call("PUT", `${path}/sign-in`, { as: person.headers, body: { email: newEmail() } });
  await h.call("POST", `${path}/undo`, { body: { token: await linkToken(h, person.email) } });
  const { id } = await h.db
    .selectFrom("account_report")
    .select("id")
    .where("account_id", "=", person.accountId)
    .executeTakeFirstOrThrow();
  return { person, id };
}

test("the operator sees who said “It was not me”, without the whole address, until one has dealt with it", async () => {
  const operator = await addOperator(h);
  const { person, id } = await reported();
  const list = async () =>
    (await h.call("GET", "/v1/operator/address-reports", { as: operator.headers })).body.reports;
  expect(await list()).toEqual([
    {
      id,
      account: {
        id: person.accountId,
        displayName: "Robin Example",
        emailHint: "p…@example.test",
      },
      reportedAt: expect.any(String),
      closedAt: null,
    },
  ]);
  const close = (as = operator.headers) =>
    h.call("POST", `/v1/operator/address-reports/${id}/close`, { as, body: {} });
  const tired = await addSession(h, operator.accountId, { isSteppedUp: false });
  expect((await close(tired.headers)).body.code).toBe("step-up-required");
  const replies = await Promise.all([close(), close(), close()]);
  expect(replies.map(({ status }) => status).toSorted()).toEqual([204, 404, 404]);
  expect(await list()).toMatchObject([{ id, closedAt: expect.any(String) }]);
  expect(
    (await h.entries()).find(({ action }) => action === "address-report.closed"),
  ).toMatchObject({ actor: { accountId: operator.accountId } });
});

test("to everybody else there are no reports", async () => {
  const [person, { id }] = [await addPerson(h), await reported()];
  const as = person.headers;
  expect((await h.call("GET", "/v1/operator/address-reports", { as })).status).toBe(404);
  const path = `/v1/operator/address-reports/${id}/close`;
  expect((await h.call("POST", path, { as, body: {} })).status).toBe(404);
});
