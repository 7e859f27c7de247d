import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { Webhook } from "standardwebhooks";
import { addApp, type OwnedApp } from "../../../test/builders/access.ts";
import { addSession } from "../../../test/builders/people.ts";
import {
  addStream,
  httpsTarget,
  startStreams,
  type StreamBench,
} from "../../../test/builders/streams.ts";
import {
  startHttpsReceiver,
  type HttpsReceiver,
  type Received,
} from "../../../test/support/receivers.ts";
import { streamRound } from "./stream-round.ts";

let bench: StreamBench;
let receiver: HttpsReceiver;
let shop: OwnedApp;
let secret: string;
let path: string;
let deliveredBefore: number;
beforeAll(async () => {
  bench = await startStreams();
  // A pause ends when a test says so, however slow the machine is.
  bench.h.clock.freeze();
  receiver = await startHttpsReceiver();
});
afterAll(async () => {
  await receiver.stop();
  await bench.stop();
});

/** A new organisation with a stream, and nothing that waits. */
async function newStream(given: Partial<Parameters<typeof addStream>[1]> = {}): Promise<void> {
  shop = await addApp(bench.h);
  const made = await addStream(bench.h, {
    as: await as(),
    organisationId: shop.organisationId,
    target: httpsTarget(receiver),
    ...given,
  });
  ({ secret, path } = made);
  await bench.send();
  receiver.received = [];
  deliveredBefore = (await stream()).deliveredEntries;
}
const delivered = async () => (await stream()).deliveredEntries - deliveredBefore;
afterEach(async () => {
  receiver.answer = (_, reply) => reply.writeHead(204).end();
  await bench.h.call("DELETE", path, { as: await as() });
});

const rename = async (name: string) =>
  await bench.h.call("PATCH", `/v1/apps/${shop.appId}`, { as: shop.owner.headers, body: { name } });

const bodyOf = ({ body }: Received) => JSON.parse(body.toString());
const entriesIn = (received: readonly Received[]) =>
  received.flatMap((one) => bodyOf(one).data.entries as { id: string; action: string }[]);
/** A session whose second factor is fresh, whatever the clock says. */
const as = async () => (await addSession(bench.h, shop.owner.accountId)).headers;
const stream = async () => (await bench.h.call("GET", path, { as: await as() })).body;
/** Until the pause after failures is over. */
const later = () => bench.h.clock.advance(301_000);

/** Verifies as a receiver does, at the time of the test's clock. */
function isSigned(received: Received, by = secret): boolean {
  const headers = received.headers as Record<string, string>;
  const seconds = Number(headers["webhook-timestamp"]);
  expect(Math.abs(seconds - bench.h.clock.now().getTime() / 1000)).toBeLessThan(300);
  const webhook = new Webhook(by);
  const expected = webhook.sign(
    headers["webhook-id"] ?? "",
    new Date(seconds * 1000),
    received.body.toString(),
  );
  return (headers["webhook-signature"] ?? "").split(" ").includes(expected);
}

describe("what comes", () => {
  test("is signed as Standard Webhooks says, and nobody else's secret fits", async () => {
    await newStream();
    await rename("Harbour");
    await bench.send();
    const [one] = receiver.received as [Received];
    expect(isSigned(one)).toBe(true);
    expect(isSigned(one, `whsec_${Buffer.alloc(32).toString("base64")}`)).toBe(false);
    // The library's own verdict, which reads the real clock.
    expect(
      new Webhook(secret).verify(one.body.toString(), one.headers as Record<string, string>),
    ).toMatchObject({ type: "log.entries" });
  });

  test("is each entry once, in the log's order, with its place", async () => {
    await newStream();
    for (const name of ["One", "Two", "Three"]) await rename(name);
    await bench.send();
    await bench.send();
    const entries = entriesIn(receiver.received);
    expect(entries.map((entry) => entry.action)).toEqual(Array(3).fill("app.renamed"));
    const exported = await bench.h.call(
      "GET",
      "/v1/audit/export?format=ndjson&action=app.renamed",
      {
        as: await as(),
      },
    );
    const ids = exported.text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).id);
    expect(entries.map(({ id }) => id)).toEqual(ids.toReversed());
    expect(entries[0]).toMatchObject({
      actor: { accountId: shop.owner.accountId, displayName: "Robin Example" },
      log: { epoch: 1, leaf: expect.any(Number), position: 0 },
    });
    expect(await stream()).toMatchObject({ lagSeconds: 0, fault: null });
    expect(await delivered()).toBe(3);
  });

  test("as OCSF has its leaf as sequence and its organisation as tenant", async () => {
    await newStream({ format: "ocsf" });
    await rename("Harbour");
    await bench.send();
    expect(entriesIn(receiver.received)).toMatchObject([
      {
        metadata: {
          version: "1.8.0",
          event_code: "app.renamed",
          sequence: expect.any(Number),
          tenant_uid: shop.organisationId,
        },
      },
    ]);
  });

  test.each(["important", "everything"] as const)("of %s is what was asked for", async (covers) => {
    await newStream({ covers });
    await bench.h.call("GET", `/v1/apps/${shop.appId}`, { as: await as() });
    await rename("Harbour");
    await bench.send();
    const actions = entriesIn(receiver.received).map(({ action }) => action);
    expect(actions.toSorted()).toEqual(
      covers === "important" ? ["app.renamed"] : ["app.read", "app.renamed", "log-stream.read"],
    );
  });

  test("waits until it is in the public log", async () => {
    await newStream();
    await rename("Harbour");
    await streamRound(bench.sending);
    expect(receiver.received).toEqual([]);
    await bench.send();
    expect(entriesIn(receiver.received)).toHaveLength(1);
  });

  test("comes in parcels of a hundred", async () => {
    await newStream();
    await Promise.all(Array.from({ length: 102 }, (_, index) => rename(`Shop ${index}`)));
    await bench.send();
    expect(receiver.received.map((one) => bodyOf(one).data.entries.length)).toEqual([100, 2]);
  });
});

describe("a receiver that fails", () => {
  test.each([500, 401, 404, 302, 429])(
    "with %i gets the same later, under the same id",
    async (status) => {
      await newStream();
      await rename("One");
      receiver.answer = (_, reply) =>
        reply.writeHead(status, { location: "https://10.0.0.1/" }).end();
      await bench.send();
      expect((await stream()).fault).toMatchObject({
        code: "answered",
        params: { status },
        failures: 1,
      });
      // It rests: nothing is tried before its time.
      await rename("Two");
      await bench.send();
      expect(receiver.received).toHaveLength(1);
      receiver.answer = (_, reply) => reply.writeHead(200).end();
      later();
      await bench.send();
      const [first, again, ...rest] = receiver.received;
      expect(again?.headers["webhook-id"]).toBe(first?.headers["webhook-id"]);
      const idsOf = (one: Received | undefined) => one && entriesIn([one]).map(({ id }) => id);
      expect(idsOf(again)).toEqual(idsOf(first));
      expect(again === undefined ? false : isSigned(again)).toBe(true);
      expect(entriesIn(rest)).toMatchObject([{ action: "app.renamed" }]);
    },
  );

  test("by hanging up, or by answering too much, gets it again", async () => {
    await newStream();
    await rename("One");
    receiver.answer = (_, reply) => reply.destroy();
    await bench.send();
    expect((await stream()).fault).toMatchObject({ code: "not-connected" });
    later();
    receiver.answer = (_, reply) => reply.end("x".repeat(100_000));
    await bench.send();
    expect((await stream()).fault).toMatchObject({ code: "answer-too-long", failures: 2 });
    later();
    receiver.answer = (_, reply) => reply.end();
    await bench.send();
    expect([(await stream()).fault, await delivered()]).toEqual([null, 1]);
    expect(new Set(receiver.received.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
  });

  test("rests as long as it asks for", async () => {
    await newStream();
    await rename("One");
    receiver.answer = (_, reply) => reply.writeHead(503, { "retry-after": "1800" }).end();
    await bench.send();
    bench.h.clock.advance(1_799_000);
    await bench.send();
    expect(receiver.received).toHaveLength(1);
    bench.h.clock.advance(2_000);
    await bench.send();
    expect(receiver.received).toHaveLength(2);
  });

  test("and flaps loses nothing: each entry comes, in order", async () => {
    await newStream();
    let calls = 0;
    receiver.answer = (_, reply) =>
      ++calls % 3 === 0
        ? reply.writeHead(200).end()
        : calls % 3 === 1
          ? reply.writeHead(502).end()
          : reply.destroy();
    const taken: string[] = [];
    const names = Array.from({ length: 12 }, (_, index) => `Shop ${index}`);
    for (const name of names) {
      await rename(name);
      await bench.send();
      later();
    }
    for (let round = 0; round < 4; round += 1) {
      later();
      await bench.send();
    }
    for (const [index, one] of receiver.received.entries())
      if (index % 3 === 2)
        taken.push(
          ...entriesIn([one]).map(
            (entry) =>
              (entry as unknown as { change: { after: { name: string } } }).change.after.name,
          ),
        );
    expect(taken).toEqual(names);
  });

  test("and is gone is left alone, its keepers are told, and resuming goes on without a gap", async () => {
    await newStream();
    await rename("One");
    receiver.answer = (_, reply) => reply.writeHead(410).end();
    await bench.send();
    expect(await stream()).toMatchObject({ state: "stopped", fault: { code: "gone" } });
    const mails = (await bench.h.mails()).filter(({ to }) => to === shop.owner.email);
    expect(mails.map(({ kind }) => kind)).toContain("stream-stopped");
    later();
    await bench.send();
    expect(receiver.received).toHaveLength(1);
    receiver.answer = (_, reply) => reply.end();
    await bench.h.call("POST", `${path}/resume`, { as: await as(), body: {} });
    await bench.send();
    expect(entriesIn(receiver.received.slice(1)).map(({ action }) => action)).toEqual([
      "app.renamed",
      "log-stream.paused",
      "log-stream.resumed",
    ]);
  });
});

describe("an entry that the receiver will not have", () => {
  const isPoison = ({ body }: Received) => body.includes('"after":{"name":"Poison"}');

  async function poisoned(status: number): Promise<void> {
    await newStream();
    for (const name of ["One", "Two", "Poison", "Four", "Five"]) await rename(name);
    receiver.answer = (one, reply) => reply.writeHead(isPoison(one) ? status : 200).end();
    for (let round = 0; round < 6; round += 1) {
      await bench.send();
      later();
    }
  }

  test.each([400, 413, 422])("(%i) is set aside, and the others come", async (status) => {
    await poisoned(status);
    const taken = receiver.received.filter((one) => !isPoison(one));
    const renamed = entriesIn(taken).filter(({ action }) => action === "app.renamed");
    expect(renamed).toHaveLength(4);
    expect(
      receiver.received.filter((one) => isPoison(one) && bodyOf(one).data.entries.length === 1),
    ).toHaveLength(5);
    const { body } = await bench.h.call("GET", `${path}/dead-letters`, { as: await as() });
    expect(body).toMatchObject({
      total: 1,
      deadLetters: [{ code: "refused", params: { status }, isRetried: false }],
    });
    const { status: found } = await bench.h.call(
      "GET",
      `/v1/audit/entries/${body.deadLetters[0].entryId}`,
      {
        as: await as(),
      },
    );
    expect(found).toBe(200);
    expect(entriesIn(taken)).toContainEqual(
      expect.objectContaining({ action: "log-stream.entry-set-aside" }),
    );
    expect(
      (await bench.h.mails()).filter(
        ({ kind, to }) => kind === "stream-refused" && to === shop.owner.email,
      ),
    ).toHaveLength(1);
  });

  test("is sent again when somebody asks, and then it is gone from the list", async () => {
    await poisoned(400);
    receiver.received = [];
    receiver.answer = (_, reply) => reply.end();
    const given = { as: await as(), body: {} };
    const retried = await bench.h.call("POST", `${path}/dead-letters/retry`, given);
    expect(retried.body).toEqual({ count: 1 });
    await bench.send();
    expect(receiver.received.filter(isPoison)).toHaveLength(1);
    expect((await bench.h.call("GET", `${path}/dead-letters`, given)).body.total).toBe(0);
  });

  test("leaves nothing of what it says in the database but where it stands", async () => {
    await poisoned(400);
    const { rows } = await bench.log.owner.pool.query(
      "select to_jsonb(letter) as row from log_stream_dead_letter as letter",
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const { row } of rows)
      expect(Object.keys(row).toSorted()).toEqual([
        "at",
        "epoch",
        "fault",
        "id",
        "leaf",
        "position",
        "retry_at",
        "stream_id",
      ]);
  });
});

describe("replay", () => {
  test("from a leaf, or from a time, sends everything since then again, with the same ids", async () => {
    await newStream();
    for (const name of ["One", "Two", "Three"]) await rename(name);
    await bench.send();
    const before = entriesIn(receiver.received);
    const [{ log }] = before.slice(1) as unknown as [{ log: { leaf: number } }];
    receiver.received = [];
    const replay = async (body: object) =>
      await bench.h.call("POST", `${path}/replay`, { as: await as(), body });
    expect((await replay({ fromLeaf: log.leaf })).status).toBe(200);
    await bench.send();
    const again = entriesIn(receiver.received);
    expect(again.slice(0, 2).map(({ id }) => id)).toEqual(before.slice(1).map(({ id }) => id));
    receiver.received = [];
    await replay({ fromTime: new Date(Date.now() - 86_400_000).toISOString() });
    await bench.send();
    const all = entriesIn(receiver.received).map(({ id }) => id);
    for (const { id } of before) expect(all).toContain(id);
    expect(new Set(all).size).toBe(all.length);
    expect((await replay({ fromLeaf: 9_000_000 })).body.errors).toMatchObject([
      { pointer: "/fromLeaf", code: "not-in-the-log" },
    ]);
  });
});

describe("a new secret", () => {
  test("signs beside the old one for a day, and then alone", async () => {
    await newStream();
    const { body } = await bench.h.call("POST", `${path}/secret`, { as: await as(), body: {} });
    expect(body.secret).toMatch(/^whsec_/);
    await bench.send();
    const last = () => receiver.received.at(-1) as Received;
    expect([isSigned(last()), isSigned(last(), body.secret)]).toEqual([true, true]);
    bench.h.clock.advance(86_400_000);
    await bench.h.call("PATCH", `/v1/apps/${shop.appId}`, {
      as: await as(),
      body: { name: "Later" },
    });
    await bench.send();
    expect([isSigned(last()), isSigned(last(), body.secret)]).toEqual([false, true]);
  });
});
