import { describe, expect, test } from "vitest";
import { ownPermissions } from "../../contract/access/permissions.ts";
import { builtInRoles } from "../../contract/access/roles.ts";
import { permissionsOf, permissionsOfMember } from "./permissions-of.ts";

const catalogue = new Set(["shop:read", "shop:write", "mail:send", "report:export", "shop:delete"]);
const customRoles = new Map<string, readonly string[]>([
  ["clerk", ["shop:write"]],
  ["ghost", ["gone:read", "app:transfer"]],
  ["constructor", ["app:share"]],
]);
const of = (role: string) => [...permissionsOf(role, customRoles, catalogue)].toSorted();

describe("permissionsOf", () => {
  test.each([
    { role: "reporter", holds: ["app:read", "shop:read"] },
    { role: "exporter", holds: ["app:export", "app:read", "report:export", "shop:read"] },
    { role: "editor", holds: ["app:read", "app:write", "shop:read", "shop:write"] },
    { role: "sender", holds: ["app:read", "app:write", "mail:send", "shop:read", "shop:write"] },
    { role: "gateway", holds: ["decision:ask"] },
    { role: "clerk", holds: ["app:read", "shop:write"] },
    { role: "ghost", holds: ["app:read"] },
    { role: "constructor", holds: ["app:read", "app:share"] },
    { role: "unheard-of", holds: [] },
    { role: "toString", holds: [] },
    { role: "owner", holds: [] },
  ])("$role holds exactly what it says", ({ role, holds }) => {
    expect(of(role)).toEqual(holds);
  });

  test("an admin holds all but deleting the app and handing it over", () => {
    const all = [...Object.keys(ownPermissions), ...catalogue];
    expect(of("admin")).toEqual(
      all.filter((key) => key !== "app:delete" && key !== "app:transfer").toSorted(),
    );
  });

  test("every role but gateway holds app:read, and none holds app:transfer", () => {
    for (const role of [...Object.keys(builtInRoles), ...customRoles.keys()]) {
      expect([role, of(role).includes("app:read")]).toEqual([role, role !== "gateway"]);
      expect(of(role)).not.toContain("app:transfer");
    }
  });

  test("owners hold everything; officers watch", () => {
    const owner = permissionsOfMember("owner", catalogue);
    expect(owner.size).toBe(Object.keys(ownPermissions).length + catalogue.size);
    expect(permissionsOfMember("officer", catalogue)).toEqual(
      new Set(["app:read", "app:audit", "app:export"]),
    );
  });
});
