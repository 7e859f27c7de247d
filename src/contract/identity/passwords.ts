import { Type, type Static } from "typebox";
import { Password, TotpCode } from "./fields.ts";

export const PasswordChangeRequest = Type.Object(
  {
    /** Asked for where the account has a password, but right after a sign-in with one that had ended. */
    currentPassword: Type.Optional(Password),
    newPassword: Password,
    /** Of the authenticator; in place of a fresh second factor, where the session can only choose a new password. */
    code: Type.Optional(TotpCode),
  },
  { additionalProperties: false },
);
export type PasswordChangeRequest = Static<typeof PasswordChangeRequest>;
