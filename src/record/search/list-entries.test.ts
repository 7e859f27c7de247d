import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { addApp, addGrant, type OwnedApp } from "../../../test/builders/access.ts";
import { anEntry } from "../../../test/builders/entries.ts";
import { addPerson, addSession, type Person } from "../../../test/builders/people.ts";
import { startHarness, type Harness, type Headers } from "../../../test/harness.ts";
import type { LogEntry } from "../../contract/record/entries.ts";
import { openDatabase } from "../../platform/db/db.ts";
import { parseEntryId } from "../entries/batch.ts";
import type { Entry } from "../entries/entry.ts";

let h: Harness;
let owner: Person;
let shop: OwnedApp;

beforeAll(async () => {
  h = await startHarness();
  owner = await addPerson(h, { displayName: "Olga Owner" });
  shop = await addApp(h, { owner, name: "Shop" });
});
afterAll(() => h.stop());

const put = async (given: Partial<Entry>): Promise<string> =>
  (await h.services.recorder.submit(anEntry({ at: h.clock.now(), ...given }))).entryId;

const by = (person: Person): Entry["actor"] => ({
  kind: "session",
  accountId: person.accountId,
  credentialId: person.sessionId,
});

async function list(as: Headers, query = ""): Promise<LogEntry[]> {
  const { status, body } = await h.call("GET", `/v1/audit/entries?limit=200${query}`, { as });
  expect(status, JSON.stringify(body)).toBe(200);
  return body.entries;
}

const find = async (as: Headers, id: string): Promise<LogEntry | undefined> =>
  (await list(as)).find((entry) => entry.id === id);

describe("what is found", () => {
  test("an acknowledged change, read and refusal, each at once, newest first", async () => {
    const person = await addPerson(h);
    for (let turn = 0; turn < 10; turn++) {
      const { appId } = await addApp(h, { owner: person });
      const entries = await list(person.headers);
      expect(entries[0]).toMatchObject({
        action: "app.created",
        outcome: "done",
        app: { id: appId },
      });
      await h.call("GET", "/v1/apps", { as: person.headers });
      expect((await list(person.headers))[0]).toMatchObject({
        action: "app.listed",
        class: "routine",
      });
      await h.call("GET", `/v1/apps/${randomUUID()}/roles`, { as: person.headers });
      expect((await list(person.headers))[0]).toMatchObject({
        outcome: "refused",
        reason: "not-found",
        class: "important",
      });
    }
    const times = (await list(person.headers)).map(({ at }) => at);
    expect(times).toEqual(times.toSorted().toReversed());
    expect(times).toHaveLength(10 * 3 + 30);
  });

  test("reading the log is on record itself", async () => {
    const person = await addPerson(h);
    await list(person.headers);
    expect((await list(person.headers))[0]).toMatchObject({
      action: "entry.listed",
      actor: { kind: "session", accountId: person.accountId, displayName: "Robin Example" },
      credential: { kind: "session", id: person.sessionId },
      address: "127.0.0.1",
    });
  });

  test("two sessions of one person are told apart", async () => {
    const person = await addPerson(h);
    const other = await addSession(h, person.accountId);
    await h.call("GET", "/v1/apps", { as: other.headers });
    const entries = await list(person.headers, `&credential=${other.sessionId}`);
    expect(entries.map(({ action }) => action)).toEqual(["app.listed"]);
  });

  test("all of an entry's parts, with the names of actor and app", async () => {
    const id = await put({
      action: "key.created",
      outcome: "done",
      actor: by(owner),
      appId: shop.appId,
      targets: [{ type: "key", id: "k1" }],
      change: { after: { name: "Production" } },
      reportedAction: "told",
      reportedAt: new Date("2026-01-02T03:04:05.678Z"),
      count: 3,
    });
    const expected = {
      id,
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      action: "key.created",
      outcome: "done",
      class: "important",
      actor: { kind: "session", accountId: owner.accountId, displayName: "Olga Owner" },
      credential: { kind: "session", id: owner.sessionId },
      address: "192.0.2.7",
      userAgent: "curl",
      app: { id: shop.appId, name: "Shop" },
      targets: [{ type: "key", id: "k1" }],
      requestId: expect.any(String),
      change: { after: { name: "Production" } },
      reportedAction: "told",
      reportedAt: "2026-01-02T03:04:05.678Z",
      count: 3,
    };
    expect(await find(owner.headers, id)).toEqual(expected);
    const { status, body } = await h.call("GET", `/v1/audit/entries/${id}`, { as: owner.headers });
    expect([status, body]).toEqual([200, expected]);
  });
});

describe("whose entries are seen", () => {
  test("app:audit sees what guests do to the app, and nothing of their other lives", async () => {
    const { person: guest } = await addGrant(h, { appId: shop.appId, role: "editor" });
    const elsewhere = await addApp(h, { owner: guest });
    const seen = await put({ actor: by(guest), appId: shop.appId, requestId: "in-shop" });
    const hidden = [
      await put({ actor: by(guest), appId: elsewhere.appId }),
      await put({ actor: by(guest) }),
    ];
    expect(await find(owner.headers, seen)).toMatchObject({
      actor: { accountId: guest.accountId },
      address: "192.0.2.7",
    });
    for (const id of hidden) {
      expect(await find(owner.headers, id)).toBeUndefined();
      expect(await find(guest.headers, id)).toBeDefined();
    }
  });

  test("a guest without app:audit sees their own acts there, and no one else's", async () => {
    const { person: guest } = await addGrant(h, { appId: shop.appId, role: "sender" });
    const own = await put({ actor: by(guest), appId: shop.appId });
    const others = await put({ actor: by(owner), appId: shop.appId });
    const ids = (await list(guest.headers)).map(({ id }) => id);
    expect([ids.includes(own), ids.includes(others)]).toEqual([true, false]);
  });

  test("an entry about several apps stands in the log of each, without the others", async () => {
    const second = await addApp(h, { name: "Second" });
    const targets = [
      { type: "app", id: shop.appId },
      { type: "app", id: second.appId },
    ];
    const id = await put({ actor: by(second.owner), targets, change: { after: "both" } });
    const seen = await find(owner.headers, id);
    expect(seen).toMatchObject({ app: { id: shop.appId, name: "Shop" }, targets: [targets[0]] });
    expect(seen).not.toHaveProperty("change");
    expect(await find(second.owner.headers, id)).toMatchObject({ targets });
  });

  test("what somebody does to my account: I see it, not where they were, nor whom else they touched", async () => {
    const [me, other] = [await addPerson(h), await addPerson(h)];
    const of = ({ accountId }: Person) => ({ type: "grant", id: randomUUID(), accountId });
    const targets = [of(me), of(other)];
    const id = await put({ actor: by(owner), targets, change: { before: "both" } });
    const seen = await find(me.headers, id);
    expect(seen).toMatchObject({
      actor: { accountId: owner.accountId, displayName: "Olga Owner" },
      credential: null,
      address: null,
      userAgent: null,
      targets: [targets[0]],
    });
    expect(seen).not.toHaveProperty("change");
    for (const filter of ["address=192.0.2.7", `credential=${owner.sessionId}`, "text=192.0.2"])
      expect((await list(me.headers, `&${filter}`)).map((entry) => entry.id)).not.toContain(id);
  });

  test("a stranger's try at my account: I see where it came from", async () => {
    const me = await addPerson(h);
    const id = await put({
      action: "session.read",
      reason: "wrong-credentials",
      targets: [{ type: "account", id: me.accountId, accountId: me.accountId }],
    });
    expect(await find(me.headers, id)).toMatchObject({ address: "192.0.2.7", userAgent: "curl" });
  });

  test("a guess at an app that is not mine reads the same in my log whether there is such an app or not", async () => {
    const me = await addPerson(h);
    for (const appId of [shop.appId, randomUUID()])
      await h.call("GET", `/v1/apps/${appId}/roles`, { as: me.headers });
    const [second, first] = (await list(me.headers, "&reason=not-found")).map(
      ({ id: _id, at: _at, requestId: _requestId, ...rest }) => rest,
    );
    expect(first).toEqual(second);
    expect(first).toMatchObject({ app: null, targets: [] });
    const guesses = await list(owner.headers, `&reason=not-found&app=${shop.appId}`);
    expect(guesses[0]).toMatchObject({ actor: { accountId: me.accountId } });
  });

  test("access that ends takes the app's entries with it, at the next request", async () => {
    const { person: auditor, grantId } = await addGrant(h, { appId: shop.appId, role: "admin" });
    const id = await put({ actor: by(owner), appId: shop.appId });
    expect(await find(auditor.headers, id)).toBeDefined();
    await h.db.deleteFrom("access_grant").where("id", "=", grantId).execute();
    expect(await find(auditor.headers, id)).toBeUndefined();
    const one = await h.call("GET", `/v1/audit/entries/${id}`, { as: auditor.headers });
    const none = await h.call("GET", "/v1/audit/entries/20260301-1-999999-0", {
      as: auditor.headers,
    });
    expect([one.status, one.body.code]).toEqual([404, "not-found"]);
    expect({ ...one.body, requestId: "" }).toEqual({ ...none.body, requestId: "" });
  });
});

describe("filters", () => {
  let me: Person;
  let ids: Record<"first" | "second" | "third" | "fourth", string>;
  beforeAll(async () => {
    me = await addPerson(h);
    const actor = by(me);
    // Each in a millisecond of its own: filters by time tell them apart.
    const later = (given: Parameters<typeof put>[0]): Promise<string> => {
      h.clock.advance(10);
      return put(given);
    };
    ids = {
      first: await later({ actor, action: "key.created", outcome: "done", requestId: "Req-One" }),
      second: await later({
        actor,
        action: "key.revoked",
        outcome: "failed",
        address: "2001:db8::7",
      }),
      third: await later({ actor, action: "app.listed", outcome: "done", appId: shop.appId }),
      fourth: await later({
        actor,
        action: "app.read",
        reason: "forbidden",
        address: null,
        userAgent: "Ünicode 100% _browser_",
        targets: [{ type: "key", id: "KeyOf12Chars" }],
      }),
    };
  });

  test.each([
    ["action=key.created", ["first"]],
    ["action=key.*", ["second", "first"]],
    ["action=key.*,app.read", ["fourth", "second", "first"]],
    ["action=key.created&outcome=failed", []],
    ["outcome=failed,refused", ["fourth", "second"]],
    ["class=routine", ["third"]],
    ["class=important", ["fourth", "second", "first"]],
    ["class=important,routine", ["fourth", "third", "second", "first"]],
    ["reason=forbidden", ["fourth"]],
    ["requestId=Req-One", ["first"]],
    ["address=192.0.2.7", ["third", "first"]],
    ["address=192.0.2.0/24,2001:db8::/32", ["third", "second", "first"]],
    ["address=2001:db8::7", ["second"]],
    ["credential=KeyOf12Chars", ["fourth"]],
    ["text=req-one", ["first"]],
    ["text=%C3%BCNICODE%20100%25%20_BROWSER_", ["fourth"]],
    ["text=%25", ["fourth"]],
    ["text=nowhere", []],
  ] as const)("%s", async (query, expected) => {
    const entries = await list(me.headers, `&${query}`);
    const known = entries.filter(({ action }) => action !== "entry.listed");
    expect(known.map(({ id }) => id)).toEqual(expected.map((name) => ids[name]));
  });

  test("actor and app", async () => {
    expect(await list(me.headers, `&actor=${owner.accountId}`)).toEqual([]);
    const own = await list(me.headers, `&actor=${me.accountId.toUpperCase()}&action=key.*`);
    expect(own).toHaveLength(2);
    const inShop = await list(me.headers, `&app=${shop.appId}`);
    expect(inShop.map(({ id }) => id)).toEqual([ids.third]);
    const ofOwner = await list(owner.headers, `&app=${shop.appId}&actor=${me.accountId}`);
    expect(ofOwner.map(({ id }) => id)).toEqual([ids.third]);
  });

  test("from is included, to is not, any zone is understood", async () => {
    const all = await list(me.headers);
    const second = all.find(({ id }) => id === ids.second);
    const third = all.find(({ id }) => id === ids.third);
    const inZone = new Date(Date.parse(second?.at ?? "") + 2 * 3_600_000)
      .toISOString()
      .replace("Z", "%2B02:00");
    const found = await list(me.headers, `&from=${inZone}&to=${third?.at}`);
    const ownTimes = found.map(({ at }) => at);
    expect(found.map(({ id }) => id)).toContain(ids.second);
    expect(ownTimes.every((at) => at >= (second?.at ?? "") && at < (third?.at ?? ""))).toBe(true);
  });

  test.each([
    "from=0000-01-01T00:00:00Z&to=9999-12-31T23:59:59-23:59",
    "from=9999-12-31T23:59:59Z",
    "to=0000-01-01T00:00:00Z",
    "text=%00%ED%A0%80%27%22%5C",
    `cursor=${Buffer.from("1.999999999999999.999999999.999999999999999.999999").toString("base64url")}`,
    `cursor=${Buffer.from("1.0.0.0.0").toString("base64url")}`,
  ])("at the edge of what can be asked: %s", async (query) => {
    const { status } = await h.call("GET", `/v1/audit/entries?${query}`, { as: me.headers });
    expect(status).toBe(200);
  });

  test("every parameter at fault is named", async () => {
    const { status, body } = await h.call(
      "GET",
      "/v1/audit/entries?action=Key&outcome=ok&class=x&reason=A%20b&actor=me&app=1&address=300.1.1.1&from=today&to=2026-01-01&credential=%20&requestId=%00",
      { as: me.headers },
    );
    expect([status, body.code]).toEqual([400, "invalid-request"]);
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer).toSorted()).toEqual([
      "/action",
      "/actor",
      "/address",
      "/app",
      "/class",
      "/credential",
      "/from",
      "/outcome",
      "/reason",
      "/requestId",
      "/to",
    ]);
  });

  test.each([
    ["limit=0", "/limit"],
    ["limit=201", "/limit"],
    ["limit=1e1", "/limit"],
    ["cursor=AAAA", "/cursor"],
    ["cursor=MS4xLjEuMS4x!", "/cursor"],
    ["limit=1&limit=2", "/limit"],
    ["colour=red", "/colour"],
    ["action=", "/action"],
    [`action=${Array.from({ length: 21 }, () => "a.b").join(",")}`, "/action"],
  ])("%s is refused", async (query, pointer) => {
    const { status, body } = await h.call("GET", `/v1/audit/entries?${query}`, { as: me.headers });
    expect([status, body.errors[0].pointer]).toEqual([400, pointer]);
  });
});

test("what is not as it was written is not repeated as fact, filed or not", async () => {
  const person = await addPerson(h);
  const [filed, fresh] = [await put({ actor: by(person) }), await put({ actor: by(person) })];
  const owned = openDatabase(h.database.ownerUrl, () => {});
  const forge = async (id: string, swap: string) => {
    const { writer, number } = parseEntryId(id) ?? { writer: 0, number: 0 };
    await owned.pool.query(
      `update entry_batch set payload = convert_to(replace(convert_from(payload, 'UTF8'), 'refused', $3), 'UTF8')
       where writer = $1 and number = $2`,
      [writer, number, swap],
    );
  };
  await forge(fresh, "failed");
  await vi.waitFor(async () => expect(await find(person.headers, filed)).toBeDefined(), {
    timeout: 15_000,
  });
  await forge(filed, "failed");
  const ids = (await list(person.headers)).map(({ id }) => id);
  expect([ids.includes(filed), ids.includes(fresh)]).toEqual([false, false]);
  const one = await h.call("GET", `/v1/audit/entries/${filed}`, { as: person.headers });
  expect(one.status).toBe(404);
  expect(h.services.recorder.badBatchCount).toBeGreaterThan(0);
  await owned.close();
});

describe("who may read", () => {
  test("nobody who is not signed in fully", async () => {
    const half = await addPerson(h, { level: "needs-second-factor" });
    for (const url of [
      "/v1/audit/entries",
      "/v1/audit/entries/20260301-1-1-0",
      "/v1/audit/export?format=csv",
    ]) {
      expect((await h.call("GET", url)).body).toMatchObject({ code: "not-signed-in" });
      expect((await h.call("GET", url, { as: half.headers })).body).toMatchObject({
        code: "second-factor-required",
      });
    }
  });
});
