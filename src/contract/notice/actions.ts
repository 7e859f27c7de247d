import type { ActionTable } from "../record/entry-class.ts";

export const noticeActions = {
  "inbox.read": "routine",
  "inbox.followed": "routine",
  /** Items seen, or put away. */
  "inbox.marked": "routine",
  "notice-preferences.read": "routine",
  "notice-preferences.changed": "important",
  /** By the link in a mail, without a sign-in. */
  "notice-preferences.unsubscribed": "important",
  "notice-preferences.tested": "important",
} as const satisfies ActionTable;
