import { Type, type Static } from "typebox";
import { Instant, Nullable, RecoveryCode, TotpCode } from "./fields.ts";
import { SessionState } from "./sessions.ts";

const strict = { additionalProperties: false } as const;

export const NoBody = Type.Object({}, strict);

export const TotpCodeRequest = Type.Object({ code: TotpCode }, strict);

export const RecoveryCodeRequest = Type.Object({ code: RecoveryCode }, strict);

export const EnrolmentReply = Type.Object(
  {
    secret: Type.String({ description: "Base32, to type where no camera is at hand." }),
    otpauthUrl: Type.String(),
    qrSvg: Type.String({ description: "The URL as a QR code: one SVG element." }),
  },
  strict,
);
export type EnrolmentReply = Static<typeof EnrolmentReply>;

const RecoveryCodes = Type.Array(Type.String(), {
  description: "Single-use codes, shown this once. Earlier ones no longer work.",
});

export const ConfirmReply = Type.Object(
  { recoveryCodes: RecoveryCodes, session: SessionState },
  strict,
);

export const RecoveryCodesReply = Type.Object({ recoveryCodes: RecoveryCodes }, strict);

export const LostRequest = Type.Object({ recoveryCode: Type.Optional(RecoveryCode) }, strict);
export type LostRequest = Static<typeof LostRequest>;

export const LostReply = Type.Object(
  { session: SessionState, recoveryCodesLeft: Type.Integer() },
  strict,
);

export const SecondFactors = Type.Object(
  {
    totp: Type.Object(
      {
        configured: Type.Boolean(),
        verifiedAt: Nullable(Instant),
        lastUsedAt: Nullable(Instant),
        isReplacementPending: Type.Boolean({
          description: "A new secret waits for its first code; the old one works until then.",
        }),
      },
      strict,
    ),
    recoveryCodes: Type.Object({ left: Type.Integer() }, strict),
    pausedUntil: Nullable(Instant),
  },
  strict,
);
export type SecondFactors = Static<typeof SecondFactors>;
