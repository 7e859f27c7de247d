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
    version: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 64,
        description:
          "The one that was read: another means that somebody changed the list meanwhile, and nothing is replaced. Left out: replaced all the same.",
      }),
    ),
  },
  strict,
);
export type NewCatalogue = Static<typeof NewCatalogue>;

export const Catalogue = Type.Object(
  {
    permissions: Type.Array(Permission, { description: "The operator's; sorted by key." }),
    own: Type.Array(Permission, { description: "Sallyport's own, which nobody changes." }),
    version: Type.String({ description: "Another one whenever the operator's list is another." }),
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
