import { Type, type Static } from "typebox";
import { Id, Instant, Nullable } from "../identity/fields.ts";
import { policyPresets, ruleBounds } from "../identity/password-rules.ts";
import { AccountRef, AppRef, OrganisationRef } from "./sharing-people.ts";

const strict = { additionalProperties: false } as const;

const within = ({ min, max }: { min: number; max: number }, description: string) =>
  Type.Integer({ minimum: min, maximum: max, description });

const rules = {
  minLength: within(ruleBounds.minLength, "Least number of characters."),
  needsCapital: Type.Boolean({ description: "A capital letter is asked for." }),
  needsNumber: Type.Boolean({ description: "A number is asked for." }),
  needsSpecial: Type.Boolean({
    description: "Something that is neither letter nor number is asked for.",
  }),
  maxAgeDays: Nullable(
    within(ruleBounds.maxAgeDays, "Days after which another password is asked for; null: never."),
  ),
  reuseDays: Nullable(
    within(
      ruleBounds.reuseDays,
      "Days from its replacement in which a password is not taken again; null: none.",
    ),
  ),
  idleMinutes: Nullable(
    within(
      ruleBounds.idleMinutes,
      "Minutes without use after which a session of theirs ends; null: none.",
    ),
  ),
} as const;

const PasswordRulesView = Type.Object(rules, strict);

const MAX_REASON = 400;
const Preset = Type.Enum([...policyPresets], {
  description:
    "`none`: only what holds for everybody. `classic`: 9 characters, capital, number, special, another one every 45 days, none of the last 135 days'. `nist`: 15 characters and nothing else (SP 800-63B-4). `custom`: the rules that are sent, the others as in `none`.",
});

const organisationId = Type.Optional(Id);

/** An organisation's rules. What a preset says can be sent with `custom` alone, but for `maxAgeDays` and `idleMinutes`. */
export const PasswordPolicyChange = Type.Object(
  {
    organisationId,
    preset: Preset,
    reason: Type.Optional(
      Type.String({ maxLength: MAX_REASON, description: "Why it is so; shown beside the policy." }),
    ),
    maxAgeDays: Type.Optional(rules.maxAgeDays),
    idleMinutes: Type.Optional(rules.idleMinutes),
    minLength: Type.Optional(rules.minLength),
    needsCapital: Type.Optional(rules.needsCapital),
    needsNumber: Type.Optional(rules.needsNumber),
    needsSpecial: Type.Optional(rules.needsSpecial),
    reuseDays: Type.Optional(rules.reuseDays),
  },
  strict,
);
export type PasswordPolicyChange = Static<typeof PasswordPolicyChange>;

export const PasswordPolicyQuery = Type.Object({ organisationId }, strict);
export type PasswordPolicyQuery = Static<typeof PasswordPolicyQuery>;

/** People that are named at most; the others are counted. */
export const MAX_NAMED = 200;

const BoundPerson = Type.Object(
  {
    account: AccountRef,
    isMember: Type.Boolean({ description: "Belongs to the organisation; others are guests." }),
    apps: Type.Array(AppRef, { description: "What is shared with them." }),
  },
  strict,
);
export type BoundPerson = Static<typeof BoundPerson>;

const Bound = Type.Object(
  {
    people: Type.Integer({ description: "Who are bound: members and guests." }),
    exempt: Type.Integer({ description: "Service accounts: they have keys and no password." }),
    named: Type.Array(BoundPerson, { description: "The people, by name; at most 200." }),
  },
  strict,
);

export const PasswordPolicy = Type.Object(
  {
    organisation: OrganisationRef,
    preset: Preset,
    rules: PasswordRulesView,
    reason: Nullable(Type.String()),
    agesSince: Nullable(
      Type.String({
        format: "date-time",
        description: "Since when `maxAgeDays` counts; null where passwords do not age.",
      }),
    ),
    changedAt: Nullable(Instant),
    changedBy: Nullable(AccountRef),
    bound: Bound,
  },
  { $id: "PasswordPolicy", ...strict },
);
export type PasswordPolicy = Static<typeof PasswordPolicy>;

export const PasswordPolicySimulation = Type.Object(
  {
    rules: PasswordRulesView,
    holdsFrom: Instant,
    firstEndsAt: Nullable(
      Type.String({
        format: "date-time",
        description:
          "When the first password would end by it: counting begins when it holds. Null where passwords do not age.",
      }),
    ),
    change: Type.Enum(["stricter", "more-lenient", "both", "none"], {
      description: "How it compares to what the organisation asks now.",
    }),
    bound: Bound,
  },
  strict,
);
export type PasswordPolicySimulation = Static<typeof PasswordPolicySimulation>;

export const PasswordDemand = Type.Object(
  {
    organisationId,
    accountId: Type.Optional(
      Type.String({ format: "uuid", description: "One of them; left out: all who are bound." }),
    ),
  },
  strict,
);
export type PasswordDemand = Static<typeof PasswordDemand>;

export const PasswordDemanded = Type.Object(
  {
    demanded: Type.Integer({ description: "People who have to choose another password now." }),
    spared: Type.Integer({
      description: "People who were asked within the last 24 hours, or have no password.",
    }),
  },
  strict,
);
export type PasswordDemanded = Static<typeof PasswordDemanded>;
