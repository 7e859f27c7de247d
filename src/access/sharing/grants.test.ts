import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  addApp,
  addGrant,
  addMember,
  entriesOf,
  subjectsTo,
} from "../../../test/builders/access.ts";
import { addPerson, addSession } from "../../../test/builders/people.ts";
import { startHarness, type Harness, type Headers } from "../../../test/harness.ts";

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(() => h.stop());

const NOBODYS = "018f0000-0000-7000-8000-000000000000";
const inMs = (ms: number) => new Date(h.clock.now().getTime() + ms);
const list = (as: Headers, appId: string) => h.call("GET", `/v1/apps/${appId}/grants`, { as });
const patch = (as: Headers, path: string, body: unknown) =>
  h.call("PATCH", `/v1/apps/${path}`, { as, body });
const revoke = (as: Headers, path: string) => h.call("DELETE", `/v1/apps/${path}`, { as });

describe("GET …/grants", () => {
  test("shows all to whoever shares or audits, their own to the others, ended ones to nobody", async () => {
    const { appId, organisationId, owner } = await addApp(h);
    const officer = await addMember(h, { organisationId, role: "officer" });
    const editor = await addGrant(h, { appId, role: "editor" });
    const brief = await addGrant(h, { appId, role: "reporter", expiresAt: inMs(1000) });
    const ids = async (as: Headers) =>
      (await list(as, appId)).body.grants.map((grant: { id: string }) => grant.id);

    expect(await ids(owner.headers)).toEqual([editor.grantId, brief.grantId]);
    expect(await ids(officer.headers)).toEqual([editor.grantId, brief.grantId]);
    expect(await ids(editor.person.headers)).toEqual([editor.grantId]);
    h.clock.advance(1001);
    expect(await ids(owner.headers)).toEqual([editor.grantId]);
  });
});

describe("PATCH …/grants/:grantId", () => {
  test("changes role and end in place: at once, on record with before and after, told by mail", async () => {
    const { appId, owner } = await addApp(h, { name: "Shop" });
    const { person, grantId } = await addGrant(h, { appId, role: "reporter" });
    const end = inMs(3_600_000);
    const reply = await patch(owner.headers, `${appId}/grants/${grantId}`, {
      role: "editor",
      expiresAt: end.toISOString(),
    });
    expect(reply.status).toBe(200);
    expect(reply.body).toMatchObject({ id: grantId, role: "editor", expiresAt: end.toISOString() });
    const app = await h.call("GET", `/v1/apps/${appId}`, { as: person.headers });
    expect(app.body.permissions).toContain("app:write");
    expect(await subjectsTo(h, person.email)).toEqual(["Your access to Shop has changed"]);
    const entries = (await entriesOf(h, "grant.changed")).filter((entry) => entry.appId === appId);
    expect(entries).toMatchObject([
      {
        outcome: "done",
        targets: [{ id: grantId }, { accountId: person.accountId }],
        change: { before: { role: "reporter", expiresAt: null }, after: { role: "editor" } },
      },
    ]);
    const forever = await patch(owner.headers, `${appId}/grants/${grantId}`, { expiresAt: null });
    expect(forever.body).toMatchObject({ role: "editor", expiresAt: null });
  });

  test("an extension a moment before the end keeps the access (T32)", async () => {
    const { appId, owner } = await addApp(h);
    const { person, grantId } = await addGrant(h, {
      appId,
      role: "editor",
      expiresAt: inMs(60_000),
    });
    const body = { expiresAt: inMs(7_200_000).toISOString() };
    expect((await patch(owner.headers, `${appId}/grants/${grantId}`, body)).status).toBe(200);
    h.clock.advance(61_000);
    const reply = await h.call("GET", `/v1/apps/${appId}`, { as: person.headers });
    expect(reply.status).toBe(200);
  });

  test("an ended grant is not there to be changed or revoked", async () => {
    const { appId, owner } = await addApp(h);
    const { grantId } = await addGrant(h, { appId, role: "editor", expiresAt: inMs(1000) });
    h.clock.advance(1001);
    const path = `${appId}/grants/${grantId}`;
    expect((await patch(owner.headers, path, { expiresAt: null })).status).toBe(404);
    expect((await revoke(owner.headers, path)).status).toBe(404);
  });

  test("nobody touches what is beyond them, or their own (T25)", async () => {
    const { appId, owner } = await addApp(h);
    for (const [name, permission] of [
      ["sharer", "app:share"],
      ["undertaker", "app:delete"],
    ])
      await h.call("POST", `/v1/apps/${appId}/roles`, {
        as: owner.headers,
        body: { name, permissions: [permission] },
      });
    const admin = await addGrant(h, { appId, role: "admin", expiresAt: inMs(3_600_000) });
    const sharer = await addGrant(h, { appId, role: "sharer" });
    const undertaker = await addGrant(h, { appId, role: "undertaker" });
    const reporter = await addGrant(h, { appId, role: "reporter", expiresAt: inMs(60_000) });
    const as = admin.person.headers;
    const code = async (headers: Headers, grantId: string, body: unknown) =>
      (await patch(headers, `${appId}/grants/${grantId}`, body)).body.code;

    expect(await code(as, admin.grantId, { expiresAt: null })).toBe("forbidden");
    const { person: steward } = await addGrant(h, { appId, role: "admin" });
    expect(await code(steward.headers, undertaker.grantId, { role: "reporter" })).toBe(
      "beyond-your-own",
    );
    expect(await code(as, reporter.grantId, { role: "undertaker" })).toBe("beyond-your-own");
    expect(await code(as, reporter.grantId, { expiresAt: null })).toBe("beyond-your-own");
    expect(await code(sharer.person.headers, reporter.grantId, { role: "editor" })).toBe(
      "beyond-your-own",
    );
    expect(await code(reporter.person.headers, sharer.grantId, { role: "reporter" })).toBe(
      "forbidden",
    );
    expect((await revoke(as, `${appId}/grants/${undertaker.grantId}`)).body.code).toBe(
      "beyond-your-own",
    );
    expect(await code(as, reporter.grantId, { role: "admin" })).toBeUndefined();
  });

  test.each([
    {
      name: "an end that has passed",
      body: { expiresAt: "2020-01-01T00:00:00Z" },
      pointer: "/expiresAt",
    },
    { name: "an end that is none", body: { expiresAt: "tomorrow" }, pointer: "/expiresAt" },
    { name: "an unknown role", body: { role: "unheard-of" }, pointer: "/role" },
    { name: "a role for gateways", body: { role: "gateway" }, pointer: "/role" },
    { name: "the organisation's role", body: { role: "owner" }, pointer: "/role" },
    { name: "nothing", body: {}, pointer: "" },
    { name: "an account", body: { role: "editor", accountId: NOBODYS }, pointer: "/accountId" },
  ])("refuses with 400 and names the field: $name", async ({ body, pointer }) => {
    const { appId, owner } = await addApp(h);
    const { grantId } = await addGrant(h, { appId, role: "reporter" });
    const reply = await patch(owner.headers, `${appId}/grants/${grantId}`, body);
    expect([reply.status, reply.body.errors?.[0]?.pointer]).toEqual([400, pointer]);
  });

  test("another app's grant is not there, under one's own app or its own (T25)", async () => {
    const mine = await addApp(h);
    const theirs = await addApp(h);
    const { grantId } = await addGrant(h, { appId: theirs.appId, role: "editor" });
    const as = mine.owner.headers;
    for (const path of [
      `${mine.appId}/grants/${grantId}`,
      `${theirs.appId}/grants/${grantId}`,
      `${mine.appId}/grants/${NOBODYS}`,
    ]) {
      expect((await patch(as, path, { role: "reporter" })).status).toBe(404);
      expect((await revoke(as, path)).status).toBe(404);
    }
  });

  test("needs a step-up, a full session, and somebody signed in", async () => {
    const { appId, owner } = await addApp(h);
    const { grantId } = await addGrant(h, { appId, role: "editor" });
    const stale = await addSession(h, owner.accountId, { isSteppedUp: false });
    const half = await addSession(h, owner.accountId, { level: "needs-enrolment" });
    const path = `${appId}/grants/${grantId}`;
    for (const call of [
      (as: Headers) => patch(as, path, { role: "reporter" }),
      (as: Headers) => revoke(as, path),
    ]) {
      expect((await call(stale.headers)).body.code).toBe("step-up-required");
      expect((await call(half.headers)).body.code).toBe("enrolment-required");
      expect((await call({})).status).toBe(401);
    }
  });
});

describe("DELETE …/grants/:grantId", () => {
  test("ends the access at once, also in a second process; one of two at once wins", async () => {
    const beside = await startHarness({ beside: h });
    const { appId, owner } = await addApp(h, { name: "Shop" });
    const { person, grantId } = await addGrant(h, { appId, role: "admin" });
    const path = `${appId}/grants/${grantId}`;
    const read = () => beside.call("GET", `/v1/apps/${appId}`, { as: person.headers });
    expect((await read()).status).toBe(200);

    const replies = await Promise.all([revoke(owner.headers, path), revoke(owner.headers, path)]);
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([204, 404]));
    expect((await read()).status).toBe(404);
    expect(await subjectsTo(h, person.email)).toEqual(["Your access to Shop has ended"]);
    await beside.stop();
  });

  test("everybody may leave", async () => {
    const { appId } = await addApp(h);
    const { person, grantId } = await addGrant(h, { appId, role: "reporter" });
    expect((await revoke(person.headers, `${appId}/grants/${grantId}`)).status).toBe(204);
    expect((await list(person.headers, appId)).status).toBe(404);
  });
});

describe("by person", () => {
  test("shared by us gathers members, guests and invited; whether others have an account doesn't show", async () => {
    const { appId, owner, organisationId } = await addApp(h, { name: "Shop" });
    const guest = await addGrant(h, { appId, role: "editor" });
    const known = await addPerson(h);
    for (const email of [known.email, "unknown-one@example.test"])
      await h.call("POST", "/v1/invitations", {
        as: owner.headers,
        body: { email, apps: [{ appId, role: "reporter" }] },
      });
    const { body } = await h.call("GET", "/v1/shared-by-us", { as: owner.headers });
    const byEmail = new Map(body.people.map((person: { email: string }) => [person.email, person]));
    expect(byEmail.get(owner.email)).toMatchObject({
      memberships: [{ organisation: { id: organisationId }, role: "owner" }],
    });
    expect(byEmail.get(guest.person.email)).toMatchObject({
      account: { id: guest.person.accountId },
      grants: [{ id: guest.grantId, app: { name: "Shop" }, role: "editor" }],
    });
    for (const email of [known.email, "unknown-one@example.test"])
      expect(byEmail.get(email)).toMatchObject({
        account: null,
        grants: [],
        invitations: [{ status: "sent", apps: [{ app: { id: appId }, role: "reporter" }] }],
      });
    const outsider = await h.call("GET", "/v1/shared-by-us", { as: known.headers });
    expect(outsider.body.people).toMatchObject([{ email: known.email }]);
  });

  test("shared with me lists grants, not what I own", async () => {
    const own = await addApp(h);
    const other = await addApp(h);
    await addGrant(h, { appId: other.appId, role: "editor", person: own.owner });
    const { body } = await h.call("GET", "/v1/shared-with-me", { as: own.owner.headers });
    expect(body).toMatchObject({
      apps: [{ id: other.appId, role: "editor" }],
      organisations: [{ id: own.organisationId, role: "owner" }],
    });
  });
});
