import { afterAll, beforeAll, expect, test } from "vitest";
import { addApp, addGrant, addMember } from "../../../test/builders/access.ts";
import { addPerson, type Person } from "../../../test/builders/people.ts";
import { startHarness, type Harness } from "../../../test/harness.ts";
import { systemContext, type Principal } from "../../context.ts";

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(() => h.stop());

const sessionOf = ({ accountId, sessionId }: Person): Principal => ({
  kind: "session",
  accountId,
  sessionId,
  level: "full",
  steppedUpAt: null,
  isOperator: true,
});
const scopeOf = (principal: Principal) =>
  h.services.ports.entryScope({ ...systemContext(h.services, "test"), principal });

test("an account reads its own, and apps that it may audit: as owner, officer, or by role", async () => {
  const owned = await addApp(h);
  const watched = await addApp(h);
  const audited = await addApp(h);
  const edited = await addApp(h);
  const ended = await addApp(h);
  const { owner: person } = owned;
  await addMember(h, { organisationId: watched.organisationId, role: "officer", person });
  await addGrant(h, { appId: audited.appId, role: "admin", person });
  await addGrant(h, { appId: edited.appId, role: "sender", person });
  await addGrant(h, { appId: ended.appId, role: "admin", person, expiresAt: h.clock.now() });

  const { accountId, appIds } = await scopeOf(sessionOf(person));
  expect(accountId).toBe(person.accountId);
  expect(new Set(appIds)).toEqual(new Set([owned.appId, watched.appId, audited.appId]));
});

test("owners may read on about an app that they deleted; its guests may not", async () => {
  const { appId, owner } = await addApp(h);
  const { person: admin } = await addGrant(h, { appId, role: "admin" });
  await h.call("DELETE", `/v1/apps/${appId}`, { as: owner.headers });
  expect((await scopeOf(sessionOf(owner))).appIds).toEqual([appId]);
  expect((await scopeOf(sessionOf(admin))).appIds).toEqual([]);
});

test("nobody's credential reads nobody's entries, an operator's session no app", async () => {
  const operator = await addPerson(h, { isOperator: true });
  expect((await scopeOf(sessionOf(operator))).appIds).toEqual([]);
  expect(await scopeOf({ kind: "stranger" })).toEqual({ accountId: null, appIds: [] });
  expect(await scopeOf({ kind: "operator-key", keyId: "abc", scopes: ["report"] })).toEqual({
    accountId: null,
    appIds: [],
  });
});

test("an API key reads its app by its grant, and changes nothing", async () => {
  const { appId, owner } = await addApp(h);
  const other = await addApp(h);
  const account = await h.call("POST", `/v1/apps/${appId}/service-accounts`, {
    as: owner.headers,
    body: { name: "Robot", role: "admin" },
  });
  const key = await h.call("POST", `/v1/service-accounts/${account.body.id}/keys`, {
    as: owner.headers,
    body: { name: "robot" },
  });
  const as = { authorization: `Bearer ${key.body.key}` };
  const apps = await h.call("GET", "/v1/apps", { as });
  expect(apps.body).toMatchObject({ owned: [], shared: [{ id: appId, role: "admin" }] });
  const grants = await h.call("GET", `/v1/apps/${appId}/grants`, { as });
  expect(grants.body.grants).toMatchObject([
    { account: { id: account.body.id, kind: "service", email: null } },
  ]);
  expect((await h.call("GET", `/v1/apps/${other.appId}`, { as })).status).toBe(404);
  const body = { email: "x@example.test", apps: [{ appId, role: "reporter" }] };
  expect((await h.call("POST", "/v1/invitations", { as, body })).body.code).toBe("forbidden");
  const renamed = await h.call("PATCH", `/v1/apps/${appId}`, { as, body: { name: "Mine" } });
  expect(renamed.body.code).toBe("forbidden");
});
