import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addApp, addGrant, addMember, type OwnedApp } from "../../test/builders/access.ts";
import { DAY_MS, startErasing, type EraserBench } from "../../test/builders/erasing.ts";
import { addOperator } from "../../test/builders/operator.ts";
import { addPerson, addSession, type Person } from "../../test/builders/people.ts";
import { startHarness, type Harness, type Headers } from "../../test/harness.ts";

let h: Harness;
let b: EraserBench;
beforeAll(async () => {
  h = await startHarness({ isFiling: false });
  b = await startErasing(h);
});
afterAll(async () => {
  await b.close();
  await h.stop();
});

const fresh = async ({ accountId }: Person): Promise<Headers> =>
  (await addSession(h, accountId)).headers;

const pathOf = ({ organisationId }: OwnedApp): string => `/v1/organisations/${organisationId}`;

const days = (routineDays: number, importantDays = 400, addressDays = 400) => ({
  routineDays,
  importantDays,
  addressDays,
});

const put = async (app: OwnedApp, body: object, as = app.owner.headers) =>
  await h.call("PUT", `${pathOf(app)}/retention`, { as, body });

const read = async (app: OwnedApp) =>
  (await h.call("GET", `${pathOf(app)}/retention`, { as: await fresh(app.owner) })).body;

describe("how long a log is kept", () => {
  test("longer holds at once; shorter waits two weeks, and whoever sets what was before has taken it back", async () => {
    const app = await addApp(h);
    expect(await read(app)).toMatchObject({ periods: days(30), next: null, acts: [] });
    expect((await put(app, days(200))).body).toMatchObject({ periods: days(200), next: null });
    const { body } = await put(app, days(30, 500));
    expect(body.periods).toEqual(days(200, 500));
    expect(body.next.periods).toEqual(days(30, 500));
    const waits = Date.parse(body.next.holdsFrom) - h.clock.now().getTime();
    expect(Math.round(waits / DAY_MS)).toBe(14);
    expect((await put(app, days(200, 500))).body).toMatchObject({ next: null });
  });

  test("what is shorter takes what it is to take once it holds, and not a day before", async () => {
    const app = await addApp(h);
    await put(app, days(200));
    const as = { ...app.owner.headers, "user-agent": "Shortened/1.0" };
    await h.call("GET", `/v1/apps/${app.appId}`, { as });
    await b.settle();
    h.clock.advance(60 * DAY_MS);
    await put(app, days(30), await fresh(app.owner));
    h.clock.advance(13 * DAY_MS);
    await b.erase();
    expect(await b.tablesWith("Shortened/1.0")).toContain("entry_batch");
    h.clock.advance(2 * DAY_MS);
    await b.erase();
    expect(await b.tablesWith("Shortened/1.0")).toEqual([]);
    const after = await read(app);
    expect(after).toMatchObject({ periods: days(30), next: null });
    expect(after.acts[0]).toMatchObject({ entries: expect.any(Number), held: 0 });
  });

  test.each([
    ["routineDays", days(29)],
    ["importantDays", days(30, 89)],
    ["addressDays", days(30, 400, 3)],
    ["importantDays", days(30, 4000)],
  ])("%s beyond its bounds is refused there, and nothing is changed", async (name, body) => {
    const app = await addApp(h);
    const refused = await put(app, body);
    expect([refused.status, refused.body.errors]).toEqual([
      400,
      [expect.objectContaining({ pointer: `/${name}` })],
    ]);
    const query = Object.entries(body)
      .map(([key, value]) => `${key}=${value}`)
      .join("&");
    const preview = await h.call("GET", `${pathOf(app)}/retention/preview?${query}`, {
      as: app.owner.headers,
    });
    expect([preview.status, preview.body.errors.length]).toEqual([400, 1]);
    expect((await read(app)).periods).toEqual(days(30));
  });

  test("not even somebody who writes into the table can make it short", async () => {
    const app = await addApp(h);
    const write = (values: string) =>
      b.log.owner.pool.query(
        `insert into retention_policy (organisation_id, routine_days, important_days, address_days,
           next_routine_days, next_important_days, next_address_days, asked_at, next_at) values ($1, ${values})`,
        [app.organisationId],
      );
    await expect(write("1, 400, 400, null, null, null, null, null")).rejects.toThrow("check");
    await expect(write("400, 400, 400, 30, 90, 90, now(), now()")).rejects.toThrow("check");
  });

  test("a preview says what would go, and changes nothing", async () => {
    const app = await addApp(h);
    await put(app, days(200));
    for (let turn = 0; turn < 5; turn++)
      await h.call("GET", `/v1/apps/${app.appId}`, { as: app.owner.headers });
    await b.settle();
    h.clock.advance(40 * DAY_MS);
    const { body } = await h.call(
      "GET",
      `${pathOf(app)}/retention/preview?routineDays=30&importantDays=400&addressDays=400`,
      { as: await fresh(app.owner) },
    );
    expect(body).toMatchObject({ routine: 5, important: 0, addresses: 0 });
    expect(await read(app)).toMatchObject({ periods: days(200), next: null });
  });

  test("is an officer's too; a guest, another organisation and a stale second factor get nothing", async () => {
    const app = await addApp(h);
    const officer = await addMember(h, { organisationId: app.organisationId, role: "officer" });
    const { person: guest } = await addGrant(h, { appId: app.appId, role: "admin" });
    expect((await put(app, days(60), officer.headers)).status).toBe(200);
    expect((await put(app, days(60), guest.headers)).status).toBe(404);
    expect((await put(app, days(60), (await addPerson(h)).headers)).status).toBe(404);
    const stale = await addSession(h, app.owner.accountId, { isSteppedUp: false });
    expect((await put(app, days(60), stale.headers)).body.code).toBe("step-up-required");
  });
});

describe("a hold", () => {
  const place = async (app: OwnedApp, body: object = {}, as = app.owner.headers) =>
    await h.call("POST", `${pathOf(app)}/holds`, { as, body: { reason: "A court asks", ...body } });

  test("is placed by owners and officers, and released by owners alone", async () => {
    const app = await addApp(h);
    const officer = await addMember(h, { organisationId: app.organisationId, role: "officer" });
    const { status, body } = await place(app, {}, officer.headers);
    expect([status, body.byOperator, body.placedBy.id]).toEqual([201, false, officer.accountId]);
    const release = async (as: Headers) =>
      (await h.call("DELETE", `${pathOf(app)}/holds/${body.id}`, { as })).status;
    expect(await release(officer.headers)).toBe(403);
    expect(await release(app.owner.headers)).toBe(204);
    expect(await release(app.owner.headers)).toBe(404);
    const { body: list } = await h.call("GET", `${pathOf(app)}/holds`, { as: app.owner.headers });
    expect(list).toEqual({ holds: [] });
  });

  test("of an operator is seen by the owners, and not theirs to release", async () => {
    const app = await addApp(h);
    const operator = await addOperator(h);
    const { body } = await h.call("POST", "/v1/operator/holds", {
      as: operator.headers,
      body: { reason: "The police asks", organisationId: app.organisationId },
    });
    const { body: list } = await h.call("GET", `${pathOf(app)}/holds`, { as: app.owner.headers });
    expect(list.holds).toEqual([body]);
    const path = `${pathOf(app)}/holds/${body.id}`;
    expect((await h.call("DELETE", path, { as: app.owner.headers })).status).toBe(404);
    const own = `/v1/operator/holds/${body.id}`;
    expect((await h.call("DELETE", own, { as: app.owner.headers })).status).toBe(404);
    expect((await h.call("DELETE", own, { as: operator.headers })).status).toBe(204);
  });

  test("over no time at all, or that has ended already, is refused where that stands", async () => {
    const app = await addApp(h);
    const [early, late] = ["2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"];
    const pointers = async (body: object) =>
      (await place(app, body)).body.errors.map(({ pointer }: { pointer: string }) => pointer);
    expect(await pointers({ from: late, to: early })).toEqual(["/to"]);
    expect(await pointers({ until: early })).toEqual(["/until"]);
    const operator = await addOperator(h);
    const nowhere = await h.call("POST", "/v1/operator/holds", {
      as: operator.headers,
      body: { reason: "?", organisationId: app.appId },
    });
    expect(nowhere.body.errors[0].pointer).toBe("/organisationId");
  });
});

describe("being forgotten", () => {
  const ask = async (as: Headers) => await h.call("POST", "/v1/account/erasure", { as, body: {} });

  test("the answer names whose logs entries stay in, under what ground and until when", async () => {
    const person = await addPerson(h);
    await addApp(h, { owner: person });
    const theirs = await addApp(h);
    await addGrant(h, { appId: theirs.appId, role: "admin", person });
    await h.call("PATCH", `/v1/apps/${theirs.appId}`, {
      as: person.headers,
      body: { name: "Renamed" },
    });
    await b.settle();
    const { status, body } = await ask(person.headers);
    expect([status, body.request.endedAt]).toEqual([201, null]);
    expect(body.elsewhere).toEqual([
      {
        organisation: { id: theirs.organisationId, name: expect.any(String) },
        ground: "security-log",
        until: expect.any(String),
      },
    ]);
    const until = Date.parse(body.elsewhere[0].until) - h.clock.now().getTime();
    expect(Math.round(until / DAY_MS)).toBe(400);
  });

  test("is asked for once, by several at once too, and taken back once", async () => {
    const { headers } = await addPerson(h);
    const asked = await Promise.all([ask(headers), ask(headers), ask(headers)]);
    expect(asked.map(({ status }) => status).toSorted()).toEqual([201, 409, 409]);
    const undo = async () =>
      (await h.call("DELETE", "/v1/account/erasure", { as: headers })).status;
    expect([await undo(), await undo()]).toEqual([204, 404]);
    expect((await h.call("GET", "/v1/account/erasure", { as: headers })).body.request).toBeNull();
    expect((await ask(headers)).status).toBe(201);
  });

  test("waits for whoever is held, says so, and goes on by itself when the hold is gone", async () => {
    const person = await addPerson(h);
    const operator = await addOperator(h);
    const as = { ...person.headers, "user-agent": "Forgotten/1.0" };
    await h.call("PATCH", "/v1/account", { as, body: { displayName: "Robin Other" } });
    const hold = await h.call("POST", "/v1/operator/holds", {
      as: operator.headers,
      body: { reason: "A court asks", accountId: person.accountId },
    });
    await ask(person.headers);
    h.clock.advance(92 * DAY_MS);
    await b.erase();
    h.clock.advance(DAY_MS);
    await b.erase();
    expect(await b.tablesWith("Forgotten/1.0")).toContain("entry_batch");
    const { body } = await h.call("GET", "/v1/account/erasure", { as: await fresh(person) });
    expect(body.request.held).toBeGreaterThan(0);
    await h.call("DELETE", `/v1/operator/holds/${hold.body.id}`, { as: await fresh(operator) });
    h.clock.advance(8 * DAY_MS);
    await b.erase();
    expect(await b.tablesWith("Forgotten/1.0")).toEqual([]);
  });

  test("an operator asks for others, with a reason, and not for themselves", async () => {
    const operator = await addOperator(h);
    const person = await addPerson(h);
    const forget = async (accountId: string) =>
      (
        await h.call("POST", `/v1/operator/accounts/${accountId}/erasure`, {
          as: operator.headers,
          body: { reason: "Asked by letter" },
        })
      ).status;
    expect(await forget(operator.accountId)).toBe(403);
    expect(await forget(person.accountId)).toBe(201);
    const path = `/v1/operator/accounts/${person.accountId}/erasure`;
    expect((await h.call("DELETE", path, { as: person.headers })).status).toBe(404);
    expect((await h.call("DELETE", path, { as: operator.headers })).status).toBe(204);
  });
});
