import { Type, type Static } from "typebox";
import { KeyId, revokeReasons } from "../access/api-keys.ts";
import { DisplayName, Instant, Nullable } from "../identity/fields.ts";
import { failsAs } from "../failures.ts";

const strict = { additionalProperties: false } as const;

export const operatorScopes = ["decide", "provision", "report", "notify"] as const;

const Scope = Type.Enum([...operatorScopes]);

export const NewOperatorKey = Type.Object(
  {
    name: DisplayName,
    scopes: Type.Array(Scope, { minItems: 1, maxItems: 4, uniqueItems: true }),
    addresses: Type.Array(
      Type.String({
        maxLength: 64,
        ...failsAs({ code: "not-a-network" }),
      }),
      {
        minItems: 1,
        maxItems: 100,
        description: "Addresses and networks that the key works from.",
      },
    ),
    expiresAt: Type.Optional(Type.String({ format: "date-time", maxLength: 40 })),
  },
  strict,
);
export type NewOperatorKey = Static<typeof NewOperatorKey>;

/** The only reply that holds the key. */
export const OperatorKeyCreated = Type.Object({ id: KeyId, key: Type.String() }, strict);
export type OperatorKeyCreated = Static<typeof OperatorKeyCreated>;

export const OperatorKey = Type.Object(
  {
    id: KeyId,
    name: Type.String(),
    scopes: Type.Array(Scope),
    addresses: Type.Array(Type.String()),
    createdAt: Instant,
    expiresAt: Nullable(Instant),
    lastUsedAt: Type.Union([Instant, Type.Null()], {
      description: "At most a minute late. Decisions do not count: they are entries of their own.",
    }),
    revokedAt: Nullable(Instant),
    revokeReason: Nullable(Type.Enum([...revokeReasons])),
  },
  strict,
);
export type OperatorKey = Static<typeof OperatorKey>;

export const OperatorKeyList = Type.Object({ keys: Type.Array(OperatorKey) }, strict);
