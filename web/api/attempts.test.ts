import { beforeEach, expect, test } from "vitest";
import { closeAllAttempts, closeAttempt, keyOfAttempt } from "./attempts.ts";

beforeEach(closeAllAttempts);

const shop = { path: "/apps", body: { name: "Shop" } };

test("what is sent again word for word goes under the key of the first time", () => {
  const key = keyOfAttempt(shop);
  expect(key).toMatch(/^[0-9a-f]{32}$/);
  expect(keyOfAttempt({ path: "/apps", body: { name: "Shop" } })).toBe(key);
});

test("another body or another address is another attempt", () => {
  const keys = [
    keyOfAttempt(shop),
    keyOfAttempt({ ...shop, body: { name: "Depot" } }),
    keyOfAttempt({ ...shop, path: "/invitations" }),
  ];
  expect(new Set(keys).size).toBe(3);
});

test("once the person knows what became of it, the same again is another wish", () => {
  const key = keyOfAttempt(shop);
  closeAttempt(shop);
  expect(keyOfAttempt(shop)).not.toBe(key);
});
