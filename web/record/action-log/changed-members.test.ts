import { expect, test } from "vitest";
import { changedMembers } from "./changed-members.ts";

test("only what differs, side by side, also deep inside", () => {
  const change = {
    before: { name: "Shop", role: "editor", limits: { perDay: 3, mode: "a" }, gone: true },
    after: { name: "Store", role: "editor", limits: { perDay: 3, mode: "b" }, list: ["x", "y"] },
  };
  expect(changedMembers(change)).toEqual([
    { path: "name", before: "Shop", after: "Store" },
    { path: "limits · mode", before: "a", after: "b" },
    { path: "gone", before: "true", after: undefined },
    { path: "list", before: undefined, after: "x\ny" },
  ]);
});

test("things in a list are named by their members, and nobody reads JSON", () => {
  const entries = [
    { cidr: "192.0.2.0/24", note: "office" },
    { cidr: "2001:db8::/32", note: "" },
  ];
  expect(changedMembers({ after: { entries } })).toEqual([
    {
      path: "entries",
      before: undefined,
      after: "cidr: 192.0.2.0/24, note: office\ncidr: 2001:db8::/32",
    },
  ]);
});

test("nothing of nothing", () => {
  expect(changedMembers(undefined)).toEqual([]);
  expect(changedMembers({ after: null })).toEqual([]);
});
