import type { Mail } from "../../platform/mail/compose-mail.ts";

export const accountMadeMail = (token: string, validDays: number): Mail => ({
  kind: "account-made",
  values: { days: validDays },
  lines: ["what", "link"],
  token,
});

export const consentMail = (asking: {
  token: string;
  product: string;
  externalId: string;
  validDays: number;
}): Mail => ({
  kind: "consent-asked",
  values: { asker: asking.product, externalId: asking.externalId, days: asking.validDays },
  lines: ["what", "may", "link"],
  token: asking.token,
});

export const newOwnersMail = (organisation: string, added: readonly string[]): Mail => ({
  kind: "owners-added",
  values: { organisation, people: added.join(", ") },
  lines: ["what"],
});
