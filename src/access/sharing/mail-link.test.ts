import { afterAll, beforeAll, expect, test } from "vitest";
import { addApp, subjectsTo, type OwnedApp } from "../../../test/builders/access.ts";
import { startHarness, type Harness } from "../../../test/harness.ts";

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(() => h.stop());

const VICTIM = "somebody@example.test";
const offer = ({ appId, owner }: OwnedApp, email = VICTIM) =>
  h.call("POST", `/v1/apps/${appId}/transfer`, { as: owner.headers, body: { email } });
const invite = ({ appId, owner }: OwnedApp, email = VICTIM) =>
  h.call("POST", "/v1/invitations", {
    as: owner.headers,
    body: { email, apps: [{ appId, role: "reporter" }] },
  });
const addOfficer = ({ organisationId, owner }: OwnedApp) =>
  h.call("POST", `/v1/organisations/${organisationId}/people`, {
    as: owner.headers,
    body: { email: VICTIM, role: "officer" },
  });

// Attack: a free account offers an app to somebody's address again and again, its name an advertisement.
test("no account floods a mailbox with links, by offers, invitations or both", async () => {
  const app = await addApp(h);
  const { body: waiting } = await invite(app);
  for (let n = 1; n < 100; n += 1) expect((await offer(app)).status).toBe(202);
  const resend = `/v1/invitations/${waiting.id}/resend`;
  for (const reply of [
    await offer(app),
    await invite(app, VICTIM.toUpperCase()),
    await addOfficer(app),
    await h.call("POST", resend, { as: app.owner.headers }),
  ])
    expect(reply).toMatchObject({ status: 429, headers: { "retry-after": "3600" } });
  expect(await subjectsTo(h, VICTIM)).toHaveLength(100);

  expect((await invite(app, "colleague@example.test")).status).toBe(201);
  expect((await invite(await addApp(h))).status).toBe(201);
});
