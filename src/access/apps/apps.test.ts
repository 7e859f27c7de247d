import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  addApp,
  addGrant,
  addMember,
  entriesOf,
  subjectsTo,
} from "../../../test/builders/access.ts";
import { addPerson, addSession } from "../../../test/builders/people.ts";
import { startHarness, type Harness } from "../../../test/harness.ts";

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(() => h.stop());

const NOBODYS = "018f0000-0000-7000-8000-000000000000";

describe("POST /v1/apps", () => {
  test("makes an app in the only organisation owned, with one entry", async () => {
    const owner = await addPerson(h, { displayName: "Robin" });
    const reply = await h.call("POST", "/v1/apps", { as: owner.headers, body: { name: " Shop " } });

    expect(reply.status).toBe(201);
    expect(reply.body).toMatchObject({
      name: "Shop",
      role: "owner",
      organisation: { name: "Robin's organisation" },
    });
    const entries = await entriesOf(h, "app.created");
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({
      outcome: "done",
      appId: reply.body.id,
      actor: { accountId: owner.accountId },
      change: { after: { name: "Shop" } },
    });
  });

  test("asks which organisation when there are two, and takes the one named", async () => {
    const owner = await addPerson(h);
    const other = await addApp(h);
    await addMember(h, { organisationId: other.organisationId, role: "owner", person: owner });

    const unclear = await h.call("POST", "/v1/apps", { as: owner.headers, body: { name: "Shop" } });
    expect([unclear.status, unclear.body.errors]).toMatchObject([
      400,
      [{ pointer: "/organisationId" }],
    ]);

    const { status, body } = await h.call("POST", "/v1/apps", {
      as: owner.headers,
      body: { name: "Shop", organisationId: other.organisationId },
    });
    expect([status, body.organisation.id]).toEqual([201, other.organisationId]);
  });

  test("another's organisation answers like one that does not exist; an officer is told", async () => {
    const stranger = await addPerson(h);
    const { organisationId } = await addApp(h);
    const officer = await addMember(h, { organisationId, role: "officer" });
    const post = (as: Record<string, string>, id: string) =>
      h.call("POST", "/v1/apps", { as, body: { name: "Shop", organisationId: id } });

    const theirs = await post(stranger.headers, organisationId);
    const nobodys = await post(stranger.headers, NOBODYS);
    expect({ ...theirs.body, requestId: "" }).toEqual({ ...nobodys.body, requestId: "" });
    expect(theirs.status).toBe(404);
    expect((await post(officer.headers, organisationId)).body.code).toBe("forbidden");
  });

  test.each([
    { name: "no name", body: {}, pointer: "/name" },
    { name: "blank", body: { name: "  " }, pointer: "/name" },
    { name: "a line break", body: { name: "Shop\nBcc: x" }, pointer: "/name" },
    { name: "NUL", body: { name: "Sh\u0000op" }, pointer: "/name" },
    { name: "too long", body: { name: "x".repeat(121) }, pointer: "/name" },
    {
      name: "an owner in the body",
      body: { name: "a", accountId: NOBODYS },
      pointer: "/accountId",
    },
  ])("refuses with 400 and names the field: $name", async ({ body, pointer }) => {
    const { headers } = await addPerson(h);
    const reply = await h.call("POST", "/v1/apps", { as: headers, body });
    expect([reply.status, reply.body.errors]).toMatchObject([400, [{ pointer }]]);
  });

  test("refuses strangers and half-open sessions", async () => {
    const half = await addPerson(h, { level: "needs-second-factor" });
    const call = (as = {}) => h.call("POST", "/v1/apps", { as, body: { name: "Shop" } });
    expect((await call()).status).toBe(401);
    expect((await call(half.headers)).body.code).toBe("second-factor-required");
  });
});

describe("reading apps", () => {
  test("owned and shared are apart, and an ended grant shares nothing (T32)", async () => {
    const person = await addPerson(h);
    const own = await addApp(h, { owner: person });
    const other = await addApp(h);
    const expiresAt = new Date(h.clock.now().getTime() + 60_000);
    await addGrant(h, { appId: other.appId, role: "editor", person, expiresAt });

    const list = async () => (await h.call("GET", "/v1/apps", { as: person.headers })).body;
    expect(await list()).toMatchObject({
      owned: [{ id: own.appId, role: "owner", expiresAt: null }],
      shared: [{ id: other.appId, role: "editor", expiresAt: expiresAt.toISOString() }],
    });
    expect(
      (await h.call("GET", `/v1/apps/${other.appId}`, { as: person.headers })).body.permissions,
    ).toEqual(["app:read", "app:write"]);

    h.clock.advance(60_001);
    expect((await list()).shared).toEqual([]);
    const reply = await h.call("GET", `/v1/apps/${other.appId}`, { as: person.headers });
    expect(reply.status).toBe(404);
  });

  test("another's app answers like one that does not exist, on every route (T25)", async () => {
    const stranger = await addPerson(h);
    const { appId } = await addApp(h);
    const routes = [
      ["GET", "", undefined],
      ["PATCH", "", { name: "Mine" }],
      ["DELETE", "", undefined],
      ["POST", "/transfer", { email: "x@example.test" }],
      ["DELETE", "/transfer", undefined],
      ["GET", "/roles", undefined],
      ["POST", "/roles", { name: "clerk", permissions: ["app:read"] }],
    ] as const;
    for (const [method, path, body] of routes) {
      const call = (id: string) =>
        h.call(method, `/v1/apps/${id}${path}`, { as: stranger.headers, body });
      const theirs = await call(appId);
      const nobodys = await call(NOBODYS);
      expect([method, path, theirs.status]).toEqual([method, path, 404]);
      expect({ ...theirs.body, requestId: "" }).toEqual({ ...nobodys.body, requestId: "" });
    }
  });

  test("an outsider's try at an app is in the app's record", async () => {
    const stranger = await addPerson(h);
    const { appId } = await addApp(h);
    await h.call("GET", `/v1/apps/${appId}`, { as: stranger.headers });
    const refused = (await entriesOf(h, "app.read")).filter((entry) => entry.appId === appId);
    expect(refused).toMatchObject([
      { outcome: "refused", reason: "not-found", actor: { accountId: stranger.accountId } },
    ]);
  });

  test("a gateway holds no app:read", async () => {
    const { appId } = await addApp(h);
    const { person } = await addGrant(h, { appId, role: "gateway" });
    const reply = await h.call("GET", `/v1/apps/${appId}`, { as: person.headers });
    expect(reply.body.code).toBe("forbidden");
  });
});

describe("renaming and deleting", () => {
  test("an editor renames, a reporter may not, and before and after are on record", async () => {
    const { appId } = await addApp(h, { name: "Old" });
    const { person: editor } = await addGrant(h, { appId, role: "editor" });
    const { person: reporter } = await addGrant(h, { appId, role: "reporter" });
    const rename = (as: Record<string, string>) =>
      h.call("PATCH", `/v1/apps/${appId}`, { as, body: { name: "New" } });

    expect((await rename(reporter.headers)).body.code).toBe("forbidden");
    expect((await rename(editor.headers)).body.name).toBe("New");
    const entries = (await entriesOf(h, "app.renamed")).filter((entry) => entry.appId === appId);
    expect(entries).toMatchObject([
      { outcome: "refused", reason: "forbidden" },
      { outcome: "done", change: { before: { name: "Old" }, after: { name: "New" } } },
    ]);
  });

  test("deleting needs the owner and a step-up, ends all access at once and tells the guests", async () => {
    const { appId, owner } = await addApp(h, { name: "Gone" });
    const { person: admin } = await addGrant(h, { appId, role: "admin" });
    const stale = await addSession(h, owner.accountId, { isSteppedUp: false });
    const remove = (as: Record<string, string>) => h.call("DELETE", `/v1/apps/${appId}`, { as });

    expect((await remove(stale.headers)).body.code).toBe("step-up-required");
    expect((await remove(admin.headers)).body.code).toBe("forbidden");
    const replies = await Promise.all([remove(owner.headers), remove(owner.headers)]);
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([204, 404]));

    const reply = await h.call("GET", `/v1/apps/${appId}`, { as: admin.headers });
    expect(reply.status).toBe(404);
    expect(await subjectsTo(h, admin.email)).toEqual(["Gone was deleted"]);
  });
});
