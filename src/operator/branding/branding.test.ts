import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { addEnrolledPerson } from "../../../test/builders/identity.ts";
import { addOperator } from "../../../test/builders/operator.ts";
import { addPerson, addSession, type Person } from "../../../test/builders/people.ts";
import { startHarness, type Harness } from "../../../test/harness.ts";

let h: Harness;
let operator: Person;
beforeAll(async () => {
  h = await startHarness();
});
beforeEach(async () => {
  operator = await addOperator(h);
});
afterAll(async () => h.stop());

const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
const pngOf = (size: number): string =>
  Buffer.concat([PNG, Buffer.alloc(size - PNG.length)]).toString("base64");

const NOTHING = {
  name: "",
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

const read = async (as = operator) =>
  await h.call("GET", "/v1/operator/branding", { as: as.headers });

/** Changes these fields and sets all others back, unless told which version was seen. */
async function put(given: object, as: Pick<Person, "headers"> = operator) {
  const { version } = (await read()).body;
  return await h.call("PUT", "/v1/operator/branding", {
    as: as.headers,
    body: { ...NOTHING, version, ...given },
  });
}

const publicly = async () => (await h.call("GET", "/branding.json")).body;

const changes = async () =>
  (await h.entries()).filter(({ action }) => action === "branding.changed");

describe("PUT /v1/operator/branding", () => {
  test("is shown by the very next page, and is on record with what it was before", async () => {
    await put({ name: "Before" });
    const { status, body } = await put({
      name: "  Acme Cloud ",
      primaryColor: "#8C1F4E",
      supportUrl: "https://help.example.test",
      termsUrl: "https://example.test/terms",
      supportEmail: "help@example.test",
    });
    expect([status, body.name, body.primaryColor]).toEqual([200, "Acme Cloud", "#8c1f4e"]);
    expect(await publicly()).toEqual({
      name: "Acme Cloud",
      primaryColor: "#8c1f4e",
      logoUrl: null,
      showsMaker: false,
      supportUrl: "https://help.example.test/",
      supportEmail: "help@example.test",
      termsUrl: "https://example.test/terms",
      privacyUrl: null,
      imprintUrl: null,
      hasSandboxMail: true,
    });
    const entry = (await changes()).at(-1);
    expect(entry).toMatchObject({
      outcome: "done",
      actor: { accountId: operator.accountId },
      change: {
        before: { name: "Before", primaryColor: "", supportUrl: "" },
        after: { name: "Acme Cloud", primaryColor: "#8c1f4e" },
      },
    });
    expect(Object.keys(entry?.change?.after as object)).not.toContain("privacyUrl");
  });

  test("reaches another process within seconds", async () => {
    const other = await startHarness({ beside: h });
    try {
      await other.call("GET", "/branding.json");
      await put({ name: "Everywhere" });
      await expect
        .poll(async () => (await other.call("GET", "/branding.json")).body.name, { timeout: 5_000 })
        .toBe("Everywhere");
    } finally {
      await other.stop();
    }
  });

  test("of two who change it at once one is told to look again", async () => {
    const { version } = (await read()).body;
    const replies = await Promise.all(
      ["One", "Two"].map(
        async (name) =>
          await h.call("PUT", "/v1/operator/branding", {
            as: operator.headers,
            body: { ...NOTHING, version, name },
          }),
      ),
    );
    expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    expect((await read()).body.version).toBe(version + 1);
  });

  test.each([
    ["primaryColor", "#ffcc00", /#[0-9a-f]{6}\.$/],
    ["primaryColor", "red;}body{}", /colour/],
    ["mailFromAddress", "a@example.test, b@example.test", /address/],
    ["mailFromAddress", "Eve <eve@example.test>", /address/],
    ["supportEmail", "nobody", /address/],
    ["supportUrl", "http://help.example.test", /https/],
    ["termsUrl", "javascript:alert(1)", /https/],
    ["privacyUrl", "https://user:secret@example.test", /https/],
    ["imprintUrl", "/imprint", /https/],
    ["name", "Two\nlines", /one line|text/],
    ["mailFromName", "a\u202Eb", /one line|text/],
    ["logo", "bm90IGFuIGltYWdl", /PNG/],
    ["logo", Buffer.from("<svg onload='alert(1)'/>").toString("base64"), /SVG/],
    ["logo", "%%%", /base64/],
    ["logo", "", /base64/],
  ])("refuses %s = %j, naming the field", async (field, value, detail) => {
    const before = await read();
    const { status, body } = await put({ [field]: value });
    expect([status, body.errors?.[0].pointer]).toEqual([400, `/${field}`]);
    expect(body.errors[0].detail).toMatch(detail);
    expect((await read()).body).toEqual(before.body);
  });

  test("refuses a logo of more than 200 kB at its field, and a much larger body before it is read", async () => {
    const { status, body } = await put({ logo: pngOf(200_001) });
    expect([status, body.errors?.[0]]).toMatchObject([
      400,
      { pointer: "/logo", detail: expect.stringContaining("at most 200 kB") },
    ]);
    expect((await put({ logo: "A".repeat(700_000) })).status).toBe(413);
  });

  test("the colour that it proposes is one that it takes", async () => {
    const { body } = await put({ primaryColor: "#ffcc00" });
    const proposed = body.errors[0].params.nearest;
    expect((await put({ primaryColor: proposed })).status).toBe(200);
  });

  test("names all faults at once", async () => {
    const { body } = await put({ primaryColor: "#fff", termsUrl: "x", logo: "eA==" });
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      "/primaryColor",
      "/logo",
      "/termsUrl",
    ]);
  });

  test("does not exist to people, half-open sessions and strangers; needs a fresh second factor", async () => {
    const person = await addPerson(h);
    expect((await put({ name: "Mine" }, person)).body.code).toBe("not-found");
    expect((await h.call("GET", "/v1/operator/branding", { as: person.headers })).status).toBe(404);
    expect((await h.call("GET", "/v1/operator/branding")).status).toBe(401);
    const halfOpen = await addSession(h, operator.accountId, { level: "needs-second-factor" });
    expect((await put({ name: "Mine" }, halfOpen)).status).toBe(403);
    const stale = await addSession(h, operator.accountId, { isSteppedUp: false });
    expect((await put({ name: "Mine" }, stale)).body.code).toBe("step-up-required");
    expect((await publicly()).name).not.toBe("Mine");
  });
});

describe("GET /branding/logo", () => {
  test("serves the picture as what it is and nothing else, kept by its version", async () => {
    const { body } = await put({ logo: PNG.toString("base64") });
    expect(body.logo).toMatchObject({ type: "image/png", sizeBytes: PNG.length });
    const reply = await h.app.inject({ url: body.logo.url });
    expect([reply.statusCode, reply.rawPayload.equals(PNG)]).toEqual([200, true]);
    expect(reply.headers).toMatchObject({
      "content-type": "image/png",
      "x-content-type-options": "nosniff",
      "cache-control": "public, max-age=31536000, immutable",
      "content-security-policy": "default-src 'none'; sandbox",
    });
    const old = await h.app.inject({ url: "/branding/logo?v=0" });
    expect(old.headers["cache-control"]).toBe("no-cache");

    // Left out: it stays. A new one: a new address. null: it is gone.
    expect((await put({ name: "Acme" })).body.logo.url).toBe(body.logo.url);
    const replaced = await put({ logo: pngOf(200_000) });
    expect(replaced.body.logo.url).not.toBe(body.logo.url);
    expect((await put({ logo: null })).body.logo).toBeNull();
    expect((await h.app.inject({ url: "/branding/logo" })).statusCode).toBe(404);
  });

  test("its bytes stay out of the log", async () => {
    await put({ logo: null });
    const sent = pngOf(500);
    await put({ logo: sent });
    const change = JSON.stringify((await changes()).at(-1)?.change);
    expect(change).toContain('"sizeBytes":500');
    expect(change).not.toContain(sent.slice(0, 40));
  });
});

describe("mails", () => {
  const lastMail = async () => {
    const person = await addPerson(h);
    const path = `/v1/operator/accounts/${person.accountId}/disable`;
    await h.call("POST", path, { as: operator.headers, body: { reason: "Test" } });
    return (await h.mails()).findLast(({ to }) => to === person.email);
  };

  test("carry the name, the colour, the footer and the links, all of it escaped", async () => {
    await put({
      name: `Acme <script>alert("1")</script>`,
      primaryColor: "#8c1f4e",
      mailFooter: `Acme Ltd <img src=x onerror=alert(1)>\n1 Street`,
      supportUrl: "https://help.example.test/?a=1&b=2",
      termsUrl: "https://example.test/terms",
    });
    const mail = await lastMail();
    expect(mail?.html).toContain("Acme &lt;script&gt;");
    expect(mail?.html).toContain("4px solid #8c1f4e");
    expect(mail?.html).toContain("Acme Ltd &lt;img src=x onerror=alert(1)&gt;");
    expect(mail?.html).toContain('href="https://example.test/terms"');
    expect(mail?.html).not.toMatch(/<script|<img/);
    expect(mail?.text).toContain("Help: https://help.example.test/?a=1&b=2");
    expect(mail?.text).toContain("\n1 Street\nTerms: https://example.test/terms");
  });

  test("name Sallyport only when that is wanted", async () => {
    await put({});
    const plain = await lastMail();
    expect(`${plain?.subject} ${plain?.text} ${plain?.html}`).not.toMatch(/sallyport/i);
    await put({ showsMaker: true });
    expect((await lastMail())?.text).toContain("Secured by Sallyport");
  });
});

test("authenticator apps show the product's name", async () => {
  await put({ name: "Acme & Söhne" });
  const person = await addEnrolledPerson(h);
  const { body } = await h.call("POST", "/v1/second-factors/totp", {
    as: person.headers,
    body: {},
  });
  expect(new URL(body.otpauthUrl).searchParams.get("issuer")).toBe("Acme & Söhne");
});
