import { expect, test } from "vitest";
import { readFilter, spanOf, toApiQuery, toSummaryQuery } from "./log-filter.ts";

const NOW = Date.parse("2026-03-10T12:34:56Z");

test("without anything, what is important is asked for", () => {
  expect(toApiQuery(readFilter(new URLSearchParams("entry=x")), NOW)).toEqual({
    class: "important",
  });
});

test("everything of a session, as its link says it", () => {
  const filter = readFilter(new URLSearchParams("session=abc&view=all&foo=bar"));
  expect(toApiQuery(filter, NOW)).toEqual({ credential: "abc" });
});

test("yesterday ends where today begins, at the reader's midnights", () => {
  const today = spanOf({ when: "today" }, NOW);
  const yesterday = spanOf({ when: "yesterday" }, NOW);
  expect(yesterday.to).toBe(today.from);
  const midnight = new Date(today.from ?? "");
  expect([midnight.getHours(), midnight.getMinutes()]).toEqual([0, 0]);
});

test("a time that was half typed is left out", () => {
  expect(spanOf({ when: "custom", from: "2026-03", to: "x" }, NOW).to).toBeUndefined();
  expect(spanOf({ when: "custom", from: "2026-03-01T10:00" }, NOW).from).toBe(
    new Date("2026-03-01T10:00").toISOString(),
  );
});

test("what is not counted by has no counts", () => {
  expect(toSummaryQuery({ class: "important", app: "a" })).toEqual({ app: "a" });
  expect(toSummaryQuery({ text: "a" })).toBe(null);
});

test("a person is whoever did it, or with a part also whom it was done to, which is not counted", () => {
  const ask = (query: string) =>
    toApiQuery(readFilter(new URLSearchParams(`view=all&${query}`)), NOW);
  expect(ask("person=abc")).toEqual({ actor: "abc" });
  expect(ask("person=abc&part=any")).toEqual({ person: "abc" });
  expect(toSummaryQuery(ask("person=abc&part=any"))).toBe(null);
});
