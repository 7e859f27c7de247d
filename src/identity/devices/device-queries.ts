import { sql } from "kysely";
import type { Db, Tx } from "../../platform/db/db.ts";

type Seen = { accountId: string; now: Date; notBefore: Date };
type Device = { tokenHash: Buffer; browser: string };

/** Notes that a browser was used. @returns whether it was known since `notBefore`; of two at once one was first. */
export async function noteDevice(
  tx: Tx,
  { accountId, tokenHash, browser, now, notBefore }: Seen & Device,
): Promise<boolean> {
  const { rows } = await sql<{ known: boolean }>`
    with held as (
      select last_used_at from known_device where account_id = ${accountId}
        and token_hash = ${tokenHash} and browser = ${browser}
    )
    insert into known_device (account_id, token_hash, browser, created_at, last_used_at)
    values (${accountId}, ${tokenHash}, ${browser}, ${now}, ${now})
    on conflict (account_id, token_hash, browser)
      do update set last_used_at = greatest(known_device.last_used_at, excluded.last_used_at)
    returning coalesce((select last_used_at > ${notBefore}::timestamptz from held), false) as known`.execute(
    tx,
  );
  return rows[0]?.known ?? false;
}

/** The same for a network. */
export async function noteNetwork(
  tx: Tx,
  { accountId, network, now, notBefore }: Seen & { network: string },
): Promise<boolean> {
  const { rows } = await sql<{ known: boolean }>`
    with held as (
      select last_used_at from known_network where account_id = ${accountId} and network = ${network}
    )
    insert into known_network (account_id, network, created_at, last_used_at)
    values (${accountId}, ${network}, ${now}, ${now})
    on conflict (account_id, network)
      do update set last_used_at = greatest(known_network.last_used_at, excluded.last_used_at)
    returning coalesce((select last_used_at > ${notBefore}::timestamptz from held), false) as known`.execute(
    tx,
  );
  return rows[0]?.known ?? false;
}

/**
 * Whether devices of the account are told apart from now on, and were not before. In the row that is locked already:
 * the account's own is shared by sign-ins under way, which would wait for each other.
 */
export async function beginDevices(
  tx: Tx,
  { accountId, now }: { accountId: string; now: Date },
): Promise<boolean> {
  const begun = await tx
    .updateTable("factor_throttle")
    .set({ devices_since: now })
    .where("account_id", "=", accountId)
    .where("devices_since", "is", null)
    .returning("account_id")
    .executeTakeFirst();
  return begun !== undefined;
}

/** Forgets those used longest ago, so that an account takes a bounded room. */
export async function keepLatest(
  tx: Tx,
  { accountId, devices, networks }: { accountId: string; devices: number; networks: number },
): Promise<void> {
  await sql`
    delete from known_device where account_id = ${accountId} and (token_hash, browser) in (
      select token_hash, browser from known_device where account_id = ${accountId}
      order by last_used_at desc, token_hash, browser offset ${devices})`.execute(tx);
  await sql`
    delete from known_network where account_id = ${accountId} and network in (
      select network from known_network where account_id = ${accountId}
      order by last_used_at desc, network offset ${networks})`.execute(tx);
}

/** From now on no browser and no network of the account is known. */
export async function forgetDevices(tx: Tx, accountId: string): Promise<void> {
  await tx.deleteFrom("known_device").where("account_id", "=", accountId).execute();
  await tx.deleteFrom("known_network").where("account_id", "=", accountId).execute();
}

export async function removeUnused(db: Db, before: Date): Promise<void> {
  await db.deleteFrom("known_device").where("last_used_at", "<", before).execute();
  await db.deleteFrom("known_network").where("last_used_at", "<", before).execute();
}
