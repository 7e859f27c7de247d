import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  channels,
  isOptional,
  noticeClasses,
  type NoticeClass,
} from "../../contract/notice/classes.ts";
import type { Recipient } from "../../platform/mail/queue-mail.ts";
import { planDeliveries } from "./plan-deliveries.ts";

const recipient = fc.record({
  to: fc.constantFrom("ada@example.test", "Ada@example.test", "bo@example.test"),
  accountId: fc.constantFrom("ada", "bo", undefined),
  name: fc.constant(""),
  language: fc.constant("en" as const),
  timeZone: fc.constant(null),
});
const off = fc.record({
  accountId: fc.constantFrom("ada", "bo"),
  channel: fc.constantFrom(...channels),
});
const all = Object.keys(noticeClasses) as NoticeClass[];
const given = fc.record({
  recipients: fc.array(recipient, { maxLength: 8 }),
  off: fc.array(off, { maxLength: 4 }),
  noticeClass: fc.constantFrom(...all),
});

const mailbox = ({ accountId, to }: Recipient) => `${accountId} ${to.toLowerCase()}`;
const sorted = (values: Iterable<string>) => [...new Set(values)].toSorted();

test("a mandatory class reaches every account's inbox and every address, whatever was switched off", () => {
  fc.assert(
    fc.property(given, ({ recipients, noticeClass, off: switched }) => {
      fc.pre(!isOptional(noticeClass));
      const plan = planDeliveries(recipients, { noticeClass, off: switched });
      expect(sorted(plan.inboxes)).toEqual(
        sorted(recipients.flatMap(({ accountId }) => accountId ?? [])),
      );
      expect(sorted(plan.mails.map(mailbox))).toEqual(sorted(recipients.map(mailbox)));
    }),
  );
});

test("an optional class reaches nobody by what they switched off, and everybody else", () => {
  fc.assert(
    fc.property(given, ({ recipients, noticeClass, off: switched }) => {
      fc.pre(isOptional(noticeClass));
      const plan = planDeliveries(recipients, { noticeClass, off: switched });
      const wants = (accountId: string | undefined, channel: string) =>
        !switched.some((each) => each.accountId === accountId && each.channel === channel);
      expect(sorted(plan.inboxes)).toEqual(
        sorted(
          recipients.flatMap(({ accountId }) =>
            accountId !== undefined && wants(accountId, "inbox") ? [accountId] : [],
          ),
        ),
      );
      expect(sorted(plan.mails.map(mailbox))).toEqual(
        sorted(recipients.filter(({ accountId }) => wants(accountId, "email")).map(mailbox)),
      );
    }),
  );
});

test("nobody is planned for twice", () => {
  fc.assert(
    fc.property(given, ({ recipients, noticeClass, off: switched }) => {
      const { inboxes, mails } = planDeliveries(recipients, { noticeClass, off: switched });
      expect(new Set(inboxes).size).toBe(inboxes.length);
      expect(new Set(mails.map(mailbox)).size).toBe(mails.length);
    }),
  );
});
