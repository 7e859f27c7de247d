import {
  addEnrolledPerson,
  cookiesOf,
  GOOD_PASSWORD,
  linkToken,
  newEmail,
} from "../builders/identity.ts";
import { beginRecovery, openResetOf, remind } from "../builders/recovery.ts";
import type { Harness } from "../harness.ts";
import { done, type Scenes } from "./scene.ts";

const asked = (h: Harness, path: string, email: string) => () =>
  done(h, "POST", path, { body: { email } });

const waiting = async (h: Harness) => {
  const person = await addEnrolledPerson(h, { password: GOOD_PASSWORD });
  await beginRecovery(h, person);
  return { person, resetId: await openResetOf(h, person.accountId) };
};

const asking = (path: string, kind: "new-password" | "begin-recovery") =>
  [
    async (h: Harness) => {
      const { email } = await addEnrolledPerson(h);
      return { act: asked(h, path, email), tells: [[kind, email] as [typeof kind, string]] };
    },
    async (h: Harness) => {
      const email = newEmail();
      const tells: ["no-account-here", string][] = [["no-account-here", email]];
      return { act: asked(h, path, email), tells };
    },
  ] as const;

export const recoveryScenes: Scenes<
  | "account.password-reset-asked"
  | "account.password-reset"
  | "recovery.asked"
  | "recovery.begun"
  | "recovery.stopped"
  | "recovery.reminded"
> = {
  "account.password-reset-asked": asking("/password-resets", "new-password"),
  "account.password-reset": [
    async (h) => {
      const { email } = await addEnrolledPerson(h);
      await asked(h, "/password-resets", email)();
      const body = { token: await linkToken(h, email), newPassword: GOOD_PASSWORD };
      return {
        act: () => done(h, "POST", "/password-resets/confirm", { body }),
        tells: [["password-reset", email]],
      };
    },
  ],
  "recovery.asked": asking("/recovery", "begin-recovery"),
  "recovery.begun": [
    async (h) => {
      const { email } = await addEnrolledPerson(h);
      await asked(h, "/recovery", email)();
      const body = { token: await linkToken(h, email) };
      return {
        act: () => done(h, "POST", "/recovery/begin", { body }),
        tells: [["recovery-waits", email]],
      };
    },
  ],
  "recovery.stopped": [
    async (h) => {
      const { person } = await waiting(h);
      return {
        act: () => done(h, "DELETE", "/account/recovery", { as: person.headers }),
        tells: [["recovery-stopped", person.email]],
      };
    },
    async (h) => {
      const { person } = await waiting(h);
      const body = { token: await linkToken(h, person.email) };
      return {
        act: () => done(h, "POST", "/recovery/stop", { body }),
        tells: [["recovery-stopped", person.email]],
      };
    },
  ],
  "recovery.reminded": [
    async (h) => {
      const { person, resetId } = await waiting(h);
      return {
        act: () => remind(h, resetId, "waiting"),
        tells: [["recovery-waits", person.email]],
      };
    },
    async (h) => {
      const { person, resetId } = await waiting(h);
      h.clock.advance(72 * 3_600_000);
      return { act: () => remind(h, resetId, "ready"), tells: [["recovery-ready", person.email]] };
    },
  ],
};

/** Enrolling after the wait is over: what `factor.confirmed` tells then. */
export async function enrollingAfterWait(h: Harness) {
  const { person } = await waiting(h);
  h.clock.advance(72 * 3_600_000);
  const body = { email: person.email, password: GOOD_PASSWORD };
  const reply = await done(h, "POST", "/sign-in", { body });
  return { email: person.email, headers: cookiesOf(reply) };
}
