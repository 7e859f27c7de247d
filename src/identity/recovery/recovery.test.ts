import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  addEnrolledPerson,
  cookiesOf,
  GOOD_PASSWORD,
  linkToken,
  newEmail,
  totpCode,
  type EnrolledPerson,
} from "../../../test/builders/identity.ts";
import { addOperator } from "../../../test/builders/operator.ts";
import { addPasskey } from "../../../test/builders/passkeys.ts";
import { addPerson, addSession } from "../../../test/builders/people.ts";
import { beginRecovery, elsewhere, openResetOf, remind } from "../../../test/builders/recovery.ts";
import { startHarness, type Harness, type Headers } from "../../../test/harness.ts";

const HOUR_MS = 3_600_000;
const WAIT_MS = 72 * HOUR_MS;

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(async () => h.stop());

const enrolled = () => addEnrolledPerson(h, { password: GOOD_PASSWORD });
const signIn = (email: string) =>
  h.call("POST", "/v1/sign-in", { body: { email, password: GOOD_PASSWORD }, from: elsewhere() });
const levelOf = async (email: string) => (await signIn(email)).body.session?.level;
const linkCall = (path: string, token: string) =>
  h.call("POST", `/v1/recovery/${path}`, { body: { token }, from: elsewhere() });
const kindsTo = async (to: string) =>
  (await h.mails()).filter((mail) => mail.to === to).map(({ kind }) => kind);
const waitingOf = async (as: Headers) => (await h.call("GET", "/v1/account/recovery", { as })).body;

async function enrol(as: Headers) {
  const begun = await h.call("POST", "/v1/second-factors/totp", { as, body: {} });
  const secret = String(begun.body.secret);
  const code = totpCode(secret, h.clock.now());
  const reply = await h.call("POST", "/v1/second-factors/totp/confirm", { as, body: { code } });
  return { reply, secret };
}

/** Somebody who is signed in with the password alone, after the wait. */
async function afterWait() {
  const person = await enrolled();
  await beginRecovery(h, person);
  h.clock.advance(WAIT_MS);
  const reply = await signIn(person.email);
  expect(reply.body.session.level).toBe("needs-enrolment");
  return { person, headers: cookiesOf(reply) };
}

describe("a recovery for who has lost every second factor", () => {
  test("leads to enrolment once the wait is over, and never sooner or to a full session", async () => {
    const person = await enrolled();
    const { readyAt } = await beginRecovery(h, person);
    expect(new Date(readyAt).getTime() - h.clock.now().getTime()).toBeCloseTo(WAIT_MS, -4);
    expect(await levelOf(person.email)).toBe("needs-second-factor");
    h.clock.advance(WAIT_MS - 60_000);
    expect(await levelOf(person.email)).toBe("needs-second-factor");
    h.clock.advance(61_000);
    const reply = await signIn(person.email);
    expect(reply.body.session.level).toBe("needs-enrolment");
    const half = await h.call("GET", "/v1/account", { as: cookiesOf(reply) });
    expect(half.body.code).toBe("enrolment-required");
  });

  test("ends with a new authenticator: old codes, recovery codes, passkeys and sessions are dead", async () => {
    const person = await enrolled();
    await addPasskey(h, person);
    await beginRecovery(h, person);
    h.clock.advance(WAIT_MS);
    const { headers: other } = await addSession(h, person.accountId);
    const { reply } = await enrol(cookiesOf(await signIn(person.email)));
    expect(reply.body.session.level).toBe("full");
    const now = cookiesOf(reply);
    expect((await h.call("GET", "/v1/account", { as: other })).status).toBe(401);
    expect((await h.call("GET", "/v1/passkeys", { as: now })).body.passkeys).toEqual([]);
    expect(await levelOf(person.email)).toBe("needs-second-factor");
    const half = cookiesOf(await signIn(person.email));
    for (const [path, code] of [
      ["totp", totpCode(person.secret, h.clock.now())],
      ["recovery-code", person.recoveryCodes[0]],
    ] as const) {
      const tried = await h.call("POST", `/v1/sign-in/${path}`, { as: half, body: { code } });
      expect(tried.body.code).toBe("wrong-code");
    }
    expect((await kindsTo(person.email)).at(-1)).toBe("recovery-finished");
    expect(await waitingOf(now)).toEqual({ waiting: null });
  });

  test("leaves what is not lost working until the new authenticator is confirmed", async () => {
    const { person } = await afterWait();
    const half = await addSession(h, person.accountId, { level: "needs-second-factor" });
    const code = totpCode(person.secret, h.clock.now());
    const reply = await h.call("POST", "/v1/sign-in/totp", { as: half.headers, body: { code } });
    expect(reply.body.session.level).toBe("full");
  });

  test("T1 needs the mail's link to begin and the password to end: neither alone", async () => {
    const person = await enrolled();
    expect((await linkCall("begin", "nothing")).body.code).toBe("dead-link");
    await h.call("POST", "/v1/password-resets", {
      body: { email: person.email },
      from: elsewhere(),
    });
    const otherLink = await linkToken(h, person.email);
    expect((await linkCall("begin", otherLink)).body.code).toBe("dead-link");
    expect((await linkCall("stop", otherLink)).body.code).toBe("dead-link");
    expect(await waitingOf(person.headers)).toEqual({ waiting: null });
  });

  test("T11 of a hundred that begin it at once exactly one does", async () => {
    const { email } = await enrolled();
    await h.call("POST", "/v1/recovery", { body: { email }, from: elsewhere() });
    const token = await linkToken(h, email);
    const replies = await Promise.all(Array.from({ length: 100 }, () => linkCall("begin", token)));
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await kindsTo(email)).filter((kind) => kind === "recovery-waits")).toHaveLength(1);
  });

  test("T11 of a hundred confirmations of new authenticators at once one ends it", async () => {
    const { headers } = await afterWait();
    const begun = await h.call("POST", "/v1/second-factors/totp", { as: headers, body: {} });
    const code = totpCode(String(begun.body.secret), h.clock.now());
    const replies = await Promise.all(
      Array.from({ length: 100 }, () =>
        h.call("POST", "/v1/second-factors/totp/confirm", { as: headers, body: { code } }),
      ),
    );
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  test("T28 answers a known and an unknown address alike", async () => {
    const [known, unknown] = [(await enrolled()).email, newEmail()];
    const replies = [];
    for (const email of [known, unknown])
      replies.push(await h.call("POST", "/v1/recovery", { body: { email }, from: elsewhere() }));
    expect(replies.map(({ status, body }) => [status, body])).toEqual([
      [202, {}],
      [202, {}],
    ]);
    expect((await kindsTo(unknown)).at(-1)).toBe("no-account-here");
  });

  test("lapses a week after the wait, before any sweep, and another one can begin", async () => {
    const person = await enrolled();
    await beginRecovery(h, person);
    h.clock.advance(WAIT_MS + 7 * 24 * HOUR_MS);
    expect(await levelOf(person.email)).toBe("needs-second-factor");
    await beginRecovery(h, person);
  });

  test("tells every address at once, again in the middle, and when the wait is over", async () => {
    const person = await enrolled();
    const backup = newEmail();
    await h.db
      .insertInto("backup_address")
      .values({
        account_id: person.accountId,
        email: backup,
        email_key: backup,
        verified_at: h.clock.now(),
      })
      .execute();
    await beginRecovery(h, person);
    const resetId = await openResetOf(h, person.accountId);
    await expect(remind(h, resetId, "ready")).rejects.toThrow("before the wait");
    await remind(h, resetId, "waiting");
    h.clock.advance(WAIT_MS);
    await remind(h, resetId, "ready");
    for (const to of [person.email, backup])
      expect(await kindsTo(to)).toEqual([
        "begin-recovery",
        "recovery-waits",
        "recovery-waits",
        "recovery-ready",
      ]);
  });

  test("is begun for one account three times, then once a day", async () => {
    const person = await enrolled();
    for (let n = 0; n < 3; n += 1) {
      await beginRecovery(h, person);
      await h.call("DELETE", "/v1/account/recovery", { as: person.headers });
    }
    await expect(beginRecovery(h, person)).rejects.toThrow("429");
  });
});

describe("stopping it", () => {
  test.each(["from any session", "by the link of any mail"])("works %s", async (how) => {
    const person = await enrolled();
    await beginRecovery(h, person);
    const first = await linkToken(h, person.email);
    await remind(h, await openResetOf(h, person.accountId), "waiting");
    const stale = await addSession(h, person.accountId, { isSteppedUp: false });
    const reply =
      how === "from any session"
        ? await h.call("DELETE", "/v1/account/recovery", { as: stale.headers })
        : await linkCall("stop", first);
    expect(reply.status).toBe(204);
    h.clock.advance(WAIT_MS);
    expect(await levelOf(person.email)).toBe("needs-second-factor");
    expect((await linkCall("stop", first)).body.code).toBe("dead-link");
    expect((await kindsTo(person.email)).at(-1)).toBe("recovery-stopped");
  });

  test("T7 ends the sign-in that had come to enrolment by it", async () => {
    const { person, headers } = await afterWait();
    const { headers: owner } = await addSession(h, person.accountId);
    const begun = await h.call("POST", "/v1/second-factors/totp", { as: headers, body: {} });
    expect((await h.call("DELETE", "/v1/account/recovery", { as: owner })).status).toBe(204);
    const code = totpCode(String(begun.body.secret), h.clock.now());
    const path = "/v1/second-factors/totp/confirm";
    expect((await h.call("POST", path, { as: headers, body: { code } })).status).toBe(401);
  });

  test("of stopping and ending it at once one happens, and a stopped one enrols nobody", async () => {
    for (let n = 0; n < 10; n += 1) {
      const { person, headers } = await afterWait();
      const { headers: owner } = await addSession(h, person.accountId);
      const [stopped, { reply }] = await Promise.all([
        h.call("DELETE", "/v1/account/recovery", { as: owner }),
        enrol(headers),
      ]);
      expect([stopped.status === 204, reply.status === 200].filter(Boolean)).toHaveLength(1);
    }
  });

  test("a session that only knows the password stops nothing", async () => {
    const person = await enrolled();
    await beginRecovery(h, person);
    const half = await addSession(h, person.accountId, { level: "needs-second-factor" });
    const reply = await h.call("DELETE", "/v1/account/recovery", { as: half.headers });
    expect(reply.body.code).toBe("second-factor-required");
  });
});

test("a new authenticator in a whole session makes a reset needless, and nothing is lost by it", async () => {
  const person = await enrolled();
  await beginRecovery(h, person);
  h.clock.advance(WAIT_MS);
  const { headers } = await addSession(h, person.accountId);
  expect((await enrol(headers)).reply.status).toBe(200);
  expect((await kindsTo(person.email)).at(-1)).toBe("factor-replaced");
  expect(await levelOf(person.email)).toBe("needs-second-factor");
});

describe("a reset by the operator", () => {
  const ask = (
    as: Headers,
    { accountId }: Pick<EnrolledPerson, "accountId">,
    reason = "Ticket 12",
  ) => h.call("POST", `/v1/operator/accounts/${accountId}/factor-reset`, { as, body: { reason } });

  test("waits as long, is told with its link, and leads to enrolment with the person's own password", async () => {
    const [operator, person] = [await addOperator(h), await enrolled()];
    const asked = await ask(operator.headers, person);
    expect(asked.status).toBe(201);
    expect(await kindsTo(person.email)).toEqual(["recovery-waits"]);
    const { waiting } = await waitingOf(person.headers);
    expect(waiting).toMatchObject({ askedBy: "operator" });
    const home = (await h.call("GET", "/v1/home", { as: person.headers })).body;
    expect(home.factorReset).toEqual({ readyAt: waiting.readyAt });
    expect(await levelOf(person.email)).toBe("needs-second-factor");
    h.clock.advance(WAIT_MS);
    const { reply } = await enrol(cookiesOf(await signIn(person.email)));
    expect(reply.body.session.level).toBe("full");
    const entries = (await h.entries()).filter(({ targets }) =>
      targets?.some(({ accountId }) => accountId === person.accountId),
    );
    expect(entries.find(({ action }) => action === "account.factor-reset-asked")).toMatchObject({
      actor: { accountId: operator.accountId },
      reason: "Ticket 12",
    });
    expect(
      entries.find(({ action }) => action === "factor.confirmed")?.change?.after,
    ).toMatchObject({
      resetId: expect.any(String),
    });
  });

  test("is stopped by the person's mail, from their session, and by an operator", async () => {
    const operator = await addOperator(h);
    const stops: ((person: EnrolledPerson) => Promise<{ status: number }>)[] = [
      async ({ email }) => linkCall("stop", await linkToken(h, email)),
      ({ headers }) => h.call("DELETE", "/v1/account/recovery", { as: headers }),
      ({ accountId }) =>
        h.call("DELETE", `/v1/operator/accounts/${accountId}/factor-reset`, {
          as: operator.headers,
        }),
    ];
    for (const stop of stops) {
      const person = await enrolled();
      await ask(operator.headers, person);
      expect((await stop(person)).status).toBe(204);
      expect((await kindsTo(person.email)).at(-1)).toBe("recovery-stopped");
    }
  });

  test("is refused without a fresh factor, a reason, for oneself, a second time and where there is nothing", async () => {
    const [operator, person] = [await addOperator(h), await enrolled()];
    const tired = await addSession(h, operator.accountId, { isSteppedUp: false });
    expect((await ask(tired.headers, person)).body.code).toBe("step-up-required");
    expect((await ask(operator.headers, person, " ")).body.errors).toEqual([
      expect.objectContaining({ pointer: "/reason" }),
    ]);
    expect((await ask(operator.headers, operator)).body.code).toBe("forbidden");
    expect((await ask(operator.headers, await addPerson(h))).body.code).toBe("conflict");
    expect((await ask(person.headers, person)).status).toBe(404);
    expect((await ask(operator.headers, person)).status).toBe(201);
    expect((await ask(operator.headers, person)).body.code).toBe("conflict");
    expect(await kindsTo(person.email)).toEqual(["recovery-waits"]);
  });

  test("is seen by the operator who looks at the account", async () => {
    const [operator, person] = [await addOperator(h), await enrolled()];
    await ask(operator.headers, person);
    const { body } = await h.call("GET", `/v1/operator/accounts/${person.accountId}`, {
      as: { ...operator.headers, "x-sallyport-reason": "Ticket 12" },
    });
    expect(body.factorReset).toMatchObject({ askedBy: "operator" });
  });
});
