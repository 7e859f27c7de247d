import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SessionLevel } from "../src/context.ts";
import { requireActions, type RouteRow } from "../src/platform/http/request-context.ts";
import { createServer } from "../src/platform/http/server.ts";
import { insertApp, insertKey, type TestApp, type TestKey } from "./builders/gateways.ts";
import { addOperator, addOperatorKey, type OperatorKey } from "./builders/operator.ts";
import { addPerson, addSession } from "./builders/people.ts";
import { startHarness, type Harness, type Headers } from "./harness.ts";

/*
 * Every route of the API, as it is registered: none answers a stranger or a half-open session that it
 * does not admit, and each authenticated request leaves exactly one entry (T2, T4, T5, T19, T31).
 */

let h: Harness;
let routes: RouteRow[];
let accountId: string;
let operatorKey: OperatorKey;
let app: TestApp;
let key: TestKey;
beforeAll(async () => {
  h = await startHarness();
  routes = h.app.routeTable.filter(
    ({ url, config }) => url.startsWith("/v1/") && config.isPublicFile !== true,
  );
  accountId = (await addPerson(h)).accountId;
  operatorKey = await addOperatorKey(h, await addOperator(h));
  const [organisation] = (
    await h.call("GET", "/v1/organisations", { as: (await addSession(h, accountId)).headers })
  ).body.organisations;
  app = await insertApp(h, organisation.id);
  key = await insertKey(h, app);
  // What is counted of strangers' tries comes on record a minute later: not between two looks.
  h.clock.freeze();
});
afterAll(async () => h.stop());

const HALF_OPEN = {
  "needs-enrolment": "enrolment-required",
  "needs-second-factor": "second-factor-required",
  "needs-new-password": "new-password-required",
} as const satisfies Partial<Record<SessionLevel, string>>;

/** An address of the route; its ids exist nowhere. */
const addressOf = (url: string, ids: Record<string, string> = {}): string =>
  url
    .replace(/:(\w+)/g, (name, member: string) => ids[member] ?? name)
    .replace(/:(keyId|id)\b(?=.*)/g, (name) =>
      url.includes("/keys/") || url.includes("/operator/keys/") ? "aaaaaaaaaaaa" : name,
    )
    .replace(/:name\b/g, "somebody")
    .replace(/:externalId\b/g, "x-1")
    .replace(/:\w+/g, "01890000-0000-7000-8000-000000000000");

/** Its answer ends with the caller's session, or when the server stops. */
const ENDLESS = "/v1/inbox/stream";

/** Waits for the head of an answer alone. */
async function begin(url: string, headers: Headers, remoteAddress: string) {
  const reply = await h.app.inject({ url, headers, remoteAddress, payloadAsStream: true });
  if (reply.statusCode === 200) return { status: 200, code: undefined };
  const body = JSON.parse((await reply.stream().toArray()).join("")) as { code: string };
  return { status: reply.statusCode, code: body.code };
}

const send = async (
  { method, url }: RouteRow,
  headers: Headers = {},
  { from = "127.0.0.1", ids = {} }: { from?: string; ids?: Record<string, string> } = {},
) => {
  if (url === ENDLESS) return await begin(url, headers, from);
  const hasBody = method !== "GET" && method !== "DELETE";
  const reply = await h.call(method, addressOf(url, ids), {
    as: headers,
    from,
    ...(hasBody && { body: {} }),
  });
  return { status: reply.status, code: reply.body?.code as string | undefined };
};

/** Entries on record, those that stand for several counted as one. */
async function countEntries(): Promise<number> {
  const { rows } = await sql<{
    count: string;
  }>`select coalesce(sum(count), 0) as count from entry_batch`.execute(h.db);
  return Number(rows[0]?.count);
}

test("there are routes to walk", () => {
  expect(routes.length).toBeGreaterThan(40);
});

test("a route cannot be registered without naming its action", async () => {
  const server = createServer(h.services.log);
  requireActions(server);
  expect(() => server.get("/v1/unnamed", async () => "")).toThrow("does not name its action");
  await server.close();
});

describe("a stranger", () => {
  test("is refused by every route that does not admit strangers", async () => {
    const answered: unknown[] = [];
    for (const route of routes) {
      if (route.config.admits?.includes("stranger") === true) continue;
      const { status } = await send(route);
      // Those that judge the key with the question read the question first; a gateway's own fault is 403.
      const expected = route.config.authenticatesItself === true ? [400, 401, 403] : [401];
      if (!expected.includes(status)) answered.push([route.method, route.url, status]);
    }
    expect(answered).toEqual([]);
  });

  test("gets no further with a made-up cookie or key", async () => {
    const answered: unknown[] = [];
    for (const headers of [
      { cookie: "sallyport_session=made-up" },
      { authorization: "Bearer sally_key_made-up" },
    ] as Headers[])
      for (const route of routes) {
        if (route.config.admits?.includes("stranger") === true) continue;
        const { status } = await send(route, headers);
        const expected = route.config.authenticatesItself === true ? [400, 401, 403] : [401];
        if (!expected.includes(status)) answered.push([route.method, route.url, status]);
      }
    expect(answered).toEqual([]);
  });
});

describe.each(Object.entries(HALF_OPEN))("a session at %s", (level, code) => {
  test("T2: is let through by no route but those that say so", async () => {
    const passed: unknown[] = [];
    // Of their own: an account whose password has ended has no other session that is whole.
    const person = await addPerson(h);
    for (const route of routes) {
      const { admits = ["full"], authenticatesItself } = route.config;
      if (
        authenticatesItself === true ||
        admits.includes("stranger") ||
        admits.includes(level as SessionLevel)
      )
        continue;
      const { headers } = await addSession(h, person.accountId, { level: level as SessionLevel });
      const reply = await send(route, headers);
      if (reply.status !== 403 || reply.code !== code)
        passed.push([route.method, route.url, reply]);
    }
    expect(passed).toEqual([]);
  });

  test("T2: sees its own state and can leave, on every level", async () => {
    const open = routes
      .filter(({ config }) => config.admits?.includes(level as SessionLevel) === true)
      .map(({ method, url }) => `${method} ${url}`);
    expect(open).toEqual(expect.arrayContaining(["GET /v1/sessions/current", "POST /v1/sign-out"]));
  });
});

describe("a route that judges its caller itself", () => {
  test("lets no session by, however far it is, and leaves exactly one entry of each try", async () => {
    const wrong: unknown[] = [];
    const own = routes.filter(({ config }) => config.authenticatesItself === true);
    expect(own.length).toBeGreaterThan(0);
    const levels = [...Object.keys(HALF_OPEN), "full"] as SessionLevel[];
    const sessions = await Promise.all(
      levels.map(async (level) => (await addPerson(h, { level })).headers),
    );
    const strangers = [{}, { authorization: "Bearer sally_key_made-up" }];
    for (const route of own)
      for (const [index, headers] of [...strangers, ...sessions].entries()) {
        const before = await countEntries();
        // Each from a network of its own: what one repeats is counted, minutes later.
        const { status } = await send(route, headers, { from: `127.0.5.${index}` });
        const left = (await countEntries()) - before;
        if (![400, 401, 403].includes(status) || left !== 1)
          wrong.push([route.method, route.url, headers, status, left]);
      }
    expect(wrong).toEqual([]);
  });
});

// Attack: a page of another site sends whatever it likes with its visitor's cookie.
describe.each<Headers>([
  { "sec-fetch-site": "cross-site" },
  { "sec-fetch-site": "same-site" },
  { origin: "https://attacker.example.test" },
  { origin: "null" },
])("a request that another site sent, %j", (sent) => {
  test("changes nothing on any route", async () => {
    const passed: unknown[] = [];
    const { headers } = await addSession(h, accountId);
    for (const route of routes) {
      if (route.method === "GET" || route.config.authenticatesItself === true) continue;
      const { status, code } = await send(route, { ...headers, ...sent });
      if (status !== 403 || code !== "cross-origin") passed.push([route.method, route.url, code]);
    }
    expect(passed).toEqual([]);
  });
});

/** Whoever may be let in; made anew for each request where some request ends what it came with. */
const callers: [string, () => Promise<Headers>][] = [
  ["a person's session", async () => (await addSession(h, accountId)).headers],
  ["an operator's session", async () => (await addOperator(h)).headers],
  ["a back end's key", async () => (await insertKey(h, app, { role: "admin" })).headers],
  ["the operator's key", async () => operatorKey.headers],
];

describe.each(callers)("what %s asks", (_name, comeIn) => {
  const countsOf = async (route: RouteRow, ids: Record<string, string> = {}) => {
    const headers = await comeIn();
    const before = await countEntries();
    const { status } = await send(route, headers, { ids });
    return { status, left: (await countEntries()) - before };
  };

  test("leaves exactly one entry, whatever comes of it", async () => {
    const wrong: unknown[] = [];
    for (const route of routes) {
      if (route.config.authenticatesItself === true) continue;
      const { status, left } = await countsOf(route);
      if (left !== 1) wrong.push([route.method, route.url, status, left]);
    }
    expect(wrong).toEqual([]);
  });

  test("leaves exactly one entry where it reads what is there", async () => {
    const wrong: unknown[] = [];
    const ids = { appId: app.appId, keyId: key.keyId, serviceAccountId: key.accountId };
    for (const route of routes) {
      if (route.method !== "GET" || route.config.authenticatesItself === true) continue;
      const { status, left } = await countsOf(route, ids);
      if (left !== 1) wrong.push([route.url, status, left]);
    }
    expect(wrong).toEqual([]);
  });
});

describe("what a full session asks", () => {
  test("fails with no 500 on ids that exist nowhere and empty bodies", async () => {
    const failed: unknown[] = [];
    for (const route of routes) {
      const { headers } = await addSession(h, accountId);
      const { status } = await send(
        route,
        route.config.authenticatesItself === true ? {} : headers,
      );
      if (status >= 500) failed.push([route.method, route.url, status]);
    }
    expect(failed).toEqual([]);
  });
});
