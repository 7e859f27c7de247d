import { expect, test } from "vitest";
import { expiryOf } from "./key-expiry.ts";

const now = new Date("2026-03-01T12:00:00Z");

test("presets count days from now; a year is left to the server", () => {
  expect(expiryOf("30", "", now)?.toISOString()).toBe("2026-03-31T12:00:00.000Z");
  expect(expiryOf("365", "", now)).toBeNull();
});

test("a chosen day is meant whole; no day is no end", () => {
  expect(expiryOf("date", "2026-05-04", now)).toEqual(new Date(2026, 4, 4, 23, 59, 59));
  expect(expiryOf("date", "", now)).toBeUndefined();
});
