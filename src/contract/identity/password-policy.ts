import { Type, type Static, type TSchema } from "typebox";
import { Id, Instant, Nullable } from "./fields.ts";

const strict = { additionalProperties: false } as const;

/** Why a rule binds: whose it is, who keeps it, and by which apps it reaches the account. */
const RuleSource = Type.Object(
  {
    organisation: Type.Object({ id: Id, name: Type.String() }, strict),
    owners: Type.Array(Type.Object({ email: Type.String() }, strict)),
    apps: Type.Array(Type.Object({ id: Id, name: Type.String() }, strict), {
      description:
        "Its apps that are shared with the account; none where the account only belongs to it.",
    }),
  },
  strict,
);

const bound = <Value extends TSchema>(value: Value, description: string) =>
  Nullable(Type.Object({ value, source: RuleSource }, { ...strict, description }));

/** The strictest part of each rule of all organisations whose apps reach an account, with whose it is. */
export const EffectivePasswordPolicy = Type.Object(
  {
    minLength: Type.Object(
      { value: Type.Integer(), source: Nullable(RuleSource) },
      { ...strict, description: "Characters. Without a source: what holds for everybody." },
    ),
    needsCapital: bound(Type.Literal(true), "A capital letter."),
    needsNumber: bound(Type.Literal(true), "A number."),
    needsSpecial: bound(Type.Literal(true), "Something that is neither letter nor number."),
    maxAgeDays: bound(Type.Integer(), "Days after which another password is asked for."),
    reuseDays: bound(
      Type.Integer(),
      "Days in which a password that was replaced is not taken again.",
    ),
    idleMinutes: bound(Type.Integer(), "Minutes without use after which a session ends."),
    due: Nullable(
      Type.Object(
        {
          at: Instant,
          isDemanded: Type.Boolean({ description: "Another password was asked for at once." }),
          source: Nullable(RuleSource),
        },
        {
          ...strict,
          description:
            "When another password is asked for, and by whom. Without a source: its holder said that a stranger had signed in.",
        },
      ),
    ),
  },
  { $id: "EffectivePasswordPolicy", ...strict },
);
export type EffectivePasswordPolicy = Static<typeof EffectivePasswordPolicy>;

/** What a session that can only choose a new password has to know; no other call answers there. */
export const NewPasswordAsked = Type.Object(
  {
    policy: EffectivePasswordPolicy,
    asks: Type.Array(Type.Union([Type.Literal("current-password"), Type.Literal("code")]), {
      maxItems: 2,
      description: "What the change wants beside the new password.",
    }),
  },
  strict,
);
export type NewPasswordAsked = Static<typeof NewPasswordAsked>;
