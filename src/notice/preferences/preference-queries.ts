import type { Channel, OptionalClass } from "../../contract/notice/classes.ts";
import type { Db, Tx } from "../../platform/db/db.ts";
import type { Off } from "../delivery/plan-deliveries.ts";

export type OffSwitch = { class: OptionalClass; channel: Channel };

/** What these accounts switched off of a class. */
export async function readOff(
  db: Db,
  accountIds: readonly string[],
  noticeClass: OptionalClass,
): Promise<Off[]> {
  if (accountIds.length === 0) return [];
  const rows = await db
    .selectFrom("notice_off")
    .select(["account_id", "channel"])
    .where("account_id", "in", accountIds)
    .where("class", "=", noticeClass)
    .execute();
  return rows.map(({ account_id, channel }) => ({
    accountId: account_id,
    channel: channel as Channel,
  }));
}

/** Everything that one account switched off. */
export async function listOff(db: Db, accountId: string): Promise<OffSwitch[]> {
  const rows = await db
    .selectFrom("notice_off")
    .select(["class", "channel"])
    .where("account_id", "=", accountId)
    .orderBy("class")
    .orderBy("channel")
    .execute();
  return rows as OffSwitch[];
}

/**
 * One change of an account's switches after the other: what is told of each is what it changed.
 *
 * @returns false when there is no such account any more.
 */
export async function lockSwitches(tx: Tx, accountId: string): Promise<boolean> {
  const row = await tx
    .selectFrom("account")
    .select("id")
    .where("id", "=", accountId)
    .forNoKeyUpdate()
    .executeTakeFirst();
  return row !== undefined;
}

export async function switchOff(
  tx: Tx,
  accountId: string,
  switches: readonly OffSwitch[],
): Promise<void> {
  if (switches.length === 0) return;
  await tx
    .insertInto("notice_off")
    .values(switches.map((each) => ({ account_id: accountId, ...each })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function switchOn(
  tx: Tx,
  accountId: string,
  switches: readonly OffSwitch[],
): Promise<void> {
  for (const each of switches)
    await tx
      .deleteFrom("notice_off")
      .where("account_id", "=", accountId)
      .where("class", "=", each.class)
      .where("channel", "=", each.channel)
      .execute();
}
