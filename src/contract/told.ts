import type { Action } from "./actions.ts";
import type { MailKind } from "./mails.ts";

/** Which mails an action sends when it went well, or why nobody is mailed. */
export type Told = { mails: readonly MailKind[] } | { nobody: string };

const OWN_LOOK = { nobody: "A look. Whoever may look sees in the log who else did." } as const;
const OPERATOR_LOOK = {
  nobody: "A look by an operator: important in the log, where its owner reads it.",
} as const;
const NAME = { nobody: "A name: it opens nothing." } as const;

/**
 * Who hears by mail of what: every change of a password, factor, key or of somebody's access tells whom it
 * touches. Each action stands here, so a new one cannot be added without the question being answered; a test
 * does everything that mails and compares.
 */
export const toldOf = {
  "request.made": { nobody: "Reached no route: nothing happened." },
  "request.replayed": { nobody: "Nothing was done again; the first time told whom it touched." },
  "entry.listed": OWN_LOOK,
  "entry.proof-read": OWN_LOOK,
  "entry.completeness-read": OWN_LOOK,
  "entry.read": OWN_LOOK,
  "entry.summarised": OWN_LOOK,
  "entry.followed": OWN_LOOK,
  "entry.exported": OWN_LOOK,
  "retention.carried-out": {
    nobody: "As the owners chose, or by default; they see it in Data retention.",
  },
  "erasure.carried-out": {
    nobody: "Whom it was about asked for it, and was told when it would be.",
  },
  "saved-filter.listed": OWN_LOOK,
  "saved-filter.created": { nobody: "One's own bookmark." },
  "saved-filter.renamed": { nobody: "One's own bookmark." },
  "saved-filter.deleted": { nobody: "One's own bookmark." },

  // To the address: whether it has an account shows in its mailbox alone.
  "account.signed-up": { mails: ["confirm-address", "already-have-account"] },
  "account.verified": { nobody: "The mailbox's holder did it, by the link that it was mailed." },
  "account.read": OWN_LOOK,
  "account.renamed": NAME,
  "account.settings-changed": { nobody: "How one's own mails read." },
  "account.password-changed": { mails: ["password-changed"] },
  "account.password-policy-read": OWN_LOOK,
  "account.password-notice-sent": { mails: ["password-ends"] },
  "session.signed-in": {
    nobody: "Changes no credential. It shows among the sessions; alerts are the person's to set.",
  },
  "session.second-factor-passed": { nobody: "A part of signing in. Many wrong codes are mailed." },
  "session.recovery-code-used": { mails: ["recovery-code-used", "recovery-codes-low"] },
  "session.stepped-up": { nobody: "Changes nothing; what is done with it is told." },
  "session.signed-out": { nobody: "The session's own person did it, there." },
  "session.ended": { mails: ["session-ended"] },
  "session.listed": OWN_LOOK,
  "session.read": OWN_LOOK,
  "factor.enrolment-begun": { nobody: "Changes nothing until a code confirms it: that is told." },
  "factor.confirmed": { mails: ["factor-enrolled", "factor-replaced"] },
  "factor.reported-lost": { mails: ["factor-lost"] },
  "factor.read": OWN_LOOK,
  "recovery-codes.replaced": { mails: ["recovery-codes-replaced"] },

  "home.read": OWN_LOOK,
  "organisation.listed": OWN_LOOK,
  "organisation.renamed": NAME,
  "organisation.people-listed": OWN_LOOK,
  "organisation.person-added": { mails: ["invitation-to-organisation"] },
  "organisation.person-changed": { mails: ["member-changed"] },
  "organisation.person-removed": { mails: ["member-removed", "member-left"] },
  "app.created": { nobody: "Nobody had access before, and only its owners have it now." },
  "app.listed": OWN_LOOK,
  "app.read": OWN_LOOK,
  "app.renamed": NAME,
  "app.deleted": { mails: ["app-deleted"] },
  "app.transferred": { mails: ["app-handed-over"] },
  "app.transfer-offered": { mails: ["app-offered", "app-offered-away"] },
  "app.transfer-cancelled": {
    nobody: "Nothing moved; the link that was mailed says that it is dead.",
  },
  "app.transfer-read": OWN_LOOK,
  "role.listed": OWN_LOOK,
  "role.created": { nobody: "Nobody has it yet; whoever is given it is told." },
  "role.changed": { mails: ["role-changed"] },
  "role.deleted": { nobody: "Refused while anybody has it or is invited to it." },
  "permission.listed": OWN_LOOK,
  "invitation.sent": { mails: ["invitation"] },
  "invitation.resent": { mails: ["invitation", "invitation-to-organisation"] },
  "invitation.cancelled": {
    nobody: "Nothing was given; the link that was mailed says that it is dead.",
  },
  "invitation.accepted": {
    mails: ["invitation-accepted", "invitation-wrong-account", "member-joined"],
  },
  "invitation.listed": OWN_LOOK,
  "invitation.read": OWN_LOOK,
  "grant.listed": OWN_LOOK,
  "grant.changed": { mails: ["access-changed", "service-account-access-changed"] },
  "grant.revoked": { mails: ["access-ended", "service-account-access-ended"] },
  "access.removal-previewed": OWN_LOOK,
  "access.removed-from-everything": { mails: ["access-ended-everywhere", "person-removed"] },
  "access.removals-listed": OWN_LOOK,
  "access.receipt-read": OWN_LOOK,
  "access.shared-by-us-listed": OWN_LOOK,
  "access.shared-with-me-listed": OWN_LOOK,
  "service-account.created": { mails: ["service-account-created"] },
  "service-account.listed": OWN_LOOK,
  "service-account.read": OWN_LOOK,
  "service-account.changed": { mails: ["service-account-disabled", "service-account-enabled"] },
  "service-account.deleted": { mails: ["service-account-deleted"] },
  "key.created": { mails: ["key-created"] },
  "key.listed": OWN_LOOK,
  "key.read": OWN_LOOK,
  "key.rotated": { mails: ["key-rotated"] },
  "key.revoked": { mails: ["key-revoked"] },
  "address-rules.read": OWN_LOOK,
  "address-rules.changed": { mails: ["rules-changed"] },
  "address-rules.confirmed": { mails: ["rules-confirmed"] },
  "address-rules.went-back": { mails: ["rules-went-back"] },
  "address-rules.tested": OWN_LOOK,
  "address-rules.broken-glass": { mails: ["rules-held-off"] },
  "password-policy.read": OWN_LOOK,
  "password-policy.simulated": OWN_LOOK,
  "password-policy.changed": { mails: ["password-policy-changed", "password-policy-stricter"] },
  "password-policy.password-demanded": { mails: ["password-demanded"] },
  "decision.made": { nobody: "The use of access, not a change of it." },

  // The first operator: there is nobody else to tell.
  "operator.claimed": { mails: ["operator-made"] },
  "operator.added": { mails: ["operator-made", "operator-joined"] },
  "operator.accounts-listed": OPERATOR_LOOK,
  "operator.account-read": OPERATOR_LOOK,
  "operator.queue-read": OPERATOR_LOOK,
  "operator.job-retried": { nobody: "Does again what was to be done." },
  "operator.health-read": OPERATOR_LOOK,
  "operator.key-created": { mails: ["operator-key-created"] },
  "operator.key-listed": OPERATOR_LOOK,
  "operator.key-revoked": { mails: ["operator-key-revoked"] },
  "operator.entries-read": {
    nobody:
      "Only with an owner's leave, of which all owners were told; each read is in the app's log.",
  },
  "operator.mail-texts-read": OPERATOR_LOOK,
  "operator.mail-text-previewed": OPERATOR_LOOK,
  "operator.mail-text-tested": { nobody: "The mail is the test itself, and goes to its sender." },
  "account.disabled": { mails: ["account-disabled", "service-account-stopped"] },
  "account.enabled": { mails: ["account-enabled", "service-account-resumed"] },
  "account.provisioned": { mails: ["account-made", "consent-asked"] },
  "organisation.provisioned": { mails: ["owners-added"] },
  "app.provisioned": { nobody: "Nobody had access before, and only its owners have it now." },
  "provision.consent-decided": { nobody: "A refused answer: nothing happened." },
  "provision.consent-read": OWN_LOOK,
  "provision.consent-given": {
    nobody: "The account's holder did it, by the link that was mailed.",
  },
  "provision.consent-refused": { nobody: "Nothing was given." },
  "operator.permission-usage-read": OPERATOR_LOOK,
  "operator.branding-read": OPERATOR_LOOK,
  "branding.changed": { nobody: "Looks: they open nothing." },
  "mail-text.changed": { nobody: "Words around a mail; what happened and its link stay." },
  "permission.replaced": { mails: ["catalogue-replaced"] },
  "support.cases-listed": OPERATOR_LOOK,
  "support.requested": { mails: ["support-requested"] },
  "support.request-refused": {
    nobody: "Nothing was given; whoever asked sees the answer in the list.",
  },
  "support.consent-given": { mails: ["support-consent-given"] },
  "support.consent-withdrawn": { mails: ["support-consent-withdrawn"] },
  "support.consent-listed": OWN_LOOK,
  "entry.reported": { nobody: "What a product did itself: it is the product's to tell." },
  "entry.report-repeated": { nobody: "Nothing was added." },

  "retention.read": OWN_LOOK,
  "retention.previewed": OWN_LOOK,
  "retention.changed": { mails: ["retention-changed", "retention-shortened"] },
  "hold.listed": OWN_LOOK,
  "hold.placed": { mails: ["hold-placed"] },
  "hold.released": { mails: ["hold-released"] },
  "erasure.read": OWN_LOOK,
  "erasure.requested": { mails: ["erasure-asked"] },
  "erasure.withdrawn": { mails: ["erasure-withdrawn"] },
} as const satisfies Record<Action, Told>;

/** Mails that no done action sends: what was refused, and told all the same. */
export const toldOfRefusals = ["codes-paused"] as const satisfies readonly MailKind[];
