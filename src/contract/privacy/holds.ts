import { Type, type Static } from "typebox";
import { Id, Instant, Nullable } from "../identity/fields.ts";
import { Reason } from "../operator/fields.ts";

const strict = { additionalProperties: false } as const;

const narrowing = {
  accountId: Type.Optional({ ...Id, description: "Only entries about this account." }),
  from: Type.Optional({ ...Instant, description: "Only entries since then." }),
  to: Type.Optional({ ...Instant, description: "Only entries before then." }),
  until: Type.Optional({ ...Instant, description: "It ends by itself then." }),
};

export const NewHold = Type.Object({ reason: Reason, ...narrowing }, strict);
export type NewHold = Static<typeof NewHold>;

export const NewOperatorHold = Type.Object(
  {
    reason: Reason,
    organisationId: Type.Optional({ ...Id, description: "Only entries in its log." }),
    ...narrowing,
  },
  strict,
);
export type NewOperatorHold = Static<typeof NewOperatorHold>;

/** What stays although its period has ended, or somebody asked to be forgotten. */
export const Hold = Type.Object(
  {
    id: Id,
    reason: Type.String(),
    organisationId: Nullable(Id),
    accountId: Nullable(Id),
    from: Nullable(Instant),
    to: Nullable(Instant),
    until: Nullable(Instant),
    placedAt: Instant,
    placedBy: Type.Object({ id: Id, displayName: Type.String() }, strict),
    byOperator: Type.Boolean({ description: "Placed by an operator: they alone release it." }),
  },
  { $id: "Hold", ...strict },
);
export type Hold = Static<typeof Hold>;

export const HoldList = Type.Object({ holds: Type.Array(Hold) }, strict);
export type HoldList = Static<typeof HoldList>;

export const HoldParams = Type.Object({ holdId: Id });
export const OrganisationHoldParams = Type.Object({ organisationId: Id, holdId: Id });
