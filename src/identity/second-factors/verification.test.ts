import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  addEnrolledPerson,
  cookiesOf,
  totpCode,
  wrongTotpCode,
  type EnrolledPerson,
} from "../../../test/builders/identity.ts";
import { addSession } from "../../../test/builders/people.ts";
import { startHarness, type Harness, type Headers, type Reply } from "../../../test/harness.ts";

const MINUTE_MS = 60_000;

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(async () => h.stop());

const halfOpen = { level: "needs-second-factor" } as const;
const attempt = async ({ accountId }: EnrolledPerson) =>
  (await addSession(h, accountId, halfOpen)).headers;
const totp = (code: string, as: Headers) =>
  h.call("POST", "/v1/sign-in/totp", { body: { code }, as });
const recover = (code: string, as: Headers) =>
  h.call("POST", "/v1/sign-in/recovery-code", { body: { code }, as });
const stepUp = (code: string, as: Headers) => h.call("POST", "/v1/step-up", { body: { code }, as });
const rightCode = ({ secret }: EnrolledPerson, steps = 0) => totpCode(secret, h.clock.now(), steps);
const wrongCode = ({ secret }: EnrolledPerson) => wrongTotpCode(secret, h.clock.now());
const outcome = ({ status, body }: Reply) => [status, body?.code ?? body?.session?.level];
const mailsTo = async ({ email }: EnrolledPerson) =>
  (await h.mails()).filter(({ to }) => to === email).map(({ subject }) => subject);

describe("a code of the authenticator", () => {
  test("T23 makes the session full under a new secret; the old one is dead at once", async () => {
    const person = await addEnrolledPerson(h, halfOpen);
    const reply = await totp(rightCode(person), person.headers);
    expect(outcome(reply)).toEqual([200, "full"]);
    expect(String(reply.headers["set-cookie"])).toContain("Max-Age=43200");
    const full = cookiesOf(reply);
    expect((await h.call("GET", "/v1/account", { as: full })).status).toBe(200);
    expect((await h.call("GET", "/v1/sessions/current", { as: person.headers })).status).toBe(401);
    // Having just become full, it has step-up.
    expect((await h.call("POST", "/v1/recovery-codes", { body: {}, as: full })).status).toBe(201);
  });

  test("T11 T8 of 100 uses of one right code at once, in many sessions, exactly one succeeds", async () => {
    const person = await addEnrolledPerson(h, halfOpen);
    const sessions = await Promise.all(Array.from({ length: 10 }, () => attempt(person)));
    const code = rightCode(person);
    const replies = await Promise.all(
      Array.from({ length: 100 }, (_, n) => totp(code, sessions[n % 10] ?? {})),
    );
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(replies.filter(({ status }) => status === 401)).toHaveLength(99);
    // A repeated code is no guess: nothing pauses.
    expect(outcome(await totp(rightCode(person, 1), await attempt(person)))).toEqual([200, "full"]);
  });

  test("works once, for step-up too, and not after a later one", async () => {
    const person = await addEnrolledPerson(h);
    expect((await stepUp(rightCode(person, 1), person.headers)).status).toBe(204);
    const session = await attempt(person);
    expect(outcome(await totp(rightCode(person, 1), session))).toEqual([401, "wrong-code"]);
    expect(outcome(await totp(rightCode(person, 0), session))).toEqual([401, "wrong-code"]);
    h.clock.advance(MINUTE_MS);
    expect(outcome(await totp(rightCode(person), session))).toEqual([200, "full"]);
  });

  test("T8 finishes no sign-in that was left for half an hour", async () => {
    const person = await addEnrolledPerson(h, { hasTotp: true });
    const session = await attempt(person);
    await h.db
      .updateTable("session")
      .set({ ends_at: h.clock.now() })
      .where("account_id", "=", person.accountId)
      .where("level", "=", "needs-second-factor")
      .execute();
    expect(outcome(await totp(rightCode(person), session))).toEqual([401, "not-signed-in"]);
  });

  test("T10 nothing empty, missing or odd passes", async () => {
    const person = await addEnrolledPerson(h, halfOpen);
    for (const body of [
      {},
      { code: "" },
      { code: null },
      { code: 123456 },
      { code: ["123456"] },
      [],
    ]) {
      const reply = await h.call("POST", "/v1/sign-in/totp", { body, as: person.headers });
      expect(outcome(reply)).toEqual([400, "invalid-request"]);
    }
    for (const code of [" ", "undefined", "\u0000", "٠٠٠٠٠٠"])
      expect(outcome(await totp(code, person.headers))).toEqual([401, "wrong-code"]);
  });

  test("a wrong one is kept: on record, with its account, and not the code", async () => {
    const person = await addEnrolledPerson(h, halfOpen);
    const code = wrongCode(person);
    expect(outcome(await totp(code, person.headers))).toEqual([401, "wrong-code"]);
    const entries = (await h.entries()).filter(({ actor }) => actor.accountId === person.accountId);
    expect(entries).toMatchObject([
      {
        action: "session.second-factor-passed",
        outcome: "refused",
        reason: "wrong-code",
        targets: [{ accountId: person.accountId }],
      },
    ]);
  });

  test("of a second factor that was disabled meanwhile nothing passes", async () => {
    const person = await addEnrolledPerson(h, halfOpen);
    await h.db
      .updateTable("account")
      .set({ disabled_at: h.clock.now() })
      .where("id", "=", person.accountId)
      .execute();
    expect((await totp(rightCode(person), person.headers)).status).toBe(401);
  });
});

describe("wrong codes", () => {
  test("T6 five after one right password end the attempt; the right one comes too late", async () => {
    const person = await addEnrolledPerson(h, halfOpen);
    for (let n = 0; n < 5; n += 1)
      expect(outcome(await totp(wrongCode(person), person.headers))).toEqual([401, "wrong-code"]);
    expect(outcome(await totp(rightCode(person), person.headers))).toEqual([401, "not-signed-in"]);
    expect(outcome(await totp(rightCode(person), await attempt(person)))).toEqual([200, "full"]);
  });

  // Attack: send all guesses at once, so that each of them sees the same count.
  test("T6 of 30 at once five are judged", async () => {
    const person = await addEnrolledPerson(h, halfOpen);
    const replies = await Promise.all(
      Array.from({ length: 30 }, () => totp(wrongCode(person), person.headers)),
    );
    expect(replies.filter(({ body }) => body.code === "wrong-code")).toHaveLength(5);
    expect(replies.filter(({ body }) => body.code === "not-signed-in")).toHaveLength(25);
  });

  // Attack: a fresh sign-in, another factor, another route, another session for each few guesses.
  test("T6 T7 ten in an hour, over all factors, routes and sessions, pause everything and kill what is under way", async () => {
    const person = await addEnrolledPerson(h);
    for (let n = 0; n < 3; n += 1) await totp(wrongCode(person), await attempt(person));
    for (let n = 0; n < 3; n += 1) await recover("00000-00000", await attempt(person));
    for (let n = 0; n < 3; n += 1) await stepUp(wrongCode(person), person.headers);
    const pending = await attempt(person);
    expect(outcome(await stepUp(wrongCode(person), person.headers))).toEqual([401, "wrong-code"]);

    // T7: the sign-in that was under way is over, not only held up.
    expect(outcome(await totp(rightCode(person), pending))).toEqual([401, "not-signed-in"]);
    const session = await attempt(person);
    const [recoveryCode = ""] = person.recoveryCodes;
    for (const reply of [
      await totp(rightCode(person), session),
      await recover(recoveryCode, session),
      await stepUp(rightCode(person), person.headers),
      await h.call("POST", "/v1/second-factors/totp/lost", { body: { recoveryCode }, as: session }),
    ]) {
      expect(outcome(reply)).toEqual([429, "factor-paused"]);
      expect(Number(reply.headers["retry-after"])).toBeGreaterThan(800);
    }
    expect((await h.call("GET", "/v1/account", { as: person.headers })).status).toBe(200);
    expect(await mailsTo(person)).toEqual(["Too many wrong codes"]);

    h.clock.advance(15 * MINUTE_MS + 1000);
    expect(outcome(await totp(rightCode(person), await attempt(person)))).toEqual([200, "full"]);
  });

  test("T6 100 at once over many sessions: no more than ten are judged", async () => {
    const person = await addEnrolledPerson(h);
    const sessions = await Promise.all(Array.from({ length: 25 }, () => attempt(person)));
    const replies = await Promise.all(
      Array.from({ length: 100 }, (_, n) => totp(wrongCode(person), sessions[n % 25] ?? {})),
    );
    expect(replies.filter(({ body }) => body.code === "wrong-code")).toHaveLength(10);
    expect(await mailsTo(person)).toHaveLength(1);
  });

  test("T6 a right code in between hands out no new tries, an hour does", async () => {
    const person = await addEnrolledPerson(h);
    for (let n = 0; n < 4; n += 1) await totp(wrongCode(person), await attempt(person));
    expect((await totp(rightCode(person), await attempt(person))).status).toBe(200);
    for (let n = 0; n < 6; n += 1) await totp(wrongCode(person), await attempt(person));
    expect((await totp(rightCode(person, 1), await attempt(person))).status).toBe(429);

    const other = await addEnrolledPerson(h);
    for (let n = 0; n < 9; n += 1) await totp(wrongCode(other), await attempt(other));
    h.clock.advance(61 * MINUTE_MS);
    expect(outcome(await totp(wrongCode(other), await attempt(other)))).toEqual([
      401,
      "wrong-code",
    ]);
    expect((await totp(rightCode(other), await attempt(other))).status).toBe(200);
  });
});

describe("a recovery code", () => {
  test("T12 each of the 16 works once, in any spelling, and the owner is told how many are left", async () => {
    const person = await addEnrolledPerson(h);
    for (const code of person.recoveryCodes) {
      const spelt = ` ${code.toLowerCase().replace("-", " ")}`;
      expect(outcome(await recover(spelt, await attempt(person)))).toEqual([200, "full"]);
    }
    const mails = (await h.mails()).filter(
      ({ to, kind }) => to === person.email && kind !== "sign-in-noticed",
    );
    expect(mails).toHaveLength(16);
    expect(mails[0]?.text).toContain("15 are left");
    expect(mails[11]?.subject).not.toContain("make new ones");
    expect(mails[12]?.subject).toContain("3 left, make new ones");
    const [first = ""] = person.recoveryCodes;
    expect(outcome(await recover(first, await attempt(person)))).toEqual([401, "wrong-code"]);
  });

  test("T11 of 100 uses at once exactly one succeeds", async () => {
    const person = await addEnrolledPerson(h);
    const sessions = await Promise.all(Array.from({ length: 10 }, () => attempt(person)));
    const [code = ""] = person.recoveryCodes;
    const replies = await Promise.all(
      Array.from({ length: 100 }, (_, n) => recover(code, sessions[n % 10] ?? {})),
    );
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  test("T31 of one account opens no other", async () => {
    const [ada, bob] = [await addEnrolledPerson(h), await addEnrolledPerson(h)];
    const [code = ""] = ada.recoveryCodes;
    expect(outcome(await recover(code, await attempt(bob)))).toEqual([401, "wrong-code"]);
    expect(outcome(await totp(rightCode(ada), await attempt(bob)))).toEqual([401, "wrong-code"]);
  });

  test("is no step-up", async () => {
    const person = await addEnrolledPerson(h);
    const [code = ""] = person.recoveryCodes;
    expect(outcome(await stepUp(code, person.headers))).toEqual([401, "wrong-code"]);
  });
});

describe("POST /v1/step-up", () => {
  test("T26 makes this session fresh for ten minutes from then on, and no other", async () => {
    const person = await addEnrolledPerson(h, { isSteppedUp: false });
    const other = await addSession(h, person.accountId, { isSteppedUp: false });
    const renew = (as: Headers) => h.call("POST", "/v1/recovery-codes", { body: {}, as });
    expect(outcome(await renew(person.headers))).toEqual([403, "step-up-required"]);
    const reply = await stepUp(rightCode(person), person.headers);
    expect([reply.status, reply.text]).toEqual([204, ""]);
    expect((await renew(person.headers)).status).toBe(201);
    expect(outcome(await renew(other.headers))).toEqual([403, "step-up-required"]);
    // Use does not prolong it.
    h.clock.advance(6 * MINUTE_MS);
    expect((await renew(person.headers)).status).toBe(201);
    h.clock.advance(4 * MINUTE_MS + 1);
    expect(outcome(await renew(person.headers))).toEqual([403, "step-up-required"]);
  });
});
