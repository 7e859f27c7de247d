import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  addApp,
  addGrant,
  addMember,
  entriesOf,
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

const NOBODYS = "018f0000-0000-7000-8000-000000000000";
const at = (organisationId: string, accountId: string) =>
  `/v1/organisations/${organisationId}/people/${accountId}`;
const preview = (as: Headers, organisationId: string, accountId: string) =>
  h.call("GET", `${at(organisationId, accountId)}/access`, { as });
const remove = (
  as: Headers,
  { organisationId, accountId }: { organisationId: string; accountId: string },
  revokeKeys = true,
) => h.call("POST", `${at(organisationId, accountId)}/remove`, { as, body: { revokeKeys } });

/** A key, made over HTTP by somebody who may. */
async function addKey(as: Headers, appId: string, name: string): Promise<string> {
  const account = await h.call("POST", `/v1/apps/${appId}/service-accounts`, {
    as,
    body: { name: `Robot ${name}`, role: "reporter" },
  });
  const key = await h.call("POST", `/v1/service-accounts/${account.body.id}/keys`, {
    as,
    body: { name },
  });
  expect(key.status).toBe(201);
  return key.body.id;
}

/** A guest with everything: grants on two apps, a membership, a key, invitations both ways. */
async function addEntangled() {
  const shop = await addApp(h, { name: "Shop" });
  const blog = await addApp(h, { name: "Blog", owner: shop.owner });
  const { organisationId, owner } = shop;
  const third = await addApp(h, { name: "Third", owner });
  const guest = await addPerson(h);
  await addGrant(h, { appId: shop.appId, role: "admin", person: guest });
  await addGrant(h, { appId: blog.appId, role: "editor", person: guest });
  await addMember(h, { organisationId, role: "officer", person: guest });
  const theirKey = await addKey(guest.headers, shop.appId, "theirs");
  const seenKey = await addKey(owner.headers, shop.appId, "seen");
  const hiddenKey = await addKey(owner.headers, blog.appId, "hidden");
  const byThem = await sendInvitation(h, {
    as: guest.headers,
    email: "friend@example.test",
    apps: [{ appId: shop.appId, role: "editor" }],
  });
  const toThem = await sendInvitation(h, {
    as: owner.headers,
    email: guest.email,
    apps: [{ appId: third.appId, role: "editor" }],
  });
  return {
    shop,
    blog,
    third,
    organisationId,
    owner,
    guest,
    theirKey,
    seenKey,
    hiddenKey,
    byThem,
    toThem,
  };
}

describe("remove from everything", () => {
  test("previews every app, key, session and invitation, and ends them in one entry", async () => {
    const e = await addEntangled();
    const elsewhere = await addApp(h);
    await addGrant(h, { appId: elsewhere.appId, role: "editor", person: e.guest });
    const { organisationId } = e;
    const { accountId } = e.guest;

    const before = await preview(e.owner.headers, organisationId, accountId);
    expect(before.status).toBe(200);
    expect(before.body).toMatchObject({
      account: { id: accountId, email: e.guest.email },
      membership: "officer",
      grants: [
        { app: { name: "Blog" }, role: "editor" },
        { app: { name: "Shop" }, role: "admin" },
      ],
      sessions: [{ id: e.guest.sessionId, device: "Firefox" }],
      invitationsToThem: [{ id: e.toThem.id, apps: [{ app: { name: "Third" } }] }],
      invitationsByThem: [{ id: e.byThem.id, email: "friend@example.test" }],
    });
    const keys = before.body.keys.map((key: { id: string; isTheirs: boolean }) => [
      key.id,
      key.isTheirs,
    ]);
    expect(new Map(keys)).toEqual(
      new Map([
        [e.theirKey, true],
        [e.seenKey, false],
      ]),
    );

    const done = await remove(e.owner.headers, { organisationId, accountId });
    expect(done.status).toBe(200);
    expect(done.body.revokedKeys).toMatchObject([{ id: e.theirKey }]);

    expect((await h.call("GET", "/v1/apps", { as: e.guest.headers })).body.shared).toMatchObject([
      { id: elsewhere.appId },
    ]);
    for (const { token } of [e.byThem, e.toThem])
      expect((await h.call("POST", "/v1/invitations/preview", { body: { token } })).status).toBe(
        410,
      );
    const revoked = await h.db
      .selectFrom("api_key")
      .where("revoked_at", "is not", null)
      .select(["id", "revoke_reason"])
      .execute();
    expect(revoked).toEqual([{ id: e.theirKey, revoke_reason: "affiliation_changed" }]);
    expect((await subjectsTo(h, e.guest.email)).at(-1)).toMatch(/^Your access to .* has ended$/);
    const entries = await entriesOf(h, "access.removed-from-everything");
    expect(entries).toHaveLength(1);
    expect(entries[0]?.targets).toEqual(
      expect.arrayContaining([
        { type: "account", id: accountId, accountId },
        { type: "app", id: e.shop.appId },
        { type: "app", id: e.blog.appId },
        { type: "invitation", id: e.byThem.id },
        { type: "invitation", id: e.toThem.id },
        expect.objectContaining({ type: "key", id: e.theirKey }),
      ]),
    );
    expect((await preview(e.owner.headers, organisationId, accountId)).status).toBe(404);
    expect((await remove(e.owner.headers, { organisationId, accountId })).status).toBe(404);
  });

  test("keeps keys unless asked, and says so", async () => {
    const { appId, organisationId, owner } = await addApp(h);
    const { person } = await addGrant(h, { appId, role: "admin" });
    const keyId = await addKey(person.headers, appId, "kept");
    const named = { organisationId, accountId: person.accountId };
    expect((await remove(owner.headers, named, false)).body.revokedKeys).toEqual([]);
    const key = await h.db
      .selectFrom("api_key")
      .where("id", "=", keyId)
      .select("revoked_at")
      .executeTakeFirstOrThrow();
    expect(key.revoked_at).toBeNull();
    // What they left behind still ties them: it can be ended afterwards.
    expect((await remove(owner.headers, named)).body.revokedKeys).toMatchObject([{ id: keyId }]);
  });

  test("whatever is given to or made by them at the same moment does not survive", async () => {
    for (let round = 0; round < 8; round += 1) {
      const { appId, organisationId, owner } = await addApp(h);
      const second = await addApp(h, { owner });
      const { person: guest } = await addGrant(h, { appId, role: "admin" });
      const { accountId } = guest;
      const { token } = await sendInvitation(h, {
        as: owner.headers,
        email: guest.email,
        apps: [{ appId: second.appId, role: "editor" }],
      });
      const account = await h.call("POST", `/v1/apps/${appId}/service-accounts`, {
        as: guest.headers,
        body: { name: "Robot", role: "reporter" },
      });
      const [removed] = await Promise.all([
        remove(owner.headers, { organisationId, accountId }),
        h.call("POST", "/v1/invitations/accept", { as: guest.headers, body: { token } }),
        h.call("POST", "/v1/invitations", {
          as: guest.headers,
          body: { email: "accomplice@example.test", apps: [{ appId, role: "editor" }] },
        }),
        h.call("POST", `/v1/service-accounts/${account.body.id}/keys`, {
          as: guest.headers,
          body: { name: "late" },
        }),
      ]);
      expect(removed.status).toBe(200);
      const grants = await h.db
        .selectFrom("access_grant")
        .where("account_id", "=", accountId)
        .selectAll()
        .execute();
      const invitations = await h.db
        .selectFrom("invitation")
        .where("inviter_id", "=", accountId)
        .where("cancelled_at", "is", null)
        .selectAll()
        .execute();
      const keys = await h.db
        .selectFrom("api_key")
        .where("created_by", "=", accountId)
        .where("revoked_at", "is", null)
        .selectAll()
        .execute();
      expect([grants, invitations, keys]).toEqual([[], [], []]);
    }
  });

  test("owners alone, after a step-up; nobody learns about accounts that nothing ties here (T25)", async () => {
    const { appId, organisationId, owner } = await addApp(h);
    const { person } = await addGrant(h, { appId, role: "admin" });
    const officer = await addMember(h, { organisationId, role: "officer" });
    const unrelated = await addPerson(h);
    const stale = await addSession(h, owner.accountId, { isSteppedUp: false });
    const named = { organisationId, accountId: person.accountId };

    expect((await remove(stale.headers, named)).body.code).toBe("step-up-required");
    expect((await remove(officer.headers, named)).body.code).toBe("forbidden");
    expect((await remove(person.headers, named)).status).toBe(404);
    expect((await remove({}, named)).status).toBe(401);
    for (const call of [
      preview,
      (as: Headers, o: string, a: string) => remove(as, { organisationId: o, accountId: a }),
    ]) {
      const theirs = await call(owner.headers, organisationId, unrelated.accountId);
      const nobodys = await call(owner.headers, organisationId, NOBODYS);
      expect(theirs.status).toBe(404);
      expect({ ...theirs.body, requestId: "" }).toEqual({ ...nobodys.body, requestId: "" });
    }
    // An invitation to an address does not tell whose it is.
    await sendInvitation(h, {
      as: owner.headers,
      email: unrelated.email,
      apps: [{ appId, role: "editor" }],
    });
    expect((await preview(owner.headers, organisationId, unrelated.accountId)).status).toBe(404);
  });

  test("the last owner stays", async () => {
    const { organisationId, owner } = await addApp(h);
    const reply = await remove(owner.headers, { organisationId, accountId: owner.accountId });
    expect([reply.status, reply.body.code]).toEqual([409, "last-owner"]);
    const list = await h.call("GET", "/v1/organisations", { as: owner.headers });
    expect(list.body.organisations).toHaveLength(1);
  });
});
