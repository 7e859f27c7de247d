import { hash } from "@node-rs/argon2";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  addEnrolledPerson,
  cookiesOf,
  GOOD_PASSWORD,
  newEmail,
  setPassword,
  totpCode,
  type EnrolledPerson,
} from "../../../test/builders/identity.ts";
import { addPerson } from "../../../test/builders/people.ts";
import { startHarness, type Harness, type Reply } from "../../../test/harness.ts";

const WRONG = "wrong horse battery staple";

let h: Harness;
let ada: EnrolledPerson;
beforeAll(async () => {
  h = await startHarness();
  ada = await addEnrolledPerson(h, { password: GOOD_PASSWORD });
});
afterAll(async () => h.stop());

let host = 0;
const elsewhere = () => `198.51.100.${(host += 1)}`;
const signIn = (email: string, password = GOOD_PASSWORD, from = elsewhere()) =>
  h.call("POST", "/v1/sign-in", { body: { email, password }, from });
const outcome = ({ status, body }: Reply) => [status, body.code ?? body.session.level];
const withoutId = ({ body }: Reply) => ({ ...body, requestId: "" });

const median = (all: number[]) => all.toSorted((a, b) => a - b)[all.length >> 1] ?? 0;

describe("POST /v1/sign-in", () => {
  test("the right password leads to the second factor, with one entry that the account sees", async () => {
    const reply = await signIn(ada.email.toUpperCase().replace("EXAMPLE.TEST", "Example.Test"));
    expect([reply.status, reply.body]).toEqual([
      200,
      { session: { level: "needs-second-factor" } },
    ]);
    expect(String(reply.headers["set-cookie"])).toMatch(
      /^sallyport_session=[0-9A-Za-z]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=1800$/,
    );
    const entry = (await h.entries()).at(-1);
    expect(entry).toMatchObject({
      action: "session.signed-in",
      outcome: "done",
      actor: { kind: "session", accountId: ada.accountId },
    });
  });

  test("leads to enrolment where there never was a second factor", async () => {
    const { email, accountId } = await addPerson(h);
    await setPassword(h, accountId, GOOD_PASSWORD);
    expect(outcome(await signIn(email))).toEqual([200, "needs-enrolment"]);
  });

  // Feature-behaviour §1: no path leaves a person able to pass sign-in, or to enrol, with one factor.
  test("T2 never leads to enrolment again once there was one, factor lost and all codes used", async () => {
    const person = await addEnrolledPerson(h, { password: GOOD_PASSWORD, hasTotp: false });
    expect(outcome(await signIn(person.email))).toEqual([200, "needs-second-factor"]);
    await h.db
      .updateTable("recovery_code")
      .set({ used_at: h.clock.now() })
      .where("account_id", "=", person.accountId)
      .execute();
    expect(outcome(await signIn(person.email))).toEqual([200, "needs-second-factor"]);
  });

  test("T20 T28 unknown, wrong, without a password and disabled are one answer", async () => {
    const bare = await addPerson(h);
    const disabled = await addEnrolledPerson(h, { password: GOOD_PASSWORD });
    await h.db
      .updateTable("account")
      .set({ disabled_at: h.clock.now(), disabled_reason: "test" })
      .where("id", "=", disabled.accountId)
      .execute();
    const replies = [
      await signIn(newEmail()),
      await signIn(ada.email, WRONG),
      await signIn(bare.email),
      await signIn(disabled.email),
    ];
    for (const reply of replies) {
      expect(outcome(reply)).toEqual([401, "wrong-credentials"]);
      expect(withoutId(reply)).toEqual(withoutId(replies[0] ?? reply));
      expect(reply.headers["set-cookie"]).toBeUndefined();
    }
  });

  test("T28 an unknown address takes as long as a wrong password", async () => {
    const times = { known: [] as number[], unknown: [] as number[] };
    for (let n = 0; n < 7; n += 1)
      for (const [kind, email] of [
        ["known", ada.email],
        ["unknown", newEmail()],
      ] as const) {
        const start = performance.now();
        await signIn(email, WRONG);
        times[kind].push(performance.now() - start);
      }
    // Without the hash one of them would take a small part of the other.
    expect(median(times.unknown) / median(times.known)).toBeGreaterThan(0.5);
    expect(median(times.unknown) / median(times.known)).toBeLessThan(2);
  });

  test("a failed try at a known account names it, each by itself; no entry holds address or password typed", async () => {
    const victim = await addPerson(h);
    const from = elsewhere();
    for (let n = 0; n < 8; n += 1) await signIn(victim.email, WRONG, from);
    await signIn("nobody-here@example.test", WRONG, from);
    const entries = await h.entries();
    const tries = entries.filter(({ targets }) => targets?.[0]?.accountId === victim.accountId);
    expect(tries).toHaveLength(8);
    expect(tries[0]).toMatchObject({
      action: "session.signed-in",
      outcome: "refused",
      reason: "wrong-credentials",
      actor: { kind: "stranger" },
      address: from,
    });
    expect(entries.at(-1)?.targets ?? []).toEqual([]);
    expect(JSON.stringify(entries)).not.toContain("nobody-here");
    expect(JSON.stringify(entries)).not.toContain(WRONG);
  });

  test("guessing from one network ends in 429 and never locks the account", async () => {
    const from = elsewhere();
    const tries = [];
    for (let n = 0; n < 12; n += 1) tries.push(await signIn(ada.email, WRONG, from));
    expect(tries.map(({ status }) => status)).toEqual([...Array(10).fill(401), 429, 429]);
    const [refused] = tries.slice(-1);
    expect(refused?.body.code).toBe("too-many-requests");
    expect(Number(refused?.headers["retry-after"])).toBeGreaterThan(300);
    // The owner elsewhere, and whoever else is in that network, sign in as ever.
    expect(outcome(await signIn(ada.email))).toEqual([200, "needs-second-factor"]);
    const neighbour = await addEnrolledPerson(h, { password: GOOD_PASSWORD });
    expect((await signIn(neighbour.email, GOOD_PASSWORD, from)).status).toBe(200);
    h.clock.advance(Number(refused?.headers["retry-after"]) * 1000);
    expect((await signIn(ada.email, GOOD_PASSWORD, from)).status).toBe(200);
  });

  test("T28 unknown addresses are slowed down at the same try", async () => {
    const from = elsewhere();
    const email = newEmail();
    const statuses = [];
    for (let n = 0; n < 11; n += 1) statuses.push((await signIn(email, WRONG, from)).status);
    expect(statuses).toEqual([...Array(10).fill(401), 429]);
  });

  test("T11 of 40 wrong passwords at once no more than the cap are checked", async () => {
    const from = elsewhere();
    const replies = await Promise.all(
      Array.from({ length: 40 }, () => signIn(ada.email, WRONG, from)),
    );
    expect(replies.filter(({ status }) => status === 401)).toHaveLength(10);
    expect(replies.filter(({ status }) => status === 429)).toHaveLength(30);
  });

  // Attack: sign in with the password alone at the moment in which the owner confirms the first authenticator.
  test("T2 of sign-ins beside a first confirmation none is left at enrolment", async () => {
    for (let round = 0; round < 5; round += 1) {
      const person = await addPerson(h, { level: "needs-enrolment" });
      await setPassword(h, person.accountId, GOOD_PASSWORD);
      const begun = await h.call("POST", "/v1/second-factors/totp", {
        body: {},
        as: person.headers,
      });
      const code = totpCode(begun.body.secret, h.clock.now());
      const signIns = Array.from({ length: 4 }, () => signIn(person.email));
      await Promise.race(signIns);
      const confirmed = await h.call("POST", "/v1/second-factors/totp/confirm", {
        body: { code },
        as: person.headers,
      });
      expect(confirmed.status).toBe(200);
      for (const reply of await Promise.all(signIns)) {
        const begin = { body: {}, as: cookiesOf(reply) };
        expect([401, 403]).toContain(
          (await h.call("POST", "/v1/second-factors/totp", begin)).status,
        );
      }
    }
  });

  test("T23 each sign-in is a new session, and the one that the browser had is over", async () => {
    const first = await signIn(ada.email);
    const again = await h.call("POST", "/v1/sign-in", {
      body: { email: ada.email, password: GOOD_PASSWORD },
      as: cookiesOf(first),
      from: elsewhere(),
    });
    const current = (reply: Reply) =>
      h.call("GET", "/v1/sessions/current", { as: cookiesOf(reply) });
    expect((await current(first)).status).toBe(401);
    expect((await current(again)).status).toBe(200);
  });

  // Attack: hand somebody a cookie before they sign in, and use it afterwards.
  test("T23 a cookie that was planted before sign-in never becomes a session", async () => {
    const planted = { cookie: `sallyport_session=${"a".repeat(43)}` };
    const reply = await h.call("POST", "/v1/sign-in", {
      body: { email: ada.email, password: GOOD_PASSWORD },
      as: planted,
      from: elsewhere(),
    });
    expect(cookiesOf(reply)).not.toEqual(planted);
    expect((await h.call("GET", "/v1/sessions/current", { as: planted })).status).toBe(401);
  });

  test("T19 identity comes from address and password alone: further members are refused", async () => {
    const reply = await h.call("POST", "/v1/sign-in", {
      body: { email: ada.email, password: GOOD_PASSWORD, accountId: ada.accountId, level: "full" },
      from: elsewhere(),
    });
    expect(reply.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      "/accountId",
      "/level",
    ]);
  });

  test("another site cannot sign its visitor in", async () => {
    const reply = await h.call("POST", "/v1/sign-in", {
      body: { email: ada.email, password: GOOD_PASSWORD },
      as: { origin: "https://evil.example.test" },
    });
    expect(outcome(reply)).toEqual([403, "cross-origin"]);
  });

  test("a hash of earlier cost is replaced at the next right password", async () => {
    const person = await addPerson(h);
    const hashOf = async () =>
      await h.db
        .selectFrom("account")
        .select("password_hash")
        .where("id", "=", person.accountId)
        .executeTakeFirstOrThrow();
    await h.db
      .updateTable("account")
      .set({ password_hash: await hash(GOOD_PASSWORD, { memoryCost: 8192, timeCost: 1 }) })
      .where("id", "=", person.accountId)
      .execute();
    const replies = await Promise.all([1, 2, 3, 4].map(() => signIn(person.email)));
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect((await hashOf()).password_hash).toContain("$m=19456,t=2,p=1$");
    expect((await signIn(person.email)).status).toBe(200);
  });
});
