import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { addOperator, addOperatorKey, type OperatorKey } from "../../../test/builders/operator.ts";
import { addPerson, type Person } from "../../../test/builders/people.ts";
import { startHarness, type Harness } from "../../../test/harness.ts";

let h: Harness;
let key: OperatorKey;
let owner: Person;
let count = 0;
beforeAll(async () => {
  h = await startHarness();
});
beforeEach(async () => {
  key = await addOperatorKey(h, await addOperator(h), { scopes: ["provision"] });
  count += 1;
  owner = await addPerson(h, { externalId: `owner-${count}` });
});
afterAll(async () => h.stop());

const put = (kind: "accounts" | "organisations" | "apps", externalId: string, body: object) =>
  h.call("PUT", `/v1/provision/${kind}/${externalId}`, { as: key.headers, body });

const putOrganisation = (owners: object[] = [{ email: owner.email }], name = "Acme") =>
  put("organisations", `o-${count}`, { name, owners });

const ownersOf = async (organisationId: string) =>
  (
    await h.db
      .selectFrom("organisation_member")
      .select("account_id")
      .where("organisation_id", "=", organisationId)
      .where("role", "=", "owner")
      .execute()
  ).map((row) => row.account_id);

const lastEntry = async () => (await h.entries()).at(-1);

describe("PUT /v1/provision/organisations/:externalId", () => {
  test("makes it with its owners, by address and by externalId; a repeat changes nothing", async () => {
    const { body: account } = await put("accounts", `c-${count}`, {
      email: `o-${count}@example.test`,
      displayName: "Pat",
    });
    const owners = [{ email: owner.email.toUpperCase() }, { externalId: `c-${count}` }];

    const { status, body } = await putOrganisation(owners);

    expect([status, body.externalId]).toEqual([201, `o-${count}`]);
    expect(new Set(await ownersOf(body.id))).toEqual(new Set([owner.accountId, account.id]));
    expect(await lastEntry()).toMatchObject({
      action: "organisation.provisioned",
      organisationId: body.id,
      actor: { kind: "operator-key", credentialId: key.id },
    });
    const seen = await h.call("GET", "/v1/organisations", { as: owner.headers });
    expect(JSON.stringify(seen.body)).toContain(body.id);

    const again = await putOrganisation(owners);
    expect([again.status, again.body.id]).toEqual([200, body.id]);
    const entry = await lastEntry();
    expect([entry?.action, entry?.change]).toEqual(["organisation.provisioned", undefined]);
  });

  test("renames and adds owners, tells all owners, and removes nobody", async () => {
    const { body } = await putOrganisation();
    const second = await addPerson(h, { externalId: `second-${count}` });
    const renamed = await putOrganisation([{ email: second.email }], "Acme 2");
    expect(renamed.status).toBe(200);
    expect((await ownersOf(body.id)).toSorted()).toEqual(
      [owner.accountId, second.accountId].toSorted(),
    );
    expect((await put("organisations", `o-${count}`, { name: "Acme 3" })).status).toBe(200);
    expect((await ownersOf(body.id)).length).toBe(2);
    const told = (await h.mails()).filter(({ subject }) => subject === "New owners of Acme 2");
    expect(told.map(({ to }) => to).toSorted()).toEqual([owner.email, second.email].toSorted());
  });

  test("whoever did not consent to be tied to the product is not made an owner by it", async () => {
    const stranger = await addPerson(h);
    const { status, body } = await putOrganisation([{ email: stranger.email }]);
    expect([status, body.errors]).toMatchObject([
      400,
      [{ pointer: "/owners/0/email", detail: expect.stringContaining("not tied") }],
    ]);
    const { body: made } = await putOrganisation();
    expect((await putOrganisation([{ email: stranger.email }])).status).toBe(400);
    expect(await ownersOf(made.id)).toEqual([owner.accountId]);
  });

  test("a new one needs an owner; each that is nobody's enabled account is named; nothing is made", async () => {
    expect((await putOrganisation([])).body.errors).toMatchObject([{ pointer: "/owners" }]);
    const disabled = await addPerson(h, { externalId: `disabled-${count}` });
    await h.db
      .updateTable("account")
      .set({ disabled_at: h.clock.now() })
      .where("id", "=", disabled.accountId)
      .execute();
    const { status, body } = await putOrganisation([
      { email: owner.email },
      { externalId: "nobody" },
      { email: "nobody@example.test" },
      { email: disabled.email },
    ]);
    expect([status, body.errors.map((error: { pointer: string }) => error.pointer)]).toEqual([
      400,
      ["/owners/1/externalId", "/owners/2/email", "/owners/3/email"],
    ]);
    const rows = await h.db
      .selectFrom("organisation")
      .select("id")
      .where("external_id", "=", `o-${count}`)
      .execute();
    expect(rows).toEqual([]);
  });

  test("of twenty at once one makes it, and the others say the same", async () => {
    const replies = await Promise.all(Array.from({ length: 20 }, () => putOrganisation()));
    expect(replies.filter(({ status }) => status === 201).length).toBe(1);
    expect(replies.filter(({ status }) => status === 200).length).toBe(19);
    expect(new Set(replies.map(({ body }) => body.id)).size).toBe(1);
  });
});

const putApp = (name = "Shop", organisation = `o-${count}`) =>
  put("apps", `a-${count}`, { name, organisation: { externalId: organisation } });

describe("PUT /v1/provision/apps/:externalId", () => {
  test("makes it in its organisation, so that its owner has it; renames; a repeat changes nothing", async () => {
    const { body: organisation } = await putOrganisation();
    const { status, body } = await putApp();
    expect([status, body.externalId]).toEqual([201, `a-${count}`]);
    expect(await lastEntry()).toMatchObject({
      action: "app.provisioned",
      appId: body.id,
      organisationId: organisation.id,
    });
    const apps = await h.call("GET", "/v1/apps", { as: owner.headers });
    expect(apps.body.owned.map((app: { id: string }) => app.id)).toEqual([body.id]);

    expect([(await putApp()).status, (await lastEntry())?.change]).toEqual([200, undefined]);
    expect((await putApp("Shop 2")).body.id).toBe(body.id);
    expect((await lastEntry())?.change).toEqual({
      before: { name: "Shop" },
      after: { name: "Shop 2" },
    });
  });

  // T25
  test("T25 an app stays where it is: another organisation's externalId can't take it", async () => {
    await putOrganisation();
    await put("organisations", `other-${count}`, {
      name: "Other",
      owners: [{ email: owner.email }],
    });
    const { body } = await putApp();
    const moved = await putApp("Shop", `other-${count}`);
    expect([moved.status, moved.body.code]).toEqual([409, "external-id-taken"]);
    const gone = await putApp("Shop", "nobody");
    expect([gone.status, gone.body.errors]).toMatchObject([
      400,
      [{ pointer: "/organisation/externalId" }],
    ]);
    const row = await h.db.selectFrom("app").select("name").where("id", "=", body.id).execute();
    expect(row).toEqual([{ name: "Shop" }]);
  });

  test("of twenty at once one makes it", async () => {
    await putOrganisation();
    const replies = await Promise.all(Array.from({ length: 20 }, () => putApp()));
    expect(replies.filter(({ status }) => status === 201).length).toBe(1);
    expect(new Set(replies.map(({ body }) => body.id)).size).toBe(1);
  });

  test("an app that its owner deleted is made anew, as another", async () => {
    await putOrganisation();
    const { body } = await putApp();
    const deleted = await h.call("DELETE", `/v1/apps/${body.id}`, { as: owner.headers });
    expect(deleted.status).toBe(204);
    const again = await putApp();
    expect([again.status, again.body.id === body.id]).toEqual([201, false]);
  });
});
