import { expect, test } from "vitest";
import type { LogEntry } from "../../src/contract/record/entries.ts";
import { latestOf } from "./latest.ts";

const OWN = "01980000-0000-7000-8000-000000000000";

const entry = (action: string, minute: number, accountId: string = OWN): LogEntry => ({
  id: `${action} ${minute}`,
  at: `2026-03-01T12:${String(minute).padStart(2, "0")}:00Z`,
  action,
  outcome: "done",
  class: "important",
  actor: { kind: "session", accountId },
  credential: null,
  address: null,
  userAgent: null,
  app: null,
  targets: [],
  requestId: "request",
});

test("one's own sign-ins are one line, so that the changes among them are seen", () => {
  const entries = [
    entry("session.second-factor-passed", 50),
    entry("session.signed-in", 49),
    entry("key.created", 40),
    entry("session.signed-out", 31),
    entry("session.second-factor-passed", 30),
    entry("session.recovery-code-used", 20),
    entry("grant.changed", 10),
  ];
  const { changes, signIns } = latestOf(entries, OWN);
  expect(changes.map(({ action }) => action)).toEqual(["key.created", "grant.changed"]);
  expect(signIns).toEqual({
    count: 3,
    since: "2026-03-01T12:20:00Z",
    last: "2026-03-01T12:50:00Z",
  });
});

test("somebody else who signs in is news; an operator's look is not; five are shown", () => {
  const others = [0, 1, 2, 3, 4, 5].map((minute) =>
    entry("session.second-factor-passed", 59 - minute, "somebody else"),
  );
  const { changes, signIns } = latestOf([entry("operator.health-read", 59), ...others], OWN);
  expect(changes).toEqual(others.slice(0, 5));
  expect(signIns).toBeNull();
});
