import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addPerson, addSession, type Person } from "../../../test/builders/people.ts";
import { startHarness, type Harness, type Headers } from "../../../test/harness.ts";
import { systemContext } from "../../context.ts";
import { requireStillLive } from "../../identity/sessions/require-still-live.ts";
import { holdOffSessionRules } from "./hold-off-session-rules.ts";

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(async () => h.stop());

const MINUTE_MS = 60_000;
const HOME = "127.0.0.1";
const AWAY = "192.0.2.77";

const put = (as: Headers, body: object, from = HOME) =>
  h.call("PUT", "/v1/account/address-rules", { as, body, from });
const enforce = (as: Headers, cidrs: readonly string[], more: object = {}) =>
  put(as, { mode: "enforce", entries: cidrs.map((cidr) => ({ cidr })), ...more });
const get = (as: Headers, from = HOME) => h.call("GET", "/v1/account/address-rules", { as, from });
const confirm = (as: Headers, from = HOME) =>
  h.call("POST", "/v1/account/address-rules/confirm", { as, from });
const asked = async (as: Headers, from: string, on = h) => {
  const { status, body } = await on.call("GET", "/v1/account", { as, from });
  return status === 200 ? 200 : body.code;
};

/** A person whose sessions work from home alone, for good. */
async function addBound(): Promise<Person> {
  const person = await addPerson(h);
  const reply = await enforce(person.headers, ["127.0.0.0/24"], { confirm: true });
  expect(reply.status).toBe(200);
  return person;
}

describe("from where one's sessions may be used", () => {
  test("T16 a list binds sessions that are open at once, on every process, at every level, and goes as fast", async () => {
    const person = await addPerson(h);
    const other = await addSession(h, person.accountId);
    const half = await addSession(h, person.accountId, { level: "needs-second-factor" });
    const second = await startHarness({ beside: h });
    try {
      expect(await asked(other.headers, AWAY, second)).toBe(200);
      await enforce(person.headers, [HOME], { confirm: true });
      for (const on of [h, second]) {
        expect(await asked(other.headers, AWAY, on)).toBe("address-not-allowed");
        expect(await asked(other.headers, HOME, on)).toBe(200);
      }
      const body = { code: "000000" };
      const reply = await h.call("POST", "/v1/sign-in/totp", {
        as: half.headers,
        body,
        from: AWAY,
      });
      expect([reply.status, reply.body.code]).toEqual([403, "address-not-allowed"]);
      await put(person.headers, { mode: "off", entries: [{ cidr: HOME }] });
      expect(await asked(other.headers, AWAY, second)).toBe(200);
    } finally {
      await second.stop();
    }
  });

  test("T14 an address that can't be told is on no list", async () => {
    const proxied = await startHarness({
      beside: h,
      env: {
        SALLYPORT_TRUSTED_PROXIES: "127.0.0.0/8",
        SALLYPORT_FORWARDED_HEADER: "x-forwarded-for",
      },
    });
    try {
      const { headers } = await addBound();
      const via = (forwarded: string) =>
        asked({ ...headers, "x-forwarded-for": forwarded }, HOME, proxied);
      expect(await via("127.0.0.9")).toBe(200);
      for (const spoilt of ["a", "", ",", "127.0.0.1%eth0", "127.1", AWAY])
        expect(await via(spoilt)).not.toBe(200);
    } finally {
      await proxied.stop();
    }
  });

  test("T16 what waited for a lock asks again: a session that was cut off meanwhile changes nothing", async () => {
    const { accountId, sessionId } = await addBound();
    const ctx = systemContext(h.services, "test");
    const from = (address: string | null) =>
      requireStillLive(h.db, {
        ...ctx,
        origin: { ...ctx.origin, address },
        principal: {
          kind: "session",
          accountId,
          sessionId,
          level: "full",
          steppedUpAt: null,
          isOperator: false,
        },
      });
    await from(HOME);
    for (const outside of [AWAY, null])
      await expect(from(outside)).rejects.toMatchObject({ code: "address-not-allowed" });
  });

  test("who is outside can sign out, and is a stranger where strangers may come; it is on record as theirs", async () => {
    const { headers, accountId } = await addBound();
    expect(await asked(headers, AWAY)).toBe("address-not-allowed");
    const refused = (await h.entries()).filter(({ reason }) => reason === "address-not-allowed");
    expect(refused.filter(({ actor }) => actor.accountId === accountId)).toMatchObject([
      { action: "account.read", outcome: "refused" },
    ]);
    const body = { email: "nobody@example.test", password: "wrong" };
    const other = await h.call("POST", "/v1/sign-in", { as: headers, body, from: AWAY });
    expect(other.body.code).toBe("wrong-credentials");
    expect((await h.call("POST", "/v1/sign-out", { as: headers, from: AWAY })).status).toBe(204);
    expect(await asked(headers, HOME)).toBe("not-signed-in");
  });
});

describe("guard rails", () => {
  test("nobody locks themselves, or a place they were signed in from lately, out without saying so", async () => {
    const person = await addPerson(h);
    const own = await enforce(person.headers, [AWAY]);
    expect([own.status, own.body.code]).toEqual([409, "callers-would-be-cut-off"]);
    expect(own.body.callers).toEqual([{ address: HOME, lastSeenAt: expect.any(String) }]);
    const other = await addSession(h, person.accountId);
    h.clock.advance(2 * MINUTE_MS);
    await asked(other.headers, AWAY);
    await expect.poll(async () => (await get(person.headers)).body.recentAddresses.length).toBe(2);
    const both = await enforce(person.headers, [HOME]);
    expect(both.body.callers).toMatchObject([{ address: AWAY }]);
    expect((await get(person.headers)).body.mode).toBe("off");
    expect((await enforce(person.headers, [HOME], { confirm: true })).status).toBe(200);
  });

  test("an enforcement that nobody confirms goes back by itself; confirmed from where it lets in, it stays", async () => {
    const person = await addPerson(h);
    const reply = await enforce(person.headers, [HOME]);
    expect(reply.body).toMatchObject({ mode: "enforce", revertsTo: { mode: "off" } });
    expect(await asked(person.headers, AWAY)).toBe("address-not-allowed");
    expect((await confirm(person.headers, AWAY)).body.code).toBe("address-not-allowed");
    h.clock.advance(10 * MINUTE_MS + 1000);
    expect(await asked(person.headers, AWAY)).toBe(200);
    const again = await addSession(h, person.accountId);
    // The visit from away made it a place that would be cut off.
    expect((await enforce(again.headers, ["127.0.0.0/8", AWAY])).status).toBe(200);
    const replies = await Promise.all(Array.from({ length: 100 }, () => confirm(again.headers)));
    expect(replies.filter(({ status }) => status === 204)).toHaveLength(1);
    h.clock.advance(11 * MINUTE_MS);
    expect(await asked(again.headers, "198.51.100.9")).toBe("address-not-allowed");
  });

  test("asks for step-up, names each entry that is no network, and a very wide one", async () => {
    const person = await addPerson(h, { isSteppedUp: false });
    expect((await enforce(person.headers, [HOME])).body.code).toBe("step-up-required");
    expect((await confirm(person.headers)).body.code).toBe("step-up-required");
    const { headers } = await addSession(h, person.accountId);
    const wrong = await enforce(headers, ["127.1", HOME, "192.0.2.1/24"]);
    expect(wrong.status).toBe(400);
    expect(wrong.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      "/entries/0/cidr",
      "/entries/2/cidr",
    ]);
    expect((await enforce(headers, [])).body.errors[0].pointer).toBe("/entries");
    expect((await enforce(headers, ["0.0.0.0/0"])).body.code).toBe("network-too-wide");
  });

  test("tells its holder by mail, with its end where it goes back", async () => {
    const person = await addPerson(h);
    await enforce(person.headers, [HOME]);
    const mail = (await h.mails()).findLast(({ to }) => to === person.email);
    expect(mail?.text).toContain("Unless somebody confirms this");
  });
});

describe("the way back", () => {
  test("the operator at the server holds the list off for some hours, on record, and the person is told", async () => {
    const { headers, accountId, email } = await addBound();
    const ctx = systemContext(h.services, "break-glass");
    const given = { accountId, reason: "New line at home", hours: 1 };
    const { endsAt } = await holdOffSessionRules(ctx, given);
    expect(await asked(headers, AWAY)).toBe(200);
    expect((await get(headers, AWAY)).body).toMatchObject({
      mode: "enforce",
      heldOffUntil: endsAt.toISOString(),
    });
    expect((await h.mails()).findLast(({ to }) => to === email)?.kind).toBe(
      "session-rules-held-off",
    );
    h.clock.advance(60 * MINUTE_MS + 1000);
    expect(await asked(headers, AWAY)).toBe("address-not-allowed");
  });

  test("is nobody else's: not a person's, not without a list, not for longer, not without a reason", async () => {
    const { headers, accountId } = await addBound();
    const ctx = systemContext(h.services, "break-glass");
    const off = (given: object, by = ctx) =>
      holdOffSessionRules(by, { accountId, reason: "Why", hours: 1, ...given });
    const stranger = { ...ctx, principal: { kind: "stranger" as const } };
    await expect(off({}, stranger)).rejects.toMatchObject({ code: "forbidden" });
    await expect(off({ hours: 5 })).rejects.toMatchObject({ code: "invalid-request" });
    await expect(off({ reason: " " })).rejects.toMatchObject({ code: "invalid-request" });
    const free = await addPerson(h);
    await expect(off({ accountId: free.accountId })).rejects.toMatchObject({ code: "not-found" });
    expect(await asked(headers, AWAY)).toBe("address-not-allowed");
  });
});
