import { afterAll, beforeAll, expect, test } from "vitest";
import { addApp, addGrant, sendInvitation } from "../../../test/builders/access.ts";
import { insertKey } from "../../../test/builders/gateways.ts";
import { addEnrolledPerson } from "../../../test/builders/identity.ts";
import { addOperator } from "../../../test/builders/operator.ts";
import { addPerson, addSession, type Person } from "../../../test/builders/people.ts";
import { startHarness, type Harness } from "../../../test/harness.ts";

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(async () => h.stop());

const DAY_MS = 86_400_000;
const inDays = (days: number) => new Date(h.clock.now().getTime() + days * DAY_MS);

const home = async ({ headers }: Pick<Person, "headers">) =>
  (await h.call("GET", "/v1/home", { as: headers })).body;

test("somebody new has done nothing, and nothing waits for them", async () => {
  expect(await home(await addPerson(h))).toEqual({
    steps: { hasAuthenticator: false, recoveryCodesLeft: 0, hasApp: false, hasInvited: false },
    factorReset: null,
    endingKeys: [],
    unusedKeys: [],
    expiredInvitations: [],
    unconfirmedRules: [],
    endingGrants: [],
    failedJobs: 0,
  });
});

test("each step is ticked by what was really done", async () => {
  const person = await addEnrolledPerson(h);
  expect((await home(person)).steps).toEqual({
    hasAuthenticator: true,
    recoveryCodesLeft: 16,
    hasApp: false,
    hasInvited: false,
  });
  const { appId } = await addApp(h, { owner: person });
  expect((await home(person)).steps).toMatchObject({ hasApp: true, hasInvited: false });
  const email = "guest@example.test";
  await sendInvitation(h, { as: person.headers, email, apps: [{ appId, role: "reporter" }] });
  expect((await home(person)).steps.hasInvited).toBe(true);
});

test("keys that end within two weeks, and keys that nobody used for a week", async () => {
  const app = await addApp(h);
  const ending = await insertKey(h, app, { expiresAt: inDays(13) });
  await insertKey(h, app, { expiresAt: inDays(15) });
  expect((await home(app.owner)).endingKeys).toMatchObject([
    { id: ending.keyId, name: "Production", serviceAccount: "Billing", app: { id: app.appId } },
  ]);
  expect((await home(app.owner)).unusedKeys).toEqual([]);
  const old = await insertKey(h, app);
  await h.db
    .updateTable("api_key")
    .set({ created_at: inDays(-8) })
    .where("id", "=", old.keyId)
    .execute();
  expect((await home(app.owner)).unusedKeys).toMatchObject([{ id: old.keyId }]);
  await h.db
    .updateTable("api_key")
    .set({ last_used_at: h.clock.now() })
    .where("id", "=", old.keyId)
    .execute();
  expect((await home(app.owner)).unusedKeys).toEqual([]);
});

test("access that ends within a week: to its holder and to whoever may share the app, to nobody else", async () => {
  const app = await addApp(h);
  const { person, grantId } = await addGrant(h, { ...app, role: "editor", expiresAt: inDays(6) });
  await addGrant(h, { ...app, role: "editor", expiresAt: inDays(8) });
  const editor = (await addGrant(h, { ...app, role: "editor" })).person;
  const seen = { id: grantId, app: { id: app.appId }, holder: { id: person.accountId } };
  expect((await home(app.owner)).endingGrants).toMatchObject([{ ...seen, isOwn: false }]);
  expect((await home(person)).endingGrants).toMatchObject([{ ...seen, isOwn: true }]);
  expect((await home(editor)).endingGrants).toEqual([]);
});

test("a guest without the right to keys and addresses hears of neither", async () => {
  const app = await addApp(h);
  await insertKey(h, app, { expiresAt: inDays(3) });
  const revertsAt = inDays(1);
  await h.db
    .insertInto("address_rules")
    .values({
      level: "app",
      owner_id: app.appId,
      mode: "off",
      entries: "[]",
      reverts_at: revertsAt,
      reverts_to: "{}",
    })
    .execute();
  const { person } = await addGrant(h, { ...app, role: "reporter" });
  expect(await home(person)).toMatchObject({ endingKeys: [], unconfirmedRules: [] });
  const owners = await home(app.owner);
  expect([owners.endingKeys.length, owners.unconfirmedRules]).toMatchObject([
    1,
    [{ app: { id: app.appId }, revertsAt: revertsAt.toISOString() }],
  ]);
});

test("invitations that ran out, to whoever sent them", async () => {
  const app = await addApp(h);
  const email = "late@example.test";
  const as = app.owner.headers;
  await sendInvitation(h, { as, email, apps: [{ appId: app.appId, role: "reporter" }] });
  await h.db
    .updateTable("invitation")
    .set({ ends_at: inDays(-1) })
    .where("email", "=", email)
    .execute();
  expect((await home(app.owner)).expiredInvitations).toMatchObject([{ email }]);
  expect((await home(await addPerson(h))).expiredInvitations).toEqual([]);
});

test("failed jobs are the operator's alone", async () => {
  const operator = await addOperator(h);
  expect((await home(operator)).failedJobs).toBe(0);
});

test("is for whole sessions; each look is an entry", async () => {
  expect((await h.call("GET", "/v1/home")).status).toBe(401);
  const person = await addPerson(h);
  const halfOpen = await addSession(h, person.accountId, { level: "needs-second-factor" });
  expect((await h.call("GET", "/v1/home", { as: halfOpen.headers })).status).toBe(403);
  await home(person);
  const entries = (await h.entries()).filter(({ action }) => action === "home.read");
  expect(entries.at(-1)).toMatchObject({ outcome: "done", actor: { accountId: person.accountId } });
});
