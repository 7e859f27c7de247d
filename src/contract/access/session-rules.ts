import { Type, type Static } from "typebox";
import { Instant, Nullable } from "../identity/fields.ts";
import { failsAs } from "../failures.ts";
import { AddressRules, MAX_RULE_ENTRIES } from "./address-rules.ts";

const strict = { additionalProperties: false } as const;

const Mode = Type.Enum(["off", "enforce"]);

/** From where one's own sessions may be used. */
export const SessionRulesChange = Type.Object(
  {
    mode: Mode,
    entries: Type.Array(
      Type.Object(
        {
          cidr: Type.String({
            minLength: 1,
            maxLength: 100,
            ...failsAs({ code: "not-a-network" }),
            description: "An IPv4 or IPv6 address or network. A bare address means itself alone.",
          }),
        },
        strict,
      ),
      { maxItems: MAX_RULE_ENTRIES },
    ),
    confirm: Type.Optional(
      Type.Boolean({
        description:
          "true: for good at once, also when this very session is cut off or a network is very wide. Else an enforcement goes back by itself after 10 minutes unless it is confirmed.",
      }),
    ),
  },
  strict,
);
export type SessionRulesChange = Static<typeof SessionRulesChange>;

const RuleList = Type.Object(
  { mode: Mode, entries: Type.Array(Type.Object({ cidr: Type.String() }, strict)) },
  strict,
);

export const SessionRules = Type.Object(
  {
    ...RuleList.properties,
    revertsAt: Type.Union([Instant, Type.Null()], {
      description: "When the list goes back to `revertsTo` unless it is confirmed before.",
    }),
    revertsTo: Nullable(RuleList),
    yourAddress: Type.Union([Type.String(), Type.Null()], {
      description: "Where this request came from.",
    }),
    recentAddresses: Type.Array(
      Type.Object(
        { address: Type.String(), lastSeenAt: Instant, isCovered: Type.Boolean() },
        strict,
      ),
      {
        description:
          "Where sessions of the account were last used from, in seven days; at most 50.",
      },
    ),
    warnings: AddressRules.properties.warnings,
    heldOffUntil: Type.Union([Instant, Type.Null()], {
      description: "The operator broke the glass: until then the list is not enforced.",
    }),
  },
  strict,
);
export type SessionRules = Static<typeof SessionRules>;
