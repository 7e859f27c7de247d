import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  addEnrolledPerson,
  cookiesOf,
  GOOD_PASSWORD,
  totpCode,
  wrongTotpCode,
} from "../../../test/builders/identity.ts";
import { addSession } from "../../../test/builders/people.ts";
import {
  addBoundGuest,
  CLASSIC_PASSWORD,
  DAY_MS,
  expire,
  putPolicy,
  signInWhole,
} from "../../../test/builders/policies.ts";
import { addServiceKey, useKey } from "../../../test/builders/keys.ts";
import { startHarness, type Harness, type Headers } from "../../../test/harness.ts";

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(async () => h.stop());

const changePassword = (as: Headers, body: object) =>
  h.call("POST", "/v1/account/password", { as, body });
const current = async (as: Headers) =>
  (await h.call("GET", "/v1/sessions/current", { as })).body.session;
const codesAt = (body: { errors?: { pointer: string; code: string }[] }) =>
  body.errors?.map(({ pointer, code }) => `${pointer} ${code}`);

const classic = { preset: "classic" };

describe("a password that has ended", () => {
  test("on day 44 a sign-in is whole; on day 46 it leads to a new password, and there it is whole again", async () => {
    const { guest } = await addBoundGuest(h, classic);
    h.clock.advance(44 * DAY_MS);
    expect((await signInWhole(h, guest, GOOD_PASSWORD)).reply.body.session.level).toBe("full");
    h.clock.advance(2 * DAY_MS);
    const { reply, headers } = await signInWhole(h, guest, GOOD_PASSWORD);
    expect([reply.status, reply.body.session.level]).toEqual([200, "needs-new-password"]);
    const session = await current(headers);
    expect(session.level).toBe("needs-new-password");
    expect(session.newPassword.asks).toEqual([]);
    expect(session.newPassword.policy.needsCapital.value).toBe(true);
    const changed = await changePassword(headers, { newPassword: CLASSIC_PASSWORD });
    expect(changed.status).toBe(204);
    const whole = cookiesOf(changed);
    expect((await current(whole)).level).toBe("full");
    expect((await h.call("GET", "/v1/account", { as: whole })).status).toBe(200);
  });

  test("T2 T5 nothing but a new password, signing out and the session itself answers, whichever route is tried", async () => {
    const { guest, ...app } = await addBoundGuest(h, classic);
    expect((await expire(h, app, guest.accountId)).body).toEqual({ demanded: 1, spared: 0 });
    const { headers } = await signInWhole(h, guest, GOOD_PASSWORD);
    for (const [method, url] of [
      ["GET", "/v1/account"],
      ["GET", "/v1/account/password-policy"],
      ["GET", "/v1/sessions"],
      ["POST", "/v1/step-up"],
      ["POST", "/v1/second-factors/totp"],
      ["GET", `/v1/apps/${app.appId}`],
    ] as const) {
      const body = method === "POST" ? { body: {} } : {};
      const reply = await h.call(method, url, { as: headers, ...body });
      expect([url, reply.status, reply.body.code]).toEqual([url, 403, "new-password-required"]);
    }
    expect((await h.call("POST", "/v1/sign-out", { as: headers, body: {} })).status).toBe(204);
  });

  test("T26 sessions that are open lose all else at once, on every process", async () => {
    const beside = await startHarness({ beside: h });
    const { guest, ...app } = await addBoundGuest(h, classic);
    expect((await beside.call("GET", "/v1/account", { as: guest.headers })).status).toBe(200);
    await expire(h, app, guest.accountId);
    for (const process of [h, beside])
      expect((await process.call("GET", "/v1/account", { as: guest.headers })).body.code).toBe(
        "new-password-required",
      );
    await beside.stop();
  });

  test("T23 T26 the new password ends all other sessions and gives this one a new secret", async () => {
    const { guest, ...app } = await addBoundGuest(h, classic);
    const other = await addSession(h, guest.accountId);
    await expire(h, app, guest.accountId);
    const { headers } = await signInWhole(h, guest, GOOD_PASSWORD);
    const changed = await changePassword(headers, { newPassword: CLASSIC_PASSWORD });
    expect(changed.status).toBe(204);
    for (const as of [headers, other.headers, guest.headers])
      expect((await h.call("GET", "/v1/sessions/current", { as })).status).toBe(401);
  });

  test("T3 a session in which it ended later proves both factors again", async () => {
    const { guest, ...app } = await addBoundGuest(h, classic);
    await expire(h, app, guest.accountId);
    h.clock.advance(40 * 60_000);
    expect((await current(guest.headers)).newPassword.asks).toEqual(["current-password", "code"]);
    const bare = await changePassword(guest.headers, { newPassword: CLASSIC_PASSWORD });
    expect(codesAt(bare.body)).toEqual(["/code missing", "/currentPassword password-not-current"]);
    const proof = { currentPassword: GOOD_PASSWORD, newPassword: CLASSIC_PASSWORD };
    const code = wrongTotpCode(guest.secret, h.clock.now());
    expect((await changePassword(guest.headers, { ...proof, code })).body.code).toBe("wrong-code");
    const right = totpCode(guest.secret, h.clock.now());
    expect((await changePassword(guest.headers, { ...proof, code: right })).status).toBe(204);
  });

  test("T3 whoever sits at an open laptop does not get round the current password by way of its owner's own organisation", async () => {
    const person = await addEnrolledPerson(h, { password: GOOD_PASSWORD });
    const { organisation_id: organisationId } = await h.db
      .selectFrom("organisation_member")
      .select("organisation_id")
      .where("account_id", "=", person.accountId)
      .executeTakeFirstOrThrow();
    const asked = await h.call("POST", "/v1/policies/password/expire", {
      as: person.headers,
      body: { organisationId, accountId: person.accountId },
    });
    expect(asked.body).toEqual({ demanded: 1, spared: 0 });
    const { body } = await changePassword(person.headers, { newPassword: CLASSIC_PASSWORD });
    expect(codesAt(body)).toEqual(["/currentPassword password-not-current"]);
  });

  // Attack: a copied cookie guesses the password by new ones that break a rule, so that no code is ever judged.
  test("T6 a new password that is compared before the factor is proven counts as a guess", async () => {
    const { guest } = await addBoundGuest(h, classic);
    h.clock.advance(46 * DAY_MS);
    const { headers } = await signInWhole(h, guest, GOOD_PASSWORD);
    h.clock.advance(11 * 60_000);
    expect((await current(headers)).newPassword.asks).toEqual(["code"]);
    const statuses = [];
    for (let guess = 0; guess < 12; guess++) {
      const body = { newPassword: `guess ${guess}`, code: "000000" };
      statuses.push((await changePassword(headers, body)).status);
    }
    expect([statuses[0], statuses.at(-1)]).toEqual([400, 429]);
  });

  test("T7 wrong codes typed there are counted with all others", async () => {
    const { guest, ...app } = await addBoundGuest(h, classic);
    await expire(h, app, guest.accountId);
    h.clock.advance(40 * 60_000);
    const body = {
      currentPassword: GOOD_PASSWORD,
      newPassword: CLASSIC_PASSWORD,
      code: wrongTotpCode(guest.secret, h.clock.now()),
    };
    for (let tries = 0; tries < 10; tries++) await changePassword(guest.headers, body);
    const code = totpCode(guest.secret, h.clock.now());
    expect((await changePassword(guest.headers, { ...body, code })).body.code).toBe(
      "factor-paused",
    );
  });

  test("the rule ends with the grant: the session is whole without a new password", async () => {
    const { guest, grantId } = await addBoundGuest(h, classic);
    h.clock.advance(46 * DAY_MS);
    const { headers } = await signInWhole(h, guest, GOOD_PASSWORD);
    expect((await current(headers)).level).toBe("needs-new-password");
    await h.db.deleteFrom("access_grant").where("id", "=", grantId).execute();
    expect((await current(headers)).level).toBe("full");
  });

  test("T32 the end of a grant ends the rule at that moment, before any sweep", async () => {
    const { guest, grantId } = await addBoundGuest(h, classic);
    h.clock.advance(46 * DAY_MS);
    const { headers } = await signInWhole(h, guest, GOOD_PASSWORD);
    const endsIn = async (ms: number) =>
      h.db
        .updateTable("access_grant")
        .set({ expires_at: new Date(h.clock.now().getTime() + ms) })
        .where("id", "=", grantId)
        .execute();
    await endsIn(60_000);
    expect((await current(headers)).level).toBe("needs-new-password");
    h.clock.advance(60_001);
    expect((await current(headers)).level).toBe("full");
  });

  test("service accounts are exempt: their keys work on day 46", async () => {
    const key = await addServiceKey(h);
    await putPolicy(h, key, classic);
    h.clock.advance(46 * DAY_MS);
    expect((await useKey(h, key)).status).toBe(200);
  });

  test("of several at once one chooses the new password", async () => {
    const { guest, ...app } = await addBoundGuest(h, classic);
    await expire(h, app, guest.accountId);
    const { headers } = await signInWhole(h, guest, GOOD_PASSWORD);
    const replies = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        changePassword(headers, { newPassword: `${CLASSIC_PASSWORD} ${n}` }),
      ),
    );
    expect(replies.filter(({ status }) => status === 204)).toHaveLength(1);
    const rest = new Set(replies.map(({ status }) => status).filter((status) => status !== 204));
    expect([...rest].every((status) => [401, 409, 429].includes(status))).toBe(true);
  });
});

describe("a new password", () => {
  const both = (newPassword: string, currentPassword = GOOD_PASSWORD) => ({
    currentPassword,
    newPassword,
  });
  const fresh = async (accountId: string) => (await addSession(h, accountId)).headers;

  test.each([
    ["copper meadow whistle 7", "password-needs-capital"],
    ["Copper meadow whistle", "password-needs-number"],
    ["CopperMeadowWhistle7", "password-needs-special"],
  ])("keeps the rules of who shares with its holder: %s", async (newPassword, code) => {
    const { guest } = await addBoundGuest(h, classic);
    const refused = await changePassword(guest.headers, both(newPassword));
    expect(codesAt(refused.body)).toEqual([`/newPassword ${code}`]);
  });

  test("has the length that the strictest asks for, and is taken without it by nobody", async () => {
    const { guest } = await addBoundGuest(h, { preset: "custom", minLength: 40 });
    const refused = await changePassword(guest.headers, both(CLASSIC_PASSWORD));
    expect(refused.body.errors[0]).toMatchObject({
      code: "password-too-short",
      params: { count: 40 },
    });
  });

  test("that was replaced 134 days ago is refused, and 136 days ago accepted", async () => {
    const { guest } = await addBoundGuest(h, { preset: "classic", maxAgeDays: null });
    const { accountId } = guest;
    const first = `${CLASSIC_PASSWORD} first`;
    const change = async (from: string, to: string) =>
      changePassword(await fresh(accountId), both(to, from));
    expect((await change(GOOD_PASSWORD, first)).status).toBe(204);
    expect((await change(first, CLASSIC_PASSWORD)).status).toBe(204);
    h.clock.advance(134 * DAY_MS);
    expect((await change(CLASSIC_PASSWORD, first)).body.errors[0]).toMatchObject({
      pointer: "/newPassword",
      code: "password-used-before",
      params: { days: 135 },
    });
    h.clock.advance(2 * DAY_MS);
    expect((await change(CLASSIC_PASSWORD, first)).status).toBe(204);
  });

  test("is not remembered where no rule asks for it", async () => {
    const person = await addEnrolledPerson(h, { password: GOOD_PASSWORD });
    expect((await changePassword(person.headers, both(CLASSIC_PASSWORD))).status).toBe(204);
    const kept = await h.db
      .selectFrom("retired_password")
      .selectAll()
      .where("account_id", "=", person.accountId)
      .execute();
    expect(kept).toEqual([]);
  });
});
