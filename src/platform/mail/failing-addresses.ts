import { sql } from "kysely";
import type { Db } from "../db/db.ts";

/** A mail server will take nothing for this address, for good. */
export type FailingAddress = { addressKey: Buffer; since: Date; code: number };

/** Notes down what became of a mail that was refused, and of its address where that was what was refused. */
export async function noteRefused(
  db: Db,
  { mailId, code, isAddress, now }: { mailId: string; code: number; isAddress: boolean; now: Date },
): Promise<void> {
  await sql`
    with refused as (
      update outgoing_mail set refused_at = ${now} where id = ${mailId} returning address_key)
    insert into failing_address as failing (address_key, since, failed_at, code)
    select address_key, ${now}::timestamptz, ${now}::timestamptz, ${code}::int from refused
    where ${isAddress}::boolean and address_key is not null
    on conflict (address_key) do update set failed_at = excluded.failed_at, code = excluded.code`.execute(
    db,
  );
}

/** The mail server has it: its text is wiped, and its address takes mails. */
export async function noteSent(
  db: Db,
  { mailId, now }: { mailId: string; now: Date },
): Promise<void> {
  await sql`
    with sent as (
      update outgoing_mail set sealed = null, sent_at = ${now} where id = ${mailId}
      returning address_key)
    delete from failing_address using sent
    where failing_address.address_key = sent.address_key`.execute(db);
}

/** Which of these are failing. */
export async function failingAmong(
  db: Db,
  addressKeys: readonly Buffer[],
): Promise<FailingAddress[]> {
  if (addressKeys.length === 0) return [];
  const rows = await db
    .selectFrom("failing_address")
    .select(["address_key", "since", "code"])
    .where("address_key", "in", addressKeys)
    .execute();
  return rows.map(({ address_key, ...row }) => ({ addressKey: address_key, ...row }));
}

export async function countFailing(db: Db): Promise<number> {
  const { count } = await db
    .selectFrom("failing_address")
    .select((of) => of.fn.countAll<string>().as("count"))
    .executeTakeFirstOrThrow();
  return Number(count);
}
