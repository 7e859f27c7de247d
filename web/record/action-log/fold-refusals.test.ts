import { expect, test } from "vitest";
import { foldRefusals, type Line } from "./fold-refusals.ts";
import type { LogEntry } from "./log-api.ts";

const NOON_MS = Date.parse("2026-03-01T12:00:00Z");

/** Refused so many minutes before noon. */
const refusal = (minutes: number, given: Partial<LogEntry> = {}): LogEntry => ({
  id: `${minutes} ${JSON.stringify(given)}`,
  at: new Date(NOON_MS - minutes * 60_000).toISOString(),
  action: "decision.made",
  outcome: "refused",
  reason: "address-not-allowed",
  class: "important",
  actor: { kind: "api-key", accountId: "account" },
  credential: { kind: "api-key", id: "key" },
  address: "192.0.2.7",
  userAgent: null,
  app: { id: "app" },
  targets: [],
  requestId: "request",
  ...given,
});

const dayOf = ({ at }: LogEntry) => at.slice(0, 10);
const isAll = { hasOlder: false, dayOf };
const told = (lines: Line[]) =>
  lines.map((line) =>
    line.kind === "one" ? 1 : `${line.isWhole ? "" : "at least "}${line.count}`,
  );

test("the same refusal again and again is one line with all of them, from wherever it came", () => {
  const entries = Array.from({ length: 11 }, (_, index) =>
    refusal(index, { address: `192.0.2.${index}` }),
  );
  expect(foldRefusals(entries, isAll)).toEqual([
    { kind: "run", entries, count: 11, isWhole: true },
  ]);
});

test("what lies between stays where it is; two alike are two lines", () => {
  const other = refusal(1, { credential: { kind: "api-key", id: "other" } });
  const entries = [refusal(0), other, refusal(2), refusal(3, { outcome: "done" }), refusal(4)];
  expect(told(foldRefusals(entries, isAll))).toEqual(["3", 1, 1]);
  expect(told(foldRefusals([refusal(0), refusal(1)], isAll))).toEqual([1, 1]);
});

test.each<[what: string, given: Partial<LogEntry>]>([
  ["another key", { credential: { kind: "api-key", id: "other" } }],
  ["another action", { action: "key.read" }],
  ["another reason", { reason: "key-revoked" }],
  ["another app", { app: { id: "other" } }],
  ["what was done", { outcome: "done" }],
])("%s is never folded in", (_, given) => {
  const entries = [refusal(0), refusal(1), refusal(2, given), refusal(3)];
  expect(told(foldRefusals(entries, isAll))).toEqual(["3", 1]);
});

test("strangers are told apart by their address and by what they were after", () => {
  const stranger = { actor: { kind: "stranger", accountId: null }, credential: null };
  const at = (minutes: number, address: string, id: string) =>
    refusal(minutes, { ...stranger, address, targets: [{ type: "account", id }] });
  const one = [0, 1, 2].map((minutes) => at(minutes, "192.0.2.7", "anna"));
  expect(told(foldRefusals([...one, at(3, "192.0.2.8", "anna")], isAll))).toEqual(["3", 1]);
  expect(told(foldRefusals([...one, at(3, "192.0.2.7", "ben")], isAll))).toEqual(["3", 1]);
});

test("what is a quarter of an hour apart is another run", () => {
  const entries = [0, 5, 10, 26, 30, 35].map((minutes) => refusal(minutes));
  expect(told(foldRefusals(entries, isAll))).toEqual(["3", "3"]);
});

test("midnight ends a run: each stands under its day", () => {
  const entries = [0, 1, 2, 3, 4, 5].map((minutes) => refusal(12 * 60 - 2 + minutes));
  expect(told(foldRefusals(entries, isAll))).toEqual(["3", "3"]);
});

test("an entry that stands for several counts as so many", () => {
  const entries = [refusal(0, { count: 40 }), refusal(1), refusal(2)];
  expect(told(foldRefusals(entries, isAll))).toEqual(["42"]);
});

test("a run that more may belong to says at least; one that is over does not", () => {
  const run = [refusal(0), refusal(1), refusal(2)];
  expect(told(foldRefusals(run, { hasOlder: true, dayOf }))).toEqual(["at least 3"]);
  const later = refusal(60, { outcome: "done" });
  expect(told(foldRefusals([...run, later], { hasOlder: true, dayOf }))).toEqual(["3", 1]);
});
