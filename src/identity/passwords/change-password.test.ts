import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  addEnrolledPerson,
  cookiesOf,
  GOOD_PASSWORD,
  setPassword,
} from "../../../test/builders/identity.ts";
import { addPerson, addSession } from "../../../test/builders/people.ts";
import { startHarness, type Harness, type Headers, type Reply } from "../../../test/harness.ts";

const OTHER_PASSWORD = "copper meadow 77 whistle lagoon";
const MINUTE_MS = 60_000;

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(async () => h.stop());

const changed = (as: Headers, body: object, from?: string) =>
  h.call("POST", "/v1/account/password", { as, body, ...(from !== undefined && { from }) });
const both = { currentPassword: GOOD_PASSWORD, newPassword: OTHER_PASSWORD };
const signIn = (email: string, password: string) =>
  h.call("POST", "/v1/sign-in", { body: { email, password } });
const account = (as: Headers) => h.call("GET", "/v1/account", { as });
const fields = ({ body }: Reply) =>
  body.errors?.map(({ pointer }: { pointer: string }) => pointer) ?? [];
const ownEntries = async (accountId: string) =>
  (await h.entries()).filter(
    ({ action, actor }) => action === "account.password-changed" && actor.accountId === accountId,
  );

describe("POST /v1/account/password", () => {
  test("from its answer on the new password signs in and the old one does not", async () => {
    const person = await addEnrolledPerson(h, { password: GOOD_PASSWORD });
    expect((await changed(person.headers, both)).status).toBe(204);
    expect((await signIn(person.email, GOOD_PASSWORD)).status).toBe(401);
    expect((await signIn(person.email, OTHER_PASSWORD)).body.session.level).toBe(
      "needs-second-factor",
    );
  });

  test("leaves one important entry, without a password in it, and mails the owner what to do", async () => {
    const person = await addEnrolledPerson(h, { password: GOOD_PASSWORD });
    await changed(person.headers, both);
    const entries = await ownEntries(person.accountId);
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({
      outcome: "done",
      change: { after: { endedSessions: 0 } },
    });
    expect(JSON.stringify(entries)).not.toContain(OTHER_PASSWORD);
    const mail = (await h.mails()).findLast(({ to }) => to === person.email);
    expect(mail?.subject).toBe("Your password was changed");
    expect(mail?.text).toContain("If it was not you");
    expect(mail?.text).not.toContain(OTHER_PASSWORD);
  });

  test("T26 every other session ends, half-open ones too, and a copy of this one's cookie is dead", async () => {
    const person = await addEnrolledPerson(h, { password: GOOD_PASSWORD });
    const full = await addSession(h, person.accountId);
    const halfOpen = await addSession(h, person.accountId, { level: "needs-second-factor" });
    const stranger = await addPerson(h);
    const reply = await changed(person.headers, both);
    for (const { headers } of [person, full, halfOpen])
      expect((await h.call("GET", "/v1/sessions/current", { as: headers })).status).toBe(401);
    expect((await account(stranger.headers)).status).toBe(200);
    const renewed = cookiesOf(reply);
    expect((await account(renewed)).status).toBe(200);
    // The session is the same one: it is no younger, and its step-up is no fresher.
    expect(String(reply.headers["set-cookie"])).toMatch(/Max-Age=43(?:200|1\d\d)/);
    h.clock.advance(11 * MINUTE_MS);
    const late = { currentPassword: OTHER_PASSWORD, newPassword: GOOD_PASSWORD };
    expect((await changed(renewed, late)).body.code).toBe("step-up-required");
  });

  test("T3 refuses without a fresh second factor, and to whoever is not wholly signed in", async () => {
    const stale = await addEnrolledPerson(h, { password: GOOD_PASSWORD, isSteppedUp: false });
    expect((await changed(stale.headers, both)).body.code).toBe("step-up-required");
    const half = await addEnrolledPerson(h, { level: "needs-second-factor" });
    expect((await changed(half.headers, both)).body.code).toBe("second-factor-required");
    expect((await changed({}, both)).status).toBe(401);
    expect((await signIn(stale.email, GOOD_PASSWORD)).status).toBe(200);
  });

  test("names every field at fault at once, and changes nothing", async () => {
    const person = await addEnrolledPerson(h, { password: GOOD_PASSWORD });
    const wrong = { currentPassword: "not my password", newPassword: "password1" };
    const reply = await changed(person.headers, wrong);
    expect([reply.status, fields(reply)]).toEqual([400, ["/currentPassword", "/newPassword"]]);
    expect((await signIn(person.email, GOOD_PASSWORD)).status).toBe(200);
    expect(await ownEntries(person.accountId)).toMatchObject([{ outcome: "refused" }]);
  });

  test.each([
    ["none", {}, ["/newPassword"]],
    ["a strange field", { ...both, accountId: "x" }, ["/accountId"]],
    ["too long", { ...both, newPassword: "x".repeat(1025) }, ["/newPassword"]],
    ["no current one", { newPassword: OTHER_PASSWORD }, ["/currentPassword"]],
    ["an empty current one", { ...both, currentPassword: "" }, ["/currentPassword"]],
    ["the same", { currentPassword: GOOD_PASSWORD, newPassword: GOOD_PASSWORD }, ["/newPassword"]],
  ])("T4 T10 T30 refuses %s at its field", async (_, body, expected) => {
    const person = await addEnrolledPerson(h, { password: GOOD_PASSWORD });
    const reply = await changed(person.headers, body);
    expect([reply.status, fields(reply)]).toEqual([400, expected]);
  });

  test("the password may not be made of what is known of the person", async () => {
    const person = await addPerson(h, { displayName: "Wilhelmina Oosterbroek" });
    await setPassword(h, person.accountId, GOOD_PASSWORD);
    const body = { ...both, newPassword: "wilhelminaoosterbroek1" };
    expect(fields(await changed(person.headers, body))).toEqual(["/newPassword"]);
  });

  test("T6 wrong current passwords are slowed down together with those of sign-in", async () => {
    const person = await addEnrolledPerson(h, { password: GOOD_PASSWORD });
    const from = "192.0.2.77";
    for (let tries = 0; tries < 10; tries += 1)
      await changed(person.headers, { ...both, currentPassword: `guess ${tries}` }, from);
    const refused = await changed(person.headers, both, from);
    expect([refused.status, refused.body.code]).toEqual([429, "too-many-requests"]);
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
    // From elsewhere the owner goes on.
    expect((await changed(person.headers, both, "198.51.100.9")).status).toBe(204);
  });

  test("T11 of ten at once exactly one succeeds, and its password is the one that holds", async () => {
    const person = await addEnrolledPerson(h, { password: GOOD_PASSWORD });
    const passwords = Array.from({ length: 10 }, (_, n) => `${OTHER_PASSWORD} ${n}`);
    const replies = await Promise.all(
      passwords.map((newPassword) => changed(person.headers, { ...both, newPassword })),
    );
    const winners = passwords.filter((_, n) => replies[n]?.status === 204);
    expect(winners).toHaveLength(1);
    // The others found the session under another secret, or the password changed.
    expect(replies.every(({ status }) => [204, 400, 401, 409].includes(status))).toBe(true);
    expect((await signIn(person.email, winners[0] ?? "")).status).toBe(200);
  });

  test("of two sessions at once one succeeds, and the other is ended by it", async () => {
    const person = await addEnrolledPerson(h, { password: GOOD_PASSWORD });
    const other = await addSession(h, person.accountId);
    const replies = await Promise.all(
      [person, other].map(({ headers }, n) =>
        changed(headers, { ...both, newPassword: `${OTHER_PASSWORD} ${n}` }),
      ),
    );
    expect(replies.filter(({ status }) => status === 204)).toHaveLength(1);
    const alive = await Promise.all(replies.map(async (reply) => await account(cookiesOf(reply))));
    expect(alive.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  test("a person without a password gets a first one by the fresh factor alone", async () => {
    const person = await addEnrolledPerson(h);
    expect((await changed(person.headers, { newPassword: OTHER_PASSWORD })).status).toBe(204);
    expect((await signIn(person.email, OTHER_PASSWORD)).status).toBe(200);
  });

  test("T20 a disabled account changes nothing", async () => {
    const person = await addEnrolledPerson(h, { password: GOOD_PASSWORD });
    await h.db
      .updateTable("account")
      .set({ disabled_at: h.clock.now() })
      .where("id", "=", person.accountId)
      .execute();
    expect((await changed(person.headers, both)).status).toBe(401);
  });
});
