import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  addApp,
  addGrant,
  addMember,
  entriesOf,
  lastToken,
  sendInvitation,
} from "../../../test/builders/access.ts";
import { addPerson, addSession } from "../../../test/builders/people.ts";
import { startHarness, type Harness, type Headers } from "../../../test/harness.ts";

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(() => h.stop());

const transfer = (as: Headers, appId: string, body: unknown) =>
  h.call("POST", `/v1/apps/${appId}/transfer`, { as, body });
const accept = (as: Headers, body: unknown) =>
  h.call("POST", "/v1/apps/transfers/accept", { as, body });
const readAs = async (as: Headers, appId: string) => {
  const { status, body } = await h.call("GET", `/v1/apps/${appId}`, { as });
  return status === 200 ? body.role : status;
};

describe("to another organisation of one's own", () => {
  test("moves at once: guests keep their access, invitations under way lose the app", async () => {
    const { appId, organisationId, owner } = await addApp(h);
    const other = await addApp(h);
    await addMember(h, { organisationId: other.organisationId, role: "owner", person: owner });
    const { person: guest } = await addGrant(h, { appId, role: "editor" });
    const invited = await addPerson(h);
    const { token } = await sendInvitation(h, {
      as: owner.headers,
      email: invited.email,
      apps: [{ appId, role: "editor" }],
    });

    const reply = await transfer(owner.headers, appId, { organisationId: other.organisationId });
    expect(reply.status).toBe(200);
    expect(reply.body.organisation.id).toBe(other.organisationId);
    expect(await readAs(other.owner.headers, appId)).toBe("owner");
    expect(await readAs(guest.headers, appId)).toBe("editor");
    const dead = await h.call("POST", "/v1/invitations/accept", {
      as: invited.headers,
      body: { token },
    });
    expect(dead.status).toBe(410);
    expect(await entriesOf(h, "app.transferred")).toMatchObject([
      {
        outcome: "done",
        appId,
        organisationId,
        change: { after: { organisationId: other.organisationId } },
      },
    ]);
  });

  test("another's organisation is not there; an officer's is forbidden; its own is refused", async () => {
    const { appId, organisationId, owner } = await addApp(h);
    const other = await addApp(h);
    const watched = await addApp(h);
    await addMember(h, { organisationId: watched.organisationId, role: "officer", person: owner });
    const to = async (id: string) => {
      const { status, body } = await transfer(owner.headers, appId, { organisationId: id });
      return [status, body.code];
    };
    expect(await to(other.organisationId)).toEqual([404, "not-found"]);
    expect(await to(watched.organisationId)).toEqual([403, "forbidden"]);
    expect(await to(organisationId)).toEqual([400, "invalid-request"]);
  });

  test("is the owners' alone, after a step-up", async () => {
    const { appId, owner } = await addApp(h);
    const { person: admin } = await addGrant(h, { appId, role: "admin" });
    const mine = await addApp(h, { owner: admin });
    const stale = await addSession(h, owner.accountId, { isSteppedUp: false });
    const body = { organisationId: mine.organisationId };
    expect((await transfer(admin.headers, appId, body)).body.code).toBe("forbidden");
    expect((await transfer(stale.headers, appId, body)).body.code).toBe("step-up-required");
    expect((await transfer(owner.headers, appId, {})).status).toBe(400);
  });
});

describe("to somebody else", () => {
  test("moves when its holder accepts for an organisation of theirs; of many at once one wins", async () => {
    const { appId, owner } = await addApp(h);
    const receiver = await addPerson(h);
    const other = await addPerson(h);
    const offered = await transfer(owner.headers, appId, { email: receiver.email });
    expect(offered.status).toBe(202);
    expect(await readAs(receiver.headers, appId)).toBe(404);
    const { body } = await h.call("GET", `/v1/apps/${appId}`, { as: owner.headers });
    expect(body.transfer).toEqual(offered.body);

    const token = await lastToken(h, receiver.email);
    expect((await accept(other.headers, { token })).body.code).toBe("wrong-account");
    expect((await accept({}, { token })).status).toBe(401);
    const replies = await Promise.all(
      Array.from({ length: 100 }, () => accept(receiver.headers, { token })),
    );
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(replies.filter(({ status }) => status === 410)).toHaveLength(99);
    expect(await readAs(receiver.headers, appId)).toBe("owner");
    expect(await readAs(owner.headers, appId)).toBe(404);
  });

  test("an offer ends by time, by a new one, by being taken back, and with its sender's ownership", async () => {
    const receiver = await addPerson(h);
    const offer = async () => {
      const app = await addApp(h);
      await transfer(app.owner.headers, app.appId, { email: receiver.email });
      return { ...app, token: await lastToken(h, receiver.email) };
    };
    const code = async (token: string) => (await accept(receiver.headers, { token })).body.code;

    const replaced = await offer();
    await transfer(replaced.owner.headers, replaced.appId, { email: "else@example.test" });
    expect(await code(replaced.token)).toBe("dead-link");

    const taken = await offer();
    const cancel = () =>
      h.call("DELETE", `/v1/apps/${taken.appId}/transfer`, { as: taken.owner.headers });
    expect((await cancel()).status).toBe(204);
    expect((await cancel()).status).toBe(404);
    expect(await code(taken.token)).toBe("dead-link");

    const lost = await offer();
    const second = await addMember(h, { organisationId: lost.organisationId, role: "owner" });
    await h.call(
      "DELETE",
      `/v1/organisations/${lost.organisationId}/people/${lost.owner.accountId}`,
      { as: second.headers },
    );
    expect(await code(lost.token)).toBe("dead-link");

    const late = await offer();
    h.clock.advance(7 * 24 * 3_600_000 + 1);
    const { headers } = await addSession(h, receiver.accountId);
    expect((await accept(headers, { token: late.token })).body.code).toBe("dead-link");
  });

  test("is accepted only for an organisation that the receiver owns", async () => {
    const { appId, owner } = await addApp(h);
    const other = await addApp(h);
    const receiver = await addPerson(h);
    await transfer(owner.headers, appId, { email: receiver.email });
    const token = await lastToken(h, receiver.email);
    const reply = await accept(receiver.headers, { token, organisationId: other.organisationId });
    expect(reply.status).toBe(404);
    expect((await accept(receiver.headers, { token })).status).toBe(200);
  });
});

test("an offer's link says what it is about to whoever holds it, and is dead once its sender may not make it", async () => {
  const { appId, organisationId, owner } = await addApp(h, { name: "Previewed" });
  const receiver = await addPerson(h);
  await h.call("POST", `/v1/apps/${appId}/transfer`, {
    as: owner.headers,
    body: { email: receiver.email },
  });
  const token = await lastToken(h, receiver.email);
  const ask = () => h.call("POST", "/v1/apps/transfers/preview", { body: { token } });
  const { status, body } = await ask();
  expect(status).toBe(200);
  expect(body).toMatchObject({
    email: receiver.email,
    app: { id: appId, name: "Previewed" },
    organisation: { id: organisationId },
  });
  expect((await h.entries()).at(-1)).toMatchObject({ action: "app.transfer-read", appId });
  const other = await h.call("POST", "/v1/apps/transfers/preview", { body: { token: "none" } });
  expect([other.status, other.body.code]).toEqual([410, "dead-link"]);
  await addMember(h, { organisationId, role: "owner" });
  await h.db
    .deleteFrom("organisation_member")
    .where("account_id", "=", owner.accountId)
    .where("organisation_id", "=", organisationId)
    .execute();
  expect((await ask()).body.code).toBe("dead-link");
});
