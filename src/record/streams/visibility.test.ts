import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { addApp, addGrant, addMember, type OwnedApp } from "../../../test/builders/access.ts";
import { addOperator } from "../../../test/builders/operator.ts";
import { addPerson, addSession } from "../../../test/builders/people.ts";
import { DAY_MS, startErasing, type EraserBench } from "../../../test/builders/erasing.ts";
import {
  addStream,
  ALLOW_LOOPBACK,
  httpsTarget,
  sendingOf,
} from "../../../test/builders/streams.ts";
import { startHarness, type Harness } from "../../../test/harness.ts";
import { startHttpsReceiver, type HttpsReceiver } from "../../../test/support/receivers.ts";
import type { LogEntry } from "../../contract/record/entries.ts";
import { streamRound } from "./stream-round.ts";

let h: Harness;
let bench: EraserBench;
let receiver: HttpsReceiver;
let shop: OwnedApp;
beforeAll(async () => {
  h = await startHarness({ isFiling: false, env: ALLOW_LOOPBACK });
  bench = await startErasing(h);
  receiver = await startHttpsReceiver();
  await bench.settle();
});
afterAll(async () => {
  await receiver.stop();
  await bench.close();
  await h.stop();
});
beforeEach(async () => {
  await h.db.deleteFrom("log_stream").execute();
  shop = await addApp(h);
});

const streamOf = async (given: { as: Record<string, string>; organisationId?: string }) =>
  await addStream(h, { ...given, target: httpsTarget(receiver), covers: "everything" });

async function sent(): Promise<LogEntry[]> {
  await bench.settle();
  receiver.received = [];
  await streamRound(sendingOf(h));
  return receiver.received.flatMap(({ body }) => JSON.parse(body.toString()).data.entries);
}

const rename = async ({ appId, owner }: OwnedApp, name: string) =>
  await h.call("PATCH", `/v1/apps/${appId}`, { as: owner.headers, body: { name } });

test("of others' apps, organisations and lives nothing leaves", async () => {
  const other = await addApp(h);
  const { owner, organisationId, appId } = shop;
  await streamOf({ as: owner.headers, organisationId });
  // Works in both: what they do for the other organisation is the other's.
  await addMember(h, { organisationId: other.organisationId, role: "owner", person: owner });
  await rename(shop, "Ours");
  await rename(other, "Theirs");
  await rename({ ...other, owner }, "Theirs, by ours");
  await h.call("PATCH", "/v1/account", {
    as: owner.headers,
    body: { displayName: "Private life" },
  });
  await h.call("PATCH", `/v1/organisations/${other.organisationId}`, {
    as: owner.headers,
    body: { name: "Other" },
  });
  await h.call("PATCH", `/v1/organisations/${organisationId}`, {
    as: owner.headers,
    body: { name: "Own" },
  });
  const entries = await sent();
  const text = JSON.stringify(entries);
  expect(entries.map(({ action }) => action)).toEqual([
    "app.created",
    "log-stream.created",
    "app.renamed",
    "organisation.renamed",
  ]);
  for (const foreign of ["Theirs", '"Other"', other.appId, other.organisationId])
    expect(text).not.toContain(foreign);
  expect(entries[2]).toMatchObject({ app: { id: appId } });
});

test("of a batch that holds entries of several, each gets its own", async () => {
  const other = await addApp(h);
  await streamOf({ as: shop.owner.headers, organisationId: shop.organisationId });
  await sent();
  const reads = [shop, other].flatMap(({ organisationId, appId, owner }) =>
    Array.from({ length: 15 }, (_, index) => {
      const path = index % 2 === 0 ? `organisations/${organisationId}/people` : `apps/${appId}`;
      return { path: `/v1/${path}`, as: owner.headers };
    }),
  );
  await Promise.all(reads.map(async ({ path, as }) => await h.call("GET", path, { as })));
  const { rows } = await bench.log.owner.pool.query(
    "select 1 from entry_batch where organisations @> $1",
    [[shop.organisationId, other.organisationId]],
  );
  expect(rows.length, "batches that hold both").toBeGreaterThan(0);
  const entries = await sent();
  expect(entries).toHaveLength(15);
  expect(new Set(entries.map(({ actor }) => actor.accountId))).toEqual(
    new Set([shop.owner.accountId]),
  );
});

test("an invitation to apps of two organisations names to each its own alone", async () => {
  const other = await addApp(h, { owner: shop.owner });
  const { organisationId } = shop;
  const second = await addPerson(h);
  const theirs = await addApp(h, { owner: second });
  await addMember(h, { organisationId: theirs.organisationId, role: "owner", person: shop.owner });
  await streamOf({ as: shop.owner.headers, organisationId });
  const apps = [shop, other].map(({ appId }) => ({ appId, role: "reporter" }));
  await h.call("POST", "/v1/invitations", {
    as: shop.owner.headers,
    body: { email: "guest@example.test", apps },
  });
  const entries = await sent();
  const invited = entries.filter(({ action }) => action === "invitation.sent");
  expect(invited).toHaveLength(1);
  expect(JSON.stringify(entries)).not.toContain(theirs.appId);
});

test("an app that is handed over leaves one stream and enters the other", async () => {
  const { owner, appId, organisationId } = shop;
  const buyer = await addPerson(h);
  const [bought] = (await h.call("GET", "/v1/organisations", { as: buyer.headers })).body
    .organisations;
  await streamOf({ as: owner.headers, organisationId });
  await streamOf({ as: buyer.headers, organisationId: bought.id });
  await sent();
  await h.db
    .updateTable("app")
    .set({ organisation_id: bought.id })
    .where("id", "=", appId)
    .execute();
  await rename({ appId, owner: buyer, organisationId: bought.id }, "Bought");
  await bench.settle();
  receiver.received = [];
  await streamRound(sendingOf(h));
  const bodies = receiver.received.map(({ body }) => JSON.parse(body.toString()).data);
  const got = bodies.filter(({ entries }) => JSON.stringify(entries).includes("Bought"));
  expect(got).toHaveLength(1);
});

test("an officer's work and a guest's use of the app are in it, with from where", async () => {
  const { organisationId, appId, owner } = shop;
  const { person } = await addGrant(h, { appId, role: "admin" });
  await streamOf({ as: owner.headers, organisationId });
  await h.call("PATCH", `/v1/apps/${appId}`, {
    as: person.headers,
    body: { name: "By a guest" },
    from: "127.0.0.9",
  });
  const entries = await sent();
  expect(entries).toContainEqual(
    expect.objectContaining({
      action: "app.renamed",
      address: "127.0.0.9",
      actor: expect.objectContaining({ accountId: person.accountId }),
    }),
  );
});

test("the operator's stream has everything, and nobody else can make one", async () => {
  const operator = await addOperator(h);
  await streamOf({ as: operator.headers });
  await rename(shop, "Somebody's");
  await h.call("PATCH", "/v1/account", {
    as: shop.owner.headers,
    body: { displayName: "Their life" },
  });
  const entries = await sent();
  expect(entries.map(({ action }) => action)).toEqual(
    expect.arrayContaining(["app.renamed", "account.renamed", "log-stream.created"]),
  );
  await expect(streamOf({ as: shop.owner.headers })).rejects.toThrow("404");
});

test("what was erased is not sent, and an entry says which of its parts were", async () => {
  const { organisationId, owner } = shop;
  await rename(shop, "Long ago");
  await bench.settle();
  const fresh = async () => (await addSession(h, owner.accountId)).headers;
  await h.call("PUT", `/v1/organisations/${organisationId}/retention`, {
    as: await fresh(),
    body: { routineDays: 30, importantDays: 400, addressDays: 90 },
  });
  h.clock.advance(106 * DAY_MS);
  await bench.log.owner.pool.query(
    "update log_leaf set look_at = now(), taken_at = taken_at - interval '106 days'",
  );
  await bench.erase();
  const { path } = await streamOf({ as: await fresh(), organisationId });
  await h.call("POST", `${path}/replay`, { as: await fresh(), body: { fromLeaf: 0 } });
  const old = (await sent()).filter(({ action }) => action === "app.renamed");
  expect(old).toMatchObject([{ erased: ["context"], address: null }]);
});

test("a batch that was altered in the database is not sent: where it stands is among the dead letters", async () => {
  const { organisationId, owner } = shop;
  const as = (await addSession(h, owner.accountId)).headers;
  const { path } = await streamOf({ as, organisationId });
  await sent();
  await rename({ ...shop, owner: { ...owner, headers: as } }, "Before");
  await bench.settle();
  await bench.log.owner.pool.query(
    "update entry_batch set payload = convert_to(replace(convert_from(payload, 'utf8'), 'Before', 'Forged'), 'utf8') where convert_from(payload, 'utf8') like '%Before%'",
  );
  await rename({ ...shop, owner: { ...owner, headers: as } }, "After");
  const text = JSON.stringify(await sent());
  expect(text).toContain("After");
  expect(text).not.toContain("Forged");
  const { body } = await h.call("GET", `${path}/dead-letters`, { as });
  expect(body.deadLetters).toMatchObject([{ code: "batch-altered" }]);
});
