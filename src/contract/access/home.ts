import { Type, type Static } from "typebox";
import { Id, Instant, Nullable } from "../identity/fields.ts";
import { AppRef } from "./sharing-people.ts";

const strict = { additionalProperties: false } as const;

/** Of each kind at most so many are named; Home shows five things altogether. */
export const HOME_LIMIT = 5;

/** Keys and grants are spoken of when they end within so many days. */
export const KEY_WARNING_DAYS = 14;
export const GRANT_WARNING_DAYS = 7;

const list = <Schema extends Parameters<typeof Type.Array>[0]>(schema: Schema) =>
  Type.Array(schema, { maxItems: HOME_LIMIT });

const Key = { id: Type.String(), name: Type.String(), serviceAccount: Type.String(), app: AppRef };

/** What the caller has done, and what waits for them: only what they may do something about. */
export const Home = Type.Object(
  {
    steps: Type.Object(
      {
        hasAuthenticator: Type.Boolean(),
        recoveryCodesLeft: Type.Integer(),
        hasApp: Type.Boolean({ description: "Owned, or shared with them." }),
        hasInvited: Type.Boolean({
          description: "Sent an invitation, or owns an organisation with somebody else in it.",
        }),
      },
      strict,
    ),
    factorReset: Nullable(
      Type.Object(
        { readyAt: Instant },
        {
          ...strict,
          description: "A reset of one's second factors waits: stop it, if it was not oneself.",
        },
      ),
    ),
    endingKeys: list(Type.Object({ ...Key, expiresAt: Instant }, strict)),
    unusedKeys: list(Type.Object({ ...Key, createdAt: Instant }, strict)),
    expiredInvitations: list(
      Type.Object({ id: Id, email: Type.String(), endsAt: Instant }, strict),
    ),
    unconfirmedRules: list(Type.Object({ app: AppRef, revertsAt: Instant }, strict)),
    endingGrants: list(
      Type.Object(
        {
          id: Id,
          app: AppRef,
          holder: Type.Object({ id: Id, displayName: Type.String() }, strict),
          organisationId: Id,
          isOwn: Type.Boolean(),
          endsAt: Instant,
        },
        strict,
      ),
    ),
    failedJobs: Type.Integer({ description: "For operators; 0 to everybody else." }),
  },
  strict,
);
export type Home = Static<typeof Home>;
