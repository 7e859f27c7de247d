import { expect, test } from "vitest";
import { needsAttention } from "./needs-attention.ts";

const NOW = Date.parse("2026-06-01T00:00:00Z");
const daysFromNow = (days: number) => new Date(NOW + days * 86_400_000).toISOString();
const key = {
  state: "live" as const,
  rotatedTo: null,
  createdAt: daysFromNow(-100),
  expiresAt: daysFromNow(200),
  lastUsedAt: daysFromNow(-1),
};

test("a key in daily use with a long life ahead needs nobody", () => {
  expect(needsAttention(key, NOW)).toBeNull();
});

test.each([
  ["expiresSoon", { expiresAt: daysFromNow(29) }],
  ["neverUsed", { lastUsedAt: null }],
  ["idle", { lastUsedAt: daysFromNow(-91) }],
])("%s", (reason, change) => {
  expect(needsAttention({ ...key, ...change }, NOW)).toBe(reason);
  expect(needsAttention({ ...key, ...change, state: "revoked" }, NOW)).toBeNull();
});

test("a key that was replaced ends as it was meant to", () => {
  const replaced = { ...key, rotatedTo: "abcdefabcdef", expiresAt: daysFromNow(1) };
  expect(needsAttention(replaced, NOW)).toBeNull();
});

test("a key of yesterday may still be unused", () => {
  expect(needsAttention({ ...key, createdAt: daysFromNow(-1), lastUsedAt: null }, NOW)).toBeNull();
});
