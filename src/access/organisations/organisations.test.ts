import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addApp, addMember, entriesOf, subjectsTo } from "../../../test/builders/access.ts";
import { addPerson, addSession } from "../../../test/builders/people.ts";
import { startHarness, type Harness, type Headers } from "../../../test/harness.ts";

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(() => h.stop());

const NOBODYS = "018f0000-0000-7000-8000-000000000000";
const people = (organisationId: string) => `/v1/organisations/${organisationId}/people`;

async function ownersOf(organisationId: string): Promise<number> {
  const rows = await h.db
    .selectFrom("organisation_member")
    .where("organisation_id", "=", organisationId)
    .where("role", "=", "owner")
    .selectAll()
    .execute();
  return rows.length;
}

describe("organisations", () => {
  test("every person owns one from the start, named after them, also with the longest name", async () => {
    const robin = await addPerson(h, { displayName: "Robin" });
    const long = await addPerson(h, { displayName: "🦊".repeat(60) + "x".repeat(60) });
    const names = async (as: Headers) =>
      (await h.call("GET", "/v1/organisations", { as })).body.organisations.map(
        (row: { name: string; role: string }) => [row.name, row.role],
      );
    expect(await names(robin.headers)).toEqual([["Robin's organisation", "owner"]]);
    const [[name]] = await names(long.headers);
    expect(Array.from(name)).toHaveLength(120);
  });

  test("owners rename, officers may not, outsiders find nothing", async () => {
    const { organisationId, owner } = await addApp(h);
    const officer = await addMember(h, { organisationId, role: "officer" });
    const outsider = await addPerson(h);
    const rename = (as: Headers, id: string) =>
      h.call("PATCH", `/v1/organisations/${id}`, { as, body: { name: "Acme" } });
    expect((await rename(owner.headers, organisationId)).body).toMatchObject({ name: "Acme" });
    expect((await rename(officer.headers, organisationId)).body.code).toBe("forbidden");
    const theirs = await rename(outsider.headers, organisationId);
    const nobodys = await rename(outsider.headers, NOBODYS);
    expect(theirs.status).toBe(404);
    expect({ ...theirs.body, requestId: "" }).toEqual({ ...nobodys.body, requestId: "" });
  });

  test("an officer watches apps without sharing them", async () => {
    const { organisationId, appId } = await addApp(h);
    const officer = await addMember(h, { organisationId, role: "officer" });
    const { body } = await h.call("GET", `/v1/apps/${appId}`, { as: officer.headers });
    expect(body).toMatchObject({
      role: "officer",
      permissions: ["app:audit", "app:export", "app:read"],
    });
    const reply = await h.call("POST", "/v1/invitations", {
      as: officer.headers,
      body: { email: "x@example.test", apps: [{ appId, role: "reporter" }] },
    });
    expect(reply.body.code).toBe("forbidden");
  });
});

describe("people of an organisation", () => {
  test("are listed for members, with the invited", async () => {
    const { organisationId, owner } = await addApp(h);
    const officer = await addMember(h, { organisationId, role: "officer" });
    const outsider = await addPerson(h);
    const sent = await h.call("POST", people(organisationId), {
      as: owner.headers,
      body: { email: "soon@example.test", role: "officer" },
    });
    expect(sent.status).toBe(201);
    expect(await subjectsTo(h, "soon@example.test")).toMatchObject([
      expect.stringContaining("invitation"),
    ]);
    const { body } = await h.call("GET", people(organisationId), { as: officer.headers });
    expect(body).toMatchObject({
      people: [
        { account: { id: owner.accountId }, role: "owner" },
        { account: { id: officer.accountId }, role: "officer" },
      ],
      invitations: [{ id: sent.body.id, role: "officer", status: "sent" }],
    });
    const reply = await h.call("GET", people(organisationId), { as: outsider.headers });
    expect(reply.status).toBe(404);
  });

  test("the invitation answers alike for known and unknown addresses", async () => {
    const { organisationId, owner } = await addApp(h);
    const { email } = await addPerson(h);
    for (const to of [email, "never-heard-of@example.test"]) {
      const { status, body } = await h.call("POST", people(organisationId), {
        as: owner.headers,
        body: { email: to, role: "officer" },
      });
      expect([status, Object.keys(body)]).toEqual([201, ["id"]]);
    }
  });

  test("the last owner can't leave, be removed or be demoted", async () => {
    const { organisationId, owner } = await addApp(h);
    await addMember(h, { organisationId, role: "officer" });
    const path = `${people(organisationId)}/${owner.accountId}`;
    const left = await h.call("DELETE", path, { as: owner.headers });
    const demoted = await h.call("PATCH", path, { as: owner.headers, body: { role: "officer" } });
    expect([left.body.code, demoted.body.code]).toEqual(["last-owner", "last-owner"]);
    expect(await ownersOf(organisationId)).toBe(1);
  });

  test("of two owners who remove or demote each other at once, one stays", async () => {
    for (let round = 0; round < 6; round += 1) {
      const { organisationId, owner } = await addApp(h);
      const second = await addMember(h, { organisationId, role: "owner" });
      const against = (as: Headers, accountId: string) =>
        round % 2 === 0
          ? h.call("DELETE", `${people(organisationId)}/${accountId}`, { as })
          : h.call("PATCH", `${people(organisationId)}/${accountId}`, {
              as,
              body: { role: "officer" },
            });
      const replies = await Promise.all([
        against(owner.headers, second.accountId),
        against(second.headers, owner.accountId),
      ]);
      expect(replies.filter(({ status }) => status < 300)).toHaveLength(1);
      expect(await ownersOf(organisationId)).toBe(1);
    }
  });

  test("a disabled owner does not count as the one who stays", async () => {
    const { organisationId, owner } = await addApp(h);
    const gone = await addMember(h, { organisationId, role: "owner" });
    await h.db
      .updateTable("account")
      .set({ disabled_at: h.clock.now(), disabled_reason: "test" })
      .where("id", "=", gone.accountId)
      .execute();
    const reply = await h.call("DELETE", `${people(organisationId)}/${owner.accountId}`, {
      as: owner.headers,
    });
    expect(reply.body.code).toBe("last-owner");
  });

  test("removing and demoting are told and on record; officers may only leave", async () => {
    const { organisationId, owner } = await addApp(h);
    const second = await addMember(h, { organisationId, role: "owner" });
    const officer = await addMember(h, { organisationId, role: "officer" });
    const at = (accountId: string) => `${people(organisationId)}/${accountId}`;
    const byOfficer = await h.call("DELETE", at(second.accountId), { as: officer.headers });
    expect(byOfficer.body.code).toBe("forbidden");
    const demoted = await h.call("PATCH", at(second.accountId), {
      as: owner.headers,
      body: { role: "officer" },
    });
    expect(demoted.body).toMatchObject({ role: "officer" });
    expect((await h.call("DELETE", at(second.accountId), { as: owner.headers })).status).toBe(204);
    expect((await h.call("DELETE", at(second.accountId), { as: owner.headers })).status).toBe(404);
    expect((await h.call("DELETE", at(officer.accountId), { as: officer.headers })).status).toBe(
      204,
    );
    expect(await subjectsTo(h, second.email)).toHaveLength(2);
    const entries = (await h.entries()).filter(
      (entry) => entry.organisationId === organisationId && entry.outcome === "done",
    );
    expect(entries.map(({ action }) => action)).toEqual([
      "app.created",
      "organisation.person-changed",
      "organisation.person-removed",
      "organisation.person-removed",
    ]);
  });

  test("changes of people need a step-up", async () => {
    const { organisationId, owner } = await addApp(h);
    const { headers } = await addSession(h, owner.accountId, { isSteppedUp: false });
    const path = `${people(organisationId)}/${owner.accountId}`;
    const replies = [
      await h.call("POST", people(organisationId), {
        as: headers,
        body: { email: "x@example.test", role: "owner" },
      }),
      await h.call("PATCH", path, { as: headers, body: { role: "officer" } }),
      await h.call("DELETE", path, { as: headers }),
    ];
    expect(replies.map(({ body }) => body.code)).toEqual([1, 2, 3].map(() => "step-up-required"));
    const refused = (await entriesOf(h, "organisation.person-added")).at(-1);
    expect(refused).toMatchObject({ outcome: "refused", reason: "step-up-required" });
  });
});
