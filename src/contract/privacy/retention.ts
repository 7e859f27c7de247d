import { Type, type Static } from "typebox";
import { failsAs } from "../failures.ts";
import { Instant, Nullable } from "../identity/fields.ts";
import { leastPeriods, MAX_PERIOD_DAYS } from "../record/retention.ts";

const strict = { additionalProperties: false } as const;

const days = (name: keyof typeof leastPeriods, description: string) =>
  Type.Integer({ minimum: leastPeriods[name], maximum: MAX_PERIOD_DAYS, description });

const words = {
  routineDays: "Days that routine entries are kept: reads, allowed requests.",
  importantDays: "Days that important entries are kept: changes, sign-ins, refusals, exports.",
  addressDays: "Days that it is kept from where entries came: address and browser.",
} as const;

/** For how long an organisation keeps its entries. */
export const RetentionPeriods = Type.Object(
  {
    routineDays: days("routineDays", words.routineDays),
    importantDays: days("importantDays", words.importantDays),
    addressDays: days("addressDays", words.addressDays),
  },
  strict,
);
export type RetentionPeriods = Static<typeof RetentionPeriods>;

const inQuery = (name: keyof typeof leastPeriods) =>
  Type.String({
    maxLength: 4,
    pattern: "^[1-9][0-9]{1,3}$",
    ...failsAs({
      code: "whole-number-between",
      params: { min: leastPeriods[name], max: MAX_PERIOD_DAYS },
    }),
    description: words[name],
  });

export const RetentionQuery = Type.Object(
  {
    routineDays: inQuery("routineDays"),
    importantDays: inQuery("importantDays"),
    addressDays: inQuery("addressDays"),
  },
  strict,
);
export type RetentionQuery = Static<typeof RetentionQuery>;

const RetentionAct = Type.Object(
  {
    number: Type.Integer({ description: "Of the act, as its entry and the ledger have it." }),
    endedAt: Instant,
    entries: Type.Integer({ description: "Of this organisation, that lost something or all." }),
    parts: Type.Integer(),
    held: Type.Integer({ description: "Of this organisation, that a hold kept." }),
    leaves: Nullable(
      Type.Tuple([Type.Integer(), Type.Integer()], {
        description: "First and last leaf of the public log of which the act took something.",
      }),
    ),
  },
  strict,
);

export const Retention = Type.Object(
  {
    periods: RetentionPeriods,
    next: Nullable(
      Type.Object(
        { periods: RetentionPeriods, holdsFrom: Instant },
        { ...strict, description: "Shorter periods wait: they hold from then on." },
      ),
    ),
    least: RetentionPeriods,
    acts: Type.Array(RetentionAct, { description: "What went lately, newest first." }),
  },
  { $id: "Retention", ...strict },
);
export type Retention = Static<typeof Retention>;

export const RetentionPreview = Type.Object(
  {
    routine: Type.Integer({ description: "Entries of its apps older than that." }),
    important: Type.Integer(),
    addresses: Type.Integer({ description: "Entries that would no longer say where from." }),
    holdsFrom: Instant,
  },
  strict,
);
export type RetentionPreview = Static<typeof RetentionPreview>;
