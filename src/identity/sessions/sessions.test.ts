import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addEnrolledPerson, cookiesOf } from "../../../test/builders/identity.ts";
import { addPerson, addSession } from "../../../test/builders/people.ts";
import { startHarness, type Harness, type Headers, type Reply } from "../../../test/harness.ts";
import { removeEnded } from "../housekeeping.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(async () => h.stop());

const list = (as: Headers) => h.call("GET", "/v1/sessions", { as });
const current = (as: Headers, from?: string) =>
  h.call("GET", "/v1/sessions/current", { as, ...(from !== undefined && { from }) });
const end = (id: string, as: Headers, body?: object) =>
  h.call("DELETE", `/v1/sessions/${id}`, { as, ...(body && { body }) });
const signOut = (as: Headers) => h.call("POST", "/v1/sign-out", { as });
const withoutId = ({ body }: Reply) => ({ ...body, requestId: "" });

describe("GET /v1/sessions", () => {
  test("lists one's own live sessions, newest use first, the current one marked", async () => {
    const person = await addPerson(h);
    await addPerson(h);
    const ended = await addSession(h, person.accountId);
    await signOut(ended.headers);
    const other = await addSession(h, person.accountId, { level: "needs-second-factor" });
    await h.db
      .updateTable("session")
      .set({ user_agent: "Mozilla/5.0 (X11; Debian) Gecko/20100101 Firefox/145.0" })
      .where("account_id", "=", person.accountId)
      .execute();
    const reply = await list(person.headers);
    expect(reply.status).toBe(200);
    expect(reply.body.sessions).toEqual(
      [other, person].map(({ sessionId }) =>
        expect.objectContaining({
          id: sessionId,
          userAgent: "Firefox on Debian",
          address: "127.0.0.1",
          isCurrent: sessionId === person.sessionId,
        }),
      ),
    );
  });

  test("shows the browser in words and where the session was last used, to the minute", async () => {
    const person = await addPerson(h);
    h.clock.advance(61_000);
    const before = h.clock.now().getTime();
    await current(person.headers, "192.0.2.9");
    // Noted beside the request, so a moment later; asking the API meanwhile would be a use by itself.
    const noted = async () =>
      await h.db
        .selectFrom("session")
        .select("address")
        .where("id", "=", person.sessionId)
        .executeTakeFirst();
    await expect.poll(noted).toEqual({ address: "192.0.2.9" });
    const [used] = (await list(person.headers)).body.sessions;
    expect(Date.parse(used.lastSeenAt)).toBeGreaterThanOrEqual(before);
    await current(person.headers, "192.0.2.10");
    const [session] = (await list(person.headers)).body.sessions;
    expect(session.address).toBe("192.0.2.9");
  });
});

describe("DELETE /v1/sessions/:sessionId", () => {
  test("T26 ends another session at once, in every process, with its reason on record", async () => {
    const second = await startHarness({ beside: h });
    const person = await addPerson(h);
    const other = await addSession(h, person.accountId);
    const ask = () => second.call("GET", "/v1/account", { as: other.headers });
    expect((await ask()).status).toBe(200);
    expect((await end(other.sessionId, person.headers)).status).toBe(204);
    expect((await ask()).status).toBe(401);
    await second.stop();
    const entry = (await h.entries()).find(
      ({ action, actor }) => action === "session.ended" && actor.accountId === person.accountId,
    );
    expect(entry).toMatchObject({
      outcome: "done",
      reason: "not-me",
      targets: [{ id: other.sessionId }],
    });
  });

  test("needs step-up for another session, not for one's own", async () => {
    const person = await addPerson(h, { isSteppedUp: false });
    const other = await addSession(h, person.accountId);
    const refused = await end(other.sessionId, person.headers);
    expect([refused.status, refused.body.code]).toEqual([403, "step-up-required"]);
    const own = await end(person.sessionId, person.headers, { reason: "signed-out" });
    expect(own.status).toBe(204);
    expect(String(own.headers["set-cookie"])).toContain("sallyport_session=; ");
    expect((await current(person.headers)).status).toBe(401);
  });

  test("T31 unknown, somebody else's and ended are the same 404, and nothing happens", async () => {
    const person = await addPerson(h);
    const stranger = await addPerson(h);
    const ended = await addSession(h, person.accountId);
    await end(ended.sessionId, person.headers);
    const replies = [
      await end("01980000-0000-7000-8000-000000000000", person.headers),
      await end(stranger.sessionId, person.headers),
      await end(ended.sessionId, person.headers),
    ];
    for (const reply of replies) {
      expect(reply.status).toBe(404);
      expect(withoutId(reply)).toEqual(withoutId(replies[0] ?? reply));
    }
    expect((await current(stranger.headers)).status).toBe(200);
  });

  test("of two at once exactly one ends it", async () => {
    const person = await addPerson(h);
    const other = await addSession(h, person.accountId);
    const replies = await Promise.all([1, 2].map(() => end(other.sessionId, person.headers)));
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([204, 404]));
  });

  test("answers 400 to what is no id and to an unknown reason", async () => {
    const { headers, sessionId } = await addPerson(h);
    expect((await end("42", headers)).body.errors).toMatchObject([
      { in: "params", pointer: "/sessionId" },
    ]);
    expect((await end(sessionId, headers, { reason: "wrong-codes" })).status).toBe(400);
  });
});

describe("sign-out", () => {
  test.each(["needs-enrolment", "needs-second-factor", "needs-new-password", "full"] as const)(
    "works at %s, and so does reading the current session",
    async (level) => {
      const { headers } = await addPerson(h, { level });
      expect((await current(headers)).body.session.level).toBe(level);
      const reply = await signOut(headers);
      expect([reply.status, reply.text]).toEqual([204, ""]);
      expect(String(reply.headers["set-cookie"])).toContain("Max-Age=0");
      expect((await current(headers)).status).toBe(401);
      expect((await signOut(headers)).status).toBe(401);
    },
  );
});

describe("a session", () => {
  test("T32 ends at its absolute end, used or not, before any sweep", async () => {
    const person = await addPerson(h);
    h.clock.advance(6 * HOUR_MS);
    expect((await current(person.headers)).status).toBe(200);
    h.clock.advance(6 * HOUR_MS);
    expect((await current(person.headers)).status).toBe(401);
  });

  test("T20 of a disabled account is nobody's at the next request", async () => {
    const person = await addPerson(h);
    await h.db
      .updateTable("account")
      .set({ disabled_at: h.clock.now() })
      .where("id", "=", person.accountId)
      .execute();
    expect((await current(person.headers)).status).toBe(401);
  });

  // T27: what cannot be read is nobody.
  test.each([
    "",
    "sallyport_session=",
    `sallyport_session=${"a".repeat(4000)}`,
    "sallyport_session=\u00ff%00",
    "sallyport_session=' or 1=1--",
    "__Host-sallyport_session=abc",
  ])("T27 cookie %j is nobody's", async (cookie) => {
    expect((await current({ cookie })).status).toBe(401);
  });

  test("T27 of two cookies of the name the first counts, and a key beside a cookie is refused", async () => {
    const { headers } = await addPerson(h);
    const cookie = headers["cookie"] ?? "";
    expect((await current({ cookie: `sallyport_session=x; ${cookie}` })).status).toBe(401);
    const both = await current({ cookie, authorization: "Bearer sally_key_x" });
    expect(both.body.code).toBe("ambiguous-credential");
  });

  test("T21 no reply that sets a cookie may be cached", async () => {
    const person = await addEnrolledPerson(h);
    const reply = await h.call("POST", "/v1/second-factors/totp/lost", {
      body: {},
      as: person.headers,
    });
    expect(cookiesOf(reply)["cookie"]).toContain("sallyport_session=");
    expect(reply.headers["cache-control"]).toBe("no-store");
  });

  test("over https its cookie is bound to the host and sent over TLS alone", async () => {
    const https = await startHarness({
      env: {
        SALLYPORT_PUBLIC_URL: "https://account.example.test",
        SALLYPORT_SMTP_URL: "smtp://mail.example.test",
      },
      beside: h,
    });
    const { headers } = await addPerson(h);
    const as = { cookie: `__Host-${headers["cookie"]}` };
    expect((await https.call("GET", "/v1/account", { as })).status).toBe(200);
    expect((await https.call("GET", "/v1/account", { as: headers })).status).toBe(401);
    const reply = await https.call("POST", "/v1/sign-out", { as });
    await https.stop();
    expect(String(reply.headers["set-cookie"])).toBe(
      "__Host-sallyport_session=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0",
    );
  });

  test("is removed a month after its end, and what still lives is not", async () => {
    const [old, live] = [await addPerson(h), await addPerson(h)];
    await h.db
      .updateTable("session")
      .set({ ends_at: new Date(h.clock.now().getTime() - 31 * 24 * HOUR_MS) })
      .where("id", "=", old.sessionId)
      .execute();
    await removeEnded(h.db, h.clock.now());
    const kept = await h.db
      .selectFrom("session")
      .select("id")
      .where("id", "in", [old.sessionId, live.sessionId])
      .execute();
    expect(kept).toEqual([{ id: live.sessionId }]);
  });
});
