import { Type, type Static } from "typebox";
import { DisplayName, Id, Instant, Nullable } from "../identity/fields.ts";
import { RoleName } from "./roles.ts";
import { End } from "./sharing-people.ts";

export const ServiceAccountParams = Type.Object({ serviceAccountId: Id });

export const NewServiceAccount = Type.Object(
  {
    name: DisplayName,
    role: RoleName,
    expiresAt: Type.Optional(End),
  },
  { additionalProperties: false },
);
export type NewServiceAccount = Static<typeof NewServiceAccount>;

export const ServiceAccountCreated = Type.Object({ id: Id }, { additionalProperties: false });

export const ServiceAccountChange = Type.Object(
  { name: Type.Optional(DisplayName), disabled: Type.Optional(Type.Boolean()) },
  { additionalProperties: false, minProperties: 1 },
);
export type ServiceAccountChange = Static<typeof ServiceAccountChange>;

export const ServiceAccount = Type.Object(
  {
    id: Id,
    appId: Id,
    name: Type.String(),
    role: Type.Union([Type.String(), Type.Null()], {
      description: "Its role in the app; null when its access was taken away.",
    }),
    expiresAt: Type.Union([Instant, Type.Null()], { description: "When its access ends." }),
    disabled: Type.Boolean({ description: "None of its keys works while it is." }),
    createdAt: Instant,
    createdBy: Type.Union([Type.Object({ id: Id, displayName: Type.String() }), Type.Null()]),
    liveKeys: Type.Integer({ description: "Keys that are neither revoked nor expired." }),
    lastUsedAt: Nullable(Instant),
  },
  { additionalProperties: false },
);
export type ServiceAccount = Static<typeof ServiceAccount>;

export const ServiceAccountList = Type.Object(
  { serviceAccounts: Type.Array(ServiceAccount) },
  { additionalProperties: false },
);
