import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addGrant } from "../../../test/builders/access.ts";
import { GOOD_PASSWORD, setPassword } from "../../../test/builders/identity.ts";
import { addSession } from "../../../test/builders/people.ts";
import {
  addBoundGuest,
  CLASSIC_PASSWORD,
  DAY_MS,
  putPolicy,
  tend,
} from "../../../test/builders/policies.ts";
import { startHarness, type Harness } from "../../../test/harness.ts";
import { noticeFor } from "./tend-passwords.job.ts";

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
  h.clock.freeze();
});
afterAll(async () => h.stop());

const HOUR_MS = 3_600_000;
const noticesTo = async (email: string) =>
  (await h.mails()).filter(({ to, kind }) => to === email && kind === "password-ends");

describe("notices", () => {
  test("14, 7, 3 and 1 days ahead, each once, however often the job runs", async () => {
    const { guest } = await addBoundGuest(h, { preset: "classic" });
    const told: number[] = [];
    for (let hour = 0; hour <= 46 * 24; hour += 6) {
      const before = (await noticesTo(guest.email)).length;
      if (hour >= 30 * 24) await tend(h);
      if ((await noticesTo(guest.email)).length > before) told.push(45 - hour / 24);
      h.clock.advance(6 * HOUR_MS);
    }
    expect(told).toEqual([14, 7, 3, 1]);
    h.clock.advance(-(46 * 24 + 6) * HOUR_MS);
  });

  test("of a hundred runs at once one tells", async () => {
    const { guest } = await addBoundGuest(h, { preset: "classic" });
    h.clock.advance(40 * DAY_MS);
    await Promise.all(Array.from({ length: 100 }, () => tend(h)));
    expect(await noticesTo(guest.email)).toHaveLength(1);
    h.clock.advance(-40 * DAY_MS);
  });

  test("after a pause of the worker one mail tells what is left, not four", async () => {
    const { guest } = await addBoundGuest(h, { preset: "classic" });
    h.clock.advance(43 * DAY_MS);
    await tend(h);
    await tend(h);
    expect(await noticesTo(guest.email)).toHaveLength(1);
    h.clock.advance(-43 * DAY_MS);
  });

  test("a password that was changed is told of anew, at its own time", async () => {
    const { guest } = await addBoundGuest(h, { preset: "classic" });
    h.clock.advance(40 * DAY_MS);
    await tend(h);
    await setPassword(h, guest.accountId, CLASSIC_PASSWORD);
    await tend(h);
    expect(await noticesTo(guest.email)).toHaveLength(1);
    h.clock.advance(32 * DAY_MS);
    await tend(h);
    expect(await noticesTo(guest.email)).toHaveLength(2);
    h.clock.advance(-72 * DAY_MS);
  });

  test("nobody is told of a rule that ended, nor without a password, nor when disabled", async () => {
    const { guest, grantId, ...app } = await addBoundGuest(h, { preset: "classic" });
    const disabled = await addBoundGuest(h, { preset: "classic" });
    const { person } = await addGrant(h, { appId: app.appId, role: "reporter" });
    await h.db.deleteFrom("access_grant").where("id", "=", grantId).execute();
    await h.db
      .updateTable("account")
      .set({ disabled_at: h.clock.now() })
      .where("id", "=", disabled.guest.accountId)
      .execute();
    h.clock.advance(40 * DAY_MS);
    await tend(h);
    for (const { email } of [guest, person, disabled.guest])
      expect(await noticesTo(email)).toEqual([]);
    h.clock.advance(-40 * DAY_MS);
  });

  test("says by when and who asks, in the reader's own time", async () => {
    const { guest } = await addBoundGuest(h, { preset: "classic" });
    await h.db
      .updateTable("account")
      .set({ time_zone: "Europe/Amsterdam", language: "nl" })
      .where("id", "=", guest.accountId)
      .execute();
    h.clock.advance(40 * DAY_MS);
    await tend(h);
    const [mail] = await noticesTo(guest.email);
    expect(mail?.subject).toMatch(/^Kies een nieuw wachtwoord voor /);
    expect(mail?.text).toMatch(/CES?T|GMT\+[12]|Amsterdam/);
    h.clock.advance(-40 * DAY_MS);
  });
});

const source = { organisation: { id: "a", name: "Acme" }, owners: [], apps: [] };
const due = (at: string, isDemanded = false) => ({ at: new Date(at), isDemanded, source });

test.each([
  ["over the end of February", "2027-03-01T12:00:00Z", "2027-02-22T12:00:00Z", 7],
  ["over the end of a year", "2027-01-02T00:00:00Z", "2026-12-30T00:00:00Z", 3],
  ["over the beginning of summer time", "2027-03-28T12:00:00Z", "2027-03-27T12:00:00Z", 1],
  ["over the end of summer time", "2027-10-31T12:00:00Z", "2027-10-24T12:00:00Z", 7],
  ["a millisecond too early", "2027-03-15T12:00:00Z", "2027-03-01T11:59:59.999Z", undefined],
  ["at the very moment", "2027-03-15T12:00:00Z", "2027-03-01T12:00:00Z", 14],
  ["when it has ended", "2027-03-15T12:00:00Z", "2027-03-15T12:00:00Z", undefined],
])("which notice is due is counted in hours, %s", (_name, dueAt, now, days) => {
  expect(noticeFor(due(dueAt), new Date(now))?.days).toBe(days);
});

test("whoever was asked at once was told then", () => {
  expect(noticeFor(due("2027-03-15T12:00:00Z", true), new Date("2027-03-14T12:00:00Z"))).toBeNull();
});

describe("passwords that were replaced", () => {
  const remembered = async (accountId: string) =>
    h.db
      .selectFrom("retired_password")
      .select("replaced_at")
      .where("account_id", "=", accountId)
      .execute();
  const change = async (accountId: string, from: string, to: string) => {
    const { headers } = await addSession(h, accountId);
    const body = { currentPassword: from, newPassword: to };
    expect((await h.call("POST", "/v1/account/password", { as: headers, body })).status).toBe(204);
  };

  test("are forgotten once they may be taken again, and as soon as no rule asks", async () => {
    const { guest, ...app } = await addBoundGuest(h, { preset: "classic", maxAgeDays: null });
    const { accountId } = guest;
    await change(accountId, GOOD_PASSWORD, CLASSIC_PASSWORD);
    h.clock.advance(134 * DAY_MS);
    await tend(h);
    expect(await remembered(accountId)).toHaveLength(1);
    h.clock.advance(DAY_MS + 1000);
    await tend(h);
    expect(await remembered(accountId)).toEqual([]);
    await change(accountId, CLASSIC_PASSWORD, `${CLASSIC_PASSWORD} anew`);
    expect(await remembered(accountId)).toHaveLength(1);
    await putPolicy(h, app, { preset: "nist" });
    await tend(h);
    expect(await remembered(accountId)).toEqual([]);
    h.clock.advance(-135 * DAY_MS - 1000);
  });
});
