import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cookiesOf, GOOD_PASSWORD, linkToken, newEmail } from "../../../test/builders/identity.ts";
import { addPerson, addSession } from "../../../test/builders/people.ts";
import { startHarness, type Harness, type Headers } from "../../../test/harness.ts";

const DAY_MS = 24 * 3_600_000;
const STRANGERS_PASSWORD = "copper meadow 31 harbour quilt";

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(async () => h.stop());

let host = 0;
/** Another network each time, so that tests do not use up each other's allowance. */
const elsewhere = () => `198.51.100.${(host += 1)}`;

const signUp = (email: string, given: object = {}, from = elsewhere()) =>
  h.call("POST", "/v1/accounts", {
    body: { email, password: GOOD_PASSWORD, displayName: "Ada Example", ...given },
    from,
  });
const verify = (body: object, as: Headers = {}) =>
  h.call("POST", "/v1/accounts/verify", { body, as, from: elsewhere() });
const accountsOf = async (email: string) =>
  await h.db.selectFrom("account").selectAll().where("email_key", "=", email).execute();

const median = (all: number[]) => all.toSorted((a, b) => a - b)[all.length >> 1] ?? 0;

/** A sign-up whose link was mailed, and its browser. */
async function waiting() {
  const email = newEmail();
  const reply = await signUp(email);
  return { email, token: await linkToken(h, email), as: cookiesOf(reply) };
}

describe("POST /v1/accounts", () => {
  // T28: nothing may tell a known address from an unknown one.
  test("T28 answers a known and an unknown address alike, and leaves the same traces", async () => {
    const known = (await addPerson(h)).email;
    const unknown = newEmail();
    const traces = async () => ({
      signUps: (await h.db.selectFrom("sign_up").select("id").execute()).length,
      mails: (await h.mails()).length,
      accounts: (await h.db.selectFrom("account").select("id").execute()).length,
      entries: (await h.entries()).length,
    });
    const [before, first] = [await traces(), await signUp(known)];
    const [between, second] = [await traces(), await signUp(unknown)];
    const after = await traces();
    const shape = ({ status, body, headers }: typeof first) => ({
      status,
      body,
      headers: Object.keys(headers),
    });
    expect(shape(first)).toEqual(shape(second));
    expect(first.status).toBe(202);
    for (const key of ["signUps", "mails", "accounts", "entries"] as const)
      expect(between[key] - before[key]).toBe(after[key] - between[key]);
    expect(after.accounts).toBe(before.accounts);
  });

  test("T28 takes as long for a known as for an unknown address", async () => {
    const known = (await addPerson(h)).email;
    const from = elsewhere();
    const times = { known: [] as number[], unknown: [] as number[] };
    for (let n = 0; n < 5; n += 1)
      for (const [kind, email] of [
        ["known", known],
        ["unknown", newEmail()],
      ] as const) {
        const start = performance.now();
        await signUp(email, {}, from);
        times[kind].push(performance.now() - start);
      }
    // Without the hash one of them would take a small part of the other.
    expect(median(times.known) / median(times.unknown)).toBeGreaterThan(0.5);
    expect(median(times.known) / median(times.unknown)).toBeLessThan(2);
  });

  test("tells the owner of a known address by mail, which offers sign-in and no link to spend", async () => {
    const { email, accountId } = await addPerson(h);
    await signUp(email);
    const mail = (await h.mails()).findLast(({ to }) => to === email);
    expect(mail?.subject).toBe("You have an account already");
    expect(mail?.text).toContain("http://localhost:7700/sign-in");
    expect(mail?.text).not.toContain("token=");
    expect((await h.entries()).at(-1)).toMatchObject({
      action: "account.signed-up",
      outcome: "done",
      targets: [{ accountId }],
    });
  });

  test("T24 a sign-up for a known address changes nothing of the account", async () => {
    const { email } = await addPerson(h);
    const before = await accountsOf(email);
    await signUp(email.toUpperCase().replace("EXAMPLE.TEST", "example.test"));
    expect(await accountsOf(email)).toEqual(before);
  });

  test.each([
    { given: { password: "short" }, pointer: "/password" },
    { given: { password: "password123456" }, pointer: "/password" },
    { given: { password: "AdaExample" }, pointer: "/password" },
    { given: { password: "x".repeat(257) }, pointer: "/password" },
    { given: { email: "no address" }, pointer: "/email" },
    { given: { displayName: "   " }, pointer: "/displayName" },
    { given: { displayName: "Ada\u0000" }, pointer: "/displayName" },
    { given: { displayName: "\u202Eada" }, pointer: "/displayName" },
    { given: { isOperator: true }, pointer: "/isOperator" },
  ])(
    "answers 400 at $pointer to $given, before anything is written",
    async ({ given, pointer }) => {
      const email = newEmail();
      const reply = await signUp(email, given);
      expect([reply.status, reply.body.code]).toEqual([400, "invalid-request"]);
      expect(reply.body.errors).toEqual([
        expect.objectContaining({ in: "body", pointer, detail: expect.any(String) }),
      ]);
      expect((await h.mails()).filter(({ to }) => to === email)).toEqual([]);
    },
  );

  test("T28 answers a weak password alike for a known and an unknown address", async () => {
    const known = await addPerson(h);
    const replies = await Promise.all(
      [known.email, newEmail()].map((email) => signUp(email, { password: "password1234" })),
    );
    const [first, second] = replies.map(({ body }) => ({ ...body, requestId: "" }));
    expect(first).toEqual(second);
  });

  test("a network has 20 sign-ups at once, then must wait; others need not", async () => {
    const from = elsewhere();
    const replies = await Promise.all(
      Array.from({ length: 25 }, () => signUp(newEmail(), {}, from)),
    );
    const statuses = replies.map(({ status }) => status);
    expect(statuses.filter((status) => status === 202)).toHaveLength(20);
    const refused = replies.find(({ status }) => status === 429);
    expect(Number(refused?.headers["retry-after"])).toBeGreaterThan(0);
    expect((await signUp(newEmail())).status).toBe(202);
    h.clock.advance(60_000);
    expect((await signUp(newEmail(), {}, from)).status).toBe(202);
  });

  test("a mailbox gets at most 5 mails an hour from strangers; the answer does not tell", async () => {
    const email = newEmail();
    for (let n = 0; n < 7; n += 1) expect((await signUp(email)).status).toBe(202);
    const count = async () => (await h.mails()).filter(({ to }) => to === email).length;
    expect(await count()).toBe(5);
    h.clock.advance(3_600_001);
    await signUp(email);
    expect(await count()).toBe(6);
  });

  test("T18 the mailed link carries the configured origin, whatever host the request names", async () => {
    const email = newEmail();
    await h.app.inject({
      method: "POST",
      url: "/v1/accounts",
      remoteAddress: elsewhere(),
      headers: {
        host: "evil.example.test",
        "x-forwarded-host": "evil.example.test",
        forwarded: "host=evil.example.test",
      },
      payload: { email, password: GOOD_PASSWORD, displayName: "Ada" },
    });
    const mail = (await h.mails()).findLast(({ to }) => to === email);
    expect(mail?.text).toContain("http://localhost:7700/verify?token=");
    expect(JSON.stringify(mail)).not.toContain("evil");
  });

  test("T28 where sign-up is by invitation it is refused for everybody alike, links too", async () => {
    const invited = await startHarness({ env: { SALLYPORT_SIGN_UP: "invited" }, beside: h });
    const { email } = await addPerson(h);
    const replies = await Promise.all(
      [email, newEmail()].map((to) =>
        invited.call("POST", "/v1/accounts", {
          body: { email: to, password: GOOD_PASSWORD, displayName: "Ada" },
        }),
      ),
    );
    const link = await invited.call("POST", "/v1/accounts/verify", { body: { token: "x" } });
    await invited.stop();
    for (const reply of [...replies, link])
      expect([reply.status, reply.body.code]).toEqual([403, "forbidden"]);
  });
});

describe("POST /v1/accounts/verify", () => {
  // Attack: sign up with somebody's address and wait until they open the mail.
  test("T24 in another browser the stranger's password never holds: a new one is asked for and replaces it", async () => {
    const email = newEmail();
    await signUp(email, { password: STRANGERS_PASSWORD });
    const token = await linkToken(h, email);

    for (const as of [{}, { cookie: "sallyport_sign_up=guessed" }]) {
      const asked = await verify({ token }, as);
      expect([asked.status, asked.body.errors[0].pointer]).toEqual([400, "/password"]);
      expect(await accountsOf(email)).toEqual([]);
    }
    const weak = await verify({ token, password: "weak" });
    expect([weak.status, weak.body.errors[0].pointer]).toEqual([400, "/password"]);

    expect((await verify({ token, password: GOOD_PASSWORD })).status).toBe(201);
    const signIn = (password: string) =>
      h.call("POST", "/v1/sign-in", { body: { email, password }, from: elsewhere() });
    expect((await signIn(STRANGERS_PASSWORD)).status).toBe(401);
    expect((await signIn(GOOD_PASSWORD)).status).toBe(200);
  });

  test("T11 of 100 openings of one link at once exactly one makes the account", async () => {
    const { email, token, as } = await waiting();
    const replies = await Promise.all(Array.from({ length: 100 }, () => verify({ token }, as)));
    const statuses = replies.map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect(statuses.filter((status) => status === 410)).toHaveLength(99);
    expect(await accountsOf(email)).toHaveLength(1);
  });

  test("T11 of five links to one address opened at once exactly one makes the account", async () => {
    const email = newEmail();
    const links: { token: string; as: Headers }[] = [];
    for (let n = 0; n < 5; n += 1) {
      const as = cookiesOf(await signUp(email));
      links.push({ token: await linkToken(h, email), as });
    }
    const replies = await Promise.all(links.map(({ token, as }) => verify({ token }, as)));
    const statuses = replies.map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect(statuses.filter((status) => status === 410)).toHaveLength(4);
    expect(await accountsOf(email)).toHaveLength(1);
  });

  test("T13 an ended, spent or unknown link, and one whose address got an account, are alike dead", async () => {
    const ended = await waiting();
    h.clock.advance(DAY_MS + 1000);
    const spent = await waiting();
    await verify({ token: spent.token }, spent.as);
    const overtaken = await waiting();
    await addPerson(h, { email: overtaken.email });
    const replies = await Promise.all([
      verify({ token: ended.token }, ended.as),
      verify({ token: spent.token }, spent.as),
      verify({ token: overtaken.token }, overtaken.as),
      verify({ token: "unknown" }),
    ]);
    const bodies = replies.map(({ body }) => ({ ...body, requestId: "" }));
    expect(bodies[0]).toMatchObject({ code: "dead-link", status: 410 });
    expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(1);
  });

  test("gives the account its organisation, a session that may only enrol, and one entry", async () => {
    const { email, token, as } = await waiting();
    const reply = await verify({ token }, as);
    const accountId = reply.body.account.id;
    expect(reply.body).toEqual({
      account: { id: accountId, email, displayName: "Ada Example" },
      session: { level: "needs-enrolment" },
    });
    const refused = await h.call("GET", "/v1/account", { as: cookiesOf(reply) });
    expect([refused.status, refused.body.code]).toEqual([403, "enrolment-required"]);
    const made = (await h.entries()).filter(({ actor }) => actor.accountId === accountId);
    expect(made.filter(({ outcome }) => outcome === "done")).toMatchObject([
      {
        action: "account.verified",
        actor: { kind: "session", accountId },
        targets: [{ type: "account", id: accountId }],
      },
    ]);
    const memberships = await h.db
      .selectFrom("organisation_member")
      .select("role")
      .where("account_id", "=", accountId)
      .execute();
    expect(memberships).toEqual([{ role: "owner" }]);
  });

  test("T23 a session that the browser had is over: its old cookie is nobody's", async () => {
    const { token, as } = await waiting();
    const before = await addPerson(h);
    const other = await addSession(h, before.accountId);
    const cookie = `${as["cookie"]}; ${other.headers["cookie"]}`;
    expect((await verify({ token }, { cookie })).status).toBe(201);
    expect((await h.call("GET", "/v1/account", { as: other.headers })).status).toBe(401);
    expect((await h.call("GET", "/v1/account", { as: before.headers })).status).toBe(200);
  });
});
