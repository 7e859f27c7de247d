import { sql } from "kysely";
import type { Db } from "../../platform/db/db.ts";
import type { BatchRow } from "../entries/batch.ts";

/** Where a batch stands; a writer has no number twice. */
export type BatchPlace = { writer: number; number: number };

type StoredBatch = Omit<BatchRow, "number"> & { number: string };

/**
 * The batches at these places, in no order; what is not there is left out.
 *
 * @param holding ids, in ASCII: a batch that holds none of them is left out too, without being sent.
 */
export async function readBatches(
  db: Db,
  places: readonly BatchPlace[],
  holding?: readonly string[],
): Promise<BatchRow[]> {
  if (places.length === 0) return [];
  const isHeld =
    holding === undefined
      ? sql`true`
      : sql`exists (select from unnest(${holding}::text[]) as id
          where position(convert_to(id, 'UTF8') in batch.payload) > 0)`;
  const { rows } = await sql<StoredBatch>`
    select batch.day, batch.writer, batch.number, batch.class, batch.at, batch.count, batch.organisations,
      batch.accounts, batch.apps, batch.credentials, batch.payload, batch.mac, batch.mac_key_id as "macKeyId"
    from unnest(${places.map(({ writer }) => writer)}::int[], ${places.map(({ number }) => number)}::bigint[])
      as place (writer, number)
    join entry_batch as batch using (writer, number)
    where ${isHeld}`.execute(db);
  return rows.map((row) => ({ ...row, number: Number(row.number) }));
}
