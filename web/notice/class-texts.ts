import type { Channel, NoticeClass } from "../../src/contract/notice/classes.ts";

/** The texts of each class, in notices.json. */
export const classTexts = {
  "security-account": { name: "classSecurityAccount", hint: "classSecurityAccountHint" },
  legal: { name: "classLegal", hint: "classLegalHint" },
  "system-expiry": { name: "classSystemExpiry", hint: "classSystemExpiryHint" },
  "account-warning": { name: "classAccountWarning", hint: "classAccountWarningHint" },
} as const satisfies Record<NoticeClass, { name: string; hint: string }>;

export const channelTexts = {
  email: "channelEmail",
  inbox: "channelInbox",
} as const satisfies Record<Channel, string>;
