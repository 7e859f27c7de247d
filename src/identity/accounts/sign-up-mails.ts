import type { Mail } from "../../platform/mail/compose-mail.ts";

export const confirmAddressMail = (token: string, validHours: number): Mail => ({
  kind: "confirm-address",
  values: { hours: validHours },
  lines: ["what", "link"],
  token,
});

export const alreadyHaveAccountMail = (): Mail => ({
  kind: "already-have-account",
  values: {},
  lines: ["what"],
});
