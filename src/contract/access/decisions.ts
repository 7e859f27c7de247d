import { Type, type Static } from "typebox";

/** Why a decision came out as it did. A closed list; clients switch over it. */
export const decisionReasons = [
  "allowed",
  "unknown-credential",
  "expired",
  "revoked",
  "disabled",
  "address-not-allowed",
  "permission-missing",
  "grant-missing",
  "grant-ended",
  "rate-limited",
  // For a person's credential. Service accounts have none that ends, so their keys never get it.
  "password-change-required",
] as const;

export type DecisionReason = (typeof decisionReasons)[number];

export const DecisionQuestion = Type.Object(
  {
    credential: Type.String({
      minLength: 1,
      maxLength: 512,
      description: "The API key that the caller presented.",
    }),
    action: Type.String({ minLength: 3, maxLength: 81, description: "A permission, `area:verb`." }),
    appId: Type.String({ minLength: 1, maxLength: 64 }),
    address: Type.String({
      // As long as a body may be: whatever a caller made of its address is a refusal, not the asker's mistake.
      maxLength: 65_536,
      description:
        "The caller's IP address, as the asker sees it. One that can't be read is a refusal.",
    }),
  },
  { additionalProperties: false },
);
export type DecisionQuestion = Static<typeof DecisionQuestion>;

export const DecisionAnswer = Type.Object(
  {
    allowed: Type.Boolean(),
    reason: Type.Enum(decisionReasons),
    entryId: Type.String({ description: "The entry that holds this answer." }),
    accountId: Type.Union([Type.String(), Type.Null()], {
      description: "The service account; null for an unknown credential.",
    }),
    credentialId: Type.Union([Type.String(), Type.Null()]),
    role: Type.Union([Type.String(), Type.Null()], {
      description: "Its role in the app; null when it has none.",
    }),
  },
  { additionalProperties: false },
);
export type DecisionAnswer = Static<typeof DecisionAnswer>;
