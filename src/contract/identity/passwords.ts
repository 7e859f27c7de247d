import { Type, type Static } from "typebox";
import { Password, TotpCode } from "./fields.ts";

export const PasswordChangeRequest = Type.Object(
  {
    /** Asked for in a full session of an account that has a password, and in any that is older than half an hour. */
    currentPassword: Type.Optional(Password),
    newPassword: Password,
    /** Of the authenticator; in place of a fresh second factor, where the session can only choose a new password. */
    code: Type.Optional(TotpCode),
  },
  { additionalProperties: false },
);
export type PasswordChangeRequest = Static<typeof PasswordChangeRequest>;
