import { expect, test } from "vitest";
import { chosenEndOf, dayOf, endOf, endWords, isSoon, NO_END } from "./end.ts";

const now = new Date(2026, 0, 31, 14, 30);

test("a preset counts from now, and a month without such a day ends on its last", () => {
  expect(endOf(NO_END, now)).toBeNull();
  expect(endOf({ choice: "day", date: "" }, now)).toEqual(new Date(2026, 1, 1, 14, 30));
  expect(endOf({ choice: "week", date: "" }, now)).toEqual(new Date(2026, 1, 7, 14, 30));
  expect(endOf({ choice: "month", date: "" }, now)).toEqual(new Date(2026, 1, 28, 14, 30));
});

test("a chosen day counts to its end in the viewer's zone; no day is no end", () => {
  expect(endOf({ choice: "date", date: "2026-03-06" }, now)).toEqual(
    new Date(2026, 2, 6, 23, 59, 59),
  );
  expect(endOf({ choice: "date", date: "" }, now)).toBeNull();
});

test("an end that stands is shown as its day, and chosen again it is that day", () => {
  const end = new Date(2026, 2, 6, 9, 0);
  expect(chosenEndOf(end.toISOString())).toEqual({ choice: "date", date: dayOf(end) });
  expect(chosenEndOf(null)).toEqual(NO_END);
});

test("what ends within a week is about to end", () => {
  const end = new Date(now.getTime() + 6 * 86_400_000).toISOString();
  expect(isSoon(end, now.getTime())).toBe(true);
  expect(isSoon(end, now.getTime() - 2 * 86_400_000)).toBe(false);
});

test("an end reads in hours, days or months, without rounding weeks away", () => {
  const words = (hours: number) =>
    endWords(new Date(now.getTime() + hours * 3_600_000).toISOString(), "en", now.getTime());
  expect(words(1)).toBe("in 60 minutes");
  expect(words(24)).toBe("in 24 hours");
  expect(words(40 * 24)).toBe("in 40 days");
  expect(words(365 * 24)).toBe("in 12 months");
});
