import type { ActionTable } from "../record/entry-class.ts";

export const identityActions = {
  "account.signed-up": "important",
  "account.verified": "important",
  "account.read": "routine",
  "account.renamed": "important",
  /** Language or time zone of one's own mails. */
  "account.settings-changed": "important",
  "account.addresses-read": "routine",
  /** Another sign-in address, or a second mailbox: it counts once its mail's link was used. */
  "account.address-asked": "important",
  "account.address-changed": "important",
  "account.address-cancelled": "important",
  /** By the mail to the address of before. */
  "account.address-change-undone": "important",
  "account.backup-address-removed": "important",
  "account.password-changed": "important",
  /** A link to choose a new one was asked for, and used. */
  "account.password-reset-asked": "important",
  "account.password-reset": "important",
  "account.password-policy-read": "routine",
  /** Its holder was told that it has to be changed soon. */
  "account.password-notice-sent": "routine",
  "session.signed-in": "important",
  "session.second-factor-passed": "important",
  "session.recovery-code-used": "important",
  "session.stepped-up": "important",
  "session.signed-out": "important",
  "session.ended": "important",
  /** All but the one that asked. */
  "session.others-ended": "important",
  /** A notice's link said that a sign-in was not its account's holder. */
  "account.stranger-reported": "important",
  "session.listed": "routine",
  "session.read": "routine",
  "factor.enrolment-begun": "important",
  "factor.confirmed": "important",
  "factor.reported-lost": "important",
  "factor.read": "routine",
  /** Every second factor is lost: by mail, then a wait. */
  "recovery.asked": "important",
  "recovery.begun": "important",
  "recovery.stopped": "important",
  "recovery.read": "routine",
  /** Every address was told again. */
  "recovery.reminded": "routine",
  "recovery-codes.replaced": "important",
  /** Both factors at once. */
  "session.signed-in-by-passkey": "important",
  "passkey.listed": "routine",
  /** Somebody was asked to use one. */
  "passkey.asked-for": "routine",
  "passkey.setup-begun": "routine",
  "passkey.added": "important",
  "passkey.renamed": "important",
  "passkey.removed": "important",
} as const satisfies ActionTable;
