import { sql } from "kysely";
import type { Db, Tx } from "../../platform/db/db.ts";

/** A sign-in that its account's holder was told of. */
export type SignInNotice = {
  accountId: string;
  userAgent: string;
  address: string | null;
  signedInAt: Date;
};

/** Adds a notice; beyond `max` of an account the oldest ones' links go dead. */
export async function insertNotice(
  tx: Tx,
  notice: SignInNotice & { tokenHash: Buffer; endsAt: Date; max: number },
): Promise<void> {
  await tx
    .insertInto("sign_in_notice")
    .values({
      token_hash: notice.tokenHash,
      account_id: notice.accountId,
      user_agent: notice.userAgent,
      address: notice.address,
      signed_in_at: notice.signedInAt,
      ends_at: notice.endsAt,
    })
    .execute();
  await sql`
    delete from sign_in_notice where token_hash in (
      select token_hash from sign_in_notice where account_id = ${notice.accountId}
      order by signed_in_at desc, token_hash offset ${notice.max})`.execute(tx);
}

type Link = { tokenHash: Buffer; now: Date };

/** Whose link it is; undefined when it was used, or has ended. */
export async function findNotice(
  db: Db,
  { tokenHash, now }: Link,
): Promise<SignInNotice | undefined> {
  return await db
    .selectFrom("sign_in_notice")
    .select(["account_id as accountId", "user_agent as userAgent", "address"])
    .select("signed_in_at as signedInAt")
    .where("token_hash", "=", tokenHash)
    .where("ends_at", ">", now)
    .executeTakeFirst();
}

/** Uses a link up, and with it all others of its account. False when another did so first: of any number at once one succeeds. */
export async function spendNotice(
  tx: Tx,
  { tokenHash, accountId, now }: Link & { accountId: string },
): Promise<boolean> {
  const spent = await tx
    .deleteFrom("sign_in_notice")
    .where("token_hash", "=", tokenHash)
    .where("ends_at", ">", now)
    .returning("account_id")
    .executeTakeFirst();
  if (spent === undefined) return false;
  await tx.deleteFrom("sign_in_notice").where("account_id", "=", accountId).execute();
  return true;
}

/**
 * The password of now, where there is one, can only be replaced. Waits for sign-ins under way, which hold the account:
 * done first, what they open is seen by what comes after.
 */
export async function distrustPassword(
  tx: Tx,
  { accountId, now }: { accountId: string; now: Date },
): Promise<void> {
  await sql`
    update account
      -- Later than the password that it ends, also when that was set in this very millisecond.
      set password_distrusted_at = greatest(${now}::timestamptz, password_changed_at + interval '1 ms')
    where id = ${accountId}`.execute(tx);
}

export async function insertReport(
  tx: Tx,
  report: SignInNotice & { id: string; reportedAt: Date; endedSessions: number },
): Promise<void> {
  await tx
    .insertInto("stranger_report")
    .values({
      id: report.id,
      account_id: report.accountId,
      user_agent: report.userAgent,
      address: report.address,
      signed_in_at: report.signedInAt,
      reported_at: report.reportedAt,
      ended_sessions: report.endedSessions,
    })
    .execute();
}
