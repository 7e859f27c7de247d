import { Type, type Static } from "typebox";
import { Id, Instant, Nullable } from "../identity/fields.ts";
import { Reason } from "./fields.ts";
import { failsAs } from "../failures.ts";

const strict = { additionalProperties: false } as const;

/** Accounts in one reply. */
export const ACCOUNTS_PER_PAGE = 50;

export const AccountsQuery = Type.Object(
  {
    query: Type.Optional(
      Type.String({
        maxLength: 200,
        pattern: "^[^\\u0000]*$",
        ...failsAs({ code: "null-character" }),
        description: "A part of the address or name, or a whole id or externalId.",
      }),
    ),
    cursor: Type.Optional(Id),
  },
  strict,
);
export type AccountsQuery = Static<typeof AccountsQuery>;

const common = {
  id: Id,
  kind: Type.Enum(["person", "service"]),
  displayName: Type.String(),
  externalId: Nullable(Type.String()),
  createdAt: Instant,
  disabledAt: Nullable(Instant),
  isOperator: Type.Boolean(),
  isProven: Type.Boolean({
    description: "False: made by the product; nobody has shown that the address is theirs.",
  }),
  hasSecondFactor: Type.Boolean(),
} as const;

export const AccountSummary = Type.Object(
  {
    ...common,
    emailHint: Nullable(
      Type.String({
        description:
          "First letter and domain of the address, z…@example.test: all of it is seen with a reason.",
      }),
    ),
    app: Nullable(
      Type.Object(
        { id: Id, name: Type.String() },
        { ...strict, description: "Whose program it is; null for people." },
      ),
    ),
  },
  strict,
);
export type AccountSummary = Static<typeof AccountSummary>;

export const AccountPage = Type.Object(
  { accounts: Type.Array(AccountSummary), nextCursor: Nullable(Type.String()) },
  strict,
);
export type AccountPage = Static<typeof AccountPage>;

export const AccountDetails = Type.Object(
  {
    ...common,
    email: Nullable(Type.String()),
    disabledReason: Nullable(Type.String()),
    liveSessions: Type.Integer(),
    factorReset: Nullable(
      Type.Object(
        {
          askedAt: Instant,
          askedBy: Type.Union([Type.Literal("holder"), Type.Literal("operator")]),
          readyAt: Instant,
          endsAt: Instant,
        },
        { ...strict, description: "A reset of the second factors that waits, or can be used." },
      ),
    ),
    lastSeenAt: Nullable(Instant),
    organisations: Type.Array(
      Type.Object({ id: Id, name: Type.String(), role: Type.Enum(["owner", "officer"]) }, strict),
    ),
    appId: Type.Union([Id, Type.Null()], { description: "The app of a service account." }),
  },
  strict,
);
export type AccountDetails = Static<typeof AccountDetails>;

export const AccountParams = Type.Object({ accountId: Id });

/** Says why a named account is looked at; the account's holder sees it. */
export const REASON_HEADER = "x-sallyport-reason";

export const ReasonHeader = Type.Object({
  [REASON_HEADER]: Type.Optional(Type.String({ maxLength: 400 })),
});

export const FactorResetRequest = Type.Object({ reason: Reason }, strict);

export const DisableRequest = Type.Object({ reason: Reason }, strict);
