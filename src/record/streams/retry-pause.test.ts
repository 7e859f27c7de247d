import { expect, test } from "vitest";
import { pauseMs } from "./retry-pause.ts";

test("pauses double from a second to five minutes", () => {
  expect([1, 2, 3, 9, 10, 500].map((failures) => pauseMs(failures, { random: 0.5 }))).toEqual([
    1_000, 2_000, 4_000, 256_000, 300_000, 300_000,
  ]);
});

test("they are spread by a quarter each way", () => {
  expect([0, 1].map((random) => pauseMs(4, { random }))).toEqual([6_000, 10_000]);
});

test("a receiver may ask for more, up to an hour, and never for less", () => {
  expect([500, 90_000, 9_000_000].map((askedMs) => pauseMs(1, { random: 0.5, askedMs }))).toEqual([
    1_000, 90_000, 3_600_000,
  ]);
});
