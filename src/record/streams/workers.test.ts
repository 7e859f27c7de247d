import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { addApp, type OwnedApp } from "../../../test/builders/access.ts";
import { addSession } from "../../../test/builders/people.ts";
import {
  addStream,
  ALLOW_LOOPBACK,
  httpsTarget,
  sendingOf,
  startStreams,
  type StreamBench,
} from "../../../test/builders/streams.ts";
import { startClock } from "../../../test/clock.ts";
import { startHarness, type Harness } from "../../../test/harness.ts";
import { startHttpsReceiver, type HttpsReceiver } from "../../../test/support/receivers.ts";
import { cloneTemplate, type TestDatabase } from "../../../test/template-database.ts";
import { createKeyRing } from "../../platform/crypto/key-ring.ts";
import { streamRound } from "./stream-round.ts";

/*
 * Several processes, and processes that die: each entry comes at least once, in order, and what comes twice has the
 * same id.
 */

const SCRIPT = fileURLToPath(new URL("../../../test/crash/stream-process.ts", import.meta.url));
const secret = randomBytes(32);
/** On a machine that does much else. */
const PROCESS_STARTS_MS = 90_000;

let database: TestDatabase;
let bench: StreamBench;
let other: Harness;
let receiver: HttpsReceiver;
let shop: OwnedApp;
beforeAll(async () => {
  database = await cloneTemplate();
  const keyRing = createKeyRing({ current: secret, previous: [] });
  bench = await startStreams({ beside: { clock: startClock(), database, services: { keyRing } } });
  other = await startHarness({ isFiling: false, env: ALLOW_LOOPBACK, beside: bench.h });
  receiver = await startHttpsReceiver();
});
afterAll(async () => {
  await receiver.stop();
  await other.stop();
  await bench.stop();
  await database.drop();
});
beforeEach(async () => {
  await bench.h.db.deleteFrom("log_stream").execute();
  shop = await addApp(bench.h);
  const target = httpsTarget(receiver);
  const { organisationId } = shop;
  await addStream(bench.h, { as: await as(), organisationId, target });
  await bench.send();
  receiver.received = [];
  receiver.answer = (_, reply) => reply.writeHead(204).end();
});

const as = async () => (await addSession(bench.h, shop.owner.accountId)).headers;

async function rename(...names: string[]): Promise<void> {
  const { owner, appId } = shop;
  const replies = await Promise.all(
    names.map(
      async (name) =>
        await bench.h.call("PATCH", `/v1/apps/${appId}`, { as: owner.headers, body: { name } }),
    ),
  );
  expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
  await bench.log.catchUp();
}

const parcels = () =>
  receiver.received.map(({ body, headers }) => ({
    id: headers["webhook-id"],
    entries: (JSON.parse(body.toString()).data.entries as { id: string }[]).map(({ id }) => id),
  }));

test("of two workers at once one sends a stream, and each entry comes once", async () => {
  const names = Array.from({ length: 110 }, (_, index) => `Shop ${index}`);
  await rename(...names);
  await Promise.all([streamRound(bench.sending), streamRound(sendingOf(other))]);
  const ids = parcels().flatMap(({ entries }) => entries);
  expect(ids).toHaveLength(110);
  expect(new Set(ids).size).toBe(110);
});

test(
  "kill -9 in the middle of a delivery: the next goes on without a gap, and what comes twice has the same id",
  async () => {
    await rename("One", "Two");
    const arrived = Promise.withResolvers<void>();
    receiver.answer = () => arrived.resolve();
    const child = startProcess();
    await arrived.promise;
    child.kill("SIGKILL");
    await once(child, "exit");
    await rename("Three");
    receiver.answer = (_, reply) => reply.writeHead(204).end();
    // Nobody takes over from a process that may live.
    await streamRound(bench.sending);
    expect(receiver.received).toHaveLength(1);
    bench.h.clock.advance(60_000);
    await streamRound(bench.sending);
    const [killed, again, next] = parcels();
    expect(killed?.entries).toHaveLength(2);
    expect(again).toEqual(killed);
    expect(next?.entries).toHaveLength(1);
    expect(parcels()).toHaveLength(3);
  },
  PROCESS_STARTS_MS,
);

test(
  "a process of its own sends what comes, and a stop breaks off what hangs",
  async () => {
    const child = startProcess();
    await rename("One");
    await vi.waitFor(() => expect(parcels()).toHaveLength(1), {
      timeout: PROCESS_STARTS_MS,
      interval: 25,
    });
    const arrived = Promise.withResolvers<void>();
    receiver.answer = () => arrived.resolve();
    await rename("Two");
    await arrived.promise;
    child.stdin?.end();
    const [code] = await once(child, "exit");
    expect(code).toBe(0);
    receiver.answer = (_, reply) => reply.writeHead(204).end();
    await streamRound(bench.sending);
    const [, broken, again] = parcels();
    expect(again).toEqual(broken);
  },
  PROCESS_STARTS_MS,
);

test("a worker that was paused notes nothing once another has the stream", async () => {
  await rename("One");
  const [arrived, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  receiver.answer = async (_, reply) => {
    arrived.resolve();
    receiver.answer = (_again, now) => now.writeHead(204).end();
    await answer.promise;
    reply.writeHead(204).end();
  };
  const paused = streamRound(bench.sending);
  await arrived.promise;
  bench.h.clock.advance(60_000);
  await streamRound(sendingOf(other));
  await rename("Two");
  await streamRound(sendingOf(other));
  answer.resolve();
  await paused;
  await streamRound(sendingOf(other));
  const [first, again, second, ...rest] = parcels();
  expect(again).toEqual(first);
  expect(second?.entries).toHaveLength(1);
  expect(rest).toEqual([]);
});

function startProcess(): ChildProcess {
  return spawn(
    process.execPath,
    [SCRIPT, database.runtimeUrl, database.ownerUrl, secret.toString("base64")],
    { stdio: ["pipe", "ignore", "inherit"] },
  );
}

test("a stream that is changed while it is sent begins again with what was changed", async () => {
  await rename("One");
  const second = await startHttpsReceiver();
  const [arrived, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  receiver.answer = async (_, reply) => {
    arrived.resolve();
    await answer.promise;
    reply.writeHead(204).end();
  };
  const round = streamRound(bench.sending);
  await arrived.promise;
  const { body } = await bench.h.call("GET", "/v1/log-streams", { as: await as() });
  await bench.h.call("PATCH", `/v1/log-streams/${body.streams[0].id}`, {
    as: await as(),
    body: { target: httpsTarget(second) },
  });
  answer.resolve();
  await round;
  await bench.send();
  const again = second.received.flatMap(
    ({ body: sent }) => JSON.parse(sent.toString()).data.entries,
  );
  expect(again.map(({ action }: { action: string }) => action)).toContain("app.renamed");
  await second.stop();
});
