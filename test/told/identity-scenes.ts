import type { Action } from "../../src/contract/actions.ts";
import type { identityActions } from "../../src/contract/identity/actions.ts";
import {
  addEnrolledPerson,
  GOOD_PASSWORD,
  linkToken,
  newEmail,
  totpCode,
  type EnrolledPerson,
} from "../builders/identity.ts";
import { addPasskey, SoftAuthenticator } from "../builders/passkeys.ts";
import { addPerson, addSession } from "../builders/people.ts";
import type { Harness } from "../harness.ts";
import { addressScenes } from "./address-scenes.ts";
import { enrollingAfterWait, recoveryScenes } from "./recovery-scenes.ts";
import { noticeScenes } from "./policy-scenes.ts";
import { done, type Scene, type Scenes, type TellingAction } from "./scene.ts";

type Own = Extract<TellingAction, Action & keyof typeof identityActions>;

const signUp = (h: Harness, email: string) => () =>
  done(h, "POST", "/accounts", {
    body: { email, password: GOOD_PASSWORD, displayName: "Ada Example" },
  });

async function enrolling(h: Harness, person: { headers: EnrolledPerson["headers"] }) {
  const { body } = await done(h, "POST", "/second-factors/totp", { as: person.headers, body: {} });
  const secret = String(body.secret);
  return () =>
    done(h, "POST", "/second-factors/totp/confirm", {
      as: person.headers,
      body: { code: totpCode(secret, h.clock.now()) },
    });
}

/** Signing in with a recovery code, when so many of the 16 are left after it. */
async function recovering(h: Harness, left: number): Promise<Scene> {
  const person = await addEnrolledPerson(h);
  const use = async (code: string | undefined) => {
    const half = await addSession(h, person.accountId, { level: "needs-second-factor" });
    await done(h, "POST", "/sign-in/recovery-code", { as: half.headers, body: { code } });
  };
  for (const code of person.recoveryCodes.slice(left + 1)) await use(code);
  return {
    act: () => use(person.recoveryCodes[0]),
    tells: [
      [left > 3 ? "recovery-code-used" : "recovery-codes-low", person.email],
      // Another browser each time, by its cookie.
      ["sign-in-noticed", person.email],
    ],
  };
}

/** Signing in with a code, in a browser that is not known. */
async function arriving(h: Harness) {
  const person = await addEnrolledPerson(h);
  const half = await addSession(h, person.accountId, { level: "needs-second-factor" });
  const act = () =>
    done(h, "POST", "/sign-in/totp", {
      as: half.headers,
      body: { code: totpCode(person.secret, h.clock.now()) },
    });
  return { person, act };
}

export const identityScenes: Scenes<Own> = {
  ...noticeScenes,
  ...addressScenes,
  ...recoveryScenes,
  "account.signed-up": [
    async (h) => {
      const email = newEmail();
      return { act: signUp(h, email), tells: [["confirm-address", email]] };
    },
    async (h) => {
      const { email } = await addPerson(h);
      return { act: signUp(h, email), tells: [["already-have-account", email]] };
    },
  ],
  "account.password-changed": [
    async (h) => {
      const person = await addEnrolledPerson(h, { password: GOOD_PASSWORD });
      const body = { currentPassword: GOOD_PASSWORD, newPassword: `${GOOD_PASSWORD} anew` };
      return {
        act: () => done(h, "POST", "/account/password", { as: person.headers, body }),
        tells: [["password-changed", person.email]],
      };
    },
  ],
  "session.second-factor-passed": [
    async (h) => {
      const { person, act } = await arriving(h);
      return { act, tells: [["sign-in-noticed", person.email]] };
    },
  ],
  "session.signed-in-by-passkey": [
    async (h) => {
      const person = await addEnrolledPerson(h);
      const { key } = await addPasskey(h, person);
      const { body: options } = await done(h, "POST", "/passkeys/sign-in/options", { body: {} });
      const body = { assertion: key.assert(options) };
      return {
        act: () => done(h, "POST", "/passkeys/sign-in", { body }),
        tells: [["sign-in-noticed", person.email]],
      };
    },
  ],
  "account.stranger-reported": [
    async (h) => {
      const { person, act } = await arriving(h);
      await act();
      const body = { token: await linkToken(h, person.email) };
      return {
        act: () => done(h, "POST", "/sign-in-notices/not-me", { body }),
        tells: [["stranger-reported", person.email]],
      };
    },
  ],
  "session.others-ended": [
    async (h) => {
      const person = await addPerson(h);
      await addSession(h, person.accountId);
      return {
        act: () => done(h, "DELETE", "/sessions", { as: person.headers }),
        tells: [["sessions-ended", person.email]],
      };
    },
  ],
  "session.recovery-code-used": [(h) => recovering(h, 15), (h) => recovering(h, 3)],
  "session.ended": [
    async (h) => {
      const person = await addPerson(h);
      const other = await addSession(h, person.accountId);
      return {
        act: () => done(h, "DELETE", `/sessions/${other.sessionId}`, { as: person.headers }),
        tells: [["session-ended", person.email]],
      };
    },
    async (h) => {
      const person = await addPerson(h);
      return {
        act: () => done(h, "DELETE", `/sessions/${person.sessionId}`, { as: person.headers }),
        tells: [],
      };
    },
  ],
  "factor.confirmed": [
    async (h) => {
      const person = await addPerson(h, { level: "needs-enrolment", isSteppedUp: false });
      return { act: await enrolling(h, person), tells: [["factor-enrolled", person.email]] };
    },
    async (h) => {
      const person = await addEnrolledPerson(h);
      return { act: await enrolling(h, person), tells: [["factor-replaced", person.email]] };
    },
    async (h) => {
      const person = await enrollingAfterWait(h);
      return { act: await enrolling(h, person), tells: [["recovery-finished", person.email]] };
    },
  ],
  "factor.reported-lost": [
    async (h) => {
      const person = await addEnrolledPerson(h);
      const body = { recoveryCode: person.recoveryCodes[0] };
      return {
        act: () => done(h, "POST", "/second-factors/totp/lost", { as: person.headers, body }),
        tells: [["factor-lost", person.email]],
      };
    },
  ],
  "passkey.added": [
    async (h) => {
      const person = await addEnrolledPerson(h);
      const key = new SoftAuthenticator(h);
      const as = person.headers;
      const { body: options } = await done(h, "POST", "/passkeys/options", { as, body: {} });
      const body = { name: "Laptop", registration: key.register(options) };
      return {
        act: () => done(h, "POST", "/passkeys", { as, body }),
        tells: [["passkey-added", person.email]],
      };
    },
  ],
  "passkey.removed": [
    async (h) => {
      const person = await addEnrolledPerson(h);
      const { passkeyId } = await addPasskey(h, person);
      return {
        act: () => done(h, "DELETE", `/passkeys/${passkeyId}`, { as: person.headers }),
        tells: [["passkey-removed", person.email]],
      };
    },
  ],
  "recovery-codes.replaced": [
    async (h) => {
      const person = await addEnrolledPerson(h);
      return {
        act: () => done(h, "POST", "/recovery-codes", { as: person.headers, body: {} }),
        tells: [["recovery-codes-replaced", person.email]],
      };
    },
  ],
};
