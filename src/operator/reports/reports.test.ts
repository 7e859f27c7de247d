import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { insertApp } from "../../../test/builders/gateways.ts";
import { addOperator, addOperatorKey, type OperatorKey } from "../../../test/builders/operator.ts";
import { addPerson, type Person } from "../../../test/builders/people.ts";
import { startHarness, type Harness } from "../../../test/harness.ts";

let h: Harness;
let key: OperatorKey;
let person: Person;
let count = 0;
beforeAll(async () => {
  h = await startHarness();
});
beforeEach(async () => {
  key = await addOperatorKey(h, await addOperator(h), { scopes: ["report"] });
  person = await addPerson(h);
  count += 1;
});
afterAll(async () => h.stop());

const told = () => ({
  id: `order-${count}`,
  action: "order.refunded",
  actor: { accountId: person.accountId } as object,
  targets: [{ type: "order", id: "1234" }],
  before: { total: 10 },
  after: { total: 0, by: "Pat" },
});

const report = (body: object, as = key) =>
  h.call("POST", "/v1/audit/entries", { as: as.headers, body });

async function entriesOf<T>(work: () => Promise<T>) {
  const before = (await h.entries()).length;
  const result = await work();
  return { result, entries: (await h.entries()).slice(before) };
}

describe("POST /v1/audit/entries", () => {
  test("leaves one entry, marked as told, that account and app auditors find and nobody takes for observed", async () => {
    const app = await insertApp(h);
    const at = new Date(h.clock.now().getTime() - 3_600_000).toISOString();
    const { result, entries } = await entriesOf(() =>
      report({ ...told(), at, app: { id: app.appId }, outcome: "failed" }),
    );
    expect([result.status, result.body.id]).toEqual([
      201,
      expect.stringMatching(/^\d{8}-\d+-\d+-0$/),
    ]);
    expect(entries).toEqual([
      expect.objectContaining({
        action: "entry.reported",
        reportedAction: "order.refunded",
        reportedAt: new Date(at),
        outcome: "failed",
        actor: { kind: "reported", accountId: person.accountId, credentialId: key.id },
        appId: app.appId,
        organisationId: app.organisationId,
        targets: [{ type: "order", id: "1234", accountId: undefined }],
        change: { before: { total: 10 }, after: { total: 0, by: "Pat" } },
      }),
    ]);
    const own = await h.call("GET", "/v1/audit/entries?action=entry.reported", {
      as: person.headers,
    });
    expect(own.body.entries).toMatchObject([
      {
        id: result.body.id,
        action: "entry.reported",
        actor: { kind: "reported", accountId: person.accountId },
        reportedAction: "order.refunded",
        reportedAt: at,
      },
    ]);
  });

  test("the same report again answers the same and adds no report, in whatever order its members stand", async () => {
    const first = await report(told());
    const { id, action, ...rest } = told();
    const again = await entriesOf(() =>
      report({ ...rest, after: { by: "Pat", total: 0 }, action, id }),
    );
    expect([again.result.status, again.result.body]).toEqual([200, first.body]);
    expect(again.entries).toMatchObject([
      { action: "entry.report-repeated", actor: { kind: "operator-key", credentialId: key.id } },
    ]);
  });

  test("another report under the same id is refused, whatever differs", async () => {
    await report(told());
    const other = await addPerson(h);
    for (const difference of [
      { action: "order.deleted" },
      { actor: { accountId: other.accountId } },
      { after: { total: 1, by: "Pat" } },
      { before: undefined },
      { outcome: "refused" },
      { at: h.clock.now().toISOString() },
      { targets: [] },
    ]) {
      const { status, body } = await report({ ...told(), ...difference });
      expect([difference, status, body.code]).toEqual([difference, 409, "report-id-reused"]);
    }
    const second = await addOperatorKey(h, await addOperator(h), { scopes: ["report"] });
    expect((await report(told(), second)).status).toBe(201);
  });

  test("of fifty at once under one id one is added, and all answer its entry", async () => {
    const { result: replies, entries } = await entriesOf(() =>
      Promise.all(Array.from({ length: 50 }, () => report(told()))),
    );
    expect(replies.filter(({ status }) => status === 201).length).toBe(1);
    expect(replies.filter(({ status }) => status === 200).length).toBe(49);
    expect(new Set(replies.map(({ body }) => body.id)).size).toBe(1);
    expect(entries.filter(({ action }) => action === "entry.reported").length).toBe(1);
    expect(entries.filter(({ action }) => action === "entry.report-repeated").length).toBe(49);
  });

  test("shows an actor without an account by the product's name for it", async () => {
    const app = await insertApp(h);
    await h.db
      .insertInto("organisation_member")
      .values({
        organisation_id: app.organisationId,
        account_id: person.accountId,
        role: "owner",
      })
      .execute();
    await report({ ...told(), actor: { name: "Nightly job" }, app: { id: app.appId } });
    const { body } = await h.call("GET", `/v1/audit/entries?app=${app.appId}`, {
      as: person.headers,
    });
    expect(body.entries).toMatchObject([
      { actor: { kind: "reported", accountId: null, displayName: "Nightly job" } },
    ]);
  });

  test("names actors by externalId and by name; who there is not is refused, naming the field", async () => {
    await h.db
      .updateTable("account")
      .set({ external_id: `c-${count}` })
      .where("id", "=", person.accountId)
      .execute();
    const by = async (actor: object, id: string) => {
      const { result, entries } = await entriesOf(() => report({ ...told(), id, actor }));
      return { status: result.status, body: result.body, actor: entries[0]?.actor };
    };
    expect((await by({ externalId: `c-${count}` }, "1")).actor).toMatchObject({
      accountId: person.accountId,
    });
    expect((await by({ name: "Nightly job" }, "2")).actor).toEqual({
      kind: "reported",
      accountId: null,
      credentialId: key.id,
      name: "Nightly job",
    });
    for (const [actor, pointer] of [
      [{ externalId: "nobody" }, "/actor/externalId"],
      [{ accountId: "01980000-0000-7000-8000-000000000000" }, "/actor/accountId"],
    ] as const) {
      const { status, body } = await by(actor, "3");
      expect([status, body.errors]).toMatchObject([400, [{ pointer }]]);
    }
    const app = await report({ ...told(), id: "4", app: { externalId: "nobody" } });
    expect(app.body.errors).toMatchObject([{ pointer: "/app/externalId" }]);
  });

  test("takes odd text as it is, NUL among it", async () => {
    const odd = 'a\u0000b\ud800\u2028\n"\\ü😀';
    const body = {
      ...told(),
      targets: [{ type: "order", id: odd }],
      before: odd,
      after: { [odd]: odd },
    };
    const { result, entries } = await entriesOf(() => report(body));
    expect(result.status).toBe(201);
    expect(entries[0]).toMatchObject({
      targets: [{ type: "order", id: odd }],
      change: { before: odd, after: { [odd]: odd } },
    });
  });

  test.each([
    ["a time more than a day away", { at: "2020-01-01T00:00:00Z" }, "/at"],
    ["a time that is none", { at: "2026-06-30T23:59:60Z" }, "/at"],
    ["an action without a verb", { action: "order" }, "/action"],
    ["an id with a NUL", { id: "a\0b" }, "/id"],
    ["an id too long", { id: "x".repeat(201) }, "/id"],
    [
      "too many targets",
      { targets: Array.from({ length: 51 }, () => ({ type: "a", id: "1" })) },
      "/targets",
    ],
    ["an outcome of its own", { outcome: "allowed" }, "/outcome"],
    ["a change too long", { after: "x".repeat(33_000) }, "/after"],
    [
      "a change too deep",
      { after: JSON.parse(`${"[".repeat(2_000)}${"]".repeat(2_000)}`) },
      "/after",
    ],
    ["a class", { class: "routine" }, "/class"],
  ])("refuses %s, naming it, and adds nothing", async (_what, difference, pointer) => {
    const { result, entries } = await entriesOf(() => report({ ...told(), ...difference }));
    expect(result.status).toBe(400);
    expect(result.body.errors.map((error: { pointer: string }) => error.pointer)).toContain(
      pointer,
    );
    expect(entries).toMatchObject([{ outcome: "refused", actor: { kind: "operator-key" } }]);
  });

  test("a body that nests to the end of the stack is refused and harms nobody", async () => {
    const reply = await h.app.inject({
      method: "POST",
      url: "/v1/audit/entries",
      headers: { ...key.headers, "content-type": "application/json" },
      payload: `{"after":${"[".repeat(30_000)}${"]".repeat(30_000)}}`,
    });
    expect(reply.statusCode).toBe(400);
  });
});
