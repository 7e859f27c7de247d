import { Type, type Static } from "typebox";
import { EmailAddress, Id, Instant, Nullable, Password } from "./fields.ts";
import { NewPasswordAsked } from "./password-policy.ts";

const strict = { additionalProperties: false } as const;

/** How far a sign-in has come. Anything but `full` may only go on with it, or sign out. */
const Level = Type.Union([
  Type.Literal("needs-enrolment"),
  Type.Literal("needs-second-factor"),
  Type.Literal("needs-new-password"),
  Type.Literal("full"),
]);

export const SessionState = Type.Object({ level: Level }, strict);

export const SessionReply = Type.Object({ session: SessionState }, strict);

export const SignInRequest = Type.Object({ email: EmailAddress, password: Password }, strict);
export type SignInRequest = Static<typeof SignInRequest>;

export const CurrentSession = Type.Object(
  {
    session: Type.Object(
      {
        id: Id,
        level: Level,
        createdAt: Instant,
        endsAt: Instant,
        idleMinutes: Nullable(
          Type.Integer({
            description: "Minutes without use after which it ends; null: it lasts to its end.",
          }),
        ),
        steppedUpUntil: Nullable(
          Type.String({
            format: "date-time",
            description: "Until when the second factor counts as fresh; null when it does not.",
          }),
        ),
        accepts: Type.Array(
          Type.Union([
            Type.Literal("passkey"),
            Type.Literal("totp"),
            Type.Literal("recovery-code"),
          ]),
          {
            maxItems: 3,
            description:
              "Which second factors this half-open session may be finished with; in a full one, with which it is confirmed that it's you.",
          },
        ),
        newPassword: Nullable(NewPasswordAsked),
      },
      strict,
    ),
  },
  strict,
);
export type CurrentSession = Static<typeof CurrentSession>;

export const SessionSummary = Type.Object(
  {
    id: Id,
    level: Level,
    userAgent: Type.String({ description: "Browser and system in words: Firefox on Debian." }),
    address: Nullable(Type.String({ description: "Where it was last used from, if known." })),
    createdAt: Instant,
    lastSeenAt: Type.String({ format: "date-time", description: "To the minute." }),
    endsAt: Instant,
    isCurrent: Type.Boolean({ description: "The session this request came from." }),
  },
  strict,
);
export type SessionSummary = Static<typeof SessionSummary>;

export const SessionList = Type.Object({ sessions: Type.Array(SessionSummary) }, strict);

export const SessionsEnded = Type.Object({ ended: Type.Integer() }, strict);

export const SessionParams = Type.Object({ sessionId: Id }, strict);

export const EndSessionRequest = Type.Object(
  { reason: Type.Optional(Type.Union([Type.Literal("not-me"), Type.Literal("signed-out")])) },
  strict,
);
export type EndSessionRequest = Static<typeof EndSessionRequest>;
