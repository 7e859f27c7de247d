import { Type, type Static } from "typebox";
import { Check } from "typebox/value";

/*
 * What an act of erasing is to take, frozen before it begins: as it stands in the ledger and in erasure_act. A
 * database that came back from before the act is treated by the same words again.
 */

/** For how long entries are kept, in days from when they came into the log. */
export const Periods = Type.Object(
  {
    routineDays: Type.Integer({ minimum: 1 }),
    importantDays: Type.Integer({ minimum: 1 }),
    /** Where they came from: address and browser. */
    addressDays: Type.Integer({ minimum: 1 }),
  },
  { additionalProperties: false },
);
export type Periods = Static<typeof Periods>;

const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Union([schema, Type.Null()]);

/** What stays; what is null does not narrow it. Instants are RFC 3339. */
const HeldSpan = Type.Object({
  organisation: nullable(Type.String()),
  account: nullable(Type.String()),
  from: nullable(Type.String()),
  to: nullable(Type.String()),
});
export type HeldSpan = Static<typeof HeldSpan>;

const RetentionPlan = Type.Object({
  kind: Type.Literal("retention"),
  at: Type.String(),
  /** Of entries that are in no organisation's log, and of organisations that chose nothing. */
  periods: Periods,
  organisations: Type.Record(Type.String(), Periods),
  /** Of these, those whose periods were shortened since the act before. */
  shortened: Type.Array(Type.String()),
  held: Type.Array(HeldSpan),
});
export type RetentionPlan = Static<typeof RetentionPlan>;

const PersonPlan = Type.Object({
  kind: Type.Literal("person"),
  at: Type.String(),
  request: Type.String(),
  account: Type.String(),
  /** Younger entries stay for now: whoever takes an account must not wipe what they did in it. */
  before: Type.String(),
  /** In whose logs, beside their own: organisations that are this person's alone. */
  organisations: Type.Array(Type.String()),
  held: Type.Array(HeldSpan),
});
export type PersonPlan = Static<typeof PersonPlan>;

export const ErasurePlan = Type.Union([RetentionPlan, PersonPlan]);
export type ErasurePlan = Static<typeof ErasurePlan>;

export const isPlan = (value: unknown): value is ErasurePlan => Check(ErasurePlan, value);

export const DAY_MS = 86_400_000;
