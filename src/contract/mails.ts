import { accountMails } from "./identity/account-mails.ts";
import { passwordMails } from "./identity/password-mails.ts";
import type { NoticeClass } from "./notice/classes.ts";
import { noticeMails } from "./notice/mails.ts";
import type { PanelPath } from "./panel-paths.ts";
import { privacyMails } from "./privacy/mails.ts";
import type frame from "./texts/en/mails/frame.json";
import type access from "./texts/en/mails/access.json";
import type identity from "./texts/en/mails/identity.json";
import type notice from "./texts/en/mails/notice.json";
import type operator from "./texts/en/mails/operator.json";
import type privacy from "./texts/en/mails/privacy.json";
import type record from "./texts/en/mails/record.json";
import { recordMails } from "./record/mails.ts";

/** Every mail's texts in one language, as its files hold them. */
export type MailTexts = typeof identity &
  typeof access &
  typeof operator &
  typeof privacy &
  typeof record &
  typeof notice;

/** What stands around every mail, and words that stand in for values: `until {{at}}`. */
export type MailFrame = typeof frame;

export type MailKind = keyof MailTexts;

export type PhraseKey = keyof MailFrame["phrases"];

type KindFacts = {
  /**
   * `holder`: goes to somebody's account, whose name we know. `stranger`: to an address that somebody typed;
   * the name beside it was typed by them too, and would be theirs to fill with anything, so it is no placeholder.
   */
  to: "holder" | "stranger";
  /** `security-account` where none is named: whoever forgets to choose errs on the side of telling. */
  class?: NoticeClass;
  /** What is told of the change below what happened: its time; for one's own account from where, too. */
  facts: "whence" | "when" | "none";
  /** What its texts are filled with, beside `product` and, for a holder, `name`. */
  params: readonly string[];
  /** Of these, what stands in single lines alone, or not every time: no placeholders of an operator's. */
  varying?: readonly string[];
  /** What a subject has to hold, or nobody knows what the mail is about. */
  needs: readonly string[];
  /** The page that its button opens, which POSTs. */
  link?: PanelPath;
};

/**
 * Every mail there is. Its texts stand in `texts/<language>/mails/`; docs/branding.md tells what an operator may
 * word anew and what stays.
 */
export const mailKinds = {
  ...accountMails,

  // Sharing, apps, keys, address rules.
  invitation: {
    to: "stranger",
    facts: "none",
    params: ["inviter", "app", "organisation", "role", "end", "endsAt"],
    needs: ["app"],
    varying: ["organisation", "role", "end"],
    link: "/invitations/accept",
  },
  "invitation-to-organisation": {
    to: "stranger",
    facts: "none",
    params: ["inviter", "organisation", "role", "endsAt"],
    needs: ["organisation"],
    link: "/invitations/accept",
  },
  "invitation-accepted": {
    to: "holder",
    facts: "when",
    params: ["address", "app", "organisation", "role"],
    needs: [],
    varying: ["app", "organisation", "role"],
  },
  "invitation-wrong-account": { to: "holder", facts: "when", params: ["address"], needs: [] },
  "member-joined": {
    to: "holder",
    facts: "when",
    params: ["person", "organisation", "role"],
    needs: ["organisation"],
  },
  "member-changed": {
    to: "holder",
    facts: "when",
    params: ["organisation", "role", "before"],
    needs: ["organisation"],
  },
  "member-left": {
    to: "holder",
    facts: "when",
    params: ["organisation", "role"],
    needs: ["organisation"],
  },
  "member-removed": {
    to: "holder",
    facts: "when",
    params: ["organisation", "role"],
    needs: ["organisation"],
  },
  "access-changed": {
    to: "holder",
    facts: "when",
    params: ["app", "organisation", "role", "end", "roleBefore", "endBefore"],
    needs: ["app"],
  },
  "access-ended": {
    to: "holder",
    facts: "when",
    params: ["app", "organisation", "role"],
    needs: ["app"],
  },
  "access-ended-everywhere": {
    to: "holder",
    facts: "when",
    params: ["organisation", "app", "role"],
    needs: ["organisation"],
    varying: ["app", "role"],
  },
  "role-changed": {
    to: "holder",
    facts: "when",
    params: ["app", "organisation", "role", "permissions"],
    needs: ["app"],
  },
  "app-deleted": {
    to: "holder",
    facts: "when",
    params: ["app", "organisation", "actor"],
    needs: ["app"],
  },
  "app-offered": {
    to: "stranger",
    facts: "none",
    params: ["app", "organisation", "endsAt"],
    needs: ["app"],
    link: "/apps/transfers/accept",
  },
  "app-offered-away": {
    to: "holder",
    facts: "when",
    params: ["app", "organisation", "address", "actor", "endsAt"],
    needs: ["app"],
  },
  "app-handed-over": {
    to: "holder",
    facts: "when",
    params: ["app", "organisation", "from"],
    needs: ["app"],
  },
  "service-account-created": {
    to: "holder",
    facts: "when",
    params: ["app", "account", "actor", "role", "end"],
    needs: ["app"],
  },
  "service-account-disabled": {
    to: "holder",
    facts: "when",
    params: ["app", "account", "actor", "count"],
    needs: ["app"],
  },
  "service-account-enabled": {
    to: "holder",
    facts: "when",
    params: ["app", "account", "actor", "count"],
    needs: ["app"],
  },
  "service-account-deleted": {
    to: "holder",
    facts: "when",
    params: ["app", "account", "actor", "count"],
    needs: ["app"],
  },
  "service-account-access-changed": {
    to: "holder",
    facts: "when",
    params: ["app", "account", "actor", "role", "end", "roleBefore", "endBefore"],
    needs: ["app"],
  },
  "service-account-access-ended": {
    to: "holder",
    facts: "when",
    params: ["app", "account", "actor", "role"],
    needs: ["app"],
  },
  "key-created": {
    to: "holder",
    facts: "when",
    params: ["app", "account", "key", "keyId", "actor", "endsAt"],
    needs: ["app"],
  },
  "key-rotated": {
    to: "holder",
    facts: "when",
    params: ["app", "account", "key", "keyId", "newKeyId", "actor", "oldEndsAt", "endsAt"],
    needs: ["app"],
  },
  "key-revoked": {
    to: "holder",
    facts: "when",
    params: ["app", "key", "keyId", "actor", "reason"],
    needs: ["app"],
  },
  "person-removed": {
    to: "holder",
    facts: "when",
    params: ["organisation", "person", "actor", "app", "account", "key", "keyId", "count"],
    needs: ["organisation"],
    varying: ["app", "account", "key", "keyId"],
  },
  "rules-changed": {
    to: "holder",
    facts: "when",
    params: ["app", "scope", "actor", "mode", "count", "endsAt"],
    needs: ["app"],
    varying: ["endsAt"],
  },
  "rules-confirmed": {
    to: "holder",
    facts: "when",
    params: ["app", "scope", "actor"],
    needs: ["app"],
  },
  "rules-went-back": {
    to: "holder",
    facts: "when",
    params: ["app", "scope", "since"],
    needs: ["app"],
  },
  "rules-held-off": {
    to: "holder",
    facts: "when",
    params: ["app", "scope", "endsAt", "reason"],
    needs: ["app"],
  },

  // What operators do, and what they hear of.
  "operator-made": { to: "holder", facts: "when", params: [], needs: [] },
  "operator-joined": { to: "holder", facts: "when", params: ["person"], needs: [] },
  "operator-key-created": {
    to: "holder",
    facts: "when",
    params: ["key", "keyId", "actor", "scopes", "end"],
    needs: ["key"],
  },
  "operator-key-revoked": {
    to: "holder",
    facts: "when",
    params: ["key", "keyId", "actor", "reason"],
    needs: ["key"],
  },
  "catalogue-replaced": {
    to: "holder",
    facts: "when",
    params: ["actor", "added", "removed"],
    needs: [],
  },
  "account-disabled": { to: "holder", facts: "when", params: ["reason"], needs: [] },
  "account-enabled": { to: "holder", facts: "when", params: [], needs: [] },
  "service-account-stopped": {
    to: "holder",
    facts: "when",
    params: ["app", "account", "reason"],
    needs: ["app"],
  },
  "service-account-resumed": {
    to: "holder",
    facts: "when",
    params: ["app", "account"],
    needs: ["app"],
  },
  "account-made": { to: "stranger", facts: "none", params: ["days"], needs: [], link: "/verify" },
  "consent-asked": {
    to: "holder",
    facts: "none",
    params: ["asker", "externalId", "days"],
    needs: ["asker"],
    link: "/provision-consent",
  },
  "owners-added": {
    to: "holder",
    facts: "when",
    params: ["organisation", "people"],
    needs: ["organisation"],
  },
  "support-requested": {
    to: "holder",
    facts: "when",
    params: ["app", "hours", "reason"],
    needs: ["app"],
  },
  "support-consent-given": {
    to: "holder",
    facts: "when",
    params: ["app", "hours", "reason", "actor"],
    needs: ["app"],
  },
  "support-consent-withdrawn": {
    to: "holder",
    facts: "when",
    params: ["app", "actor"],
    needs: ["app"],
  },
  ...passwordMails,
  ...privacyMails,
  ...recordMails,
  ...noticeMails,
} as const satisfies Record<MailKind, KindFacts>;

/** What an operator may put into subject, intro and closing of a mail. */
export function placeholdersOf(kind: MailKind): string[] {
  const { to, params, varying = [] }: KindFacts = mailKinds[kind];
  const always = params.filter((name) => !varying.includes(name));
  return ["product", ...(to === "holder" ? ["name"] : []), ...always];
}

export function classOf(kind: MailKind): NoticeClass {
  const { class: named = "security-account" }: KindFacts = mailKinds[kind];
  return named;
}
