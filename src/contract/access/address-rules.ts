import { Type, type Static } from "typebox";
import { Id, Instant, Nullable } from "../identity/fields.ts";
import { KeyCaller } from "./api-keys.ts";
import { failsAs, networkWarningParams, type NetworkWarningCode } from "../failures.ts";
import { TextParams } from "../problems.ts";

/** Networks in one list; more is a firewall's work. */
export const MAX_RULE_ENTRIES = 200;

const RuleMode = Type.Enum(["off", "monitor", "enforce"]);

const Note = Type.String({
  maxLength: 200,
  pattern: "^[^\\u0000-\\u001f\\u007f]*$",
  ...failsAs({ code: "one-line" }),
});

export const AddressRulesChange = Type.Object(
  {
    mode: RuleMode,
    entries: Type.Array(
      Type.Object(
        {
          cidr: Type.String({
            minLength: 1,
            maxLength: 100,
            ...failsAs({ code: "not-a-network" }),
            description: "An IPv4 or IPv6 address or network. A bare address means itself alone.",
          }),
          note: Type.Optional(Note),
        },
        { additionalProperties: false },
      ),
      { maxItems: MAX_RULE_ENTRIES },
    ),
    confirm: Type.Optional(
      Type.Boolean({
        description:
          "true: for good at once, also when recent callers are cut off or a network is very wide. Else an enforcement goes back by itself after 10 minutes unless it is confirmed.",
      }),
    ),
  },
  { additionalProperties: false },
);
export type AddressRulesChange = Static<typeof AddressRulesChange>;

const RuleEntry = Type.Object(
  { cidr: Type.String(), note: Type.String() },
  { additionalProperties: false },
);

const RuleList = Type.Object(
  { mode: RuleMode, entries: Type.Array(RuleEntry) },
  { additionalProperties: false },
);

/** A caller of the last seven days, and whether the list holds its address. */
const RecentCaller = Type.Object(
  { ...KeyCaller.properties, isCovered: Type.Boolean() },
  { additionalProperties: false },
);

export const AddressRules = Type.Object(
  {
    ...RuleList.properties,
    revertsAt: Type.Union([Instant, Type.Null()], {
      description: "When the rules go back to `revertsTo` unless they are confirmed before.",
    }),
    revertsTo: Type.Union([RuleList, Type.Null()]),
    yourAddress: Type.Union([Type.String(), Type.Null()], {
      description: "Where this request came from. Rules bind API keys, not you.",
    }),
    recentCallers: Type.Array(RecentCaller, {
      description: "Who used the keys that these rules bind, in the last seven days; at most 500.",
    }),
    warnings: Type.Array(
      Type.Object(
        {
          pointer: Type.String(),
          code: Type.Enum(Object.keys(networkWarningParams) as NetworkWarningCode[]),
          params: Type.Optional(TextParams),
          detail: Type.String({ description: "In English." }),
          suggestion: Type.Union([Type.String(), Type.Null()]),
        },
        { additionalProperties: false },
      ),
      { description: "Entries that are valid and rarely what is meant." },
    ),
    narrower: Type.Array(
      Type.Object(
        {
          level: Type.Enum(["service-account", "key"]),
          id: Type.String(),
          serviceAccountId: Id,
          name: Type.String(),
          mode: Type.Enum(["monitor", "enforce"]),
        },
        { additionalProperties: false },
      ),
      {
        description:
          "Lists further down that watch or enforce: of an app's service accounts and live keys, of a service account's live keys. 100 at most.",
      },
    ),
    heldOffUntil: Type.Union([Instant, Type.Null()], {
      description: "The operator broke the glass: until then these rules are not enforced.",
    }),
  },
  { additionalProperties: false },
);
export type AddressRules = Static<typeof AddressRules>;

export const AddressTest = Type.Object(
  {
    address: Type.String({
      minLength: 1,
      maxLength: 100,
      ...failsAs({ code: "not-an-address" }),
    }),
  },
  { additionalProperties: false },
);

export const AddressTestResult = Type.Object(
  {
    allowed: Type.Boolean({ description: "What would be answered now, by all levels together." }),
    allowedIfEnforced: Type.Boolean({
      description: "What would be answered if every list here that is not empty were enforced.",
    }),
    matched: Type.Array(
      Type.Object(
        {
          level: Type.Enum(["app", "service-account", "key"]),
          mode: RuleMode,
          cidr: Type.Union([Type.String(), Type.Null()], {
            description: "The first entry that holds the address; null when none does.",
          }),
        },
        { additionalProperties: false },
      ),
      { description: "One for each level that has a list." },
    ),
    heldOffUntil: Nullable(Instant),
  },
  { additionalProperties: false },
);
export type AddressTestResult = Static<typeof AddressTestResult>;
