import { Type, type Static } from "typebox";
import { Password } from "./fields.ts";

export const PasswordChangeRequest = Type.Object(
  {
    /** Asked for in a full session of an account that has a password. */
    currentPassword: Type.Optional(Password),
    newPassword: Password,
  },
  { additionalProperties: false },
);
export type PasswordChangeRequest = Static<typeof PasswordChangeRequest>;
