import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  addEnrolledPerson,
  cookiesOf,
  GOOD_PASSWORD,
  totpCode,
  wrongTotpCode,
  type EnrolledPerson,
} from "../../../test/builders/identity.ts";
import { addPerson, addSession } from "../../../test/builders/people.ts";
import { startHarness, type Harness, type Headers, type Reply } from "../../../test/harness.ts";

const MINUTE_MS = 60_000;

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(async () => h.stop());

const begin = (as: Headers) => h.call("POST", "/v1/second-factors/totp", { body: {}, as });
const confirm = (code: string, as: Headers) =>
  h.call("POST", "/v1/second-factors/totp/confirm", { body: { code }, as });
const lost = (body: object, as: Headers) =>
  h.call("POST", "/v1/second-factors/totp/lost", { body, as });
const totp = (code: string, as: Headers) =>
  h.call("POST", "/v1/sign-in/totp", { body: { code }, as });
const recover = (code: string, as: Headers) =>
  h.call("POST", "/v1/sign-in/recovery-code", { body: { code }, as });
const current = (as: Headers) => h.call("GET", "/v1/sessions/current", { as });
const attempt = async (accountId: string) =>
  (await addSession(h, accountId, { level: "needs-second-factor" })).headers;
const codeOf = (secret: string, steps = 0) => totpCode(secret, h.clock.now(), steps);
const outcome = ({ status, body }: Reply) => [status, body?.code ?? body?.session?.level];
/** Of mails about factors; sign-ins from browsers that are not known are told besides. */
const subjectsTo = async (email: string) =>
  (await h.mails())
    .filter(({ to, kind }) => to === email && kind !== "sign-in-noticed")
    .map(({ subject }) => subject);

const isDead = async ({ secret, accountId }: EnrolledPerson) =>
  (await totp(codeOf(secret), await attempt(accountId))).status === 401;

describe("the first enrolment", () => {
  test("takes one code, gives 16 codes and a full session under a new secret", async () => {
    const person = await addPerson(h, { level: "needs-enrolment" });
    const begun = await begin(person.headers);
    expect(begun.status).toBe(201);
    const wrong = await confirm(wrongTotpCode(begun.body.secret, h.clock.now()), person.headers);
    expect(outcome(wrong)).toEqual([401, "wrong-code"]);
    const reply = await confirm(codeOf(begun.body.secret), person.headers);
    expect(outcome(reply)).toEqual([200, "full"]);
    expect(reply.body.recoveryCodes).toHaveLength(16);
    expect((await current(person.headers)).status).toBe(401);
    expect((await current(cookiesOf(reply))).body.session.level).toBe("full");
    const state = await h.call("GET", "/v1/second-factors", { as: cookiesOf(reply) });
    expect(state.body).toMatchObject({
      totp: { configured: true, isReplacementPending: false, verifiedAt: expect.any(String) },
      recoveryCodes: { left: 16 },
      pausedUntil: null,
    });
    // The code that confirmed is used up.
    const again = await totp(codeOf(begun.body.secret), await attempt(person.accountId));
    expect(outcome(again)).toEqual([401, "wrong-code"]);
  });

  test("T11 of 100 confirmations at once exactly one succeeds, with one set of codes", async () => {
    const person = await addPerson(h, { level: "needs-enrolment" });
    const { secret } = (await begin(person.headers)).body;
    const replies = await Promise.all(
      Array.from({ length: 100 }, () => confirm(codeOf(secret), person.headers)),
    );
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    const codes = await h.db
      .selectFrom("recovery_code")
      .select("mac")
      .where("account_id", "=", person.accountId)
      .execute();
    expect(codes).toHaveLength(16);
  });

  // Attack: who knows the password keeps a half-open session until the owner has enrolled, then enrols too.
  test("T2 T3 ends every other half-open session: none of them enrols afterwards", async () => {
    const owner = await addPerson(h, { level: "needs-enrolment" });
    const thief = await addSession(h, owner.accountId, { level: "needs-enrolment" });
    const planted = (await begin(thief.headers)).body.secret;
    const { secret } = (await begin(owner.headers)).body;
    expect(outcome(await confirm(codeOf(planted), thief.headers))).toEqual([401, "wrong-code"]);
    expect((await confirm(codeOf(secret), owner.headers)).status).toBe(200);
    for (const reply of [await begin(thief.headers), await confirm(codeOf(planted), thief.headers)])
      expect(outcome(reply)).toEqual([401, "not-signed-in"]);
  });

  test("T6 five wrong codes end the session, and count for the account", async () => {
    const person = await addPerson(h, { level: "needs-enrolment" });
    const { secret } = (await begin(person.headers)).body;
    const wrong = wrongTotpCode(secret, h.clock.now());
    for (let n = 0; n < 5; n += 1)
      expect(outcome(await confirm(wrong, person.headers))).toEqual([401, "wrong-code"]);
    expect(outcome(await confirm(codeOf(secret), person.headers))).toEqual([401, "not-signed-in"]);
  });

  test("is 409 when none was begun, or begun more than an hour ago", async () => {
    const person = await addPerson(h);
    expect(outcome(await confirm("123456", person.headers))).toEqual([409, "conflict"]);
    const { secret } = (await begin(person.headers)).body;
    h.clock.advance(61 * MINUTE_MS);
    const { headers } = await addSession(h, person.accountId);
    expect(outcome(await confirm(codeOf(secret), headers))).toEqual([409, "conflict"]);
  });

  test("no secret, code or password stands on record, and the secret is sealed", async () => {
    const person = await addPerson(h, { level: "needs-enrolment" });
    const { secret } = (await begin(person.headers)).body;
    const code = codeOf(secret);
    const { recoveryCodes } = (await confirm(code, person.headers)).body;
    const record = JSON.stringify(
      (await h.entries()).map(({ change, targets, reason }) => ({ change, targets, reason })),
    );
    for (const value of [secret, ...recoveryCodes]) expect(record).not.toContain(value);
    const row = await h.db
      .selectFrom("totp_factor")
      .select("sealed_secret")
      .where("account_id", "=", person.accountId)
      .executeTakeFirstOrThrow();
    expect(row.sealed_secret.toString("latin1")).not.toContain(secret);
  });
});

describe("replace", () => {
  test("the old authenticator works until the new one is confirmed, then the reverse, at once", async () => {
    const person = await addEnrolledPerson(h);
    const fresh = (await begin(person.headers)).body.secret;
    // Closed the page: the old one works, the new one does not.
    expect((await totp(codeOf(person.secret), await attempt(person.accountId))).status).toBe(200);
    expect((await totp(codeOf(fresh), await attempt(person.accountId))).status).toBe(401);

    const reply = await confirm(codeOf(fresh), person.headers);
    expect(outcome(reply)).toEqual([200, "full"]);
    expect(reply.headers["set-cookie"]).toBeUndefined();
    expect((await totp(codeOf(person.secret, 1), await attempt(person.accountId))).status).toBe(
      401,
    );
    expect((await totp(codeOf(fresh, 1), await attempt(person.accountId))).status).toBe(200);
    expect(await subjectsTo(person.email)).toEqual(["Your authenticator was replaced"]);
  });

  test("the old recovery codes die with it", async () => {
    const person = await addEnrolledPerson(h);
    const fresh = (await begin(person.headers)).body.secret;
    const { recoveryCodes } = (await confirm(codeOf(fresh), person.headers)).body;
    const old = await recover(person.recoveryCodes[0] ?? "", await attempt(person.accountId));
    expect(outcome(old)).toEqual([401, "wrong-code"]);
    expect((await recover(recoveryCodes[0], await attempt(person.accountId))).status).toBe(200);
  });

  test.each(["begin", "confirm"])("T3 asks for step-up to %s", async (step) => {
    const person = await addEnrolledPerson(h);
    const { secret } = (await begin(person.headers)).body;
    const stale = await addSession(h, person.accountId, { isSteppedUp: false });
    const reply =
      step === "begin" ? await begin(stale.headers) : await confirm(codeOf(secret), stale.headers);
    expect(outcome(reply)).toEqual([403, "step-up-required"]);
  });
});

describe("lost or stolen", () => {
  test("with step-up: dead at once, every other session ends, this one must enrol under a new secret", async () => {
    const person = await addEnrolledPerson(h);
    const others = [
      await addSession(h, person.accountId),
      await addSession(h, person.accountId, { level: "needs-second-factor" }),
    ];
    const reply = await lost({}, person.headers);
    expect([reply.status, reply.body]).toEqual([
      200,
      { session: { level: "needs-enrolment" }, recoveryCodesLeft: 16 },
    ]);
    for (const { headers } of [...others, person])
      expect((await current(headers)).status).toBe(401);
    expect(await isDead(person)).toBe(true);
    expect(await subjectsTo(person.email)).toEqual(["Your authenticator was reported lost"]);

    const enrolling = cookiesOf(reply);
    const { secret } = (await begin(enrolling)).body;
    expect(outcome(await confirm(codeOf(secret), enrolling))).toEqual([200, "full"]);
  });

  test("from a half-open session with a recovery code, which is used up", async () => {
    const person = await addEnrolledPerson(h, { level: "needs-second-factor" });
    const [recoveryCode = ""] = person.recoveryCodes;
    const reply = await lost({ recoveryCode }, person.headers);
    expect(reply.body).toEqual({ session: { level: "needs-enrolment" }, recoveryCodesLeft: 15 });
    expect(await isDead(person)).toBe(true);
    const again = await recover(recoveryCode, await attempt(person.accountId));
    expect(outcome(again)).toEqual([401, "wrong-code"]);
  });

  // Attack: report it lost (or wait until the owner does), then enrol one's own with the password alone.
  test("T2 a later sign-in with the password alone enrols nothing: it takes a recovery code first", async () => {
    const person = await addEnrolledPerson(h, { password: GOOD_PASSWORD });
    await lost({}, person.headers);
    const signedIn = await h.call("POST", "/v1/sign-in", {
      body: { email: person.email, password: GOOD_PASSWORD },
    });
    expect(outcome(signedIn)).toEqual([200, "needs-second-factor"]);
    const session = cookiesOf(signedIn);
    expect((await current(session)).body.session.accepts).toEqual(["recovery-code"]);
    expect(outcome(await begin(session))).toEqual([403, "second-factor-required"]);
    expect(outcome(await totp(codeOf(person.secret, 1), session))).toEqual([401, "wrong-code"]);
    const recovered = await recover(person.recoveryCodes[0] ?? "", session);
    expect(outcome(recovered)).toEqual([200, "needs-enrolment"]);
    expect((await begin(cookiesOf(recovered))).status).toBe(201);
  });

  test("T3 without fresh proof nothing happens", async () => {
    const person = await addEnrolledPerson(h, { isSteppedUp: false });
    const half = await attempt(person.accountId);
    expect(outcome(await lost({}, person.headers))).toEqual([403, "step-up-required"]);
    expect(outcome(await lost({}, half))).toEqual([403, "second-factor-required"]);
    expect(outcome(await lost({ recoveryCode: "00000-00000" }, half))).toEqual([401, "wrong-code"]);
    expect(outcome(await lost({ recoveryCode: "" }, half))).toEqual([400, "invalid-request"]);
    expect((await totp(codeOf(person.secret), half)).status).toBe(200);
  });

  test("T11 of 100 reports with one recovery code at once exactly one counts", async () => {
    const person = await addEnrolledPerson(h);
    const [recoveryCode = ""] = person.recoveryCodes;
    const sessions = await Promise.all(Array.from({ length: 10 }, () => attempt(person.accountId)));
    const replies = await Promise.all(
      Array.from({ length: 100 }, (_, n) => lost({ recoveryCode }, sessions[n % 10] ?? {})),
    );
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
  });
});

describe("POST /v1/recovery-codes", () => {
  test("gives a new set after step-up; the old ones die, the owner is told", async () => {
    const person = await addEnrolledPerson(h);
    const stale = await addSession(h, person.accountId, { isSteppedUp: false });
    const renew = (as: Headers) => h.call("POST", "/v1/recovery-codes", { body: {}, as });
    expect(outcome(await renew(stale.headers))).toEqual([403, "step-up-required"]);
    const reply = await renew(person.headers);
    expect(reply.status).toBe(201);
    expect(new Set(reply.body.recoveryCodes).size).toBe(16);
    const old = await recover(person.recoveryCodes[0] ?? "", await attempt(person.accountId));
    expect(outcome(old)).toEqual([401, "wrong-code"]);
    expect(await subjectsTo(person.email)).toEqual(["You have new recovery codes"]);
    const mail = (await h.mails()).findLast(({ to }) => to === person.email);
    for (const code of reply.body.recoveryCodes) expect(mail?.text).not.toContain(code);
  });
});
