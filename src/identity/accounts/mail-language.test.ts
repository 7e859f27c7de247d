import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addApp, addGrant, entriesOf, lastToken } from "../../../test/builders/access.ts";
import { GOOD_PASSWORD, newEmail } from "../../../test/builders/identity.ts";
import { addPerson, type Person } from "../../../test/builders/people.ts";
import { startHarness, type Harness } from "../../../test/harness.ts";

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(() => h.stop());

const signUp = (email: string, more: object = {}, headers: Record<string, string> = {}) =>
  h.call("POST", "/v1/accounts", {
    as: headers,
    body: { email, password: GOOD_PASSWORD, displayName: "Ada Example", ...more },
  });

const verify = async (email: string) =>
  await h.call("POST", "/v1/accounts/verify", {
    body: { token: await lastToken(h, email), password: GOOD_PASSWORD },
  });

const storedOf = async (email: string) =>
  await h.db
    .selectFrom("account")
    .select(["language", "time_zone"])
    .where("email_key", "=", email)
    .executeTakeFirst();

const lastTo = async (email: string) => (await h.mails()).findLast(({ to }) => to === email);

const choose = (person: Person, body: object) =>
  h.call("PATCH", "/v1/account", { as: person.headers, body });

describe("the language of an account", () => {
  test("is the one that was signed up in, and so is the first mail", async () => {
    const email = newEmail();
    await signUp(email, { language: "nl", timeZone: "Europe/Amsterdam" });
    expect((await lastTo(email))?.subject).toBe("Bevestig je e-mailadres");
    expect((await verify(email)).status).toBe(201);
    expect(await storedOf(email)).toEqual({ language: "nl", time_zone: "Europe/Amsterdam" });
  });

  test.each([
    ["nl-BE,nl;q=0.9,en;q=0.8", "nl"],
    ["fr-FR, de;q=0.9, NL;q=0.1", "nl"],
    ["fr", "en"],
    ["en-GB,nl", "en"],
    [",;,-,*", "en"],
  ])("is what the browser asks for, where nothing is said: %s", async (header, language) => {
    const email = newEmail();
    await signUp(email, {}, { "accept-language": header });
    await verify(email);
    expect(await storedOf(email)).toEqual({ language, time_zone: null });
  });

  test("is its holder's to change, on record, and holds from the next mail on", async () => {
    const person = await addPerson(h);
    const reply = await choose(person, { language: "nl", timeZone: "Europe/Amsterdam" });
    expect([reply.status, reply.body]).toEqual([
      200,
      expect.objectContaining({ language: "nl", timeZone: "Europe/Amsterdam" }),
    ]);
    expect((await entriesOf(h, "account.settings-changed")).at(-1)).toMatchObject({
      outcome: "done",
      change: {
        before: { language: "en", timeZone: null },
        after: { language: "nl", timeZone: "Europe/Amsterdam" },
      },
    });
    const { appId, owner } = await addApp(h, { name: "Winkel" });
    const { grantId } = await addGrant(h, { appId, role: "editor", person });
    const expiresAt = new Date(h.clock.now().getTime() + 7 * 86_400_000);
    await h.call("PATCH", `/v1/apps/${appId}/grants/${grantId}`, {
      as: owner.headers,
      body: { expiresAt: expiresAt.toISOString() },
    });
    const mail = await lastTo(person.email);
    expect(mail?.subject).toBe("Je toegang tot Winkel is veranderd");
    const ends = new Intl.DateTimeFormat("nl", {
      timeZone: "Europe/Amsterdam",
      dateStyle: "long",
    }).format(expiresAt);
    expect(mail?.text).toContain(`Je hebt de rol redacteur in Winkel`);
    expect(mail?.text).toContain(`tot ${ends}`);
    expect(mail?.text).toMatch(/om \d\d:\d\d (CET|CEST|GMT\+[12])/);
    expect(mail?.html).toContain('<html lang="nl"');
    expect((await choose(person, { timeZone: null })).body).toMatchObject({
      language: "nl",
      timeZone: null,
    });
  });

  test.each([
    [{ language: "xx" }, "/language", "not-a-choice"],
    [{ timeZone: "Mars/Olympus" }, "/timeZone", "not-a-time-zone"],
    [{ timeZone: "<b>" }, "/timeZone", "not-a-time-zone"],
    [{ language: "xx", timeZone: "Mars/Olympus" }, "/language", "not-a-choice"],
  ])("%j is refused at its field", async (body, pointer, code) => {
    const person = await addPerson(h);
    const reply = await choose(person, body);
    expect([reply.status, reply.body.errors[0]]).toMatchObject([400, { pointer, code }]);
    expect(await storedOf(person.email)).toEqual({ language: "en", time_zone: null });
  });
});

describe("an invitation", () => {
  test("comes in the inviter's language, to whoever has an account in their own", async () => {
    const { appId, owner } = await addApp(h, { name: "Winkel" });
    await choose(owner, { language: "nl" });
    const [known, unknown] = [await addPerson(h), newEmail()];
    for (const email of [known.email, unknown])
      await h.call("POST", "/v1/invitations", {
        as: owner.headers,
        body: { email, apps: [{ appId, role: "editor" }] },
      });
    expect((await lastTo(unknown))?.subject).toBe("Je uitnodiging voor Winkel");
    expect((await lastTo(known.email))?.subject).toBe("Your invitation to Winkel");

    const accepted = await h.call("POST", "/v1/invitations/accept", {
      body: { token: await lastToken(h, unknown), password: GOOD_PASSWORD, displayName: "Bo" },
    });
    expect(accepted.status).toBe(200);
    expect(await storedOf(unknown)).toEqual({ language: "nl", time_zone: null });
  });
});

// The attack: a sign-up with somebody else's address and a name that is an advertisement, for us to mail.
test("a stranger's words never reach a mailbox that did not ask for them", async () => {
  const email = newEmail();
  await signUp(email, { displayName: "Win now at https://evil.example.test" });
  const mail = await lastTo(email);
  expect(`${mail?.subject} ${mail?.text} ${mail?.html}`).not.toContain("evil");
});
