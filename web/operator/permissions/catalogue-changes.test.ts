import { expect, test } from "vitest";
import { changesOf, isBig, isNothing } from "./catalogue-changes.ts";

const line = (key: string, description = "") => ({ key, description });

test("tells what was added, taken out and described anew", () => {
  const before = [line("orders:read"), line("orders:write", "Change"), line("bills:read")];
  const after = [line("orders:read"), line("orders:write", "Change orders"), line("bills:send")];
  const changes = changesOf(before, after);
  expect(changes).toEqual({
    added: [line("bills:send")],
    removed: [line("bills:read")],
    described: [line("orders:write", "Change orders")],
  });
  expect(isNothing(changesOf(before, before))).toBe(true);
});

test("taking one out is big; a new text or one more is not", () => {
  const before = [line("orders:read")];
  expect(isBig(changesOf(before, []))).toBe(true);
  expect(isBig(changesOf(before, [line("orders:read", "x"), line("orders:write")]))).toBe(false);
});
