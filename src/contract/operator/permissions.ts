import { Type, type Static } from "typebox";
import { Permission, PermissionKey } from "../access/permissions.ts";
import { failsAs } from "../failures.ts";

const strict = { additionalProperties: false } as const;

/** The whole catalogue: what is not in it is nobody's any more. */
export const NewCatalogue = Type.Object(
  {
    permissions: Type.Array(
      Type.Object(
        {
          key: PermissionKey,
          description: Type.String({
            maxLength: 400,
            pattern: "^[^\\u0000-\\u001f\\u007f]*$",
            ...failsAs({ code: "one-line" }),
          }),
        },
        strict,
      ),
      { maxItems: 500 },
    ),
  },
  strict,
);
export type NewCatalogue = Static<typeof NewCatalogue>;

export const Catalogue = Type.Object(
  {
    permissions: Type.Array(Permission, { description: "The operator's; sorted by key." }),
    own: Type.Array(Permission, { description: "Sallyport's own, which nobody changes." }),
  },
  strict,
);
export type Catalogue = Static<typeof Catalogue>;

/** Which of the operator's permissions custom roles hold: how many roles, in how many apps. */
export const CatalogueUsage = Type.Object(
  {
    usage: Type.Array(
      Type.Object({ key: Type.String(), roles: Type.Integer(), apps: Type.Integer() }, strict),
    ),
  },
  strict,
);
export type CatalogueUsage = Static<typeof CatalogueUsage>;
