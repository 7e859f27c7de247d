import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  addOperator,
  addOperatorKey,
  linkToken,
  type OperatorKey,
} from "../../../test/builders/operator.ts";
import { addPerson, addSession } from "../../../test/builders/people.ts";
import { startHarness, type Harness } from "../../../test/harness.ts";

let h: Harness;
let key: OperatorKey;
let count = 0;
beforeAll(async () => {
  h = await startHarness();
});
beforeEach(async () => {
  key = await addOperatorKey(h, await addOperator(h), { scopes: ["provision"] });
  count += 1;
});
afterAll(async () => h.stop());

const DAY_MS = 86_400_000;
const PASSWORD = "correct horse battery 7 staple";

const put = (externalId: string, body: object) =>
  h.call("PUT", `/v1/provision/accounts/${encodeURIComponent(externalId)}`, {
    as: key.headers,
    body,
  });

const address = (name = "pat") => `${name}-${count}@example.test`;

const accountsWith = (email: string) =>
  h.db.selectFrom("account").selectAll().where("email_key", "=", email.toLowerCase()).execute();

const verify = (token: string, password?: string, from = "127.0.0.1") =>
  h.call("POST", "/v1/accounts/verify", {
    from,
    body: { token, ...(password !== undefined && { password }) },
  });

const mailsTo = async (email: string) => (await h.mails()).filter(({ to }) => to === email);

/** Entries from the moment of the call on. */
async function entriesOf<T>(work: () => Promise<T>) {
  const before = new Set((await h.entries()).map(({ requestId }) => requestId));
  const result = await work();
  return { result, entries: (await h.entries()).filter((entry) => !before.has(entry.requestId)) };
}

describe("PUT /v1/provision/accounts/:externalId", () => {
  test("makes the account once, with an organisation and no password; a repeat changes nothing", async () => {
    const body = { email: address(), displayName: "Pat Example" };
    const made = await entriesOf(() => put(`c-${count}`, body));
    expect([made.result.status, made.result.body.externalId]).toEqual([201, `c-${count}`]);
    expect(made.entries).toMatchObject([
      {
        action: "account.provisioned",
        actor: { kind: "operator-key", credentialId: key.id },
        targets: [{ type: "account", id: made.result.body.id }],
      },
    ]);

    const again = await entriesOf(() => put(`c-${count}`, body));
    expect([again.result.status, again.result.body]).toEqual([200, made.result.body]);
    expect(again.entries.map(({ action, change }) => [action, change])).toEqual([
      ["account.provisioned", undefined],
    ]);

    const [account, ...others] = await accountsWith(address());
    expect(others).toEqual([]);
    expect(account).toMatchObject({ password_hash: null, is_proven: false, is_operator: false });
    const owned = await h.db
      .selectFrom("organisation_member")
      .select("role")
      .where("account_id", "=", made.result.body.id)
      .execute();
    expect(owned).toEqual([{ role: "owner" }]);
    expect((await mailsTo(address())).length).toBe(1);
  });

  test("renames, on record with before and after; the address is the holder's alone to change", async () => {
    await put(`c-${count}`, { email: address(), displayName: "Pat" });
    const renamed = await entriesOf(() =>
      put(`c-${count}`, { email: address(), displayName: "Pat B" }),
    );
    expect(renamed.result.status).toBe(200);
    expect(renamed.entries).toMatchObject([
      { change: { before: { displayName: "Pat" }, after: { displayName: "Pat B" } } },
    ]);

    const moved = await put(`c-${count}`, { email: address("other"), displayName: "Pat B" });
    expect([moved.status, moved.body.errors]).toMatchObject([400, [{ pointer: "/email" }]]);
    const person = await addPerson(h);
    const taken = await put(`c-${count}`, { email: person.email, displayName: "Pat B" });
    expect([taken.status, taken.body.code]).toEqual([409, "external-id-taken"]);
    expect(await accountsWith(address())).toMatchObject([{ display_name: "Pat B" }]);
    const same = await put(`c-${count}`, { email: address().toUpperCase(), displayName: "Pat B" });
    expect(same.status).toBe(200);
  });

  test("of twenty at once about one externalId one makes the account", async () => {
    const body = { email: address(), displayName: "Pat" };
    const replies = await Promise.all(Array.from({ length: 20 }, () => put(`c-${count}`, body)));
    expect(replies.filter(({ status }) => status === 201).length).toBe(1);
    expect(replies.filter(({ status }) => status === 200).length).toBe(19);
    expect(new Set(replies.map((reply) => reply.body.id)).size).toBe(1);
    expect((await mailsTo(address())).length).toBe(1);
  });

  test("of two externalIds for one address at once one gets it", async () => {
    const body = { email: address(), displayName: "Pat" };
    const replies = await Promise.all([put(`a-${count}`, body), put(`b-${count}`, body)]);
    expect(replies.map(({ status }) => `${status}`).toSorted()).toEqual(["201", "409"]);
    expect((await accountsWith(address())).length).toBe(1);
  });

  test("names every field at fault; odd externalIds are taken as they are", async () => {
    const wrong = await put(`c-${count}`, { email: "x", displayName: "", isOperator: true });
    expect(wrong.body.errors.map((error: { pointer: string }) => error.pointer)).toEqual(
      expect.arrayContaining(["/email", "/displayName", "/isOperator"]),
    );
    expect(
      (await put(`c-${count}`, { email: "no at", displayName: "X" })).body.errors,
    ).toMatchObject([{ pointer: "/email" }]);
    const odd = `ünï/cödé|${count} ${"é".repeat(150)}`;
    const reply = await put(odd, { email: address(), displayName: "Pat" });
    expect([reply.status, reply.body.externalId]).toEqual([201, odd]);
    for (const bad of ["a\0b", "x".repeat(201)])
      expect((await put(bad, { email: address("b"), displayName: "X" })).status).toBe(400);
  });
});

describe("an account that was made for somebody", () => {
  test("is its holder's once they open the link and choose a password, and only then signs in", async () => {
    const { body: made } = await put(`c-${count}`, { email: address(), displayName: "Pat" });
    const signIn = (password: string) =>
      h.call("POST", "/v1/sign-in", { body: { email: address(), password } });
    expect((await signIn("none")).status).toBe(401);
    await put(`c-${count}`, { email: address(), displayName: "Pat C" });
    const token = await linkToken(h, address());

    expect((await verify(token)).body.errors).toMatchObject([{ pointer: "/password" }]);
    expect((await verify(token, "none")).status).toBe(400);
    const { status, body } = await verify(token, PASSWORD);

    expect([status, body.account]).toEqual([
      201,
      { id: made.id, email: address(), displayName: "Pat C" },
    ]);
    expect(body.session.level).toBe("needs-enrolment");
    expect((await verify(token, PASSWORD)).body.code).toBe("dead-link");
    expect(await signIn(PASSWORD)).toMatchObject({ status: 200 });
    expect((await put(`c-${count}`, { email: address(), displayName: "Pat C" })).status).toBe(200);
  });

  test("of a hundred who open the link at once one sets the password", async () => {
    await put(`c-${count}`, { email: address(), displayName: "Pat" });
    const token = await linkToken(h, address());
    const replies = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        verify(token, `${PASSWORD} ${index}`, "192.0.2.100"),
      ),
    );
    expect(replies.filter(({ status }) => status === 201).length).toBe(1);
    const sessions = await h.db
      .selectFrom("session")
      .innerJoin("account", "account.id", "session.account_id")
      .select("session.id")
      .where("email", "=", address())
      .execute();
    expect(sessions.length).toBe(1);
  }, 120_000);

  test("can be taken by an ordinary sign-up, by whoever proves the address, and by nobody else", async () => {
    const { body: made } = await put(`c-${count}`, { email: address(), displayName: "Pat" });
    const signedUp = await h.call("POST", "/v1/accounts", {
      body: { email: address(), password: PASSWORD, displayName: "Pat" },
    });
    expect(signedUp.status).toBe(202);
    // Whoever signed up has nothing until the mail's link is opened.
    expect(await accountsWith(address())).toMatchObject([
      { password_hash: null, is_proven: false },
    ]);
    const { status, body } = await verify(await linkToken(h, address()), `${PASSWORD}!`);
    expect([status, body.account.id]).toEqual([201, made.id]);
    expect(await accountsWith(address())).toMatchObject([
      { is_proven: true, external_id: `c-${count}` },
    ]);
  });

  // T20
  test("T20 stays shut once it is disabled, whatever link is opened", async () => {
    const { body: made } = await put(`c-${count}`, { email: address(), displayName: "Pat" });
    await h.db
      .updateTable("account")
      .set({ disabled_at: h.clock.now() })
      .where("id", "=", made.id)
      .execute();
    const reply = await verify(await linkToken(h, address()), PASSWORD);
    expect(reply.body.code).toBe("dead-link");
    expect(await accountsWith(address())).toMatchObject([{ password_hash: null }]);
  });

  test("can be taken where sign-up is by invitation", async () => {
    const invited = await startHarness({ beside: h, env: { SALLYPORT_SIGN_UP: "invited" } });
    try {
      await put(`c-${count}`, { email: address(), displayName: "Pat" });
      const token = await linkToken(h, address());
      const body = { token, password: PASSWORD };
      expect((await invited.call("POST", "/v1/accounts/verify", { body })).status).toBe(201);
      const other = { token: "x".repeat(43), password: PASSWORD };
      const refused = await invited.call("POST", "/v1/accounts/verify", { body: other });
      expect(refused.body.code).toBe("forbidden");
    } finally {
      await invited.stop();
    }
  });
});

const decide = (headers: Record<string, string>, token: string, give: boolean) =>
  h.call("POST", "/v1/provision-consents/decide", { as: headers, body: { token, give } });

describe("an address in use", () => {
  test("is tied only after its holder consents; the refusal is on record, and named to the holder", async () => {
    const person = await addPerson(h);
    const body = { email: person.email, displayName: "Robin B" };
    const first = await entriesOf(() => put(`c-${count}`, body));
    expect([first.result.status, first.result.body.code]).toEqual([409, "address-in-use"]);
    expect(first.entries).toMatchObject([
      {
        action: "account.provisioned",
        outcome: "refused",
        reason: "address-in-use",
        targets: [{ accountId: person.accountId }],
      },
    ]);
    expect((await put(`c-${count}`, body)).status).toBe(409);
    expect((await mailsTo(person.email)).length).toBe(1);
    const token = await linkToken(h, person.email);

    expect((await decide(person.headers, token, true)).status).toBe(204);
    expect(await accountsWith(person.email)).toMatchObject([{ external_id: null }]);
    const tied = await put(`c-${count}`, body);

    expect([tied.status, tied.body]).toEqual([
      200,
      { id: person.accountId, externalId: `c-${count}` },
    ]);
    expect(await accountsWith(person.email)).toMatchObject([
      { external_id: `c-${count}`, display_name: "Robin B", is_proven: true },
    ]);
    const given = (await h.entries()).filter(({ action }) => action === "provision.consent-given");
    expect(given.at(-1)).toMatchObject({ actor: { accountId: person.accountId } });
  });

  test("its holder is asked once a day for each externalId, and not again for a month after refusing", async () => {
    const person = await addPerson(h);
    const ask = async () => {
      const reply = await put(`c-${count}`, { email: person.email, displayName: "R" });
      expect(reply.body.code).toBe("address-in-use");
      return (await mailsTo(person.email)).length;
    };
    const later = async (ms: number) => {
      h.clock.advance(ms);
      key = await addOperatorKey(h, await addOperator(h), { scopes: ["provision"] });
    };
    expect(await ask()).toBe(1);
    await later(DAY_MS - 60_000);
    expect(await ask()).toBe(1);
    await later(60_000);
    expect(await ask()).toBe(2);
    const { headers } = await addSession(h, person.accountId);
    expect((await decide(headers, await linkToken(h, person.email), false)).status).toBe(204);
    await later(29 * DAY_MS);
    expect(await ask()).toBe(2);
    await later(DAY_MS);
    expect(await ask()).toBe(3);
  });

  test("its holder gets few mails, whatever externalIds are tried", async () => {
    const person = await addPerson(h);
    for (let index = 0; index < 12; index += 1)
      await put(`many-${count}-${index}`, { email: person.email, displayName: "R" });
    expect((await mailsTo(person.email)).length).toBe(5);
  });

  // T25
  test("T25 another account can't answer, and doesn't spend the link by trying", async () => {
    const person = await addPerson(h);
    const other = await addPerson(h);
    await put(`c-${count}`, { email: person.email, displayName: "R" });
    const token = await linkToken(h, person.email);
    const wrong = await decide(other.headers, token, true);
    expect([wrong.status, wrong.body.code]).toEqual([403, "forbidden"]);
    const stale = await addSession(h, person.accountId, { isSteppedUp: false });
    expect((await decide(stale.headers, token, true)).body.code).toBe("step-up-required");
    expect((await decide(person.headers, token, true)).status).toBe(204);
  });

  test("of a hundred answers at once one counts; a link that ended, was replaced or never was is dead", async () => {
    const person = await addPerson(h);
    const body = { email: person.email, displayName: "R" };
    await put(`c-${count}`, body);
    const replaced = await linkToken(h, person.email);
    h.clock.advance(DAY_MS);
    key = await addOperatorKey(h, await addOperator(h), { scopes: ["provision"] });
    await put(`c-${count}`, body);
    const token = await linkToken(h, person.email);
    const { headers } = await addSession(h, person.accountId);
    for (const dead of [replaced, "x".repeat(43)])
      expect((await decide(headers, dead, true)).body.code).toBe("dead-link");
    const replies = await Promise.all(
      Array.from({ length: 100 }, (_, index) => decide(headers, token, index % 2 === 0)),
    );
    expect(replies.filter(({ status }) => status === 204).length).toBe(1);
    expect(replies.filter(({ status }) => status === 410).length).toBe(99);
  });

  test("a consent that was given ends after seven days, and holds for its externalId alone", async () => {
    const person = await addPerson(h);
    const body = { email: person.email, displayName: "R" };
    await put(`c-${count}`, body);
    await decide(person.headers, await linkToken(h, person.email), true);
    expect((await put(`other-${count}`, body)).status).toBe(409);
    h.clock.advance(7 * DAY_MS + 1);
    key = await addOperatorKey(h, await addOperator(h), { scopes: ["provision"] });
    expect((await put(`c-${count}`, body)).status).toBe(409);
    expect(await accountsWith(person.email)).toMatchObject([{ external_id: null }]);
  });

  test("nobody is asked who could not answer: disabled, unproven, or tied already", async () => {
    const disabled = await addPerson(h);
    await h.db
      .updateTable("account")
      .set({ disabled_at: h.clock.now() })
      .where("id", "=", disabled.accountId)
      .execute();
    await put(`u-${count}`, { email: address("unproven"), displayName: "U" });
    for (const [email, mails] of [
      [disabled.email, 0],
      [address("unproven"), 1],
    ] as const) {
      expect((await put(`c-${count}`, { email, displayName: "X" })).status).toBe(409);
      expect((await mailsTo(email)).length).toBe(mails);
    }
  });
});

test("a consent's link says who asks what, and is dead once it was answered", async () => {
  const person = await addPerson(h);
  await put(`p-${count}`, { email: person.email, displayName: "R" });
  const token = await linkToken(h, person.email);
  const ask = (body: object) => h.call("POST", "/v1/provision-consents/preview", { body });
  const { status, body } = await ask({ token });
  expect(status).toBe(200);
  expect(body).toMatchObject({ email: person.email, externalId: `p-${count}` });
  expect((await h.entries()).some(({ action }) => action === "provision.consent-read")).toBe(true);
  expect((await decide(person.headers, token, false)).status).toBe(204);
  for (const dead of [token, "none"]) {
    const reply = await ask({ token: dead });
    expect([reply.status, reply.body.code]).toEqual([410, "dead-link"]);
  }
});
