import {
  channels,
  noticeClasses,
  type Channel,
  type NoticeClass,
} from "../../contract/notice/classes.ts";
import type {
  NoticePreferences,
  NoticePreferencesChange,
  NoticeTest,
} from "../../contract/notice/preferences.ts";
import type { Context } from "../../context.ts";
import { accountTarget } from "../../identity/accounts/account-queries.ts";
import { recipientsOf } from "../../identity/accounts/tell.ts";
import { sessionOf } from "../../identity/sessions/open-session.ts";
import { requireStillLive } from "../../identity/sessions/require-still-live.ts";
import { whence } from "../../identity/sessions/whence.ts";
import { takeInWindow, type WindowCap } from "../../identity/throttling/window.ts";
import { accountSlot } from "../../platform/db/version-slots.ts";
import type { Db, Tx } from "../../platform/db/db.ts";
import { failingAmong } from "../../platform/mail/failing-addresses.ts";
import { addressKey } from "../../platform/mail/queue-mail.ts";
import { ProblemError } from "../../problem-error.ts";
import { change, record } from "../../record/entries/change.ts";
import {
  listOff,
  lockSwitches,
  switchOff,
  switchOn,
  type OffSwitch,
} from "./preference-queries.ts";
import { tellSwitchedOff } from "./tell-switched-off.ts";

const HOUR_MS = 3_600_000;

/** Each that switches something off is told: nobody's mailbox is filled with that. */
const CHANGE_CAP: WindowCap = { name: "notice-preferences", max: 30, windowMs: HOUR_MS };
const TEST_CAP: WindowCap = { name: "notice-tests", max: 10, windowMs: HOUR_MS };

/** What reaches the caller by which way. */
export async function readPreferences(ctx: Context): Promise<NoticePreferences> {
  const { accountId } = sessionOf(ctx);
  return await present(ctx.db, ctx, accountId);
}

/**
 * Switches optional classes on and off. Whoever's account it is, is told of each that is switched off, by every way,
 * before it holds.
 *
 * @throws {ProblemError} `not-signed-in` when the session ended meanwhile; `too-many-requests`.
 */
export async function changePreferences(
  ctx: Context,
  { classes }: NoticePreferencesChange,
): Promise<NoticePreferences> {
  const { accountId } = sessionOf(ctx);
  return await change(ctx, { relies: [accountSlot(accountId)] }, async (tx) => {
    await requireStillLive(tx, ctx);
    await take(tx, ctx, CHANGE_CAP, accountId);
    await lockSwitches(tx, accountId);
    const before = await listOff(tx, accountId);
    const wanted = classes.flatMap((each) =>
      channels.map((channel) => ({ class: each.class, channel, isOn: each.channels[channel] })),
    );
    const isOff = (one: OffSwitch) => before.some((other) => isSame(one, other));
    const off = wanted.filter((one) => !one.isOn && !isOff(one)).map(toSwitch);
    const on = wanted.filter((one) => one.isOn && isOff(one)).map(toSwitch);
    if (off.length > 0) await tellSwitchedOff(tx, ctx, accountId, off);
    await switchOff(tx, accountId, off);
    await switchOn(tx, accountId, on);
    await record(tx, ctx, {
      action: "notice-preferences.changed",
      targets: [accountTarget(accountId)],
      change: {
        before: { off: before.map(nameOf) },
        after: { off: (await listOff(tx, accountId)).map(nameOf) },
      },
    });
    return await present(tx, ctx, accountId);
  });
}

/**
 * Sends the caller a notice by one channel alone.
 *
 * @throws {ProblemError} `not-signed-in` when the session ended meanwhile; `too-many-requests`.
 */
export async function testChannel(ctx: Context, { channel }: NoticeTest): Promise<void> {
  const { accountId } = sessionOf(ctx);
  await change(ctx, { relies: [accountSlot(accountId)] }, async (tx) => {
    await requireStillLive(tx, ctx);
    await take(tx, ctx, TEST_CAP, accountId);
    await ctx.ports.notify(tx, ctx, {
      mail: { kind: "notice-test", values: {}, lines: ["what"], facts: whence(ctx) },
      recipients: await recipientsOf(tx, accountId),
      by: [channel],
    });
    await record(tx, ctx, {
      action: "notice-preferences.tested",
      targets: [accountTarget(accountId)],
      change: { after: { channel } },
    });
  });
}

async function take(tx: Tx, ctx: Context, cap: WindowCap, accountId: string): Promise<void> {
  if (!(await takeInWindow(tx, ctx, cap, accountId)))
    throw new ProblemError("too-many-requests", { retryAfterSeconds: HOUR_MS / 1000 });
}

async function present(db: Db, ctx: Context, accountId: string): Promise<NoticePreferences> {
  const off = await listOff(db, accountId);
  const addresses = (await recipientsOf(db, accountId)).map(({ to }) => ({
    address: to,
    key: addressKey(ctx, to),
  }));
  const failing = await failingAmong(
    db,
    addresses.map(({ key }) => key),
  );
  const isOn = (name: NoticeClass, channel: Channel): boolean =>
    !off.some((each) => each.class === name && each.channel === channel);
  return {
    classes: (Object.keys(noticeClasses) as NoticeClass[]).map((name) => ({
      class: name,
      isMandatory: noticeClasses[name].isMandatory,
      channels: { email: isOn(name, "email"), inbox: isOn(name, "inbox") },
    })),
    addresses: addresses.map(({ address, key }) => {
      const found = failing.find((each) => each.addressKey.equals(key));
      return {
        address,
        failing:
          found === undefined ? null : { since: found.since.toISOString(), code: found.code },
      };
    }),
  };
}

const toSwitch = ({ class: name, channel }: OffSwitch): OffSwitch => ({ class: name, channel });
const isSame = (one: OffSwitch, other: OffSwitch): boolean =>
  one.class === other.class && one.channel === other.channel;
const nameOf = ({ class: name, channel }: OffSwitch): string => `${name}/${channel}`;
