import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addEnrolledPerson, totpCode } from "../../../test/builders/identity.ts";
import { addPasskey, SoftAuthenticator, type Lies } from "../../../test/builders/passkeys.ts";
import { addSession, type Person } from "../../../test/builders/people.ts";
import { startHarness, type Harness, type Headers, type Reply } from "../../../test/harness.ts";

const MINUTE_MS = 60_000;

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(async () => h.stop());

const outcome = ({ status, body }: Reply) =>
  [status, body?.code, body?.detailCode].filter((part) => part !== undefined);
const begin = (as: Headers) => h.call("POST", "/v1/passkeys/options", { body: {}, as });
const add = (as: Headers, registration: unknown, name = "Laptop") =>
  h.call("POST", "/v1/passkeys", { body: { name, registration }, as });
const list = async (as: Headers) => (await h.call("GET", "/v1/passkeys", { as })).body.passkeys;
const remove = (as: Headers, id: string) => h.call("DELETE", `/v1/passkeys/${id}`, { as });
const rename = (as: Headers, id: string, name: string) =>
  h.call("PATCH", `/v1/passkeys/${id}`, { body: { name }, as });
const entriesOf = async ({ accountId }: Person) =>
  (await h.entries()).filter(({ actor }) => actor.accountId === accountId);
const mailsTo = async ({ email }: Person) =>
  (await h.mails()).filter(({ to }) => to === email).map(({ kind }) => kind);
/** What an authenticator makes of options, with lies. */
async function tamper(lies: Lies, algorithm: -7 | -8 | -35 | -257 = -7): Promise<Reply> {
  const person = await addEnrolledPerson(h);
  const { body } = await begin(person.headers);
  return await add(person.headers, new SoftAuthenticator(h, algorithm).register(body, lies));
}

/** T29: whatever the browser checks, the server checks. */
const LIES: readonly (readonly [string, Lies, -35?])[] = [
  ["of an algorithm that we don't take", {}, -35],
  ["that says another algorithm than its key's", { algorithm: -35 }],
  ["made at another origin", { origin: "https://evil.example.test" }],
  ["made at an origin that begins like ours", { origin: "http://localhost:7700.evil.test" }],
  ["made at our host over another scheme", { origin: "https://localhost:7700" }],
  ["made in a frame of another site", { crossOrigin: true }],
  ["bound to another domain", { rpId: "evil.example.test" }],
  ["made without anybody there", { isPresent: false }],
  ["that answers another challenge", { challenge: "AAAAAAAAAAAAAAAAAAAAAA" }],
  ["that is an assertion", { type: "webauthn.get" }],
  ["with a statement where there is to be none", { statement: new Map([["x", 1]]) }],
  ["with an attestation that nobody signed", { format: "packed", statement: new Map() }],
  ["with an attestation that we don't take", { format: "apple", statement: new Map() }],
  ["with an attestation that there is not", { format: "made-up", statement: new Map() }],
];

describe("adding a passkey", () => {
  test("is on record and mailed, and it is listed with its name", async () => {
    const person = await addEnrolledPerson(h);
    const { passkeyId } = await addPasskey(h, person, { name: " Work laptop " });
    expect(await list(person.headers)).toEqual([
      {
        id: passkeyId,
        name: "Work laptop",
        createdAt: expect.any(String),
        lastUsedAt: null,
        isSynced: false,
        cloneNoticedAt: null,
      },
    ]);
    expect(await mailsTo(person)).toEqual(["passkey-added"]);
    const entry = (await entriesOf(person)).find(({ action }) => action === "passkey.added");
    expect(entry).toMatchObject({
      outcome: "done",
      targets: [{ type: "account" }, { type: "passkey", id: passkeyId }],
      change: { after: { name: "Work laptop" } },
    });
  });

  test.each([-7, -8, -257] as const)("takes keys of algorithm %i", async (algorithm) => {
    expect(outcome(await tamper({}, algorithm))).toEqual([201]);
  });

  test("asks for what it takes, and tells which devices have one already", async () => {
    const person = await addEnrolledPerson(h);
    const { key } = await addPasskey(h, person);
    const { body } = await begin(person.headers);
    expect(body).toMatchObject({
      rp: { id: "localhost" },
      user: { name: person.email, displayName: "Robin Example" },
      attestation: "none",
      authenticatorSelection: { residentKey: "preferred", userVerification: "preferred" },
      excludeCredentials: [
        { id: key.credentialId.toString("base64url"), transports: ["internal"] },
      ],
    });
    expect(body.pubKeyCredParams.map(({ alg }: { alg: number }) => alg)).toEqual([-8, -7, -257]);
  });

  test("T29 refuses any lie about what was made", async () => {
    const tried = await Promise.all(
      LIES.map(async ([lie, lies, algorithm]) => [lie, ...outcome(await tamper(lies, algorithm))]),
    );
    expect(tried).toEqual(LIES.map(([lie]) => [lie, 401, "wrong-passkey"]));
  });

  test("T29 refuses one under another id than its own", async () => {
    const person = await addEnrolledPerson(h);
    const registration = new SoftAuthenticator(h).register((await begin(person.headers)).body);
    const id = Buffer.from("another").toString("base64url");
    const reply = await add(person.headers, { ...registration, id, rawId: id });
    expect(outcome(reply)).toEqual([401, "wrong-passkey"]);
  });

  test("T10 refuses what is empty, missing or cut off", async () => {
    const person = await addEnrolledPerson(h);
    const whole = new SoftAuthenticator(h).register((await begin(person.headers)).body);
    for (const registration of [undefined, null, {}, "x", { ...whole, response: {} }])
      expect((await add(person.headers, registration)).status).toBe(400);
    for (const part of ["clientDataJSON", "attestationObject"] as const) {
      const response = { ...whole.response, [part]: whole.response[part].slice(0, 40) };
      expect((await add(person.headers, { ...whole, response })).status).toBe(401);
    }
    expect(await list(person.headers)).toEqual([]);
  });

  test("T8 T13 takes no answer that comes late, nor one of another session", async () => {
    const person = await addEnrolledPerson(h);
    const key = new SoftAuthenticator(h);
    const { body } = await begin(person.headers);
    const other = await addSession(h, person.accountId);
    expect(outcome(await add(other.headers, key.register(body)))).toEqual([401, "wrong-passkey"]);
    h.clock.advance(5 * MINUTE_MS + 1000);
    expect(outcome(await add(person.headers, key.register(body)))).toEqual([401, "wrong-passkey"]);
  });

  test("T11 of 100 times the same answer at once one is taken", async () => {
    const person = await addEnrolledPerson(h);
    const registration = new SoftAuthenticator(h).register((await begin(person.headers)).body);
    const replies = await Promise.all(
      Array.from({ length: 100 }, () => add(person.headers, registration)),
    );
    expect(replies.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(replies.filter(({ status }) => status === 401)).toHaveLength(99);
  });

  test("T24 takes no credential that somebody else has added, and says no more than that", async () => {
    const [ada, bob] = [await addEnrolledPerson(h), await addEnrolledPerson(h)];
    const { key } = await addPasskey(h, ada);
    const reply = await add(bob.headers, key.register((await begin(bob.headers)).body));
    expect(outcome(reply)).toEqual([409, "conflict", "passkey-known"]);
  });

  test("ends at twenty, however many come at once", async () => {
    const person = await addEnrolledPerson(h);
    for (let n = 0; n < 19; n += 1) await addPasskey(h, person);
    const registrations = await Promise.all(
      [0, 1, 2].map(async () =>
        new SoftAuthenticator(h).register((await begin(person.headers)).body),
      ),
    );
    const replies = await Promise.all(registrations.map((one) => add(person.headers, one)));
    expect(replies.map(({ status }) => status).toSorted()).toEqual([201, 409, 409]);
    expect(outcome(await begin(person.headers))).toEqual([409, "conflict", "too-many-passkeys"]);
  });

  test("shows our own mistakes in the name at its field", async () => {
    const person = await addEnrolledPerson(h);
    const registration = new SoftAuthenticator(h).register((await begin(person.headers)).body);
    const reply = await add(person.headers, registration, " ");
    expect(reply.body.errors).toMatchObject([{ pointer: "/name", code: "name-line" }]);
  });
});

test("T3 adding, renaming and removing ask for a fresh second factor; looking does not", async () => {
  const person = await addEnrolledPerson(h);
  const { passkeyId } = await addPasskey(h, person);
  const registration = new SoftAuthenticator(h).register((await begin(person.headers)).body);
  const stale = (await addSession(h, person.accountId, { isSteppedUp: false })).headers;
  for (const reply of [
    await begin(stale),
    await add(stale, registration),
    await rename(stale, passkeyId, "Mine"),
    await remove(stale, passkeyId),
  ])
    expect(outcome(reply)).toEqual([403, "step-up-required"]);
  expect(await list(stale)).toHaveLength(1);
});

describe("one's own passkeys", () => {
  test("T25 are nobody else's to see, rename or remove", async () => {
    const [ada, bob] = [await addEnrolledPerson(h), await addEnrolledPerson(h)];
    const { passkeyId } = await addPasskey(h, ada);
    expect(await list(bob.headers)).toEqual([]);
    const none = await remove(bob.headers, "01980000-0000-7000-8000-000000000000");
    for (const reply of [
      await remove(bob.headers, passkeyId),
      await rename(bob.headers, passkeyId, "Mine"),
    ]) {
      expect(outcome(reply)).toEqual(outcome(none));
      expect(reply.body.detail).toEqual(none.body.detail);
    }
    expect(await list(ada.headers)).toMatchObject([{ name: "Laptop" }]);
  });

  test("are renamed, on record with both names", async () => {
    const person = await addEnrolledPerson(h);
    const { passkeyId } = await addPasskey(h, person);
    const reply = await rename(person.headers, passkeyId, "Blue key");
    expect([reply.status, reply.body.passkey.name]).toEqual([200, "Blue key"]);
    const entry = (await entriesOf(person)).find(({ action }) => action === "passkey.renamed");
    expect(entry?.change).toEqual({ before: { name: "Laptop" }, after: { name: "Blue key" } });
  });

  test("are removed: on record, mailed, and the phone stays", async () => {
    const person = await addEnrolledPerson(h);
    const { passkeyId } = await addPasskey(h, person);
    expect(outcome(await remove(person.headers, passkeyId))).toEqual([204]);
    expect(outcome(await remove(person.headers, passkeyId))).toEqual([404, "not-found"]);
    expect(await mailsTo(person)).toEqual(["passkey-added", "passkey-removed"]);
    const code = totpCode(person.secret, h.clock.now());
    const reply = await h.call("POST", "/v1/step-up", { body: { code }, as: person.headers });
    expect(reply.status).toBe(204);
  });

  test("T3 the last factor stays: without a phone, of two removed at once one is left", async () => {
    const person = await addEnrolledPerson(h, { hasTotp: false });
    const ids = [await addPasskey(h, person), await addPasskey(h, person)];
    const replies = await Promise.all(
      ids.map(({ passkeyId }) => remove(person.headers, passkeyId)),
    );
    expect(replies.map(outcome).toSorted()).toEqual([[204], [409, "conflict", "last-factor"]]);
    expect(await list(person.headers)).toHaveLength(1);
    expect((await h.call("GET", "/v1/home", { as: person.headers })).body.steps).toMatchObject({
      hasAuthenticator: true,
    });
  });

  test("an operator sees that there is a second factor", async () => {
    const person = await addEnrolledPerson(h, { hasTotp: false });
    await addPasskey(h, person);
    const { findAccount } = await import("../../operator/accounts/account-queries.ts");
    expect(await findAccount(h.db, person.accountId)).toMatchObject({ has_second_factor: true });
  });
});
