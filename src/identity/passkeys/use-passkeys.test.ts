import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  addEnrolledPerson,
  cookiesOf,
  totpCode,
  wrongTotpCode,
  type EnrolledPerson,
} from "../../../test/builders/identity.ts";
import { addPasskey, SoftAuthenticator, type Lies } from "../../../test/builders/passkeys.ts";
import { addSession } from "../../../test/builders/people.ts";
import { startHarness, type Harness, type Headers, type Reply } from "../../../test/harness.ts";

const MINUTE_MS = 60_000;

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(async () => h.stop());

type Owner = EnrolledPerson & { key: SoftAuthenticator; passkeyId: string };

async function addOwner(given: { hasTotp?: boolean } = {}): Promise<Owner> {
  const person = await addEnrolledPerson(h, given);
  return { ...person, ...(await addPasskey(h, person)) };
}

const outcome = ({ status, body }: Reply) =>
  [status, body?.code ?? body?.session?.level, body?.detailCode].filter(
    (part) => part !== undefined,
  );
const halfOpen = async ({ accountId }: { accountId: string }) =>
  (await addSession(h, accountId, { level: "needs-second-factor" })).headers;
/** Each stranger from a network of their own: what one repeats is slowed down. */
let networks = 0;
const elsewhere = () => `203.0.113.${(networks++ % 250) + 1}`;

/** The three places where a passkey is asked for. */
const places = {
  "sign-in": async (_owner: Owner): Promise<Headers> => ({}),
  "second-factor": (owner: Owner) => halfOpen(owner),
  "step-up": async ({ accountId }: Owner) =>
    (await addSession(h, accountId, { isSteppedUp: false })).headers,
} as const;
type Place = keyof typeof places;
const PATHS = {
  "sign-in": "/v1/passkeys/sign-in",
  "second-factor": "/v1/sign-in/passkey",
  "step-up": "/v1/step-up/passkey",
} as const;
const GOOD = { "sign-in": [200, "full"], "second-factor": [200, "full"], "step-up": [204] };
const each = Object.keys(places) as Place[];

const ask = async (place: Place, as: Headers) =>
  (await h.call("POST", `${PATHS[place]}/options`, { body: {}, as })).body;
const answer = (place: Place, as: Headers, assertion: unknown, from = elsewhere()) =>
  h.call("POST", PATHS[place], { body: { assertion }, as, from });

async function use(place: Place, owner: Owner, lies: Lies = {}): Promise<Reply> {
  const as = await places[place](owner);
  return await answer(place, as, owner.key.assert(await ask(place, as), lies));
}

/** T29: whatever the browser checks, the server checks. */
const LIES: readonly (readonly [string, Lies])[] = [
  ["another origin", { origin: "https://evil.example.test" }],
  ["an origin that begins like ours", { origin: "http://localhost:7700.evil.test" }],
  ["a frame of another site", { crossOrigin: true }],
  ["another domain", { rpId: "evil.example.test" }],
  ["nobody there", { isPresent: false }],
  ["another challenge", { challenge: "AAAAAAAAAAAAAAAAAAAAAA" }],
  ["a registration", { type: "webauthn.create" }],
  ["another key", { signer: generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey }],
  ["another algorithm", { signer: generateKeyPairSync("ed25519").privateKey }],
  ["a changed client", { isChangedAfter: "clientData" }],
  ["a changed count", { isChangedAfter: "authenticatorData" }],
  ["a changed signature", { isChangedAfter: "signature" }],
  ["another person's handle", { userHandle: "AZgAAAAAcACAAAAAAAAAAA" }],
];

describe.each(each)("a passkey, to %s,", (place) => {
  test("is accepted, its use is noted and on record", async () => {
    const owner = await addOwner();
    expect(outcome(await use(place, owner))).toEqual(GOOD[place]);
    const { body } = await h.call("GET", "/v1/passkeys", { as: owner.headers });
    expect(body.passkeys).toMatchObject([{ lastUsedAt: expect.any(String), cloneNoticedAt: null }]);
    const entry = (await h.entries()).findLast(({ targets }) =>
      targets?.some(({ id }) => id === owner.passkeyId),
    );
    expect(entry).toMatchObject({ outcome: "done", actor: { accountId: owner.accountId } });
  });

  test("T29 is refused with any lie, and its use is not noted", async () => {
    const tried = await Promise.all(
      LIES.map(async ([lie, lies]) => {
        const owner = await addOwner();
        const reply = await use(place, owner, lies);
        const { body } = await h.call("GET", "/v1/passkeys", { as: owner.headers });
        return [lie, ...outcome(reply), body.passkeys[0].lastUsedAt];
      }),
    );
    expect(tried).toEqual(LIES.map(([lie]) => [lie, 401, "wrong-passkey", null]));
  });

  test("T10 is refused empty, missing or cut off", async () => {
    const owner = await addOwner();
    const as = await places[place](owner);
    const whole = owner.key.assert(await ask(place, as));
    for (const assertion of [undefined, null, {}, "x", { ...whole, response: {} }])
      expect((await answer(place, as, assertion)).status).toBe(400);
    for (const part of ["clientDataJSON", "authenticatorData", "signature"] as const) {
      const response = { ...whole.response, [part]: whole.response[part].slice(0, 12) };
      const reply = await answer(place, as, { ...whole, response });
      expect(outcome(reply)).toEqual([401, "wrong-passkey"]);
    }
    expect(outcome(await answer(place, as, whole))).toEqual(GOOD[place]);
  });

  test("T8 T13 is refused once its challenge has ended, though nothing was swept", async () => {
    const owner = await addOwner();
    const as = await places[place](owner);
    const assertion = owner.key.assert(await ask(place, as));
    h.clock.advance(5 * MINUTE_MS + 1000);
    expect(outcome(await answer(place, as, assertion))).toEqual([401, "wrong-passkey"]);
  });

  test("T11 T8 of 100 times the same answer at once one is accepted", async () => {
    const owner = await addOwner();
    const as = await places[place](owner);
    const assertion = owner.key.assert(await ask(place, as));
    const from = elsewhere();
    const replies = await Promise.all(
      Array.from({ length: 100 }, () => answer(place, as, assertion, from)),
    );
    expect(replies.filter(({ status }) => status < 300)).toHaveLength(1);
    expect(replies.filter(({ status }) => status === 401)).toHaveLength(99);
  });

  test("T31 is refused where another place, or another's session, asked", async () => {
    const owner = await addOwner();
    for (const other of each.filter((one) => one !== place)) {
      const options = await ask(other, await places[other](owner));
      const reply = await answer(place, await places[place](owner), owner.key.assert(options));
      expect(outcome(reply)).toEqual([401, "wrong-passkey"]);
    }
  });

  // Attack: copy a security key's secret, and use the copy after its owner has used theirs.
  test("of which a copy was used is refused, its owner is told once, and it stays listed with a warning", async () => {
    const owner = await addOwner();
    owner.key.counter = 41;
    expect(outcome(await use(place, owner))).toEqual(GOOD[place]);
    for (const counter of [42, 7, 0])
      expect(outcome(await use(place, owner, { counter }))).toEqual([
        401,
        "wrong-passkey",
        "passkey-cloned",
      ]);
    const { body } = await h.call("GET", "/v1/passkeys", { as: owner.headers });
    expect(body.passkeys).toMatchObject([{ cloneNoticedAt: expect.any(String) }]);
    const mails = (await h.mails()).filter(
      ({ to, kind }) => to === owner.email && kind !== "sign-in-noticed",
    );
    expect(mails.map(({ kind }) => kind)).toEqual(["passkey-added", "passkey-cloned"]);
    const refused = (await h.entries()).filter(
      ({ reason, targets }) =>
        reason === "passkey-cloned" && targets?.some(({ id }) => id === owner.passkeyId),
    );
    expect(refused).toHaveLength(3);
    expect(outcome(await use(place, owner, { counter: 43 }))).toEqual(GOOD[place]);
  });

  // Attack: cry wolf, with an old count and no key.
  test("is not called a copy by who has not its key", async () => {
    const owner = await addOwner();
    owner.key.counter = 41;
    await use(place, owner);
    const { privateKey: signer } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const reply = await use(place, owner, { counter: 1, signer });
    expect(outcome(reply)).toEqual([401, "wrong-passkey"]);
    const { body } = await h.call("GET", "/v1/passkeys", { as: owner.headers });
    expect(body.passkeys).toMatchObject([{ cloneNoticedAt: null }]);
  });

  test("that does not count is good each time", async () => {
    const owner = await addOwner();
    for (let n = 0; n < 2; n += 1)
      expect(outcome(await use(place, owner, { counter: 0 }))).toEqual(GOOD[place]);
  });

  test("that was removed opens nothing", async () => {
    const owner = await addOwner();
    await h.call("DELETE", `/v1/passkeys/${owner.passkeyId}`, { as: owner.headers });
    expect(outcome(await use(place, owner))).toEqual([401, "wrong-passkey"]);
  });

  test("T20 of a disabled account opens nothing", async () => {
    const owner = await addOwner();
    const as = await places[place](owner);
    const assertion = owner.key.assert(await ask(place, as));
    await h.db
      .updateTable("account")
      .set({ disabled_at: h.clock.now() })
      .where("id", "=", owner.accountId)
      .execute();
    expect((await answer(place, as, assertion)).status).toBe(401);
  });
});

describe("a passkey as second factor", () => {
  test("T23 makes the session full under a new secret; the old one is dead at once", async () => {
    const owner = await addOwner();
    const as = await halfOpen(owner);
    const reply = await answer(
      "second-factor",
      as,
      owner.key.assert(await ask("second-factor", as)),
    );
    const full = cookiesOf(reply);
    expect((await h.call("GET", "/v1/account", { as: full })).status).toBe(200);
    expect((await h.call("GET", "/v1/sessions/current", { as })).status).toBe(401);
    expect((await h.call("POST", "/v1/recovery-codes", { body: {}, as: full })).status).toBe(201);
  });

  test("is named among what the session accepts, and offered by its id", async () => {
    const owner = await addOwner();
    const as = await halfOpen(owner);
    const { body } = await h.call("GET", "/v1/sessions/current", { as });
    expect(body.session.accepts).toEqual(["passkey", "totp", "recovery-code"]);
    expect((await ask("second-factor", as)).allowCredentials).toMatchObject([
      { id: owner.key.credentialId.toString("base64url") },
    ]);
    const full = await h.call("GET", "/v1/sessions/current", { as: owner.headers });
    expect(full.body.session.accepts).toEqual(["passkey", "totp"]);
  });

  test("needs no PIN or finger: the password was the other factor", async () => {
    const owner = await addOwner();
    expect(outcome(await use("second-factor", owner, { isVerified: false }))).toEqual([
      200,
      "full",
    ]);
  });

  test("T31 of one account opens no other", async () => {
    const [ada, bob] = [await addOwner(), await addOwner()];
    const as = await halfOpen(bob);
    const assertion = ada.key.assert(await ask("second-factor", as), { userHandle: null });
    expect(outcome(await answer("second-factor", as, assertion))).toEqual([401, "wrong-passkey"]);
  });

  test("T6 T7 wrong ones count with wrong codes: ten pause passkeys too, and kill what is under way", async () => {
    const owner = await addOwner();
    const { privateKey: signer } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    for (let n = 0; n < 6; n += 1) await use("second-factor", owner, { signer });
    const code = () => wrongTotpCode(owner.secret, h.clock.now());
    for (let n = 0; n < 3; n += 1)
      await h.call("POST", "/v1/step-up", { body: { code: code() }, as: owner.headers });
    const pending = await halfOpen(owner);
    const options = await ask("second-factor", pending);
    expect(outcome(await use("step-up", owner, { signer }))).toEqual([401, "wrong-passkey"]);

    const late = await answer("second-factor", pending, owner.key.assert(options));
    expect(outcome(late)).toEqual([401, "not-signed-in"]);
    for (const place of each)
      expect(outcome(await use(place, owner))).toEqual([429, "factor-paused"]);
    // Who has not the key is not told that there is anything to pause.
    expect(outcome(await use("sign-in", owner, { signer }))).toEqual([401, "wrong-passkey"]);
    h.clock.advance(15 * MINUTE_MS + 1000);
    expect(outcome(await use("second-factor", owner))).toEqual([200, "full"]);
  });

  test("T6 of 30 wrong ones at once in one attempt five are judged", async () => {
    const owner = await addOwner();
    const as = await halfOpen(owner);
    const { privateKey: signer } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const options = await ask("second-factor", as);
    const replies = await Promise.all(
      Array.from({ length: 30 }, () =>
        answer("second-factor", as, owner.key.assert(options, { signer })),
      ),
    );
    expect(replies.filter(({ body }) => body.code === "wrong-passkey")).toHaveLength(5);
  });

  test("finishes a sign-in after the phone was reported lost; a recovery code then does, too", async () => {
    const owner = await addOwner();
    const lost = await h.call("POST", "/v1/second-factors/totp/lost", {
      body: {},
      as: owner.headers,
    });
    expect(outcome(lost)).toEqual([200, "needs-enrolment"]);
    const as = await halfOpen(owner);
    const { body } = await h.call("GET", "/v1/sessions/current", { as });
    expect(body.session.accepts).toEqual(["passkey", "recovery-code"]);
    expect(outcome(await use("second-factor", owner))).toEqual([200, "full"]);
    const [code] = owner.recoveryCodes;
    const reply = await h.call("POST", "/v1/sign-in/recovery-code", { body: { code }, as });
    expect(outcome(reply)).toEqual([200, "full"]);
  });
});

describe("signing in by a passkey alone", () => {
  test("T29 takes none that did not make sure of its holder, and none that says not whose it is", async () => {
    const owner = await addOwner();
    expect((await ask("sign-in", {})).userVerification).toBe("required");
    for (const lies of [{ isVerified: false }, { userHandle: null }])
      expect(outcome(await use("sign-in", owner, lies))).toEqual([401, "wrong-passkey"]);
  });

  test("opens a full session with step-up, and ends the one that this browser had", async () => {
    const owner = await addOwner();
    const before = (await addSession(h, owner.accountId)).headers;
    const reply = await answer("sign-in", before, owner.key.assert(await ask("sign-in", before)));
    const full = cookiesOf(reply);
    expect((await h.call("POST", "/v1/recovery-codes", { body: {}, as: full })).status).toBe(201);
    expect((await h.call("GET", "/v1/account", { as: before })).status).toBe(401);
  });

  test("T28 unknown passkey, wrong signature and disabled account answer and are on record alike", async () => {
    const [owner, disabled] = [await addOwner(), await addOwner()];
    await h.db
      .updateTable("account")
      .set({ disabled_at: h.clock.now() })
      .where("id", "=", disabled.accountId)
      .execute();
    const { privateKey: signer } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const replies = [
      await use("sign-in", { ...owner, key: new SoftAuthenticator(h) }),
      await use("sign-in", owner, { signer }),
      await use("sign-in", disabled),
    ];
    const shapes = replies.map(({ status, body, headers }) => ({
      status,
      body: { ...body, requestId: "", instance: "" },
      names: Object.keys(headers).toSorted(),
    }));
    expect(shapes[1]).toEqual(shapes[0]);
    expect(shapes[2]).toEqual(shapes[0]);
    const tries = (await h.entries()).filter(
      ({ action, outcome: how, targets }) =>
        action === "session.signed-in-by-passkey" &&
        how === "refused" &&
        targets?.some(({ accountId }) => accountId === owner.accountId),
    );
    expect(tries).toMatchObject([{ reason: "wrong-passkey", actor: { kind: "stranger" } }]);
  });

  test("T28 the options say nothing of anybody, and store nothing", async () => {
    const options = await ask("sign-in", {});
    expect(options.allowCredentials).toEqual([]);
    const before = await h.db.selectFrom("answered_challenge").selectAll().execute();
    await ask("sign-in", {});
    expect(await h.db.selectFrom("answered_challenge").selectAll().execute()).toEqual(before);
  });

  test("T6 wrong ones are slowed down by network, and keep no owner out elsewhere", async () => {
    const owner = await addOwner();
    const from = elsewhere();
    const { privateKey: signer } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const options = await ask("sign-in", {});
    const replies = await Promise.all(
      Array.from({ length: 120 }, () =>
        answer("sign-in", {}, owner.key.assert(options, { signer }), from),
      ),
    );
    expect(replies.filter(({ status }) => status === 401)).toHaveLength(100);
    const blocked = await answer("sign-in", {}, owner.key.assert(await ask("sign-in", {})), from);
    expect(outcome(blocked)).toEqual([429, "too-many-requests"]);
    expect(outcome(await use("sign-in", owner))).toEqual([200, "full"]);
    const code = totpCode(owner.secret, h.clock.now());
    const reply = await h.call("POST", "/v1/step-up", { body: { code }, as: owner.headers });
    expect(reply.status).toBe(204);
  });

  test("what was answered is forgotten once it has ended", async () => {
    const owner = await addOwner();
    await use("sign-in", owner);
    const { removeEnded } = await import("../housekeeping.ts");
    await removeEnded(h.db, new Date(h.clock.now().getTime() + 6 * MINUTE_MS));
    expect(await h.db.selectFrom("answered_challenge").selectAll().execute()).toEqual([]);
  });
});

describe("a service whose passkeys are bound to a domain above its own", () => {
  test("takes them at its own origin, and at no other below the domain", async () => {
    const wide = await startHarness({
      env: {
        SALLYPORT_PUBLIC_URL: "https://account.example.test",
        SALLYPORT_SMTP_URL: "smtps://mail.example.test",
        SALLYPORT_RP_ID: "example.test",
      },
    });
    try {
      const person = await addEnrolledPerson(wide);
      const as = { ...person.headers, origin: "https://account.example.test" };
      const secure = { ...as, cookie: `__Host-${person.headers["cookie"]}` };
      const { key } = await addPasskey(wide, { headers: secure });
      const sent = { origin: "https://account.example.test" };
      const attempt = async (lies: Lies) => {
        const options = await wide.call("POST", "/v1/passkeys/sign-in/options", {
          body: {},
          as: sent,
        });
        expect(options.body.rpId).toBe("example.test");
        const body = { assertion: key.assert(options.body, lies) };
        return (await wide.call("POST", "/v1/passkeys/sign-in", { body, as: sent })).status;
      };
      expect(await attempt({})).toBe(200);
      expect(await attempt({ origin: "https://other.example.test" })).toBe(401);
      expect(await attempt({ rpId: "account.example.test" })).toBe(401);
    } finally {
      await wide.stop();
    }
  });
});
