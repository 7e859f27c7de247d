import { Type, type Static } from "typebox";
import { DisplayName, Id, Instant, Nullable } from "../identity/fields.ts";
import { End } from "./sharing-people.ts";
import { failsAs } from "../failures.ts";

/** The public part of a key: 12 base62 characters. */
export const KeyId = Type.String({
  pattern: "^[0-9A-Za-z]{12}$",
  maxLength: 12,
  ...failsAs({ code: "key-id" }),
});

export const KeyParams = Type.Object({ keyId: KeyId });

export const NewKey = Type.Object(
  {
    name: DisplayName,
    /** At most one year from now, which is the default. */
    expiresAt: Type.Optional(End),
  },
  { additionalProperties: false },
);
export type NewKey = Static<typeof NewKey>;

/** The only reply that holds a key. */
export const KeyCreated = Type.Object(
  {
    id: KeyId,
    key: Type.String({
      description: "Shown this once. Keep it where only your back end reads it.",
    }),
    expiresAt: Instant,
  },
  { additionalProperties: false },
);
export type KeyCreated = Static<typeof KeyCreated>;

/** Thirty days: longer than that is two keys, not a rotation. */
const MAX_OVERLAP_SECONDS = 30 * 86_400;

export const Rotation = Type.Object(
  {
    overlapSeconds: Type.Integer({
      minimum: 0,
      maximum: MAX_OVERLAP_SECONDS,
      description: "How long the old key still works. 0 ends it at once.",
    }),
  },
  { additionalProperties: false },
);
export type Rotation = Static<typeof Rotation>;

/** Why a key was ended for good: a subset of RFC 5280 §5.3.1, in words of ours. */
export const revokeReasons = [
  "unspecified",
  "key_compromise",
  "superseded",
  "affiliation_changed",
  "privilege_withdrawn",
] as const;

export type RevokeReason = (typeof revokeReasons)[number];

export const Revocation = Type.Object(
  { reason: Type.Optional(Type.Enum([...revokeReasons])) },
  { additionalProperties: false },
);

export const ApiKey = Type.Object(
  {
    id: KeyId,
    serviceAccountId: Id,
    name: Type.String(),
    prefix: Type.String({
      description: "How the key begins, to tell it by: nothing of its secret.",
    }),
    state: Type.Enum(["live", "expired", "revoked"]),
    createdAt: Instant,
    expiresAt: Instant,
    lastUsedAt: Type.Union([Instant, Type.Null()], { description: "At most a minute late." }),
    lastUsedAddress: Type.Union([Type.String(), Type.Null()]),
    revokedAt: Nullable(Instant),
    revokeReason: Type.Union([Type.Enum([...revokeReasons]), Type.Null()]),
    rotatedFrom: Type.Union([KeyId, Type.Null()], {
      description: "The key that it took over from.",
    }),
    rotatedTo: Type.Union([KeyId, Type.Null()], { description: "The key that took over from it." }),
  },
  { additionalProperties: false },
);
export type ApiKey = Static<typeof ApiKey>;

export const ApiKeyList = Type.Object(
  { keys: Type.Array(ApiKey) },
  { additionalProperties: false },
);

/** An address that a key was used from. At most a minute late; at most 32 are remembered for each key. */
export const KeyCaller = Type.Object(
  {
    address: Type.String(),
    keyId: KeyId,
    firstSeenAt: Instant,
    lastSeenAt: Instant,
    count: Type.Integer({ description: "Uses that were allowed." }),
    refusedCount: Type.Integer({ description: "Uses that were refused, for whatever reason." }),
  },
  { additionalProperties: false },
);
export type KeyCaller = Static<typeof KeyCaller>;

export const ApiKeyDetails = Type.Object(
  {
    ...ApiKey.properties,
    callers: Type.Array(KeyCaller, { description: "Who uses it, most recent first." }),
  },
  { additionalProperties: false },
);
