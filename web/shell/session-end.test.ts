import { expect, test } from "vitest";
import { endingOf, isAnother, noticeAt } from "./session-end.ts";

const MINUTE_MS = 60_000;
const endsAt = new Date(600 * MINUTE_MS).toISOString();
const after = (minutes: number) => minutes * MINUTE_MS;

test("a session ends by rest, counted from its last use, or by its end, whichever is sooner", () => {
  expect(endingOf({ endsAt, idleMinutes: 15 }, after(100))).toEqual({
    atMs: after(115),
    why: "rest",
  });
  expect(endingOf({ endsAt, idleMinutes: 15 }, after(590))).toEqual({
    atMs: after(600),
    why: "end",
  });
  expect(endingOf({ endsAt, idleMinutes: null }, 0).why).toBe("end");
});

test("its holder is told in the last two minutes, and no more once it is over", () => {
  const told = (minute: number) =>
    noticeAt({ endsAt, idleMinutes: 15 }, after(100), after(minute))?.why ?? null;
  expect([112.9, 113, 114.9, 115].map(told)).toEqual([null, "rest", "rest", null]);
  const atTheEnd = (minute: number) =>
    noticeAt({ endsAt, idleMinutes: null }, 0, after(minute))?.why ?? null;
  expect([597, 598, 600].map(atTheEnd)).toEqual([null, "end", null]);
});

test("a call that was answered after the end tells of another session", () => {
  expect(isAnother({ endsAt, idleMinutes: null }, after(599))).toBe(false);
  expect(isAnother({ endsAt, idleMinutes: null }, after(601))).toBe(true);
});
