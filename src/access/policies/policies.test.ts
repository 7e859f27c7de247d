import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addApp, addMember, entriesOf, sendInvitation } from "../../../test/builders/access.ts";
import {
  addEnrolledPerson,
  GOOD_PASSWORD,
  newEmail,
  setPassword,
} from "../../../test/builders/identity.ts";
import { addServiceAccount } from "../../../test/builders/keys.ts";
import { addPerson, addSession } from "../../../test/builders/people.ts";
import {
  addBoundGuest,
  CLASSIC_PASSWORD,
  DAY_MS,
  expire,
  putPolicy,
} from "../../../test/builders/policies.ts";
import { startHarness, type Harness, type Headers } from "../../../test/harness.ts";

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(async () => h.stop());

const own = async (as: Headers) =>
  (await h.call("GET", "/v1/account/password-policy", { as })).body;
const put = (as: Headers, body: object) => h.call("PUT", "/v1/policies/password", { as, body });
const simulate = (as: Headers, body: object) =>
  h.call("POST", "/v1/policies/password/simulate", { as, body });

describe("PUT /v1/policies/password", () => {
  test("classic is what it says, holds for guests at once, and names whose it is", async () => {
    const { guest, appId, organisationId, owner } = await addBoundGuest(h, { preset: "none" });
    expect((await own(guest.headers)).maxAgeDays).toBeNull();
    const reply = await put(owner.headers, { preset: "classic", reason: "The auditor asks" });
    expect(reply.status).toBe(200);
    expect(reply.body).toMatchObject({
      preset: "classic",
      reason: "The auditor asks",
      rules: {
        minLength: 9,
        needsCapital: true,
        needsNumber: true,
        needsSpecial: true,
        maxAgeDays: 45,
        reuseDays: 135,
      },
    });
    const policy = await own(guest.headers);
    expect(policy.maxAgeDays).toEqual({
      value: 45,
      source: {
        organisation: { id: organisationId, name: reply.body.organisation.name },
        owners: [{ email: owner.email }],
        apps: [{ id: appId, name: expect.any(String) }],
      },
    });
    expect(policy.minLength).toEqual({ value: 9, source: null });
    expect(Date.parse(policy.due.at) - h.clock.now().getTime()).toBeGreaterThan(44 * DAY_MS);
  });

  test("one switch: each preset with or without the 45 days", async () => {
    const app = await addApp(h);
    const rulesOf = async (policy: object) => (await putPolicy(h, app, policy)).body.rules;
    expect(await rulesOf({ preset: "nist" })).toMatchObject({ minLength: 15, maxAgeDays: null });
    expect(await rulesOf({ preset: "nist", maxAgeDays: 45 })).toMatchObject({
      minLength: 15,
      maxAgeDays: 45,
    });
    expect(await rulesOf({ preset: "classic", maxAgeDays: null })).toMatchObject({
      needsCapital: true,
      maxAgeDays: null,
    });
  });

  test.each([
    ["more often than once a month", { maxAgeDays: 29 }, "/maxAgeDays"],
    ["more than 64 characters", { minLength: 65 }, "/minLength"],
    ["less than what holds for everybody", { minLength: 8 }, "/minLength"],
  ])("bounds protect guests: %s is refused", async (_name, rules, pointer) => {
    const { owner } = await addApp(h);
    const { status, body } = await put(owner.headers, { preset: "custom", ...rules });
    expect([status, body.errors?.[0].pointer]).toEqual([400, pointer]);
  });

  test("what a preset says is not altered under its name", async () => {
    const { owner } = await addApp(h);
    const { body } = await put(owner.headers, { preset: "classic", minLength: 12 });
    expect(body.errors[0]).toMatchObject({ pointer: "/minLength", code: "custom-only" });
  });

  test("leaves one entry with what was and what is", async () => {
    const app = await addApp(h);
    await putPolicy(h, app, { preset: "classic", reason: "Contract 7" });
    const [entry] = (await entriesOf(h, "password-policy.changed")).filter(
      ({ organisationId }) => organisationId === app.organisationId,
    );
    expect(entry).toMatchObject({
      outcome: "done",
      change: {
        before: { preset: "none" },
        after: { preset: "classic", rules: { maxAgeDays: 45 }, reason: "Contract 7" },
      },
    });
  });

  test("T25 is not there for strangers and guests, and asks members for a fresh second factor", async () => {
    const { guest, organisationId, owner } = await addBoundGuest(h, { preset: "none" });
    const stranger = await addPerson(h);
    const officer = await addMember(h, { organisationId, role: "officer" });
    const body = { organisationId, preset: "classic" };
    for (const as of [guest.headers, stranger.headers]) {
      for (const reply of [
        await put(as, body),
        await simulate(as, body),
        await h.call("GET", `/v1/policies/password?organisationId=${organisationId}`, { as }),
        await h.call("POST", "/v1/policies/password/expire", { as, body: { organisationId } }),
      ])
        expect(reply.body.code).toBe("not-found");
    }
    const stale = await addSession(h, owner.accountId, { isSteppedUp: false });
    expect((await put(stale.headers, body)).body.code).toBe("step-up-required");
    expect((await put(officer.headers, body)).status).toBe(200);
  });

  test("a rule that gets stricter ends nobody's password that day", async () => {
    const { guest, ...app } = await addBoundGuest(h, { preset: "nist" });
    h.clock.advance(300 * DAY_MS);
    await putPolicy(h, app, { preset: "classic" });
    const { headers } = await addSession(h, guest.accountId);
    const { due } = await own(headers);
    expect(Date.parse(due.at) - h.clock.now().getTime()).toBeGreaterThan(44 * DAY_MS);
    h.clock.advance(-300 * DAY_MS);
  });
});

describe("whose rules bind", () => {
  test("the strictest part of each, each with its source; revoked, the next strictest; both revoked, none", async () => {
    const guest = await addEnrolledPerson(h, { password: GOOD_PASSWORD });
    const rule = (maxAgeDays: number, minLength: number) => ({
      preset: "custom",
      maxAgeDays,
      minLength,
    });
    const strict = await addBoundGuest(h, rule(45, 10), { guest });
    const long = await addBoundGuest(h, rule(90, 20), { guest });
    const both = await own(guest.headers);
    expect(both.maxAgeDays).toMatchObject({
      value: 45,
      source: { organisation: { id: strict.organisationId } },
    });
    expect(both.minLength).toMatchObject({
      value: 20,
      source: { organisation: { id: long.organisationId } },
    });
    const revoke = ({ appId, grantId, owner }: typeof strict) =>
      h.call("DELETE", `/v1/apps/${appId}/grants/${grantId}`, { as: owner.headers });
    expect((await revoke(strict)).status).toBe(204);
    expect((await own(guest.headers)).maxAgeDays.value).toBe(90);
    expect((await revoke(long)).status).toBe(204);
    expect(await own(guest.headers)).toMatchObject({
      maxAgeDays: null,
      due: null,
      minLength: { value: 9, source: null },
    });
  });

  test("an app that is handed over brings its new organisation's rules, counted from then", async () => {
    const { guest, appId, owner } = await addBoundGuest(h, { preset: "none" });
    const to = await addApp(h);
    await putPolicy(h, to, { preset: "classic" });
    h.clock.advance(100 * DAY_MS);
    const { headers } = await addSession(h, owner.accountId);
    const offered = await h.call("POST", `/v1/apps/${appId}/transfer`, {
      as: headers,
      body: { email: to.owner.email },
    });
    expect(offered.status).toBeLessThan(300);
    const text = (await h.mails()).findLast(({ to: address }) => address === to.owner.email)?.text;
    const token = /[?&]token=([\w-]+)/.exec(text ?? "")?.[1];
    const receiver = await addSession(h, to.owner.accountId);
    const accepted = await h.call("POST", "/v1/apps/transfers/accept", {
      as: receiver.headers,
      body: { token },
    });
    expect(accepted.status).toBe(200);
    const { due } = await own((await addSession(h, guest.accountId)).headers);
    expect(due.source.organisation.id).toBe(to.organisationId);
    expect(Date.parse(due.at) - h.clock.now().getTime()).toBeGreaterThan(44 * DAY_MS);
    h.clock.advance(-100 * DAY_MS);
  });

  test("another role or a longer end does not begin the count anew", async () => {
    const { guest, appId, grantId, owner } = await addBoundGuest(h, { preset: "classic" });
    const before = (await own(guest.headers)).due.at;
    h.clock.advance(3_600_000);
    const { headers } = await addSession(h, owner.accountId);
    const path = `/v1/apps/${appId}/grants/${grantId}`;
    const later = new Date(h.clock.now().getTime() + DAY_MS).toISOString();
    for (const body of [{ role: "editor" }, { expiresAt: later }])
      expect((await h.call("PATCH", path, { as: headers, body })).status).toBe(200);
    expect((await own(guest.headers)).due.at).toBe(before);
  });

  test("before acceptance the link says what would bind, and a new account's password keeps it", async () => {
    const app = await addApp(h);
    await putPolicy(h, app, { preset: "classic" });
    const email = newEmail();
    const { token } = await sendInvitation(h, {
      as: app.owner.headers,
      email,
      apps: [{ appId: app.appId, role: "reporter" }],
    });
    const preview = await h.call("POST", "/v1/invitations/preview", { body: { token } });
    expect(preview.body.passwordPolicy).toMatchObject({
      maxAgeDays: {
        value: 45,
        source: { organisation: { id: app.organisationId }, apps: [{ id: app.appId }] },
      },
      needsCapital: { value: true },
    });
    expect(preview.text).not.toContain(app.owner.email);
    const accept = (password: string) =>
      h.call("POST", "/v1/invitations/accept", {
        body: { token, password, displayName: "Guest Example" },
      });
    expect((await accept(GOOD_PASSWORD)).body.errors[0]).toMatchObject({
      pointer: "/password",
      code: "password-needs-capital",
    });
    expect((await accept(CLASSIC_PASSWORD)).status).toBeLessThan(300);
  });
});

describe("POST /v1/policies/password/simulate", () => {
  test("says whom it touches and from when, and changes nothing", async () => {
    const { guest, appId, owner, ...app } = await addBoundGuest(h, { preset: "none" });
    await addServiceAccount(h, { appId, owner, ...app }, { role: "editor" });
    const { body } = await simulate(owner.headers, { preset: "classic" });
    expect(body).toMatchObject({ change: "stricter", bound: { people: 2, exempt: 1 } });
    const { named } = body.bound;
    expect(named.find(({ isMember }: { isMember: boolean }) => !isMember)).toMatchObject({
      account: { id: guest.accountId, email: guest.email },
      apps: [{ id: appId }],
    });
    expect(Math.round((Date.parse(body.firstEndsAt) - h.clock.now().getTime()) / DAY_MS)).toBe(45);
    expect((await own(guest.headers)).maxAgeDays).toBeNull();
  });

  test("tells nothing of what others ask of a guest, nor how old a password is", async () => {
    const guest = await addEnrolledPerson(h, { password: GOOD_PASSWORD });
    const asking = await addBoundGuest(h, { preset: "none" }, { guest });
    const before = await simulate(asking.owner.headers, { preset: "classic" });
    await addBoundGuest(h, { preset: "custom", maxAgeDays: 30, minLength: 64 }, { guest });
    h.clock.advance(1000);
    await setPassword(h, guest.accountId, CLASSIC_PASSWORD);
    h.clock.advance(-1000);
    const after = await simulate(asking.owner.headers, { preset: "classic" });
    expect(after.body.bound).toEqual(before.body.bound);
  });
});

describe("POST /v1/policies/password/expire", () => {
  test("asks all who are bound, and no one else", async () => {
    const { guest, ...app } = await addBoundGuest(h, { preset: "classic" });
    const outsider = await addEnrolledPerson(h, { password: GOOD_PASSWORD });
    expect((await expire(h, app)).body).toEqual({ demanded: 1, spared: 1 });
    expect((await h.call("GET", "/v1/account", { as: guest.headers })).status).toBe(403);
    expect((await h.call("GET", "/v1/account", { as: outsider.headers })).status).toBe(200);
    expect((await h.call("GET", "/v1/account", { as: app.owner.headers })).status).toBe(200);
  });

  test("T25 nobody who is not theirs can be asked, and that they exist is not told", async () => {
    const app = await addApp(h);
    const outsider = await addPerson(h);
    const nobody = "0190f000-0000-7000-8000-000000000000";
    const [one, other] = [await expire(h, app, outsider.accountId), await expire(h, app, nobody)];
    for (const { status, body } of [one, other])
      expect([status, body.code]).toEqual([404, "not-found"]);
  });

  test("T11 of a hundred at once one asks, one mail goes out; for 24 hours there is peace", async () => {
    const { guest, ...app } = await addBoundGuest(h, { preset: "none" });
    const sessions = await addSession(h, app.owner.accountId);
    const body = { organisationId: app.organisationId, accountId: guest.accountId };
    const replies = await Promise.all(
      Array.from({ length: 100 }, () =>
        h.call("POST", "/v1/policies/password/expire", { as: sessions.headers, body }),
      ),
    );
    const asked = replies.filter((reply) => reply.body.demanded === 1);
    expect(asked).toHaveLength(1);
    const mails = (await h.mails()).filter(
      ({ to, kind }) => to === guest.email && kind === "password-demanded",
    );
    expect(mails).toHaveLength(1);
    await setPassword(h, guest.accountId, CLASSIC_PASSWORD);
    expect((await expire(h, app, guest.accountId)).body).toEqual({ demanded: 0, spared: 1 });
    h.clock.advance(DAY_MS + 1000);
    expect((await expire(h, app, guest.accountId)).body).toEqual({ demanded: 1, spared: 0 });
  });

  test("T26 what was begun before the answer is not carried out after it", async () => {
    const { guest, ...app } = await addBoundGuest(h, { preset: "none" });
    const theirs = await addApp(h, { owner: guest });
    const rename = (name: string) =>
      h.call("PATCH", `/v1/apps/${theirs.appId}`, { as: guest.headers, body: { name } });
    const tries = Array.from({ length: 20 }, async (_, n) => {
      const reply = await rename(`During ${n}`);
      return reply.status;
    });
    await expire(h, app, guest.accountId);
    const stood = await h.db
      .selectFrom("app")
      .select("name")
      .where("id", "=", theirs.appId)
      .executeTakeFirstOrThrow();
    await Promise.all(tries);
    const after = await h.db
      .selectFrom("app")
      .select("name")
      .where("id", "=", theirs.appId)
      .executeTakeFirstOrThrow();
    expect(after.name).toBe(stood.name);
    expect((await rename("After")).body.code).toBe("new-password-required");
  });
});
