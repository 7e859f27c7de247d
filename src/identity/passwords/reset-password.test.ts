import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  addEnrolledPerson,
  GOOD_PASSWORD,
  linkToken,
  newEmail,
} from "../../../test/builders/identity.ts";
import { addPerson } from "../../../test/builders/people.ts";
import { addBoundGuest } from "../../../test/builders/policies.ts";
import { elsewhere } from "../../../test/builders/recovery.ts";
import { startHarness, type Harness } from "../../../test/harness.ts";

const NEW_PASSWORD = "copper meadow 31 harbour quilt";

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(async () => h.stop());

const ask = (email: string, from = elsewhere()) =>
  h.call("POST", "/v1/password-resets", { body: { email }, from });
const reset = (token: string, newPassword = NEW_PASSWORD) =>
  h.call("POST", "/v1/password-resets/confirm", {
    body: { token, newPassword },
    from: elsewhere(),
  });
const signIn = (email: string, password: string) =>
  h.call("POST", "/v1/sign-in", { body: { email, password }, from: elsewhere() });
const asked = async (email: string) => {
  expect((await ask(email)).status).toBe(202);
  return await linkToken(h, email);
};

describe("POST /v1/password-resets", () => {
  test("T28 answers a known and an unknown address alike, and leaves as many traces", async () => {
    const [known, unknown] = [(await addEnrolledPerson(h)).email, newEmail()];
    const traces = async () => [
      (await h.mails()).length,
      (await h.entries()).length,
      (await h.db.selectFrom("mail_link").select("purpose").execute()).length,
    ];
    const [before, first] = [await traces(), await ask(known)];
    const [between, second] = [await traces(), await ask(unknown)];
    const after = await traces();
    expect([first.status, first.body, Object.keys(first.headers)]).toEqual([
      second.status,
      second.body,
      Object.keys(second.headers),
    ]);
    expect(between.map((count, at) => count - (before[at] ?? 0))).toEqual(
      after.map((count, at) => count - (between[at] ?? 0)),
    );
    expect((await h.mails()).at(-1)).toMatchObject({ kind: "no-account-here", to: unknown });
  });

  test("mails no link for a disabled account, nor for one that nobody has proven", async () => {
    const [disabled, unproven] = [await addPerson(h), await addPerson(h)];
    await h.db
      .updateTable("account")
      .set({ disabled_at: h.clock.now(), disabled_reason: "left" })
      .where("id", "=", disabled.accountId)
      .execute();
    await h.db
      .updateTable("account")
      .set({ is_proven: false })
      .where("id", "=", unproven.accountId)
      .execute();
    for (const { email } of [disabled, unproven]) {
      await ask(email);
      expect((await h.mails()).at(-1)).toMatchObject({ kind: "no-account-here", to: email });
    }
  });

  test("mails one mailbox five times an hour, whoever asks, and answers alike", async () => {
    const { email } = await addEnrolledPerson(h);
    for (let n = 0; n < 7; n += 1) expect((await ask(email)).status).toBe(202);
    const mails = (await h.mails()).filter(({ to }) => to === email);
    expect(mails).toHaveLength(5);
  });
});

describe("POST /v1/password-resets/confirm", () => {
  // The attack: a mailbox alone must never be enough to sign in.
  test("T1 the second factor is still asked for, and no session is opened", async () => {
    const person = await addEnrolledPerson(h, { password: GOOD_PASSWORD });
    const reply = await reset(await asked(person.email));
    expect([reply.status, reply.headers["set-cookie"]]).toEqual([204, undefined]);
    expect((await signIn(person.email, GOOD_PASSWORD)).body.code).toBe("wrong-credentials");
    expect((await signIn(person.email, NEW_PASSWORD)).body).toEqual({
      session: { level: "needs-second-factor" },
    });
    expect((await h.call("GET", "/v1/account", { as: person.headers })).status).toBe(401);
    expect((await h.mails()).filter(({ to }) => to === person.email).at(-1)?.kind).toBe(
      "password-reset",
    );
  });

  test("T11 of a hundred at once exactly one chooses the password", async () => {
    const { email } = await addEnrolledPerson(h, { password: GOOD_PASSWORD });
    const token = await asked(email);
    // A password each: which one won shows.
    const passwords = Array.from({ length: 100 }, (_, n) => `${NEW_PASSWORD} ${n}`);
    const replies = await Promise.all(passwords.map((password) => reset(token, password)));
    const won = replies.flatMap(({ status }, at) => (status === 204 ? [at] : []));
    expect(won).toHaveLength(1);
    expect(replies.filter(({ status }) => ![204, 409, 410, 429].includes(status))).toEqual([]);
    expect((await signIn(email, passwords[won[0] ?? -1] ?? "")).status).toBe(200);
    // A hundred passwords are judged and hashed.
  }, 120_000);

  test("T13 is dead an hour later, once used, and once the password was changed", async () => {
    const { email } = await addEnrolledPerson(h, { password: GOOD_PASSWORD });
    const [first, second] = [await asked(email), await asked(email)];
    expect((await reset(first)).status).toBe(204);
    for (const token of [first, second])
      expect((await reset(token, `${NEW_PASSWORD} two`)).body.code).toBe("dead-link");
    const late = await asked(email);
    h.clock.advance(3_600_000 + 1000);
    expect((await reset(late)).body.code).toBe("dead-link");
  });

  test("keeps to what organisations ask, names the field, and spends nothing by a weak one", async () => {
    const { guest } = await addBoundGuest(h, { preset: "classic" });
    const token = await asked(guest.email);
    for (const [password, code] of [
      ["velvet anchor tundra 58 lantern", "password-needs-capital"],
      ["short", "password-too-short"],
    ] as const) {
      const { body } = await reset(token, password);
      expect(body.errors).toContainEqual(
        expect.objectContaining({ pointer: "/newPassword", code }),
      );
    }
    expect((await reset(token, "Copper meadow 31 harbour quilt")).status).toBe(204);
    const again = await reset(await asked(guest.email), "Copper meadow 31 harbour quilt");
    expect(again.body.errors).toEqual([
      expect.objectContaining({ pointer: "/newPassword", code: "password-used-before" }),
    ]);
  });
});
