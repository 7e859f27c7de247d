import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addBoundGuest, putPolicy } from "../../../test/builders/policies.ts";
import { addEnrolledPerson, cookiesOf } from "../../../test/builders/identity.ts";
import { addPerson, addSession } from "../../../test/builders/people.ts";
import { startHarness, type Harness, type Headers } from "../../../test/harness.ts";

const MINUTE_MS = 60_000;

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(async () => h.stop());

const ask = (as: Headers, on = h) => on.call("GET", "/v1/sessions/current", { as });
const status = async (as: Headers, on = h) => (await ask(as, on)).status;
const rest = (minutes: number, seconds = 0) =>
  h.clock.advance(minutes * MINUTE_MS + seconds * 1000);

/** Its last use is noted beside the request. */
const noted = async (sessionId: string) =>
  await expect
    .poll(async () => {
      const row = await h.db
        .selectFrom("session")
        .select("last_seen_at")
        .where("id", "=", sessionId)
        .executeTakeFirstOrThrow();
      return h.clock.now().getTime() - row.last_seen_at.getTime();
    })
    .toBeLessThan(MINUTE_MS);

const guestBy = async (policy: object) =>
  await addBoundGuest(h, policy, { guest: await addEnrolledPerson(h) });

describe("how long a session may rest", () => {
  test("an organisation's limit ends the sessions of a guest it shares an app with, and says so", async () => {
    const app = await guestBy({ preset: "none", idleMinutes: 20 });
    const { guest, owner } = app;
    expect((await ask(guest.headers)).body.session.idleMinutes).toBe(20);
    const own = await h.call("GET", "/v1/account/password-policy", { as: guest.headers });
    expect(own.body.idleMinutes).toMatchObject({
      value: 20,
      source: { organisation: { id: app.organisationId }, apps: [{ id: app.appId }] },
    });
    rest(19);
    expect(await status(guest.headers)).toBe(200);
    await noted(guest.sessionId);
    rest(19);
    expect(await status(guest.headers)).toBe(200);
    await noted(guest.sessionId);
    rest(20);
    expect([await status(guest.headers), await status(owner.headers)]).toEqual([401, 401]);
    expect(await status((await addPerson(h)).headers)).toBe(200);
  });

  test("T26 a session that rested too long does not come back when the rule is taken away", async () => {
    const app = await guestBy({ preset: "none", idleMinutes: 15 });
    rest(16);
    expect(await status(app.guest.headers)).toBe(401);
    await putPolicy(h, app, { preset: "none" });
    expect(await status(app.guest.headers)).toBe(401);
    const { end_reason: reason } = await h.db
      .selectFrom("session")
      .select("end_reason")
      .where("id", "=", app.guest.sessionId)
      .executeTakeFirstOrThrow();
    expect(reason).toBe("idle");
  });

  test("T32 a rule counts for sessions that are open, and goes with the access, at the moment they are asked for", async () => {
    const app = await guestBy({ preset: "none" });
    const [early, late] = [
      await addSession(h, app.guest.accountId),
      await addSession(h, app.guest.accountId),
    ];
    rest(30);
    await putPolicy(h, app, { preset: "none", idleMinutes: 25 });
    expect(await status(early.headers)).toBe(401);
    const owner = await addSession(h, app.owner.accountId);
    const path = `/v1/apps/${app.appId}/grants/${app.grantId}`;
    expect((await h.call("DELETE", path, { as: owner.headers })).status).toBe(204);
    expect(await status(late.headers)).toBe(200);
  });

  test("the list of one's sessions leaves out those that have rested too long", async () => {
    const { guest } = await guestBy({ preset: "none", idleMinutes: 15 });
    const fresh = await (async () => {
      rest(16);
      return await addSession(h, guest.accountId);
    })();
    const { body } = await h.call("GET", "/v1/sessions", { as: fresh.headers });
    expect(body.sessions.map(({ id }: { id: string }) => id)).toEqual([fresh.sessionId]);
  });

  test("the shortest of all limits holds, the operator's among them; half-open sessions have their own end", async () => {
    const limited = await startHarness({
      beside: h,
      env: { SALLYPORT_SESSION_IDLE_MINUTES: "30" },
    });
    try {
      const { guest } = await guestBy({ preset: "classic", idleMinutes: 20, maxAgeDays: null });
      const own = await addPerson(h);
      const half = await addSession(h, own.accountId, { level: "needs-second-factor" });
      expect((await ask(guest.headers, limited)).body.session.idleMinutes).toBe(20);
      expect((await ask(own.headers, limited)).body.session.idleMinutes).toBe(30);
      rest(29);
      expect(await status(half.headers, limited)).toBe(200);
      rest(2);
      expect(await status(own.headers, limited)).toBe(401);
    } finally {
      await limited.stop();
    }
  });

  test("the bounds protect guests: at least 15 minutes, and no more than 12 hours", async () => {
    const app = await guestBy({ preset: "none" });
    const { headers } = await addSession(h, app.owner.accountId);
    for (const idleMinutes of [14, 0, 721]) {
      const body = { organisationId: app.organisationId, preset: "none", idleMinutes };
      const reply = await h.call("PUT", "/v1/policies/password", { as: headers, body });
      expect([reply.status, reply.body.errors[0].pointer]).toEqual([400, "/idleMinutes"]);
    }
  });

  test("a simulation says what it would be, and changes nothing", async () => {
    const app = await guestBy({ preset: "none" });
    const { headers } = await addSession(h, app.owner.accountId);
    const body = { organisationId: app.organisationId, preset: "none", idleMinutes: 15 };
    const reply = await h.call("POST", "/v1/policies/password/simulate", { as: headers, body });
    expect(reply.body).toMatchObject({ change: "stricter", rules: { idleMinutes: 15 } });
    rest(16);
    expect(await status(app.guest.headers)).toBe(200);
  });
});

test("a sign-in lasts as long as the operator says", async () => {
  const short = await startHarness({ beside: h, env: { SALLYPORT_SESSION_HOURS: "1" } });
  try {
    const person = await addEnrolledPerson(h);
    const half = await addSession(h, person.accountId, { level: "needs-second-factor" });
    const body = { code: person.recoveryCodes[0] };
    const reply = await short.call("POST", "/v1/sign-in/recovery-code", { as: half.headers, body });
    expect(JSON.stringify(reply.headers["set-cookie"])).toMatch(
      /sallyport_session=[\w-]+;[^"]*Max-Age=3600/,
    );
    const as = cookiesOf(reply);
    rest(59);
    expect(await status(as)).toBe(200);
    rest(1, 1);
    expect(await status(as)).toBe(401);
  } finally {
    await short.stop();
  }
});
