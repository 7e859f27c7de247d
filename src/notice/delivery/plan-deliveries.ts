import {
  channels,
  noticeClasses,
  type Channel,
  type NoticeClass,
} from "../../contract/notice/classes.ts";
import type { Recipient } from "../../platform/mail/queue-mail.ts";

/** A class that an account does not want by a channel. */
export type Off = { accountId: string; channel: Channel };

export type Plan = {
  /** Accounts whose inbox has it. */
  inboxes: string[];
  /** To each address of each recipient once. */
  mails: Recipient[];
};

/**
 * Which way a notice goes to whom. This is the only place where a preference is looked at: a mandatory class goes
 * every way, whatever was switched off.
 *
 * @param off what the recipients switched off of this class.
 * @param by only by these.
 */
export function planDeliveries(
  recipients: readonly Recipient[],
  {
    noticeClass,
    off,
    by = channels,
  }: { noticeClass: NoticeClass; off: readonly Off[]; by?: readonly Channel[] | undefined },
): Plan {
  const { isMandatory } = noticeClasses[noticeClass];
  const wants = (channel: Channel, accountId: string | undefined): boolean =>
    by.includes(channel) &&
    (isMandatory || !off.some((each) => each.accountId === accountId && each.channel === channel));
  const accountIds = recipients.flatMap(({ accountId }) => accountId ?? []);
  const mails = recipients.filter(({ accountId }) => wants("email", accountId));
  return {
    inboxes: [...new Set(accountIds)].filter((accountId) => wants("inbox", accountId)),
    mails: [...new Map(mails.map((recipient) => [keyOf(recipient), recipient])).values()],
  };
}

const keyOf = ({ accountId = "", to }: Recipient): string => `${accountId} ${to.toLowerCase()}`;
