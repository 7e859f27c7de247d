import { expect, test } from "vitest";
import { byArea, rolesToGive, toRoleName } from "./role-rules.ts";

const role = (name: string, ...permissions: string[]) => ({
  name,
  description: "",
  isBuiltIn: false,
  permissions,
});

test("only roles within one's own are offered, and the gateway's to nobody", () => {
  const roles = [
    role("reader", "app:read"),
    role("sharer", "app:read", "app:share"),
    role("gateway", "decision:ask"),
  ];
  expect(rolesToGive(roles, ["app:read", "decision:ask"]).map(({ name }) => name)).toEqual([
    "reader",
  ]);
});

test("permissions stand under their area", () => {
  const permission = (key: string) => ({ key, description: key });
  expect(
    byArea([permission("app:read"), permission("mail:send"), permission("app:write")]).map(
      ([area, list]) => [area, list.map(({ key }) => key)],
    ),
  ).toEqual([
    ["app", ["app:read", "app:write"]],
    ["mail", ["mail:send"]],
  ]);
});

test("what is typed becomes a name that the server takes", () => {
  expect(toRoleName("Press office")).toBe("press-office");
  expect(toRoleName(" 1st Café! ")).toBe("st-cafe");
  expect(toRoleName("***")).toBe("");
  expect(toRoleName("x".repeat(50))).toHaveLength(40);
});
