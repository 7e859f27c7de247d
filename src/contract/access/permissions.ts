import { Type, type Static } from "typebox";
import { failsAs } from "../failures.ts";

/**
 * Sallyport's own permissions, the closed list that its routes ask for. The operator's catalogue stands
 * beside them; `app` and `decision` are areas of ours and can't be in it.
 */
export const ownPermissions = {
  "app:read": "See the app, its roles and one's own access. Every role but gateway has it",
  "app:write": "Rename the app",
  "app:share": "Invite people, see who has access, change and end it",
  "app:roles": "Make, change and delete the app's own roles",
  "app:keys": "Make and end service accounts and their keys",
  "app:addresses": "Say from which addresses keys may be used",
  "app:audit": "Read what was done to the app, and by its guests while using it",
  "app:export": "Take the app's data out",
  "app:delete": "Delete the app",
  "app:transfer":
    "Hand the app over to another organisation. Its organisation's owners alone hold it",
  "decision:ask": "Ask whether a credential may do something: for gateways",
} as const;

export type OwnPermission = keyof typeof ownPermissions;

/** The role of keys that ask for decisions and use nothing themselves. */
export const GATEWAY_ROLE = "gateway";

/** `area:verb`, lower case. The same pattern stands in the table `permission`. */
export const PermissionKey = Type.String({
  pattern: "^[a-z][a-z0-9-]{0,39}:[a-z][a-z0-9-]{0,39}$",
  maxLength: 81,
  ...failsAs({ code: "permission-name" }),
});

/** Areas that the operator's catalogue can't use. */
export const ownAreas = ["app", "decision"] as const;

/** Held through ownership, never through a role. */
export const ownersPermission = "app:transfer" satisfies OwnPermission;

/** A permission with what it allows, for people who put a role together. */
export const Permission = Type.Object(
  { key: Type.String(), description: Type.String() },
  { additionalProperties: false },
);
export type Permission = Static<typeof Permission>;
