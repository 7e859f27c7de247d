import { Type, type Static } from "typebox";
import { EmailAddress, Instant, LinkToken, Nullable, Password } from "./fields.ts";

const strict = { additionalProperties: false } as const;

/** The sign-in address of whoever can't get in. */
export const LinkAskRequest = Type.Object({ email: EmailAddress }, strict);

/** The same for every address, known or not. */
export const LinkAskReply = Type.Object({}, strict);

export const PasswordResetRequest = Type.Object(
  { token: LinkToken, newPassword: Password },
  strict,
);

export const RecoveryLinkRequest = Type.Object({ token: LinkToken }, strict);

const when = {
  readyAt: Type.String({
    format: "date-time",
    description: "From then on a sign-in with the password leads to setting up a second factor.",
  }),
  endsAt: Type.String({ format: "date-time", description: "Not used until then, it lapses." }),
} as const;

export const RecoveryWait = Type.Object(when, strict);
export type RecoveryWait = Static<typeof RecoveryWait>;

export const OwnRecovery = Type.Object(
  {
    waiting: Nullable(
      Type.Object(
        {
          askedAt: Instant,
          askedBy: Type.Union([Type.Literal("holder"), Type.Literal("operator")]),
          ...when,
        },
        strict,
      ),
    ),
  },
  strict,
);
export type OwnRecovery = Static<typeof OwnRecovery>;
