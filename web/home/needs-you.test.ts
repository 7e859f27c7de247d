import { expect, test } from "vitest";
import type { Home } from "./home-api.ts";
import { needsOf, offersSteps } from "./needs-you.ts";

const app = { id: "01980000-0000-7000-8000-000000000000", name: "Shop" };
const at = "2026-03-01T12:00:00Z";
const done = { hasAuthenticator: true, recoveryCodesLeft: 16, hasApp: true, hasInvited: true };

const home = (given: Partial<Home> = {}): Home => ({
  steps: done,
  endingKeys: [],
  unusedKeys: [],
  expiredInvitations: [],
  factorReset: null,
  unconfirmedRules: [],
  endingGrants: [],
  failedJobs: 0,
  ...given,
});

test("nothing waits for somebody who has everything in order", () => {
  expect(needsOf(home())).toEqual([]);
});

test("a reset of one's second factors stands before all else", () => {
  const needs = needsOf(home({ factorReset: { readyAt: at }, failedJobs: 1 }));
  expect(needs.map(({ kind }) => kind)).toEqual(["factorReset", "failedJobs"]);
});

test("what runs out by itself stands first, and there are five at most", () => {
  const key = { id: "k", name: "Production", serviceAccount: "Billing", app };
  const needs = needsOf(
    home({
      steps: { ...done, recoveryCodesLeft: 2 },
      failedJobs: 1,
      unconfirmedRules: [{ app, revertsAt: at }],
      endingKeys: [{ ...key, expiresAt: at }],
      unusedKeys: [
        { ...key, createdAt: at },
        { ...key, createdAt: at },
      ],
      expiredInvitations: [{ id: "i", email: "a@example.test", endsAt: at }],
    }),
  );
  expect(needs.map(({ kind }) => kind)).toEqual([
    "unconfirmedRules",
    "fewCodes",
    "failedJobs",
    "endingKey",
    "expiredInvitation",
  ]);
});

test("the first steps are offered until they are done, for a month", () => {
  const now = Date.parse(at);
  const steps = { ...done, hasInvited: false };
  expect(offersSteps(home({ steps }), at, now)).toBe(true);
  expect(offersSteps(home({ steps }), "2026-01-01T00:00:00Z", now)).toBe(false);
  expect(offersSteps(home(), at, now)).toBe(false);
});
