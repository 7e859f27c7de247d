import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  insertApp,
  insertKey,
  type TestApp,
  type TestKey,
} from "../../../test/builders/gateways.ts";
import { addPerson, type Person } from "../../../test/builders/people.ts";
import { startHarness, type Harness, type Reply } from "../../../test/harness.ts";
import { parseEntryId } from "../entries/batch.ts";
import { decodeEntries } from "../entries/entry-codec.ts";
import type { Entry } from "../entries/entry.ts";
import { readBatches } from "../search/batch-queries.ts";

let h: Harness;
let person: Person;
let app: TestApp;
let gateway: TestKey;
let key: TestKey;
beforeAll(async () => {
  h = await startHarness({ isFiling: false });
  person = await addPerson(h);
  app = await insertApp(h);
  gateway = await insertKey(h, app, { role: "gateway" });
  key = await insertKey(h, app);
});
afterAll(async () => h.stop());

/** What stands on record under the id that a reply names. */
async function entryOf(reply: Reply): Promise<Entry | undefined> {
  const place = parseEntryId(String(reply.headers["audit-id"]));
  const [batch] = place === null ? [] : await readBatches(h.db, [place]);
  return batch === undefined || place === null
    ? undefined
    : decodeEntries(batch.payload)[place.position];
}

const ask = (credential: string, as = gateway.headers) =>
  h.call("POST", "/v1/decisions", {
    as,
    body: { credential, action: "app:read", appId: app.appId, address: "192.0.2.7" },
  });

describe("a reply names the entry that its request left", () => {
  test.each<[string, () => Promise<Reply>, Partial<Entry>, number]>([
    [
      "of a change",
      () => h.call("PATCH", "/v1/account", { as: person.headers, body: { displayName: "Ann" } }),
      { action: "account.renamed", outcome: "done" },
      200,
    ],
    [
      "of a read",
      () => h.call("GET", "/v1/account", { as: person.headers }),
      { action: "account.read", outcome: "done" },
      200,
    ],
    [
      "of a refusal",
      () => h.call("GET", "/v1/audit/entries/20260301-1-1-0", { as: person.headers }),
      { action: "entry.read", outcome: "refused", reason: "not-found" },
      404,
    ],
    [
      "of a body that is none",
      () => h.call("PATCH", "/v1/account", { as: person.headers, body: { displayName: 7 } }),
      { action: "account.renamed", outcome: "refused", reason: "invalid-request" },
      400,
    ],
    [
      "of an address that is none",
      () => h.call("GET", "/v1/nowhere", { as: person.headers }),
      { action: "request.made", outcome: "refused" },
      404,
    ],
    [
      "of a stranger's try",
      () =>
        h.call("POST", "/v1/sign-in", {
          body: { email: person.email, password: "no password at all" },
        }),
      { action: "session.signed-in", outcome: "refused", reason: "wrong-credentials" },
      401,
    ],
    ["of a decision", () => ask(key.text), { action: "decision.made", outcome: "done" }, 200],
    [
      "of a decision that is no",
      () => ask("sally_key_none"),
      { action: "decision.made", outcome: "refused", reason: "unknown-credential" },
      200,
    ],
    [
      "of an asker who may not ask",
      () => ask(key.text, key.headers),
      { action: "decision.made", outcome: "refused" },
      403,
    ],
    [
      "of a stream, at its beginning",
      () => h.call("GET", "/v1/audit/export?format=csv", { as: person.headers }),
      { action: "entry.exported", outcome: "done" },
      200,
    ],
  ])("%s", async (_name, send, entry, status) => {
    const reply = await send();
    expect(reply.status).toBe(status);
    expect(await entryOf(reply)).toMatchObject(entry);
  });

  test("of a gateway's question, whatever it is told", async () => {
    const headers = {
      authorization: `Bearer ${key.text}`,
      "x-sallyport-gateway": gateway.text,
      "x-original-method": "GET",
      "x-original-uri": "/orders",
      "x-real-ip": "192.0.2.7",
    };
    for (const [query, status] of [
      [`app=${app.appId}&action=app:read`, 200],
      ["app=here", 400],
    ] as const) {
      const reply = await h.call("GET", `/v1/forward-auth?${query}`, { as: headers });
      expect(reply.status).toBe(status);
      expect(await entryOf(reply)).toMatchObject({ action: "decision.made" });
    }
  });

  test("of the request that was sent again, not of the first", async () => {
    const create = () =>
      h.call("POST", "/v1/audit/saved-filters", {
        as: { ...person.headers, "idempotency-key": "once" },
        body: { name: "Mine", query: "outcome=refused" },
      });
    const [first, again] = [await create(), await create()];
    expect(again.status).toBe(first.status);
    expect(await entryOf(first)).toMatchObject({ action: "saved-filter.created" });
    expect(await entryOf(again)).toMatchObject({ action: "request.replayed" });
  });

  test("and none where tries alike are counted together, nor where nothing is on record", async () => {
    const tries: unknown[] = [];
    for (let turn = 0; turn < 7; turn++) {
      const { headers } = await h.call("GET", "/v1/account", { from: "127.0.9.1" });
      tries.push(headers["audit-id"] !== undefined);
    }
    expect(tries).toEqual([true, true, true, true, true, false, false]);
    expect((await h.call("GET", "/healthz")).headers).not.toHaveProperty("audit-id");
  });
});

test("a process that does not hold the log's key names the entry and promises nothing", async () => {
  const reply = await h.call("GET", "/v1/account", {
    as: { ...person.headers, "audit-receipt": "please" },
  });
  expect(reply.headers).toHaveProperty("audit-id");
  expect(reply.headers).not.toHaveProperty("audit-receipt");
});
