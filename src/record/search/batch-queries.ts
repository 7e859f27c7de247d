import { sql } from "kysely";
import type { Db } from "../../platform/db/db.ts";
import type { BatchRow } from "../entries/batch.ts";

/** Where a batch stands; a writer has no number twice. */
export type BatchPlace = { writer: number; number: number };

type StoredBatch = Omit<BatchRow, "number"> & { number: string };

/** The batches at these places, in no order; what is not there is left out. */
export async function readBatches(db: Db, places: readonly BatchPlace[]): Promise<BatchRow[]> {
  if (places.length === 0) return [];
  const { rows } = await sql<StoredBatch>`
    select batch.day, batch.writer, batch.number, batch.class, batch.at, batch.count, batch.organisations,
      batch.accounts, batch.apps, batch.credentials, batch.payload, batch.mac, batch.mac_key_id as "macKeyId"
    from unnest(${places.map(({ writer }) => writer)}::int[], ${places.map(({ number }) => number)}::bigint[])
      as place (writer, number)
    join entry_batch as batch using (writer, number)`.execute(db);
  return rows.map((row) => ({ ...row, number: Number(row.number) }));
}
