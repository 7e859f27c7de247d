import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  addApp,
  addGrant,
  addMember,
  entriesOf,
  sendInvitation,
  subjectsTo,
} from "../../../test/builders/access.ts";
import { GOOD_PASSWORD } from "../../../test/builders/identity.ts";
import { addOperator, addOperatorKey } from "../../../test/builders/operator.ts";
import { addPerson, addSession } from "../../../test/builders/people.ts";
import { startHarness, type Harness, type Headers } from "../../../test/harness.ts";

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(() => h.stop());

const DAY_MS = 24 * 3_600_000;
let counter = 0;
const newAddress = () => `newcomer-${counter++}@example.test`;
const accept = (as: Headers, body: unknown) =>
  h.call("POST", "/v1/invitations/accept", { as, body });
const grantsOf = async (as: Headers, appId: string) =>
  (await h.call("GET", `/v1/apps/${appId}/grants`, { as })).body.grants;

test("whose account the operator's product made, and who never set a password, becomes its holder", async () => {
  const { appId, owner } = await addApp(h);
  const key = await addOperatorKey(h, await addOperator(h), { scopes: ["provision"] });
  const email = newAddress();
  const { body: provisioned } = await h.call("PUT", "/v1/provision/accounts/c-1", {
    as: key.headers,
    body: { email, displayName: "Kim" },
  });
  const { token } = await sendInvitation(h, {
    as: owner.headers,
    email,
    apps: [{ appId, role: "editor" }],
  });
  expect((await accept({}, { token })).body.errors[0].pointer).toBe("/password");
  const reply = await accept({}, { token, password: GOOD_PASSWORD, displayName: "Kim Example" });
  expect([reply.status, reply.body]).toMatchObject([
    200,
    { account: { id: provisioned.id }, session: { level: "needs-enrolment" }, grants: [{}] },
  ]);
  const signIn = { body: { email, password: GOOD_PASSWORD } };
  expect((await h.call("POST", "/v1/sign-in", signIn)).status).toBe(200);
});

describe("signed in as the invited address", () => {
  test("gives the access, tells the inviter, one entry", async () => {
    const { appId, owner } = await addApp(h, { name: "Shop" });
    const guest = await addPerson(h, { displayName: "Kim" });
    const { id, token } = await sendInvitation(h, {
      as: owner.headers,
      // Another spelling of the same mailbox.
      email: guest.email.replace("person", "Person"),
      apps: [{ appId, role: "editor" }],
    });

    const reply = await accept(guest.headers, { token });
    expect(reply.status).toBe(200);
    expect(reply.body).toMatchObject({
      account: { id: guest.accountId, displayName: "Kim" },
      session: { level: "full" },
      grants: [{ app: { id: appId, name: "Shop" }, role: "editor", expiresAt: null }],
      leftOut: [],
      organisation: null,
    });
    expect(reply.headers["set-cookie"]).toBeUndefined();
    expect(await grantsOf(owner.headers, appId)).toMatchObject([
      { account: { id: guest.accountId, email: guest.email, kind: "person" }, role: "editor" },
    ]);
    expect(await subjectsTo(h, owner.email)).toEqual(["Your invitation was accepted"]);
    const entries = (await entriesOf(h, "invitation.accepted")).filter(
      (entry) => entry.targets?.[0]?.id === id,
    );
    expect(entries).toMatchObject([{ outcome: "done", actor: { accountId: guest.accountId } }]);
  });

  test("of 100 acceptances at once exactly one wins (T11)", async () => {
    const { appId, owner } = await addApp(h);
    const guest = await addPerson(h);
    const { token } = await sendInvitation(h, {
      as: owner.headers,
      email: guest.email,
      apps: [{ appId, role: "editor" }],
    });
    const replies = await Promise.all(
      Array.from({ length: 100 }, () => accept(guest.headers, { token })),
    );
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(replies.filter(({ status }) => status === 410)).toHaveLength(99);
    expect(await grantsOf(owner.headers, appId)).toHaveLength(1);
  });

  test("a link is refused the moment it ends, before any sweep (T13)", async () => {
    const { appId, owner } = await addApp(h);
    const guest = await addPerson(h);
    const { token } = await sendInvitation(h, {
      as: owner.headers,
      email: guest.email,
      apps: [{ appId, role: "editor" }],
    });
    h.clock.advance(7 * DAY_MS + 1);
    const { headers } = await addSession(h, guest.accountId);
    expect((await accept(headers, { token })).status).toBe(410);
    const session = await addSession(h, owner.accountId);
    expect(await grantsOf(session.headers, appId)).toEqual([]);
  });

  test("as another account: nothing given, the inviter told once, the link stays good", async () => {
    const { appId, owner } = await addApp(h);
    const guest = await addPerson(h);
    const other = await addPerson(h);
    const { id, token } = await sendInvitation(h, {
      as: owner.headers,
      email: guest.email,
      apps: [{ appId, role: "editor" }],
    });
    const replies = await Promise.all([1, 2, 3].map(() => accept(other.headers, { token })));
    expect(replies.map(({ body }) => body.code)).toEqual(Array(3).fill("wrong-account"));
    expect(replies[0]?.body.detail).not.toContain(guest.email);
    expect(await subjectsTo(h, owner.email)).toEqual([
      "Your invitation was opened with another account",
    ]);
    const list = await h.call("GET", "/v1/invitations", { as: owner.headers });
    expect(list.body.invitations).toMatchObject([{ id, status: "wrong-account" }]);
    const entries = (await entriesOf(h, "invitation.accepted")).filter(
      (entry) => entry.appId === appId,
    );
    expect(entries.map(({ outcome, reason }) => [outcome, reason])).toEqual(
      [1, 2, 3].map(() => ["refused", "wrong-account"]),
    );
    expect((await accept(guest.headers, { token })).status).toBe(200);
  });

  test.each(["needs-enrolment", "needs-second-factor"] as const)(
    "a session that %s is sent on with its sign-in first",
    async (level) => {
      const { appId, owner } = await addApp(h);
      const guest = await addPerson(h, { level });
      const { token } = await sendInvitation(h, {
        as: owner.headers,
        email: guest.email,
        apps: [{ appId, role: "editor" }],
      });
      expect((await accept(guest.headers, { token })).status).toBe(403);
      expect(await grantsOf(owner.headers, appId)).toEqual([]);
    },
  );
});

describe("what the inviter still may give", () => {
  test("is judged at acceptance: what is not is left out and told", async () => {
    const shop = await addApp(h, { name: "Shop" });
    const blog = await addApp(h, { name: "Blog", owner: shop.owner });
    const admin = await addPerson(h);
    await addGrant(h, { appId: shop.appId, role: "admin", person: admin });
    const { grantId } = await addGrant(h, { appId: blog.appId, role: "admin", person: admin });
    const guest = await addPerson(h);
    const { token } = await sendInvitation(h, {
      as: admin.headers,
      email: guest.email,
      apps: [
        { appId: shop.appId, role: "editor" },
        { appId: blog.appId, role: "editor" },
      ],
    });
    await h.call("DELETE", `/v1/apps/${blog.appId}/grants/${grantId}`, { as: shop.owner.headers });

    expect((await accept(guest.headers, { token })).body).toMatchObject({
      grants: [{ app: { name: "Shop" } }],
      leftOut: [{ app: { name: "Blog" }, reason: "no-longer-allowed" }],
    });
    expect(await grantsOf(shop.owner.headers, blog.appId)).toEqual([]);
  });

  test.each([
    {
      name: "the inviter was revoked",
      spoil: async (appId: string, grantId: string, as: Headers) =>
        h.call("DELETE", `/v1/apps/${appId}/grants/${grantId}`, { as }),
    },
    {
      name: "the inviter's role shrank",
      spoil: async (appId: string, grantId: string, as: Headers) =>
        h.call("PATCH", `/v1/apps/${appId}/grants/${grantId}`, { as, body: { role: "sender" } }),
    },
    {
      name: "the inviter's own access got an end",
      spoil: async (appId: string, grantId: string, as: Headers) =>
        h.call("PATCH", `/v1/apps/${appId}/grants/${grantId}`, {
          as,
          body: { expiresAt: new Date(h.clock.now().getTime() + 60_000).toISOString() },
        }),
    },
    {
      name: "the inviter was disabled",
      spoil: async (_appId: string, grantId: string) =>
        h.db
          .updateTable("account")
          .set({ disabled_at: h.clock.now(), disabled_reason: "test" })
          .where("id", "in", (eb) =>
            eb.selectFrom("access_grant").select("account_id").where("id", "=", grantId),
          )
          .execute(),
    },
    {
      name: "the app was deleted",
      spoil: async (appId: string, _grantId: string, as: Headers) =>
        h.call("DELETE", `/v1/apps/${appId}`, { as }),
    },
  ])("nothing is left, so nothing happened and the answer is 410: $name", async ({ spoil }) => {
    const { appId, owner } = await addApp(h);
    const { person: admin, grantId } = await addGrant(h, { appId, role: "admin" });
    const guest = await addPerson(h);
    const { token } = await sendInvitation(h, {
      as: admin.headers,
      email: guest.email,
      apps: [{ appId, role: "editor" }],
    });
    await spoil(appId, grantId, owner.headers);
    const reply = await accept(guest.headers, { token });
    expect([reply.status, reply.body.code]).toEqual([410, "dead-link"]);
    const rows = await h.db
      .selectFrom("access_grant")
      .where("account_id", "=", guest.accountId)
      .selectAll()
      .execute();
    expect(rows).toEqual([]);
  });

  test("access that somebody has is widened, never narrowed", async () => {
    const { appId, owner } = await addApp(h);
    const guest = await addPerson(h);
    const send = (role: string) =>
      sendInvitation(h, { as: owner.headers, email: guest.email, apps: [{ appId, role }] });
    const narrow = await send("reporter");
    const wide = await send("admin");
    await addGrant(h, { appId, role: "editor", person: guest });

    expect((await accept(guest.headers, { token: narrow.token })).status).toBe(410);
    expect((await accept(guest.headers, { token: wide.token })).status).toBe(200);
    expect(await grantsOf(owner.headers, appId)).toMatchObject([{ role: "admin" }]);
  });
});

describe("not signed in", () => {
  test("makes an account where there is none: half-open session, grants in place", async () => {
    const { appId, owner } = await addApp(h);
    const email = newAddress();
    const { token } = await sendInvitation(h, {
      as: owner.headers,
      email,
      apps: [{ appId, role: "editor" }],
    });
    const reply = await accept({}, { token, password: GOOD_PASSWORD, displayName: "Kim" });
    expect(reply.status).toBe(200);
    expect(reply.body).toMatchObject({
      account: { email, displayName: "Kim" },
      session: { level: "needs-enrolment" },
      grants: [{ app: { id: appId }, role: "editor" }],
    });
    const cookie = String(reply.headers["set-cookie"]).split(";")[0] ?? "";
    const current = await h.call("GET", "/v1/sessions/current", { as: { cookie } });
    expect(current.body.session.level).toBe("needs-enrolment");
    expect((await h.call("GET", "/v1/apps", { as: { cookie } })).body.code).toBe(
      "enrolment-required",
    );
    const owned = await h.db
      .selectFrom("organisation_member")
      .where("account_id", "=", reply.body.account.id)
      .select("role")
      .execute();
    expect(owned).toEqual([{ role: "owner" }]);
    expect(JSON.stringify(await h.entries())).not.toContain(GOOD_PASSWORD);
  });

  test("asks for what is missing and for a strong password, and the link stays good", async () => {
    const { appId, owner } = await addApp(h);
    const { token } = await sendInvitation(h, {
      as: owner.headers,
      email: newAddress(),
      apps: [{ appId, role: "editor" }],
    });
    const missing = await accept({}, { token });
    expect(missing.status).toBe(400);
    expect(missing.body.errors.map((error: { pointer: string }) => error.pointer)).toEqual([
      "/password",
      "/displayName",
    ]);
    const weak = await accept({}, { token, password: "password1", displayName: "Kim" });
    expect(weak.status).toBe(400);
    expect(weak.body.errors[0].pointer).toBe("/password");
    const good = await accept({}, { token, password: GOOD_PASSWORD, displayName: "Kim" });
    expect(good.status).toBe(200);
  });

  // A hundred passwords are judged and hashed, one by one.
  test(
    "T11 of 100 strangers with the link at once one makes the account",
    { timeout: 90_000 },
    async () => {
      const { appId, owner } = await addApp(h);
      const { token } = await sendInvitation(h, {
        as: owner.headers,
        email: newAddress(),
        apps: [{ appId, role: "editor" }],
      });
      const replies = await Promise.all(
        Array.from({ length: 100 }, (_, index) =>
          h.call("POST", "/v1/invitations/accept", {
            body: { token, password: GOOD_PASSWORD, displayName: "Kim" },
            // One network has 100 passwords judged at once, and has had some already.
            from: `127.0.8.${index}`,
          }),
        ),
      );
      expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(replies.filter(({ status }) => status === 410 || status === 401)).toHaveLength(99);
      expect(await grantsOf(owner.headers, appId)).toHaveLength(1);
    },
  );

  test("an address with an account signs in first; a password here changes nothing (T24)", async () => {
    const { appId, owner } = await addApp(h);
    const guest = await addPerson(h);
    const { token } = await sendInvitation(h, {
      as: owner.headers,
      email: guest.email,
      apps: [{ appId, role: "editor" }],
    });
    const reply = await accept({}, { token, password: GOOD_PASSWORD, displayName: "Kim" });
    expect([reply.status, reply.body.code]).toEqual([401, "not-signed-in"]);
    expect(reply.body.detail).toContain("sign in");
    const account = await h.db
      .selectFrom("account")
      .where("id", "=", guest.accountId)
      .select("password_hash")
      .executeTakeFirstOrThrow();
    expect(account.password_hash).toBeNull();
    expect((await accept(guest.headers, { token })).status).toBe(200);
  });

  test("dead links all answer alike", async () => {
    const { appId, owner } = await addApp(h);
    const guest = await addPerson(h);
    const used = await sendInvitation(h, {
      as: owner.headers,
      email: guest.email,
      apps: [{ appId, role: "editor" }],
    });
    await accept(guest.headers, { token: used.token });
    const answers = await Promise.all(
      [used.token, "never-was-one", "x".repeat(200)].map((token) => accept({}, { token })),
    );
    for (const { status, body } of answers) {
      expect(status).toBe(410);
      expect({ ...body, requestId: "" }).toEqual({ ...answers[0]?.body, requestId: "" });
    }
  });
});

describe("invitations to an organisation", () => {
  test("make a member, if the inviter is an owner still; an owner is not demoted", async () => {
    const { organisationId, owner } = await addApp(h);
    const guest = await addPerson(h);
    const people = `/v1/organisations/${organisationId}/people`;
    const send = async (role: string) => {
      const reply = await h.call("POST", people, {
        as: owner.headers,
        body: { email: guest.email, role },
      });
      expect(reply.status).toBe(201);
      const mails = (await h.mails()).filter(({ to }) => to === guest.email);
      return /token=([\w-]+)/.exec(mails.at(-1)?.text ?? "")?.[1] ?? "";
    };
    const asOwner = await send("owner");
    const asOfficer = await send("officer");
    expect((await accept(guest.headers, { token: asOwner })).body.organisation).toMatchObject({
      id: organisationId,
      role: "owner",
    });
    expect((await accept(guest.headers, { token: asOfficer })).body.organisation.role).toBe(
      "owner",
    );

    const second = await addPerson(h);
    const reply = await h.call("POST", people, {
      as: owner.headers,
      body: { email: second.email, role: "owner" },
    });
    expect(reply.status).toBe(201);
    const mail = (await h.mails()).findLast(({ to }) => to === second.email);
    const token = /token=([\w-]+)/.exec(mail?.text ?? "")?.[1] ?? "";
    await h.call("DELETE", `${people}/${owner.accountId}`, { as: guest.headers });
    expect((await accept(second.headers, { token })).status).toBe(410);
  });

  test("who belongs to it already is not invited", async () => {
    const { organisationId, owner } = await addApp(h);
    const officer = await addMember(h, { organisationId, role: "officer" });
    const reply = await h.call("POST", `/v1/organisations/${organisationId}/people`, {
      as: owner.headers,
      body: { email: officer.email, role: "owner" },
    });
    expect(reply.body.code).toBe("already-member");
  });
});
