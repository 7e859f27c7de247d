import { afterAll, beforeAll, expect, test } from "vitest";
import {
  insertApp,
  insertKey,
  type TestApp,
  type TestKey,
} from "../../../test/builders/gateways.ts";
import { startHarness, type Harness, type Headers } from "../../../test/harness.ts";

let h: Harness;
let app: TestApp;
let gateway: TestKey;
let key: TestKey;
beforeAll(async () => {
  h = await startHarness();
  app = await insertApp(h);
  gateway = await insertKey(h, app, { role: "gateway" });
  key = await insertKey(h, app);
});
afterAll(async () => h.stop());

/** As nginx asks; all its clients come from its one address. */
const ask = (client: Headers, query = `app=${app.appId}&action=app:read`) =>
  h.call("GET", `/v1/forward-auth?${query}`, {
    as: {
      "x-sallyport-gateway": gateway.text,
      "x-original-method": "GET",
      "x-original-uri": "/orders",
      "x-real-ip": "203.0.113.7",
      ...client,
    },
    from: "127.0.6.6",
  });

// Attack: send what is no key until the gateway's network has sent too many, and nobody gets through it any more.
test("what one client sends in place of a key never makes the gateway's other clients wait", async () => {
  const statuses = new Set<number>();
  for (let round = 0; round < 15; round += 1) {
    const junk = Array.from({ length: 100 }, () => ask({ authorization: "Basic eDp5" }));
    for (const { status } of await Promise.all(junk)) statuses.add(status);
  }
  expect([...statuses]).toEqual([401]);
  expect((await ask(key.headers)).status).toBe(200);
});

test("a refused key is answered 401 and by what to prove oneself; a refused address is not", async () => {
  const unknown = await ask({ authorization: "Bearer sally_key_madeup" });
  expect(unknown).toMatchObject({
    status: 401,
    headers: { "www-authenticate": 'Bearer error="invalid_token"', "x-sallyport-account": "" },
  });
  expect(await ask({})).toMatchObject({ status: 401, headers: { "www-authenticate": "Bearer" } });
  const nowhere = await ask({ ...key.headers, "x-real-ip": "127.1" });
  expect(nowhere).toMatchObject({
    status: 403,
    headers: { "x-sallyport-reason": "address-not-allowed", "x-sallyport-role": "" },
  });
  expect(nowhere.headers).not.toHaveProperty("www-authenticate");
});

// A header left out would let the client's own through to the app.
test.each([
  ["", 400],
  ["app=x&action=app:read", 403],
])("a refused question, ?%s, answers with all identity headers, empty", async (query, status) => {
  const reply = await ask(key.headers, query);
  expect(reply.status).toBe(status);
  expect(reply.headers).toMatchObject({
    "x-sallyport-account": "",
    "x-sallyport-role": "",
    "x-sallyport-credential": "",
  });
});
