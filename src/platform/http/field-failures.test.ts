import { pino } from "pino";
import { Type, type TObject } from "typebox";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addApp, addGrant, sendInvitation } from "../../../test/builders/access.ts";
import { GOOD_PASSWORD, newEmail } from "../../../test/builders/identity.ts";
import { addOperator, addOperatorKey } from "../../../test/builders/operator.ts";
import { addPerson } from "../../../test/builders/people.ts";
import { startHarness, type Harness, type Reply } from "../../../test/harness.ts";
import { systemContext } from "../../context.ts";
import { failsAs } from "../../contract/failures.ts";
import { textOf } from "../../contract/fill-text.ts";
import type { Failure } from "../../contract/problems.ts";
import english from "../../contract/texts/en/failures.json" with { type: "json" };
import type { FieldRules } from "./field-rules.ts";
import { faultText } from "../../failures.ts";
import { schemaFault } from "./schema-fault.ts";
import { createServer } from "./server.ts";

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(() => h.stop());

/** What is wrong, by part and pointer. */
function told({ status, body }: Reply): Record<string, string> {
  expect([status, body.code]).toEqual([400, "invalid-request"]);
  const errors = body.errors as Failure[];
  // Whoever words it by its code reads the same.
  for (const { code, params, detail } of errors)
    expect(textOf(english, code, { params, language: "en" })).toBe(detail);
  const entries = errors.map((error) => [`${error.in} ${error.pointer}`, error.detail] as const);
  expect(new Set(entries.map(([at]) => at)).size).toBe(entries.length);
  return Object.fromEntries(entries);
}

describe("everything at once", () => {
  test("a sign-up hears of its password beside what the schema says", async () => {
    const body = { email: "pat@", password: "abc", nickname: "pat" };
    expect(told(await h.call("POST", "/v1/accounts", { body }))).toEqual({
      "body /email": "Write an e-mail address such as name@example.org.",
      "body /password": expect.stringContaining("at least 9 characters"),
      "body /displayName": "This is missing.",
      "body /nickname": "This is not a known field: leave it out, or look at its spelling.",
    });
  });

  test("a sign-up whose schema fits hears of address and password in one answer", async () => {
    const body = { email: "no address", password: "abc", displayName: "Pat" };
    expect(Object.keys(told(await h.call("POST", "/v1/accounts", { body })))).toEqual([
      "body /email",
      "body /password",
    ]);
  });

  test("a password made of the name beside it is told so, and never repeated", async () => {
    const password = "xanthopoulou77";
    const body = { email: "w@xanthopoulou.test", password, extra: true };
    const reply = await h.call("POST", "/v1/accounts", { body });
    expect(told(reply)["body /password"]).toContain("contains your name, your address");
    expect(reply.text).not.toContain(password);
    expect(JSON.stringify(await h.entries())).not.toContain(password);
  });

  test("a good password is not told of, and one too long is told once", async () => {
    const send = (password: string) =>
      h.call("POST", "/v1/accounts", { body: { email: newEmail(), password } });
    expect(told(await send(GOOD_PASSWORD))).toEqual({ "body /displayName": "This is missing." });
    expect(told(await send("x".repeat(1_025)))).toEqual({
      "body /displayName": "This is missing.",
      "body /password": "Use at most 1024 characters.",
    });
  });

  test("the pages of a mail's link hear of the password too", async () => {
    const body = { token: "t", password: "abc", extra: 1 };
    for (const url of ["/v1/accounts/verify", "/v1/invitations/accept"])
      expect(Object.keys(told(await h.call("POST", url, { body })))).toEqual([
        "body /extra",
        "body /password",
      ]);
    const { headers } = await addPerson(h);
    const signedIn = await h.call("POST", "/v1/invitations/accept", { as: headers, body });
    expect(told(signedIn)).toEqual({ "body /extra": expect.any(String) });
  });

  test("an invited newcomer hears of a missing name and a weak password together", async () => {
    const { appId, owner } = await addApp(h);
    const { token } = await sendInvitation(h, {
      as: owner.headers,
      email: newEmail(),
      apps: [{ appId, role: "editor" }],
    });
    const reply = await h.call("POST", "/v1/invitations/accept", {
      body: { token, password: "abc" },
    });
    expect(Object.keys(told(reply))).toEqual(["body /displayName", "body /password"]);
  });

  test("a list of address rules hears of every entry", async () => {
    const { appId, owner } = await addApp(h);
    const body = {
      mode: "on",
      entries: [
        { cidr: "192.0.2.1/24" },
        { cidr: "192.0.2.0/24", note: "two\nlines" },
        { cidr: "" },
        { cidr: "here" },
      ],
    };
    const url = `/v1/apps/${appId}/address-rules`;
    expect(told(await h.call("PUT", url, { as: owner.headers, body }))).toEqual({
      "body /mode": "This must be one of: off, monitor, enforce.",
      "body /entries/0/cidr": expect.stringContaining("Write 192.0.2.0/24 for the network"),
      "body /entries/1/note": "This must be one line of text, without line breaks or tabs.",
      "body /entries/2/cidr": "Write an address or a network, such as 192.0.2.7 or 2001:db8::/64.",
      "body /entries/3/cidr": expect.stringContaining("This is not an IP address"),
    });
  });

  test("path, query and body are told together", async () => {
    const { headers } = await addPerson(h);
    const reply = await h.call("PATCH", "/v1/apps/first", { as: headers, body: { name: "  " } });
    expect(told(reply)).toEqual({
      "params /appId": "This must be an id such as 01890a5d-ac96-774b-bcce-b302099a8057.",
      "body /name": "Write a name on one line, and more than spaces.",
    });
    const url =
      "/v1/audit/entries?limit=0&from=yesterday&actor=me&address=here&cursor=x&colour=red";
    expect(told(await h.call("GET", url, { as: headers }))).toEqual({
      "querystring /colour": expect.any(String),
      "querystring /limit": "This must be a whole number from 1 to 200.",
      "querystring /from": expect.stringContaining("such as 2026-03-01T00:00:00Z"),
      "querystring /actor": "This must be ids; several are separated by commas.",
      "querystring /address": expect.stringContaining("This is not an IP address"),
      "querystring /cursor": "This must be the nextCursor of a page of this list.",
    });
  });

  test("an end that has passed is told beside the rest, wherever one is set", async () => {
    const { appId, owner } = await addApp(h);
    const { grantId } = await addGrant(h, { appId, role: "editor" });
    const as = owner.headers;
    const past = "2020-01-01T00:00:00Z";
    const apps = [{ appId, role: "Editor", expiresAt: past }];
    const replies = [
      await h.call("POST", "/v1/invitations", { as, body: { email: "x@y", apps } }),
      await h.call("POST", `/v1/apps/${appId}/service-accounts`, { as, body: { expiresAt: past } }),
      await h.call("PATCH", `/v1/apps/${appId}/grants/${grantId}`, {
        as,
        body: { role: 1, expiresAt: past },
      }),
      await h.call("POST", `/v1/service-accounts/${appId}/keys`, {
        as,
        body: { expiresAt: "9000-01-01T00:00:00Z" },
      }),
    ].map(told);
    const passed = "This has passed already: choose a time ahead.";
    expect(replies).toMatchObject([
      { "body /apps/0/expiresAt": passed, "body /apps/0/role": expect.any(String) },
      { "body /expiresAt": passed, "body /role": "This is missing." },
      { "body /expiresAt": passed },
      {
        "body /expiresAt": "Choose an end within one year from now.",
        "body /name": "This is missing.",
      },
    ]);
    expect(replies[0]?.["body /email"]).toContain("name@example.org");
  });

  test("keys, permissions and reports of the operator", async () => {
    const operator = await addOperator(h);
    const as = operator.headers;
    const key = { scopes: ["decide", "decide"], addresses: ["here"], expiresAt: "soon" };
    expect(told(await h.call("POST", "/v1/operator/keys", { as, body: key }))).toEqual({
      "body /name": "This is missing.",
      "body /scopes": "Entries 1 and 2 are the same.",
      "body /addresses/0": expect.stringContaining("This is not an IP address"),
      "body /expiresAt": "This must be a date and time such as 2026-03-01T12:00:00Z.",
    });
    const permissions = [{ key: "app:fly", description: "" }, { key: "Invoices" }];
    const catalogue = await h.call("PUT", "/v1/permissions", { as, body: { permissions } });
    expect(Object.keys(told(catalogue))).toEqual([
      "body /permissions/1/description",
      "body /permissions/1/key",
      "body /permissions/0/key",
    ]);
    const reporter = await addOperatorKey(h, operator);
    const report = { id: "r 1", at: "2020-01-01T00:00:00Z", action: "x", actor: {} };
    const reply = await h.call("POST", "/v1/audit/entries", { as: reporter.headers, body: report });
    expect(told(reply)).toMatchObject({
      "body /at": "This must be within 24 hours of now.",
      "body /actor": "This must be one of: {accountId}, {externalId}, {name}.",
    });
  });
});

/** A server with one route, whose requests have a context. */
async function ask(schema: TObject, body: unknown, fieldRules: { body?: FieldRules } = {}) {
  const app = createServer(pino({ level: "silent" }));
  app.decorate("isHttps", false);
  app.decorateRequest("context", null);
  app.addHook("onRequest", async (request) => {
    request.context = systemContext(h.services, "test");
  });
  app.post("/", { schema: { body: schema }, config: { fieldRules } }, async () => ({}));
  const reply = await app.inject({ method: "POST", url: "/", payload: body as object });
  await app.close();
  return { status: reply.statusCode, body: reply.json(), headers: {}, text: reply.body };
}

const strict = { additionalProperties: false };

describe("the words", () => {
  const size = Type.Integer({ minimum: 1, maximum: 168 });
  const choice = Type.Union([
    Type.Object({ id: Type.String({ format: "uuid" }) }, strict),
    Type.Object({ name: Type.String({ maxLength: 3 }) }, strict),
  ]);
  const end = Type.Union([Type.String({ format: "date-time" }), Type.Null()]);
  const DATE = "This must be a date and time such as 2026-03-01T12:00:00Z.";

  test.each([
    [Type.String(), 5, "This must be text."],
    [Type.String({ minLength: 1 }), "", "This must not be empty."],
    [Type.String({ minLength: 9 }), "👋👋", "Use at least 9 characters."],
    // Two failures, one of them told.
    [
      Type.String({ minLength: 1, pattern: "^x", ...failsAs({ code: "job-id" }) }),
      "",
      "This must be the id of a job, a whole number.",
    ],
    [Type.Boolean(), "yes", "This must be true or false."],
    [size, "5", "This must be a whole number from 1 to 168."],
    [size, 169, "This must be a whole number from 1 to 168."],
    [size, 1.5, "This must be a whole number from 1 to 168."],
    [Type.Number({ minimum: 2 }), 1, "This must be a number of at least 2."],
    [Type.Array(size, { minItems: 1 }), [], "Give at least 1 entry."],
    [Type.Array(size, { maxItems: 2 }), [1, 2, 3], "Give at most 2 entries."],
    [Type.Array(size, { minItems: 1, maxItems: 2 }), [], "Give 1 to 2 entries."],
    [Type.Array(size), {}, "This must be a list."],
    [Type.Literal("csv"), "pdf", "This must be one of: csv."],
    [
      Type.Union([Type.Literal("csv"), Type.Literal("json")]),
      "pdf",
      "This must be one of: csv, json.",
    ],
    [end, "soon", DATE],
    [end, 5, DATE],
    [choice, {}, "This must be one of: {id}, {name}."],
    [choice, { id: "x", name: "x" }, "This must be one of: {id}, {name}."],
    [Type.Object({ a: size, b: size }), null, "This must be an object with a, b."],
    [
      Type.Object({ a: Type.Optional(size), b: Type.Optional(size) }, { minProperties: 1 }),
      {},
      "Give at least one of these: a, b.",
    ],
    [
      Type.Object({ a: Type.Optional(size), b: Type.Optional(size) }, { maxProperties: 1 }),
      { a: 1, b: 1 },
      "Give only one of these: a, b.",
    ],
  ])("%j given %j: %s", async (schema, value, words) => {
    expect(told(await ask(Type.Object({ it: schema }), { it: value }))).toEqual({
      "body /it": words,
    });
  });

  test("what has the shape of one choice is judged by it", async () => {
    const schema = Type.Object({ owners: Type.Array(choice) });
    const owners = [{ name: "long" }, { id: "x" }, { id: 5, extra: 1 }];
    expect(Object.keys(told(await ask(schema, { owners })))).toEqual([
      "body /owners/0/name",
      "body /owners/1/id",
      "body /owners/2",
    ]);
  });

  test("a pointer is escaped, and there are no more than 20 failures", async () => {
    const schema = Type.Object({}, strict);
    expect(Object.keys(told(await ask(schema, { "a/b~c": 1 })))).toEqual(["body /a~1b~0c"]);
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`x${index}`, 1]));
    expect(Object.keys(told(await ask(schema, many)))).toHaveLength(20);
  });
});

describe("rules of fields", () => {
  const schema = Type.Object({ name: Type.String(), size: Type.Optional(Type.Integer()) });

  test("cost a valid request nothing", async () => {
    let asked = 0;
    const rules: FieldRules = {
      "/name": () => {
        asked += 1;
        return { code: "name-wanted" };
      },
    };
    expect((await ask(schema, { name: "x" }, { body: rules })).status).toBe(200);
    expect(asked).toBe(0);
    expect(told(await ask(schema, { name: "x", size: "" }, { body: rules }))).toHaveProperty([
      "body /name",
    ]);
    expect(asked).toBe(1);
  });

  test("one that fails hides nothing else", async () => {
    const rules: FieldRules = {
      "/name": () => Promise.reject(new Error("no dictionary")),
      "/other": () => ({ code: "one-line" }),
    };
    expect(Object.keys(told(await ask(schema, { size: "", other: "x" }, { body: rules })))).toEqual(
      ["body /name", "body /size", "body /other"],
    );
    expect(Object.keys(told(await ask(schema, { name: "x", size: "" }, { body: rules })))).toEqual([
      "body /size",
    ]);
  });
});

describe("the contract", () => {
  type Schema = Record<string, unknown>;
  const KNOWN_FORMATS = new Set(["uuid", "date-time"]);

  function* schemasOf(schema: Schema): Generator<Schema> {
    yield schema;
    const { properties = {}, items, anyOf = [] } = schema;
    const below = [...Object.values(properties as object), ...(anyOf as Schema[]), items];
    for (const each of below) if (each !== undefined) yield* schemasOf(each as Schema);
  }

  async function requestSchemas(): Promise<Schema[]> {
    const { paths = {} } = h.app.swagger() as { paths?: Record<string, Record<string, unknown>> };
    const operations = Object.values(paths).flatMap((path) => Object.values(path)) as {
      parameters?: { schema: Schema }[];
      requestBody?: { content: Record<string, { schema: Schema }> };
    }[];
    return operations
      .flatMap(({ parameters = [], requestBody = { content: {} } }) => [
        ...parameters,
        ...Object.values(requestBody.content),
      ])
      .flatMap(({ schema }) => [...schemasOf(schema)]);
  }

  test("has a code for what every pattern and format of a request asks for", async () => {
    const schemas = await requestSchemas();
    expect(schemas.length).toBeGreaterThan(100);
    const silent = schemas.filter(
      ({ pattern, format, "x-failure": fault }) =>
        (pattern !== undefined && fault === undefined) ||
        (format !== undefined && !KNOWN_FORMATS.has(format as string)),
    );
    expect(silent).toEqual([]);
  });

  test("every way in which a request can miss its schema has a code and its whole text", async () => {
    const vague = (await requestSchemas()).flatMap((parentSchema) =>
      Object.keys(parentSchema).filter((keyword) => {
        const params = { i: 1, j: 0 };
        const failure = { keyword, params, parentSchema, instancePath: "", schemaPath: "" };
        const fault = schemaFault(failure);
        return fault.code === "not-as-described" || /\{\{|undefined/.test(faultText(fault));
      }),
    );
    expect(vague).toEqual([]);
  });
});
