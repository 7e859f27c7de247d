import { afterAll, beforeAll, expect, test } from "vitest";
import {
  cookiesOf,
  GOOD_PASSWORD,
  linkToken,
  newEmail,
  totpCode,
} from "../../../test/builders/identity.ts";
import { startHarness, type Harness } from "../../../test/harness.ts";

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(async () => h.stop());

test("a newcomer signs up, proves the address, enrols and signs in with both factors", async () => {
  const email = newEmail();
  const signUp = await h.call("POST", "/v1/accounts", {
    body: { email, password: GOOD_PASSWORD, displayName: "Ada Example" },
  });
  expect([signUp.status, signUp.body]).toEqual([202, {}]);

  const verified = await h.call("POST", "/v1/accounts/verify", {
    body: { token: await linkToken(h, email) },
    as: cookiesOf(signUp),
  });
  expect(verified.status).toBe(201);
  expect(verified.body).toEqual({
    account: { id: expect.any(String), email, displayName: "Ada Example" },
    session: { level: "needs-enrolment" },
  });

  const enrolling = cookiesOf(verified);
  const begun = await h.call("POST", "/v1/second-factors/totp", { body: {}, as: enrolling });
  expect(begun.status).toBe(201);
  expect(begun.body.otpauthUrl).toContain(`secret=${begun.body.secret}`);
  expect(begun.body.qrSvg).toMatch(/^<svg /);
  const confirmed = await h.call("POST", "/v1/second-factors/totp/confirm", {
    body: { code: totpCode(begun.body.secret, h.clock.now()) },
    as: enrolling,
  });
  expect(confirmed.status).toBe(200);
  expect(confirmed.body.session).toEqual({ level: "full" });
  expect(new Set(confirmed.body.recoveryCodes).size).toBe(16);

  const signedIn = await h.call("POST", "/v1/sign-in", {
    body: { email, password: GOOD_PASSWORD },
  });
  expect([signedIn.status, signedIn.body]).toEqual([
    200,
    { session: { level: "needs-second-factor" } },
  ]);
  const passed = await h.call("POST", "/v1/sign-in/totp", {
    body: { code: totpCode(begun.body.secret, h.clock.now(), 1) },
    as: cookiesOf(signedIn),
  });
  expect([passed.status, passed.body]).toEqual([200, { session: { level: "full" } }]);
  const account = await h.call("GET", "/v1/account", { as: cookiesOf(passed) });
  expect(account.body).toMatchObject({ kind: "person", email, isOperator: false });

  const accountId = verified.body.account.id;
  const entries = (await h.entries()).filter(
    ({ actor, targets = [] }) =>
      actor.accountId === accountId || targets.some((target) => target.accountId === accountId),
  );
  expect(entries.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
    "account.verified done",
    "factor.enrolment-begun done",
    "factor.confirmed done",
    "session.signed-in done",
    "session.second-factor-passed done",
    "account.read done",
  ]);
  const subjects = (await h.mails()).map(({ subject }) => subject);
  expect(subjects).toEqual([
    "Confirm your e-mail address",
    "Two-factor authentication is set up",
    "A new sign-in to your account",
  ]);
  const everything = JSON.stringify(await h.entries());
  for (const secret of [GOOD_PASSWORD, begun.body.secret, confirmed.body.recoveryCodes[0]])
    expect(everything).not.toContain(secret);
});
