import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { insertApp, insertKey } from "../../test/builders/gateways.ts";
import { addOperator, addOperatorKey } from "../../test/builders/operator.ts";
import { addPerson, addSession, type Person } from "../../test/builders/people.ts";
import { startHarness, type Harness } from "../../test/harness.ts";

let h: Harness;
let operator: Person;
beforeAll(async () => {
  h = await startHarness();
});
beforeEach(async () => {
  operator = await addOperator(h);
});
afterAll(async () => h.stop());

const NOBODY = "01980000-0000-7000-8000-000000000000";

const BRANDING = {
  version: 0,
  name: "Acme",
  showsMaker: false,
  primaryColor: "",
  mailFromName: "",
  mailFromAddress: "",
  mailFooter: "",
  supportUrl: "",
  supportEmail: "",
  termsUrl: "",
  privacyUrl: "",
  imprintUrl: "",
};

const MAIL = "/v1/operator/mail-texts/password-changed/en";
const LOG_STREAM = `/v1/operator/log-streams/${NOBODY}`;
const STREAM = {
  name: "SIEM",
  covers: "important",
  format: "entry",
  alarmAfterMinutes: 10,
  target: { https: { url: "https://1.1.1.1/" } },
};
const WORDING = { subject: null, intro: null, closing: null };

/** Operator's routes, with a body that the schema takes; what follows is that they change something. */
const ROUTES: readonly [method: string, url: string, body: object | null, changes: boolean][] = [
  ["GET", "/v1/operator/accounts", null, false],
  ["GET", `/v1/operator/accounts/${NOBODY}`, null, false],
  ["POST", `/v1/operator/accounts/${NOBODY}/disable`, { reason: "Spam" }, true],
  ["POST", `/v1/operator/accounts/${NOBODY}/enable`, {}, true],
  ["POST", `/v1/operator/accounts/${NOBODY}/factor-reset`, { reason: "Ticket" }, true],
  ["DELETE", `/v1/operator/accounts/${NOBODY}/factor-reset`, null, true],
  ["GET", "/v1/operator/address-reports", null, false],
  ["POST", `/v1/operator/address-reports/${NOBODY}/close`, {}, true],
  ["GET", "/v1/operator/queue", null, false],
  ["POST", "/v1/operator/queue/1/retry", {}, true],
  ["GET", "/v1/operator/health", null, false],
  ["GET", "/v1/operator/branding", null, false],
  ["PUT", "/v1/operator/branding", BRANDING, true],
  ["GET", `/v1/operator/entries?appId=${NOBODY}`, null, false],
  ["GET", "/v1/operator/support-cases", null, false],
  ["POST", "/v1/operator/support-requests", { appId: NOBODY, reason: "Ticket", hours: 1 }, true],
  ["GET", "/v1/operator/mail-texts", null, false],
  ["PUT", MAIL, { ...WORDING, version: 0 }, true],
  ["POST", `${MAIL}/preview`, WORDING, false],
  ["POST", `${MAIL}/test`, WORDING, true],
  ["GET", "/v1/operator/permissions/usage", null, false],
  ["PUT", "/v1/permissions", { permissions: [] }, true],
  [
    "POST",
    "/v1/operator/keys",
    { name: "Product", scopes: ["report"], addresses: ["127.0.0.1"] },
    true,
  ],
  ["GET", "/v1/operator/keys", null, false],
  ["DELETE", "/v1/operator/keys/AAAAAAAAAAAA", { reason: "unspecified" }, true],
  ["GET", "/v1/operator/holds", null, false],
  ["POST", "/v1/operator/holds", { reason: "A court asks" }, true],
  ["DELETE", `/v1/operator/holds/${NOBODY}`, null, true],
  ["POST", `/v1/operator/accounts/${NOBODY}/erasure`, { reason: "Asked by letter" }, true],
  ["DELETE", `/v1/operator/accounts/${NOBODY}/erasure`, null, true],
  ["GET", "/v1/operator/stranger-reports", null, false],
  ["POST", `/v1/operator/stranger-reports/${NOBODY}/close`, {}, true],
  ["GET", "/v1/operator/log-streams", null, false],
  ["POST", "/v1/operator/log-streams", STREAM, true],
  ["GET", LOG_STREAM, null, false],
  ["PATCH", LOG_STREAM, { name: "SIEM" }, true],
  ["DELETE", LOG_STREAM, null, true],
  ["POST", `${LOG_STREAM}/pause`, {}, true],
  ["POST", `${LOG_STREAM}/resume`, {}, true],
  ["POST", `${LOG_STREAM}/replay`, { fromLeaf: 0 }, true],
  ["POST", `${LOG_STREAM}/secret`, {}, true],
  ["POST", `${LOG_STREAM}/test`, {}, false],
  ["GET", `${LOG_STREAM}/dead-letters`, null, false],
  ["POST", `${LOG_STREAM}/dead-letters/retry`, {}, true],
];

const call = (method: string, url: string, given: { body: object | null; as?: object }) =>
  h.call(method, url, {
    as: { ...given.as },
    ...(given.body !== null && { body: given.body }),
  });

test("every operator's route of the description is in this table", async () => {
  const { paths } = (await h.call("GET", "/openapi.json")).body;
  const described = Object.entries<object>(paths)
    .filter(([path]) => path.startsWith("/v1/operator/") && path !== "/v1/operator/claim")
    .flatMap(([path, methods]) =>
      Object.keys(methods).map((verb) => `${verb.toUpperCase()} ${path}`),
    );
  const named = ROUTES.map(
    ([method, url]) =>
      `${method} ${url
        .replace(/\?.*/, "")
        .replace(`accounts/${NOBODY}`, "accounts/{accountId}")
        .replace(`stranger-reports/${NOBODY}`, "stranger-reports/{reportId}")
        .replace(`holds/${NOBODY}`, "holds/{holdId}")
        .replace(`log-streams/${NOBODY}`, "log-streams/{streamId}")
        .replace("password-changed/en", "{kind}/{language}")
        .replace("queue/1", "queue/{jobId}")
        .replace(`address-reports/${NOBODY}`, "address-reports/{reportId}")
        .replace("keys/AAAAAAAAAAAA", "keys/{keyId}")}`,
  ).filter((name) => !name.endsWith("/v1/permissions"));
  expect(named.toSorted()).toEqual(described.toSorted());
});

test.each(ROUTES)(
  "%s %s does not exist for a signed-in person who is no operator, and leaves one entry",
  async (method, url, body) => {
    const person = await addPerson(h);
    const before = (await h.entries()).length;
    const reply = await call(method, url, { body, as: person.headers });
    expect([reply.status, reply.body.code]).toEqual([404, "not-found"]);
    const entries = (await h.entries()).slice(before);
    expect(entries).toMatchObject([
      { outcome: "refused", reason: "not-found", actor: { accountId: person.accountId } },
    ]);
  },
);

test.each(ROUTES)(
  "%s %s refuses strangers, half-open sessions and keys",
  async (method, url, body) => {
    expect((await call(method, url, { body })).status).toBe(401);
    const halfOpen = await addSession(h, operator.accountId, { level: "needs-second-factor" });
    const half = await call(method, url, { body, as: halfOpen.headers });
    expect([half.status, half.body.code]).toEqual([403, "second-factor-required"]);
    const key = await addOperatorKey(h, operator);
    const apiKey = await insertKey(h, await insertApp(h));
    for (const as of [key.headers, apiKey.headers])
      expect((await call(method, url, { body, as })).status).toBe(403);
  },
);

test.each(ROUTES.filter(([, , , changes]) => changes))(
  "%s %s needs a fresh second factor",
  async (method, url, body) => {
    const stale = await addSession(h, operator.accountId, { isSteppedUp: false });
    const reply = await call(method, url, { body, as: stale.headers });
    expect([reply.status, reply.body.code]).toEqual([403, "step-up-required"]);
  },
);

const KEY_ROUTES: readonly [method: string, url: string, body: object, scope: string][] = [
  ["PUT", "/v1/provision/accounts/x", { email: "x@example.test", displayName: "X" }, "provision"],
  ["PUT", "/v1/provision/organisations/x", { name: "X", owners: [] }, "provision"],
  ["PUT", "/v1/provision/apps/x", { name: "X", organisation: { externalId: "x" } }, "provision"],
  ["POST", "/v1/audit/entries", { id: "1", action: "a.b", actor: { name: "X" } }, "report"],
];

test.each(KEY_ROUTES)(
  "%s %s takes an operator key of scope $3 alone",
  async (method, url, body, scope) => {
    const scopes = (["decide", "provision", "report", "notify"] as const).filter(
      (other) => other !== scope,
    );
    const key = await addOperatorKey(h, operator, { scopes });
    const apiKey = await insertKey(h, await insertApp(h), { role: "admin" });
    const before = (await h.entries()).length;
    for (const as of [key.headers, apiKey.headers, operator.headers])
      expect((await call(method, url, { body, as })).body.code).toBe("forbidden");
    expect((await call(method, url, { body })).status).toBe(401);
    expect((await h.entries()).slice(before).map(({ outcome }) => outcome)).toEqual([
      "refused",
      "refused",
      "refused",
      "refused",
    ]);
  },
);

// T19: an id in the body makes nobody somebody else.
test.each(KEY_ROUTES)("T19 %s %s takes no identity from the body", async (method, url, body) => {
  const key = await addOperatorKey(h, operator);
  const given = { ...body, accountId: operator.accountId, userId: operator.accountId };
  const reply = await call(method, url, { body: given, as: key.headers });
  expect(reply.status).toBe(400);
  expect(reply.body.errors.map((error: { pointer: string }) => error.pointer)).toEqual(
    expect.arrayContaining(["/accountId", "/userId"]),
  );
});
