import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { insertApp, type TestApp } from "../../../test/builders/gateways.ts";
import { addOperator } from "../../../test/builders/operator.ts";
import { addPerson, addSession, type Person } from "../../../test/builders/people.ts";
import { startHarness, type Harness } from "../../../test/harness.ts";

let h: Harness;
let operator: Person;
let owner: Person;
let app: TestApp;
beforeAll(async () => {
  h = await startHarness();
});
beforeEach(async () => {
  operator = await addOperator(h);
  app = await insertApp(h);
  owner = await addMember("owner");
});
afterAll(async () => h.stop());

async function addMember(role: "owner" | "officer", of = app): Promise<Person> {
  const person = await addPerson(h);
  await h.db
    .insertInto("organisation_member")
    .values({ organisation_id: of.organisationId, account_id: person.accountId, role })
    .execute();
  return person;
}

const HOUR_MS = 3_600_000;
const url = (appId = app.appId) => `/v1/apps/${appId}/support-consents`;

const give = (as: Pick<Person, "headers">, body: object = { reason: "Ticket 12", hours: 2 }) =>
  h.call("POST", url(), { as: as.headers, body });

const read = (as: Pick<Person, "headers"> = operator, more = "") =>
  h.call("GET", `/v1/operator/entries?appId=${app.appId}${more}`, { as: as.headers });

describe("the operator's look at an app's entries", () => {
  test("needs an owner's consent, and stands in the app's own log with its reason", async () => {
    const refused = await read();
    expect([refused.status, refused.body.code]).toEqual([403, "consent-required"]);

    const given = await give(owner);
    expect([given.status, given.body]).toEqual([
      201,
      { id: expect.any(String), endsAt: expect.any(String) },
    ]);
    const { status, body } = await read();

    expect(status).toBe(200);
    expect(body.entries.map((entry: { action: string }) => entry.action)).toEqual([
      "support.consent-given",
      "operator.entries-read",
    ]);
    const log = await h.call("GET", `/v1/audit/entries?app=${app.appId}`, { as: owner.headers });
    expect(log.body.entries.slice(0, 3)).toMatchObject([
      { action: "operator.entries-read", outcome: "done", reason: "Ticket 12" },
      { action: "support.consent-given", outcome: "done" },
      { action: "operator.entries-read", outcome: "refused", reason: "consent-required" },
    ]);
  });

  test("shows that app alone, and takes the log's filters", async () => {
    const other = await insertApp(h);
    const otherOwner = await addMember("owner", other);
    await h.call("GET", `/v1/apps/${other.appId}/roles`, { as: otherOwner.headers });
    await h.call("GET", `/v1/apps/${app.appId}/roles`, { as: owner.headers });
    await give(owner);
    const { body } = await read(operator, "&action=role.listed,support.*&limit=1");
    expect(body.entries).toMatchObject([{ action: "support.consent-given" }]);
    const next = await read(operator, `&action=role.listed,support.*&cursor=${body.nextCursor}`);
    expect(next.body.entries).toMatchObject([{ action: "role.listed", app: { id: app.appId } }]);
    const wide = await read(operator, `&app=${other.appId}`);
    expect([wide.status, wide.body.errors]).toMatchObject([400, [{ pointer: "/app" }]]);
  });

  test("ends with the consent: at its hour, and at once when it is withdrawn", async () => {
    await give(owner, { reason: "Ticket 12", hours: 1 });
    expect((await read()).status).toBe(200);
    h.clock.advance(HOUR_MS);
    expect((await read()).body.code).toBe("consent-required");

    const fresh = await addSession(h, owner.accountId);
    const { body } = await give(fresh);
    expect((await read()).status).toBe(200);
    const withdraw = () => h.call("DELETE", `${url()}/${body.id}`, { as: fresh.headers });
    const replies = await Promise.all(Array.from({ length: 10 }, withdraw));
    expect(replies.filter(({ status }) => status === 204).length).toBe(1);
    expect((await read()).body.code).toBe("consent-required");
  });

  test("an app that there is not is not found; a person who is no operator finds none", async () => {
    await give(owner);
    expect((await read(owner)).status).toBe(404);
    const gone = `/v1/operator/entries?appId=01980000-0000-7000-8000-000000000000`;
    expect((await h.call("GET", gone, { as: operator.headers })).status).toBe(404);
    expect((await h.call("GET", "/v1/operator/entries", { as: operator.headers })).status).toBe(
      400,
    );
  });
});

describe("consents", () => {
  test("are an owner's to give, after step-up; to strangers to the app it does not exist", async () => {
    const officer = await addMember("officer");
    expect((await give(officer)).body.code).toBe("forbidden");
    for (const outsider of [await addPerson(h), operator])
      expect([(await give(outsider)).status, (await give(outsider)).body.code]).toEqual([
        404,
        "not-found",
      ]);
    const stale = await addSession(h, owner.accountId, { isSteppedUp: false });
    expect((await give(stale)).body.code).toBe("step-up-required");
    const halfOpen = await addSession(h, owner.accountId, { level: "needs-second-factor" });
    expect((await give(halfOpen)).body.code).toBe("second-factor-required");
    expect((await read()).body.code).toBe("consent-required");
  });

  test("last a week at most and need a reason", async () => {
    for (const [body, pointer] of [
      [{ reason: "x", hours: 169 }, "/hours"],
      [{ reason: "x", hours: 0 }, "/hours"],
      [{ reason: " ", hours: 1 }, "/reason"],
      [{ hours: 1 }, "/reason"],
    ] as const)
      expect((await give(owner, body)).body.errors[0].pointer).toBe(pointer);
  });

  test("are listed to those who may audit the app, and told to all owners", async () => {
    const officer = await addMember("officer");
    const second = await addMember("owner");
    const { body } = await give(owner);
    const listed = await h.call("GET", url(), { as: officer.headers });
    expect(listed.body.consents).toEqual([
      {
        id: body.id,
        reason: "Ticket 12",
        givenBy: { id: owner.accountId, displayName: "Robin Example" },
        createdAt: expect.any(String),
        endsAt: body.endsAt,
        withdrawnAt: null,
      },
    ]);
    expect((await h.call("GET", url(), { as: operator.headers })).status).toBe(404);
    const told = (await h.mails()).filter(({ text }) => text.includes("Ticket 12"));
    expect(told.map(({ to }) => to)).toEqual(expect.arrayContaining([owner.email, second.email]));
  });

  // T25
  test("T25 of one app can't be withdrawn by way of another", async () => {
    const { body } = await give(owner);
    const other = await insertApp(h);
    const otherOwner = await addMember("owner", other);
    for (const appId of [other.appId, app.appId]) {
      const path = `${url(appId)}/${body.id}`;
      expect((await h.call("DELETE", path, { as: otherOwner.headers })).status).toBe(404);
    }
    expect((await read()).status).toBe(200);
  });
});

describe("asking", () => {
  const ask = (as: Pick<Person, "headers"> = operator, body: object = {}) =>
    h.call("POST", "/v1/operator/support-requests", {
      as: as.headers,
      body: { appId: app.appId, reason: "Ticket 31", hours: 4, ...body },
    });
  const cases = async () =>
    (await h.call("GET", "/v1/operator/support-cases", { as: operator.headers })).body.cases.filter(
      (one: { appId: string }) => one.appId === app.appId,
    );

  test("opens nothing; every owner is told, and finds the question where it is answered", async () => {
    const second = await addMember("owner");
    const officer = await addMember("officer");
    const asked = await ask();
    expect([asked.status, asked.body]).toEqual([
      201,
      { id: expect.any(String), endsAt: expect.any(String) },
    ]);
    expect((await read()).body.code).toBe("consent-required");
    const told = (await h.mails()).filter(({ text }) => text.includes("Ticket 31"));
    expect(told.map(({ to }) => to)).toEqual(expect.arrayContaining([owner.email, second.email]));
    const listed = await h.call("GET", url(), { as: officer.headers });
    expect(listed.body.requests).toMatchObject([
      { id: asked.body.id, reason: "Ticket 31", hours: 4, askedBy: { id: operator.accountId } },
    ]);
    expect(await cases()).toMatchObject([{ state: "asked", reason: "Ticket 31", appName: "Shop" }]);
    const log = await h.call("GET", `/v1/audit/entries?app=${app.appId}&action=support.requested`, {
      as: owner.headers,
    });
    expect(log.body.entries).toMatchObject([{ outcome: "done", reason: "Ticket 31" }]);
  });

  test("is agreed to by an owner, for as long as the owner says; then the question is answered", async () => {
    const { body } = await ask();
    const given = await give(owner, { reason: "Ticket 31", hours: 1, requestId: body.id });
    expect(given.status).toBe(201);
    expect((await read()).status).toBe(200);
    expect((await h.call("GET", url(), { as: owner.headers })).body.requests).toEqual([]);
    expect(await cases()).toMatchObject([{ state: "given", endsAt: given.body.endsAt }]);
    const again = await give(owner, { reason: "Ticket 31", hours: 1, requestId: body.id });
    expect([again.status, again.body.code]).toEqual([409, "conflict"]);
    await h.call("DELETE", `${url()}/${given.body.id}`, { as: owner.headers });
    expect(await cases()).toMatchObject([{ state: "withdrawn" }]);
  });

  test("is refused by an owner, without step-up, and by nobody else; of agreeing and refusing at once one counts", async () => {
    const { body } = await ask();
    const path = `/v1/apps/${app.appId}/support-requests/${body.id}`;
    const refuse = (as: Pick<Person, "headers">) => h.call("DELETE", path, { as: as.headers });
    expect((await refuse(await addMember("officer"))).body.code).toBe("forbidden");
    expect((await refuse(operator)).status).toBe(404);
    const stale = await addSession(h, owner.accountId, { isSteppedUp: false });
    const both = await Promise.all([
      refuse(stale),
      give(owner, { reason: "x", hours: 1, requestId: body.id }),
    ]);
    const statuses = both.map(({ status }) => status);
    expect([
      [204, 409],
      [404, 201],
    ]).toContainEqual(statuses);
    expect((await read()).status).toBe(statuses[1] === 201 ? 200 : 403);
  });

  test("happens once until it is answered or over; of ten at once one counts", async () => {
    const replies = await Promise.all(Array.from({ length: 10 }, () => ask()));
    expect(replies.map(({ status }) => status).toSorted()).toEqual([
      201,
      ...Array.from({ length: 9 }, () => 409),
    ]);
    h.clock.advance(14 * 24 * HOUR_MS);
    operator = await addOperator(h);
    expect(await cases()).toMatchObject([{ state: "unanswered" }]);
    expect((await ask()).status).toBe(201);
  });

  test("is an operator's, after step-up, about an app that there is", async () => {
    expect((await ask(owner)).status).toBe(404);
    const list = await h.call("GET", "/v1/operator/support-cases", { as: owner.headers });
    expect(list.status).toBe(404);
    const stale = await addSession(h, operator.accountId, { isSteppedUp: false });
    expect((await ask(stale)).body.code).toBe("step-up-required");
    const gone = "01980000-0000-7000-8000-000000000000";
    expect((await ask(operator, { appId: gone })).body.code).toBe("not-found");
    expect((await ask(operator, { hours: 169 })).body.errors[0].pointer).toBe("/hours");
    expect((await ask(operator, { reason: " " })).body.errors[0].pointer).toBe("/reason");
  });

  // T25
  test("T25 about one app can't be answered by way of another", async () => {
    const { body } = await ask();
    const other = await insertApp(h);
    const otherOwner = await addMember("owner", other);
    const refused = await h.call("DELETE", `/v1/apps/${other.appId}/support-requests/${body.id}`, {
      as: otherOwner.headers,
    });
    expect(refused.status).toBe(404);
    const given = await h.call("POST", url(other.appId), {
      as: otherOwner.headers,
      body: { reason: "x", hours: 1, requestId: body.id },
    });
    expect(given.body.code).toBe("conflict");
    expect(await cases()).toMatchObject([{ state: "asked" }]);
  });
});
