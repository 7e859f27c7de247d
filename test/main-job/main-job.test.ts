import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { callThrough, startGateway, type Gateway } from "../support/nginx.ts";
import { Browser } from "../support/person.ts";
import { externalEnv } from "../support/external-env.ts";
import { freePort } from "../support/free-port.ts";
import {
  startSallyportProcess,
  waitFor,
  type SallyportProcess,
} from "../support/sallyport-process.ts";
import { cloneTemplate, type TestDatabase } from "../template-database.ts";

/*
 * The main job, on the real process, through Debian's nginx: an owner signs in with a second factor,
 * shares an app, lets a back end in from its own address only, and finds all of it on record.
 */

let database: TestDatabase;
let sallyport: SallyportProcess;
let gateway: Gateway;
let backend: Server;
let received: Record<string, string | string[] | undefined>[] = [];
let owner: Browser;
const world = { appId: "", keyId: "", key: "", grantId: "", serviceAccountId: "" };

beforeAll(async () => {
  database = await cloneTemplate();
  sallyport = await startSallyportProcess(externalEnv(database));
  backend = createServer((request, reply) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => (body += text));
    request.once("end", () => {
      received.push({ ...request.headers, url: request.url, method: request.method, body });
      reply.end("the app's answer");
    });
  });
  const appPort = await freePort();
  await new Promise<void>((resolve) => backend.listen(appPort, "127.0.0.1", resolve));

  owner = new Browser(sallyport.url);
  await owner.signUp("owner@example.test", "Olive Owner");
  world.appId = (await owner.must("POST", "/v1/apps", { name: "Shop" })).id;
  const asker = await owner.must("POST", `/v1/apps/${world.appId}/service-accounts`, {
    name: "nginx",
    role: "gateway",
  });
  const { key: gatewayKey } = await owner.must("POST", `/v1/service-accounts/${asker.id}/keys`, {
    name: "edge",
  });
  gateway = await startGateway({
    appPort,
    sallyportPort: sallyport.port,
    appId: world.appId,
    action: "app:read",
    gatewayKey,
  });

  const billing = await owner.must("POST", `/v1/apps/${world.appId}/service-accounts`, {
    name: "Billing",
    role: "editor",
  });
  const { id, key } = await owner.must("POST", `/v1/service-accounts/${billing.id}/keys`, {
    name: "production",
  });
  Object.assign(world, { keyId: id, key, serviceAccountId: billing.id });
}, 120_000);

afterAll(async () => {
  await gateway?.stop();
  backend?.close();
  await sallyport?.stop();
  await database?.drop();
});

const through = (
  from: string,
  given: Omit<Parameters<typeof callThrough>[2], "key"> & { key?: string } = {},
) => {
  received = [];
  return callThrough(gateway.port, from, { key: world.key, ...given });
};

const entriesOf = async (filter: string) =>
  (await owner.must("GET", `/v1/audit/entries?limit=200&${filter}`)).entries;

describe("a back end's key", () => {
  test("works from its own address only, once the list is enforced", async () => {
    expect((await through("127.0.0.3")).status).toBe(200);
    const rules = { mode: "enforce", entries: [{ cidr: "127.0.0.2/32", note: "the back end" }] };
    // 127.0.0.3 called a moment ago: nobody is cut off by accident.
    const refused = await owner.call("PUT", `/v1/keys/${world.keyId}/address-rules`, rules);
    expect(refused).toMatchObject({
      status: 409,
      body: { code: "callers-would-be-cut-off", callers: [{ address: "127.0.0.3" }] },
    });
    await owner.must("PUT", `/v1/keys/${world.keyId}/address-rules`, { ...rules, confirm: true });

    expect(await through("127.0.0.2")).toEqual({ status: 200, body: "the app's answer" });
    expect(received[0]).toMatchObject({
      "x-sallyport-account": world.serviceAccountId,
      "x-sallyport-role": "editor",
      "x-sallyport-credential": world.keyId,
      "x-real-ip": "127.0.0.2",
    });
    expect(received[0]).not.toHaveProperty("authorization");
    expect((await through("127.0.0.3")).status).toBe(403);
    expect(received).toEqual([]);
  });

  test("brings no identity of its own making", async () => {
    const reply = await through("127.0.0.2", {
      headers: {
        "X-Sallyport-Account": "root",
        "X-Sallyport-Role": "owner",
        "X-Sallyport-Gateway": "mine",
        "X-Real-IP": "127.0.0.9",
      },
    });
    expect(reply.status).toBe(200);
    expect(received[0]).toMatchObject({
      "x-sallyport-account": world.serviceAccountId,
      "x-sallyport-role": "editor",
      "x-real-ip": "127.0.0.2",
    });
    expect(received[0]?.["x-sallyport-gateway"]).toBeUndefined();
  });

  test.each(["/a/%2e%2e/admin", "/a%2fb", "//admin", "/a/../admin", "/a;x=1/b", "/a%5cb"])(
    "does not reach the app by a path that can be read in two ways: %s",
    async (path) => {
      expect((await through("127.0.0.2", { path })).status).toBe(403);
      expect(received).toEqual([]);
    },
  );

  test("claims no other address by any header", async () => {
    const headers = {
      "X-Forwarded-For": "127.0.0.2",
      Forwarded: "for=127.0.0.2",
      "X-Real-IP": "127.0.0.2",
      "True-Client-IP": "127.0.0.2",
    };
    expect((await through("127.0.0.3", { headers })).status).toBe(403);
  });

  test("none, a made-up one, or two at once, does not get through", async () => {
    expect((await callThrough(gateway.port, "127.0.0.2", {})).status).toBe(401);
    expect((await through("127.0.0.2", { key: "sally_key_madeup" })).status).toBe(401);
    const two = [`Bearer ${world.key}`, "Bearer sally_key_madeup"];
    const { status } = await through("127.0.0.2", { headers: { Authorization: two } });
    expect([400, 403]).toContain(status);
    expect(received).toEqual([]);
  });

  test("is judged before the app has seen a body; method and path without the query are on record", async () => {
    const sent = { method: "POST", path: "/orders/7?token=secret", payload: "a=1" };
    expect((await through("127.0.0.3", sent)).status).toBe(403);
    expect(received).toEqual([]);
    expect((await through("127.0.0.2", sent)).status).toBe(200);
    expect(received).toMatchObject([{ method: "POST", url: sent.path, body: "a=1" }]);
    const [entry] = await entriesOf(`credential=${world.keyId}&action=decision.made`);
    expect(entry.targets).toContainEqual({ type: "request", id: "POST /orders/7" });
    expect(JSON.stringify(entry)).not.toContain("secret");
  });

  test("is dead on the very next request after its revocation", async () => {
    const { id, key } = await owner.must(
      "POST",
      `/v1/service-accounts/${world.serviceAccountId}/keys`,
      { name: "second" },
    );
    expect((await through("127.0.0.2", { key })).status).toBe(200);
    await owner.must("DELETE", `/v1/keys/${id}`, { reason: "key_compromise" });
    expect((await through("127.0.0.2", { key })).status).toBe(401);
    expect(await entriesOf(`credential=${id}&action=decision.made`)).toMatchObject([
      { action: "decision.made", outcome: "refused", reason: "revoked" },
      { action: "decision.made", outcome: "done", reason: "allowed" },
    ]);
  });

  test("is dead when its grant ends, and each step is one entry with its reason", async () => {
    const endsAt = new Date(Date.now() + 3_000);
    const guest = await owner.must("POST", `/v1/apps/${world.appId}/service-accounts`, {
      name: "Campaign",
      role: "reporter",
      expiresAt: endsAt.toISOString(),
    });
    const { id, key } = await owner.must("POST", `/v1/service-accounts/${guest.id}/keys`, {
      name: "short",
    });
    expect((await through("127.0.0.2", { key })).status).toBe(200);
    let asked = 1;
    await waitFor(async () => {
      asked += 1;
      // Before it is asked: what was answered in time may be read after the end.
      const isOver = Date.now() >= endsAt.getTime();
      const { status } = await through("127.0.0.2", { key });
      if (isOver && status === 200) throw new Error("answered yes after the end");
      return status === 403;
    });
    const entries = await entriesOf(`credential=${id}&action=decision.made`);
    expect(entries).toHaveLength(asked);
    expect(entries[0]).toMatchObject({
      outcome: "refused",
      reason: "grant-ended",
      address: "127.0.0.2",
    });
    expect(entries.slice(1).every((entry: { reason: string }) => entry.reason === "allowed")).toBe(
      true,
    );
  });
});

describe("sharing", () => {
  test("a guest is invited, uses the app within the role, and is gone with one click", async () => {
    const { id } = await owner.must("POST", "/v1/invitations", {
      email: "guest@example.test",
      apps: [{ appId: world.appId, role: "reporter" }],
    });
    expect(id).toEqual(expect.any(String));
    const guest = new Browser(sallyport.url);
    const token = await guest.tokenFor("guest@example.test");
    await guest.must("POST", "/v1/invitations/accept", {
      token,
      password: "a long enough phrase 42!",
      displayName: "Gus Guest",
    });
    await guest.enrol();
    expect((await guest.must("GET", "/v1/apps")).shared).toMatchObject([{ id: world.appId }]);

    const { grants } = await owner.must("GET", `/v1/apps/${world.appId}/grants`);
    const grant = grants.find(
      (candidate: { account: { email: string } }) =>
        candidate.account.email === "guest@example.test",
    );
    await owner.must("DELETE", `/v1/apps/${world.appId}/grants/${grant.id}`);
    expect((await guest.must("GET", "/v1/apps")).shared).toEqual([]);
    expect((await guest.call("GET", `/v1/apps/${world.appId}/grants`)).status).toBe(404);

    const actions = (await entriesOf(`app=${world.appId}&class=important`)).map(
      (entry: { action: string }) => entry.action,
    );
    for (const action of ["invitation.sent", "invitation.accepted", "grant.revoked"])
      expect(actions.filter((found: string) => found === action)).toHaveLength(1);
  });
});
