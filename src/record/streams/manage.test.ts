import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { addApp, addMember, type OwnedApp } from "../../../test/builders/access.ts";
import { addOperator } from "../../../test/builders/operator.ts";
import { addPerson, addSession, type Person } from "../../../test/builders/people.ts";
import {
  addStream,
  httpsTarget,
  s3Target,
  startStreams,
  type StreamBench,
} from "../../../test/builders/streams.ts";
import { startHttpsReceiver, type HttpsReceiver } from "../../../test/support/receivers.ts";
import { startS3Receiver } from "../../../test/support/s3-receiver.ts";
import { makeAuthority } from "../../../test/support/certificates.ts";
import type { NewStreamTarget } from "../../contract/record/streams.ts";
import { judgeStreams } from "./stream-round.ts";

let bench: StreamBench;
let receiver: HttpsReceiver;
let shop: OwnedApp;
let owner: Person;
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
beforeEach(async () => {
  await bench.h.db.deleteFrom("log_stream").execute();
  shop = await addApp(bench.h);
  ({ owner } = shop);
  receiver.received = [];
  receiver.answer = (_, reply) => reply.writeHead(204).end();
});

const call = async (method: string, url: string, given: { as?: Person; body?: object } = {}) => {
  const { as = owner, body } = given;
  // As fresh as the test's clock.
  const { headers } = await addSession(bench.h, as.accountId);
  return await bench.h.call(method, `/v1${url}`, { as: headers, ...(body && { body }) });
};

const settings = { name: "SIEM", covers: "important", format: "entry", alarmAfterMinutes: 10 };

const create = async (target: NewStreamTarget, given: object = {}, as = owner) =>
  await call("POST", "/log-streams", {
    as,
    body: { ...settings, organisationId: shop.organisationId, target, ...given },
  });

const make = async (given: object = {}) => {
  const { body } = await create(httpsTarget(receiver), given);
  return { ...body, path: `/log-streams/${body.stream.id}` };
};

describe("making a stream", () => {
  test("answers its secret once, and no later answer, entry or mail holds it", async () => {
    const { secret, path, stream } = await make();
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(stream).toMatchObject({ kind: "https", state: "on", target: httpsTarget(receiver) });
    const everything = JSON.stringify([
      (await call("GET", path)).body,
      (await call("GET", "/log-streams")).body,
      await bench.h.entries(),
      await bench.h.mails(),
      await bench.h.db.selectFrom("log_stream").selectAll().execute(),
    ]);
    expect(everything).not.toContain(secret);
    // Of a URL, which holds tokens, entries and mails say the host alone.
    expect(JSON.stringify([await bench.h.entries(), await bench.h.mails()])).not.toContain('/log"');
  });

  test("of S3 keeps its key sealed, and a change without it keeps it", async () => {
    const storage = await startS3Receiver();
    const target = s3Target(storage);
    const { body, text } = await create(target);
    expect(text).not.toContain(target.s3?.secretAccessKey);
    const { secretAccessKey: _secret, ...rest } = target.s3 ?? { secretAccessKey: "" };
    expect(body.stream.target).toEqual({ s3: rest });
    const changed = await call("PATCH", `/log-streams/${body.stream.id}`, {
      body: { target: { s3: { ...rest, prefix: "other/" } } },
    });
    expect(changed.body.target.s3.prefix).toBe("other/");
    expect(
      (await call("POST", `/log-streams/${body.stream.id}/test`, { body: {} })).body,
    ).toMatchObject({
      fault: null,
    });
    expect(storage.puts[0]).toMatch(/^other\/.*\/test\.txt$/);
    await storage.stop();
  });

  test("needs a fresh second factor", async () => {
    const { headers } = await addSession(bench.h, owner.accountId, { isSteppedUp: false });
    const body = {
      ...settings,
      organisationId: shop.organisationId,
      target: httpsTarget(receiver),
    };
    const { path } = await make();
    const stale = [
      await bench.h.call("POST", "/v1/log-streams", { as: headers, body }),
      await bench.h.call("PATCH", `/v1${path}`, { as: headers, body: { name: "Other" } }),
      await bench.h.call("DELETE", `/v1${path}`, { as: headers }),
    ];
    for (const act of ["pause", "replay", "secret", "dead-letters/retry"])
      stale.push(
        await bench.h.call("POST", `/v1${path}/${act}`, {
          as: headers,
          body: act === "replay" ? { fromLeaf: 0 } : {},
        }),
      );
    expect(stale.map(({ body: { code } }) => code)).toEqual(Array(7).fill("step-up-required"));
  });

  test("is for owners and officers; to others its organisation and its streams are nothing", async () => {
    const officer = await addMember(bench.h, {
      organisationId: shop.organisationId,
      role: "officer",
    });
    const { status, body } = await create(httpsTarget(receiver), {}, officer);
    expect(status).toBe(201);
    const stranger = await addPerson(bench.h);
    expect((await create(httpsTarget(receiver), {}, stranger)).body.code).toBe("not-found");
    const path = `/log-streams/${body.stream.id}`;
    const calls: [string, string, object?][] = [
      ["GET", path],
      ["PATCH", path, { name: "Mine" }],
      ["DELETE", path],
      ["POST", `${path}/pause`, {}],
      ["POST", `${path}/replay`, { fromLeaf: 0 }],
      ["POST", `${path}/secret`, {}],
      ["POST", `${path}/test`, {}],
      ["GET", `${path}/dead-letters`],
      ["POST", `${path}/dead-letters/retry`, {}],
      ["GET", `/log-streams?organisationId=${shop.organisationId}`],
    ];
    for (const [method, url, given] of calls) {
      const reply = await call(method, url, { as: stranger, ...(given && { body: given }) });
      expect([method, url, reply.status]).toEqual([method, url, 404]);
    }
    expect((await call("GET", "/log-streams", { as: stranger })).body.streams).toEqual([]);
    expect((await call("GET", path)).body.name).toBe("SIEM");
  });

  test("of the operator is another's 404 as well, and not among an organisation's", async () => {
    const operator = await addOperator(bench.h);
    const { path } = await addStream(bench.h, {
      as: (await addSession(bench.h, operator.accountId)).headers,
      target: httpsTarget(receiver),
    });
    const own = path.replace("/v1", "");
    expect((await call("GET", own, { as: operator })).status).toBe(200);
    expect((await call("GET", own)).status).toBe(404);
    expect((await call("GET", own.replace("/operator", ""), { as: operator })).status).toBe(404);
  });

  test("of two at once beyond the limit makes one", async () => {
    for (let count = 0; count < 9; count += 1) await make();
    const replies = await Promise.all([1, 2, 3].map(() => create(httpsTarget(receiver))));
    expect(replies.map(({ status }) => status).toSorted()).toEqual([201, 409, 409]);
  });

  test("is told what is wrong with each field", async () => {
    const pem = makeAuthority().ca.replace("CERTIFICATE", "CERTIFICAT");
    const wrong: [NewStreamTarget, object, [string, string]][] = [
      [{ https: { url: "http://siem.example.com/" } }, {}, ["/target/https/url", "https-address"]],
      [
        { https: { url: "https://u:p@siem.example.com/" } },
        {},
        ["/target/https/url", "https-address"],
      ],
      [{ https: { url: receiver.url, ca: pem } }, {}, ["/target/https/ca", "pem"]],
      [{ syslog: { host: "a b", port: 6514 } }, {}, ["/target/syslog/host", "host-name"]],
      [httpsTarget(receiver), { format: "cef" }, ["/format", "cef-for-syslog"]],
      [{}, {}, ["/target", "some-field-needed"]],
      [
        { ...httpsTarget(receiver), syslog: { host: "a", port: 1 } },
        {},
        ["/target", "one-field-only"],
      ],
      [
        httpsTarget(receiver),
        { start: { fromLeaf: 9_000_000 } },
        ["/start/fromLeaf", "not-in-the-log"],
      ],
    ];
    for (const [target, given, [pointer, code]] of wrong) {
      const { status, body } = await create(target, given);
      expect([status, body.errors?.[0]?.pointer, body.errors?.[0]?.code]).toEqual([
        400,
        pointer,
        code,
      ]);
    }
  });
});

// Attack: whoever keeps a stream has Sallyport call into the operator's network.
describe("a target in our own network", () => {
  test.each([
    "https://10.0.0.7/",
    "https://169.254.169.254/latest/meta-data/",
    "https://[fd00:ec2::254]/",
    "https://[::ffff:10.0.0.7]/",
    "https://0x0a000007/",
  ])("%s is refused when it is named", async (url) => {
    const { status, body } = await create({ https: { url } });
    expect([status, body.errors[0].code]).toEqual([400, "host-not-public"]);
    const { path } = await make();
    expect((await call("PATCH", path, { body: { target: { https: { url } } } })).status).toBe(400);
  });

  test("that a name leads to only later is not called either", async () => {
    const { path, stream } = await make();
    const { outbound } = bench.sending;
    const names = new (outbound.constructor as new (
      allow: readonly string[],
      resolve: () => Promise<string[]>,
    ) => typeof outbound)([], async () => ["10.0.0.7"]);
    await bench.log.catchUp();
    const { streamRound } = await import("./stream-round.ts");
    await streamRound({ ...bench.sending, outbound: names });
    expect(receiver.received).toEqual([]);
    expect((await call("GET", path)).body).toMatchObject({
      id: stream.id,
      fault: { code: "address-refused", failures: 1 },
    });
  });
});

test("a test says what the receiver does, and sends nothing of the log", async () => {
  const { path } = await make();
  expect((await call("POST", `${path}/test`, { body: {} })).body).toMatchObject({ fault: null });
  expect(JSON.parse(receiver.received[0]?.body.toString() ?? "")).toMatchObject({
    type: "log.test",
    data: { entries: [] },
  });
  receiver.answer = (_, reply) => reply.writeHead(403).end("secrets of the receiver");
  const { body, text } = await call("POST", `${path}/test`, { body: {} });
  expect(body.fault).toMatchObject({ code: "answered", params: { status: 403 } });
  expect(text).not.toContain("secrets");
});

test("a stream goes on when whoever made it has left, and its list says so", async () => {
  const officer = await addMember(bench.h, {
    organisationId: shop.organisationId,
    role: "officer",
  });
  const { body } = await create(httpsTarget(receiver), {}, officer);
  await bench.h.db
    .deleteFrom("organisation_member")
    .where("account_id", "=", officer.accountId)
    .where("organisation_id", "=", shop.organisationId)
    .execute();
  const path = `/log-streams/${body.stream.id}`;
  expect((await call("GET", path)).body.createdBy).toMatchObject({ hasLeft: true });
  expect((await call("GET", path, { as: officer })).status).toBe(404);
  await bench.send();
  expect(receiver.received.length).toBeGreaterThan(0);
});

test("what is paused sends nothing and loses nothing", async () => {
  const { path } = await make();
  await bench.send();
  await call("POST", `${path}/pause`, { body: {} });
  receiver.received = [];
  await call("PATCH", `/apps/${shop.appId}`, { body: { name: "Meanwhile" } });
  await bench.send();
  expect(receiver.received).toEqual([]);
  expect((await call("POST", `${path}/pause`, { body: {} })).body.code).toBe("conflict");
  await call("POST", `${path}/resume`, { body: {} });
  await bench.send();
  expect(Buffer.concat(receiver.received.map(({ body }) => body)).toString()).toContain(
    "Meanwhile",
  );
});

describe("a stream that does not get through", () => {
  const kinds = async () =>
    (await bench.h.mails()).filter(({ to }) => to === owner.email).map(({ kind }) => kind);
  const health = async () => {
    const operator = await addOperator(bench.h);
    const { body } = await call("GET", "/operator/health", { as: operator });
    return body.warnings.map(({ code }: { code: string }) => code);
  };

  test("is told once by mail, once more when it has caught up, and is in the operator's health", async () => {
    const { path } = await make();
    await bench.send();
    await judgeStreams(bench.sending);
    receiver.answer = (_, reply) => reply.writeHead(500).end();
    await call("PATCH", `/apps/${shop.appId}`, { body: { name: "News" } });
    await bench.send();
    bench.h.clock.advance(9 * 60_000);
    await judgeStreams(bench.sending);
    expect(await kinds()).not.toContain("stream-behind");
    bench.h.clock.advance(2 * 60_000);
    // Two processes see it at once.
    await Promise.all([judgeStreams(bench.sending), judgeStreams(bench.sending)]);
    await judgeStreams(bench.sending);
    expect((await kinds()).filter((kind) => kind === "stream-behind")).toHaveLength(1);
    expect((await call("GET", path)).body).toMatchObject({ isBehind: true });
    expect(await health()).toContain("streams-behind");
    const metrics = (await bench.h.call("GET", "/metrics")).text;
    expect(metrics).toMatch(/sallyport_log_streams_behind 1/);
    receiver.answer = (_, reply) => reply.end();
    bench.h.clock.advance(301_000);
    await bench.send();
    await bench.send();
    await judgeStreams(bench.sending);
    expect((await kinds()).filter((kind) => kind === "stream-recovered")).toHaveLength(1);
    expect(await health()).not.toContain("streams-behind");
  });

  test("because nobody sends, shows as well", async () => {
    await make();
    await bench.log.catchUp();
    bench.h.clock.advance(11 * 60_000);
    expect(await health()).toContain("streams-behind");
    await judgeStreams(bench.sending);
    expect(await kinds()).toContain("stream-behind");
  });

  test("is quiet while there is no news", async () => {
    await make();
    await bench.send();
    await bench.send();
    bench.h.clock.advance(86_400_000);
    await judgeStreams(bench.sending);
    expect(await kinds()).not.toContain("stream-behind");
  });
});
