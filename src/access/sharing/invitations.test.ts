import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  addApp,
  addGrant,
  entriesOf,
  lastToken,
  sendInvitation,
  subjectsTo,
} from "../../../test/builders/access.ts";
import { addPerson, addSession } from "../../../test/builders/people.ts";
import { startHarness, type Harness, type Headers } from "../../../test/harness.ts";

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(() => h.stop());

const HOUR_MS = 3_600_000;
const NOBODYS = "018f0000-0000-7000-8000-000000000000";
const later = (ms: number) => new Date(h.clock.now().getTime() + ms).toISOString();
const invite = (as: Headers, body: unknown) => h.call("POST", "/v1/invitations", { as, body });
const accept = (as: Headers, body: unknown) =>
  h.call("POST", "/v1/invitations/accept", { as, body });
const grantsOf = async (as: Headers, appId: string) =>
  (await h.call("GET", `/v1/apps/${appId}/grants`, { as })).body.grants;

describe("POST /v1/invitations", () => {
  test("invites to several apps in one mail, and gives nothing yet", async () => {
    const shop = await addApp(h, { name: "Shop" });
    const blog = await addApp(h, { name: "Blog", owner: shop.owner });
    const guest = await addPerson(h);
    const reply = await invite(shop.owner.headers, {
      email: guest.email,
      apps: [
        { appId: shop.appId, role: "editor", expiresAt: later(HOUR_MS) },
        { appId: blog.appId, role: "reporter" },
      ],
    });

    expect([reply.status, Object.keys(reply.body)]).toEqual([201, ["id"]]);
    expect(await subjectsTo(h, guest.email)).toEqual(["Your invitation to 2 apps"]);
    expect(await grantsOf(shop.owner.headers, shop.appId)).toEqual([]);
    const entries = (await entriesOf(h, "invitation.sent")).filter(
      (entry) => entry.appId === shop.appId,
    );
    expect(entries).toMatchObject([
      {
        outcome: "done",
        actor: { accountId: shop.owner.accountId },
        organisationId: shop.organisationId,
      },
    ]);
    expect(JSON.stringify(await h.entries())).not.toContain(await lastToken(h, guest.email));
  });

  test("answers the same whether the address has an account or not", async () => {
    const { appId, owner } = await addApp(h);
    const { email } = await addPerson(h);
    const apps = [{ appId, role: "reporter" }];
    const known = await invite(owner.headers, { email, apps });
    const unknown = await invite(owner.headers, { email: "nobody-yet@example.test", apps });
    expect([known.status, Object.keys(known.body)]).toEqual([
      unknown.status,
      Object.keys(unknown.body),
    ]);
  });

  test("nobody gives more than they hold: role, length, or to themselves (T25)", async () => {
    const { appId, owner } = await addApp(h);
    const { person: admin } = await addGrant(h, {
      appId,
      role: "admin",
      expiresAt: new Date(h.clock.now().getTime() + HOUR_MS),
    });
    await h.call("POST", `/v1/apps/${appId}/roles`, {
      as: owner.headers,
      body: { name: "undertaker", permissions: ["app:delete"] },
    });
    await h.call("POST", `/v1/apps/${appId}/roles`, {
      as: owner.headers,
      body: { name: "sharer", permissions: ["app:share"] },
    });
    const { person: sharer } = await addGrant(h, { appId, role: "sharer" });
    const email = "guest-beyond@example.test";
    const call = async (as: Headers, app: object, to = email) => {
      const { status, body } = await invite(as, { email: to, apps: [{ appId, ...app }] });
      return status === 201 ? 201 : body.code;
    };

    expect(await call(admin.headers, { role: "undertaker", expiresAt: later(1000) })).toBe(
      "beyond-your-own",
    );
    expect(await call(sharer.headers, { role: "editor" })).toBe("beyond-your-own");
    expect(await call(admin.headers, { role: "editor" })).toBe("beyond-your-own");
    expect(await call(admin.headers, { role: "editor", expiresAt: later(2 * HOUR_MS) })).toBe(
      "beyond-your-own",
    );
    expect(await call(admin.headers, { role: "editor", expiresAt: later(HOUR_MS / 2) })).toBe(201);
    expect(await call(admin.headers, { role: "editor" }, admin.email)).toBe("invalid-request");
  });

  test("an app that the caller can't see is not there; one they can't share is forbidden", async () => {
    const { appId } = await addApp(h);
    const mine = await addApp(h);
    const { person: reporter } = await addGrant(h, { appId, role: "reporter" });
    const call = (as: Headers, id: string) =>
      invite(as, {
        email: "x@example.test",
        apps: [
          { appId: mine.appId, role: "editor" },
          { appId: id, role: "reporter" },
        ],
      });
    const theirs = await call(mine.owner.headers, appId);
    const nobodys = await call(mine.owner.headers, NOBODYS);
    expect(theirs.status).toBe(404);
    expect({ ...theirs.body, requestId: "" }).toEqual({ ...nobodys.body, requestId: "" });
    const { body } = await invite(reporter.headers, {
      email: "x@example.test",
      apps: [{ appId, role: "reporter" }],
    });
    expect(body.code).toBe("forbidden");
  });

  test("lists every field at fault", async () => {
    const { appId, owner } = await addApp(h);
    const other = await addApp(h);
    const pointers = async (body: object) => {
      const reply = await invite(owner.headers, { email: "x@example.test", ...body });
      expect(reply.status).toBe(400);
      return reply.body.errors.map((error: { pointer: string }) => error.pointer);
    };
    expect(await pointers({ email: "nonsense", apps: [{ appId, role: "editor" }] })).toEqual([
      "/email",
    ]);
    expect(
      await pointers({
        apps: [
          { appId, role: "editor", expiresAt: later(-1000) },
          { appId, role: "editor", expiresAt: "2027-06-30T23:59:60Z" },
        ],
      }),
    ).toEqual(["/apps/0/expiresAt", "/apps/1/appId", "/apps/1/expiresAt"]);
    for (const role of ["unheard-of", "owner", "gateway", "constructor"])
      expect(await pointers({ apps: [{ appId, role }] })).toEqual(["/apps/0/role"]);
    const { body } = await invite(other.owner.headers, { email: "x@example.test", apps: [] });
    expect(body.errors).toMatchObject([{ pointer: "/apps" }]);
  });

  test("customers of one agency don't share an invitation", async () => {
    const first = await addApp(h);
    const second = await addApp(h);
    const agency = await addPerson(h);
    await addGrant(h, { appId: first.appId, role: "admin", person: agency });
    await addGrant(h, { appId: second.appId, role: "admin", person: agency });
    const reply = await invite(agency.headers, {
      email: "x@example.test",
      apps: [
        { appId: first.appId, role: "editor" },
        { appId: second.appId, role: "editor" },
      ],
    });
    expect([reply.status, reply.body.errors]).toMatchObject([400, [{ pointer: "/apps/1/appId" }]]);
  });

  test("needs a step-up, a full session, and somebody signed in", async () => {
    const { appId, owner } = await addApp(h);
    const stale = await addSession(h, owner.accountId, { isSteppedUp: false });
    const half = await addSession(h, owner.accountId, { level: "needs-second-factor" });
    const body = { email: "x@example.test", apps: [{ appId, role: "editor" }] };
    expect((await invite(stale.headers, body)).body.code).toBe("step-up-required");
    expect((await invite(half.headers, body)).body.code).toBe("second-factor-required");
    expect((await invite({}, body)).status).toBe(401);
  });

  test("somebody who has access already is changed, not invited", async () => {
    const { appId, owner } = await addApp(h);
    const { person } = await addGrant(h, { appId, role: "reporter" });
    const body = { email: person.email.toUpperCase(), apps: [{ appId, role: "editor" }] };
    expect((await invite(owner.headers, body)).body.code).toBe("already-shared");
  });
});

describe("listing, sending again, cancelling", () => {
  test("a new link kills the old one, and the time runs from now", async () => {
    const { appId, owner } = await addApp(h);
    const guest = await addPerson(h);
    const { id, token } = await sendInvitation(h, {
      as: owner.headers,
      email: guest.email,
      apps: [{ appId, role: "editor" }],
    });
    h.clock.advance(6 * 24 * HOUR_MS);
    const session = await addSession(h, owner.accountId);
    const reply = await h.call("POST", `/v1/invitations/${id}/resend`, { as: session.headers });
    expect(reply.status).toBe(200);

    h.clock.advance(6 * 24 * HOUR_MS);
    const { headers } = await addSession(h, guest.accountId);
    const dead = await accept(headers, { token });
    expect([dead.status, dead.body.code]).toEqual([410, "dead-link"]);
    expect(dead.body.detail).toContain("send it again");
    expect((await accept(headers, { token: await lastToken(h, guest.email) })).status).toBe(200);
  });

  test("who may share sees what waits, with its status; only their own apps of it", async () => {
    const shop = await addApp(h, { name: "Shop" });
    const blog = await addApp(h, { name: "Blog", owner: shop.owner });
    const { person: admin } = await addGrant(h, { appId: shop.appId, role: "admin" });
    const { person: reporter } = await addGrant(h, { appId: shop.appId, role: "reporter" });
    const { id } = await sendInvitation(h, {
      as: shop.owner.headers,
      email: "seen@example.test",
      apps: [
        { appId: shop.appId, role: "editor" },
        { appId: blog.appId, role: "editor" },
      ],
    });
    const list = async (as: Headers) =>
      (await h.call("GET", "/v1/invitations", { as })).body.invitations;

    expect(await list(shop.owner.headers)).toMatchObject([
      { id, status: "sent", apps: [{ app: { name: "Blog" } }, { app: { name: "Shop" } }] },
    ]);
    expect(await list(admin.headers)).toMatchObject([{ id, apps: [{ app: { name: "Shop" } }] }]);
    expect(await list(reporter.headers)).toEqual([]);

    h.clock.advance(8 * 24 * HOUR_MS);
    const { headers } = await addSession(h, shop.owner.accountId);
    expect(await list(headers)).toMatchObject([{ id, status: "expired" }]);
  });

  test("cancelling kills the link; others take out their own apps alone", async () => {
    const shop = await addApp(h);
    const blog = await addApp(h, { owner: shop.owner });
    const guest = await addPerson(h);
    const stranger = await addPerson(h);
    const { person: admin } = await addGrant(h, { appId: shop.appId, role: "admin" });
    const { id, token } = await sendInvitation(h, {
      as: shop.owner.headers,
      email: guest.email,
      apps: [
        { appId: shop.appId, role: "editor" },
        { appId: blog.appId, role: "editor" },
      ],
    });
    const cancel = (as: Headers) => h.call("DELETE", `/v1/invitations/${id}`, { as });

    expect((await cancel(stranger.headers)).status).toBe(404);
    expect((await cancel(admin.headers)).status).toBe(204);
    expect((await cancel(admin.headers)).status).toBe(404);
    const preview = await h.call("POST", "/v1/invitations/preview", { body: { token } });
    expect(preview.body.apps).toMatchObject([{ app: { id: blog.appId } }]);

    expect((await cancel(shop.owner.headers)).status).toBe(204);
    expect((await accept(guest.headers, { token })).status).toBe(410);
    expect((await h.call("POST", "/v1/invitations/preview", { body: { token } })).status).toBe(410);
  });

  test("a stranger to the app can't send it again, and one who lost the right may not", async () => {
    const { appId, owner } = await addApp(h);
    const { person: admin, grantId } = await addGrant(h, { appId, role: "admin" });
    const stranger = await addPerson(h);
    const { id } = await sendInvitation(h, {
      as: admin.headers,
      email: "resent@example.test",
      apps: [{ appId, role: "admin" }],
    });
    const resend = (as: Headers) => h.call("POST", `/v1/invitations/${id}/resend`, { as });
    expect((await resend(stranger.headers)).status).toBe(404);
    await h.call("PATCH", `/v1/apps/${appId}/grants/${grantId}`, {
      as: owner.headers,
      body: { role: "editor" },
    });
    expect((await resend(admin.headers)).body.code).toBe("forbidden");
    expect((await resend(owner.headers)).status).toBe(200);
  });
});
