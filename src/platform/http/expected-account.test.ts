import { afterAll, beforeAll, expect, test } from "vitest";
import { addPerson } from "../../../test/builders/people.ts";
import { startHarness, type Harness } from "../../../test/harness.ts";

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(async () => h.stop());

test("a call that one person began is not carried out for whoever's cookie it bears by then", async () => {
  const [first, second] = [await addPerson(h), await addPerson(h, { displayName: "Second" })];
  const as = { ...second.headers, "sallyport-account": first.accountId };
  const body = { displayName: "What the first one typed" };
  const refused = await h.call("PATCH", "/v1/account", { as, body });
  expect([refused.status, refused.body.code]).toEqual([409, "another-account"]);
  const { body: account } = await h.call("GET", "/v1/account", { as: second.headers });
  expect(account.displayName).toBe("Second");
  const entries = (await h.entries()).filter(({ action }) => action === "account.renamed");
  expect(entries.map(({ outcome, reason }) => [outcome, reason])).toEqual([
    ["refused", "another-account"],
  ]);
});

test("it is refused at every level of a sign-in, and before anything else is said of it", async () => {
  const first = await addPerson(h);
  for (const level of ["needs-enrolment", "needs-second-factor", "full"] as const) {
    const { headers } = await addPerson(h, { level });
    const as = { ...headers, "sallyport-account": first.accountId };
    for (const path of ["/v1/sessions/current", "/v1/account", "/v1/apps"])
      expect((await h.call("GET", path, { as })).body.code).toBe("another-account");
  }
});

test("the account itself goes on, and without a session it is still 401", async () => {
  const { accountId, headers } = await addPerson(h);
  const as = { ...headers, "sallyport-account": accountId };
  expect((await h.call("GET", "/v1/account", { as })).status).toBe(200);
  const nobody = { "sallyport-account": accountId };
  expect((await h.call("GET", "/v1/account", { as: nobody })).body.code).toBe("not-signed-in");
  // The header alone gives nothing, also where strangers are let in.
  const reply = await h.call("POST", "/v1/invitations/preview", { as: nobody, body: {} });
  expect(reply.body.code).toBe("not-signed-in");
});
