import { Type, type Static } from "typebox";
import { Permission, PermissionKey } from "./permissions.ts";
import { failsAs } from "../failures.ts";

/** Roles that every app has, weakest first. Their wildcards cover the operator's catalogue too. */
export const builtInRoles = {
  reporter: "Sees everything: *:read",
  exporter: "Reporter, and takes data out: *:export",
  editor: "Reporter, and changes things: *:write",
  sender: "Editor, and sends things out: *:send",
  admin: "Everything but deleting the app and handing it over",
  gateway: "Asks for decisions and nothing else. For service accounts",
} as const;

export type BuiltInRole = keyof typeof builtInRoles;

/** Names no custom role can have: they are roles of the organisation. */
export const memberRoles = ["owner", "officer"] as const;

export type MemberRole = (typeof memberRoles)[number];

/** A built-in or custom role's name. The same pattern stands in the table `role`. */
export const RoleName = Type.String({
  pattern: "^[a-z][a-z0-9-]{0,39}$",
  maxLength: 40,
  ...failsAs({ code: "role-name" }),
});

/** One line of text without control characters, up to 400 characters; may be empty. */
const RoleDescription = Type.String({
  maxLength: 400,
  pattern: "^[^\\u0000-\\u001f\\u007f]*$",
  ...failsAs({ code: "one-line" }),
});

const RolePermissions = Type.Array(PermissionKey, {
  minItems: 1,
  maxItems: 200,
  uniqueItems: true,
});

export const RoleParams = Type.Object({ appId: Type.String({ format: "uuid" }), name: RoleName });

export const NewRole = Type.Object(
  {
    name: RoleName,
    description: Type.Optional(RoleDescription),
    permissions: RolePermissions,
  },
  { additionalProperties: false },
);
export type NewRole = Static<typeof NewRole>;

export const RoleChange = Type.Object(
  { description: Type.Optional(RoleDescription), permissions: Type.Optional(RolePermissions) },
  { additionalProperties: false, minProperties: 1 },
);
export type RoleChange = Static<typeof RoleChange>;

export const Role = Type.Object(
  {
    name: Type.String(),
    description: Type.String(),
    isBuiltIn: Type.Boolean(),
    permissions: Type.Array(Type.String(), {
      description:
        "What its holders may do now; sorted. `app:read` belongs to every role but gateway.",
    }),
  },
  { additionalProperties: false },
);
export type Role = Static<typeof Role>;

export const RoleList = Type.Object(
  {
    roles: Type.Array(Role),
    permissions: Type.Array(Permission, { description: "What a role can be made of." }),
  },
  { additionalProperties: false },
);
