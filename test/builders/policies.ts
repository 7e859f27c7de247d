import { systemContext } from "../../src/context.ts";
import { tendPasswords } from "../../src/access/policies/tend-passwords.job.ts";
import type { Harness, Reply } from "../harness.ts";
import { addApp, addGrant, type OwnedApp } from "./access.ts";
import {
  addEnrolledPerson,
  cookiesOf,
  GOOD_PASSWORD,
  totpCode,
  type EnrolledPerson,
} from "./identity.ts";
import { addSession } from "./people.ts";

export const DAY_MS = 86_400_000;

/** Passes classic, too. */
export const CLASSIC_PASSWORD = "Velvet anchor tundra 58 lantern";

/** An app whose organisation asks something, and a guest with a password it is shared with. */
export async function addBoundGuest(
  h: Harness,
  policy: object,
  given: { app?: OwnedApp; guest?: EnrolledPerson } = {},
): Promise<OwnedApp & { guest: EnrolledPerson; grantId: string }> {
  const app = given.app ?? (await addApp(h));
  const guest = given.guest ?? (await addEnrolledPerson(h, { password: GOOD_PASSWORD }));
  const { grantId } = await addGrant(h, { appId: app.appId, role: "reporter", person: guest });
  await putPolicy(h, app, policy);
  return { ...app, guest, grantId };
}

/** Sets the policy as the owner, in a session that is fresh whatever the clock says. */
export async function putPolicy(h: Harness, app: OwnedApp, policy: object): Promise<Reply> {
  const { headers } = await addSession(h, app.owner.accountId);
  const body = { organisationId: app.organisationId, ...policy };
  const reply = await h.call("PUT", "/v1/policies/password", { as: headers, body });
  if (reply.status !== 200) throw new Error(`the policy was not set: ${reply.text}`);
  return reply;
}

/** Asks for another password at once. */
export async function expire(h: Harness, app: OwnedApp, accountId?: string): Promise<Reply> {
  const { headers } = await addSession(h, app.owner.accountId);
  const body = {
    organisationId: app.organisationId,
    ...(accountId !== undefined && { accountId }),
  };
  return await h.call("POST", "/v1/policies/password/expire", { as: headers, body });
}

/** Makes a bound guest's password, access and rules as old as this, without moving the clock of anybody else. */
export async function letAge(
  h: Harness,
  { organisationId, guest }: OwnedApp & { guest: EnrolledPerson },
  days: number,
): Promise<void> {
  const since = new Date(h.clock.now().getTime() - days * DAY_MS);
  await h.db
    .updateTable("account")
    .set({ password_changed_at: since })
    .where("id", "=", guest.accountId)
    .execute();
  await h.db
    .updateTable("access_grant")
    .set({ reached_since: since })
    .where("account_id", "=", guest.accountId)
    .execute();
  await h.db
    .updateTable("password_policy")
    .set({ age_since: [since] })
    .where("organisation_id", "=", organisationId)
    .execute();
}

/** Signs in with both factors. @returns the last reply, and the session's cookie. */
export async function signInWhole(h: Harness, person: EnrolledPerson, password: string) {
  const first = await h.call("POST", "/v1/sign-in", { body: { email: person.email, password } });
  const code = totpCode(person.secret, h.clock.now());
  const reply = await h.call("POST", "/v1/sign-in/totp", { as: cookiesOf(first), body: { code } });
  return { reply, headers: cookiesOf(reply) };
}

/** Runs the job that tells of ends and forgets what may be used again. */
export async function tend(h: Harness): Promise<void> {
  const ctx = systemContext(h.services, "test");
  await tendPasswords.run({ ctx, signal: new AbortController().signal }, {});
}
