import { Type, type Static } from "typebox";
import { Id, Nullable } from "../identity/fields.ts";

/** An end that a caller sets: RFC 3339 with a zone. */
export const End = Type.String({ format: "date-time", maxLength: 40 });

export const AccountRef = Type.Object(
  {
    id: Id,
    kind: Type.Enum(["person", "service"]),
    email: Nullable(Type.String({ description: "Null for a service account." })),
    displayName: Type.String(),
  },
  { additionalProperties: false },
);
export type AccountRef = Static<typeof AccountRef>;

export const OrganisationRef = Type.Object(
  { id: Id, name: Type.String() },
  { additionalProperties: false },
);

export const AppRef = Type.Object({ id: Id, name: Type.String() }, { additionalProperties: false });
export type AppRef = Static<typeof AppRef>;
