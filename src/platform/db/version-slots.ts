import { randomBytes } from "node:crypto";
import { sql } from "kysely";
import type { Tx } from "./db.ts";

/** Organisations and accounts share this many slots each, by hash; two in one slot only catch up more often. */
const SLOTS_PER_KIND = 1024;

/** All slots, 0 to this number − 1; the migration makes the rows. */
export const SLOT_COUNT = 1 + 2 * SLOTS_PER_KIND;

/** What every decision relies on: catalogue of permissions, operator keys. */
export const INSTALLATION_SLOT = 0;

export const organisationSlot = (organisationId: string): number => 1 + hash(organisationId);

export const accountSlot = (accountId: string): number => 1 + SLOTS_PER_KIND + hash(accountId);

/** Our ids are UUIDv7: their last digits are random. */
const hash = (id: string): number => Number.parseInt(id.slice(-8), 16) % SLOTS_PER_KIND;

export type SlotLocks = {
  /** Slots of whatever this change makes different: answers made with the old state are refused. */
  touches?: readonly number[];
  /** Slots of what this change relies on and must stay as it is until the commit. */
  relies?: readonly number[];
};

/**
 * Locks the slots in ascending order (so that no two changes wait for each other) and gives those
 * that are touched a new random version: random, so that a database restored from a backup cannot
 * come to a version that some process remembers. Call it first in the transaction, then read, then
 * act: what is read under the lock stands until the commit.
 */
export async function lockSlots(tx: Tx, { touches = [], relies = [] }: SlotLocks): Promise<void> {
  const touched = new Set(touches);
  const slots = [...new Set([...touches, ...relies])].toSorted((a, b) => a - b);
  for (const slot of slots) {
    const row = touched.has(slot)
      ? await tx
          .updateTable("version_slot")
          .set({ version: randomBytes(8).readBigInt64BE() })
          .where("slot", "=", slot)
          .returning("slot")
          .executeTakeFirst()
      : await sql<{ slot: number }>`select slot from version_slot where slot = ${slot} for share`
          .execute(tx)
          .then(({ rows }) => rows[0]);
    if (row === undefined)
      throw new Error(`version slot ${slot} is missing: the migration makes all of them`);
  }
}
