import { sql } from "kysely";
import type { Db } from "../../platform/db/db.ts";

/** The last thing that the log's key signed. */
export type SignedHead = { epoch: number; size: number; checkpoint: string };

export async function readSignedHead(db: Db): Promise<SignedHead | null> {
  const { rows } = await sql<Omit<SignedHead, "size"> & { size: string }>`
    select epoch, checkpoint_size as size, checkpoint from log_epoch
    where checkpoint is not null order by epoch desc limit 1`.execute(db);
  const [row] = rows;
  return row === undefined ? null : { ...row, size: Number(row.size) };
}

/** How much of one life of the log each witness has signed, by its key. */
export async function readCosignedSizes(db: Db, epoch: number): Promise<Map<string, number>> {
  const { rows } = await sql<{ key: string; size: string }>`
    select verifier_key as key, size from log_witness where epoch = ${epoch}`.execute(db);
  return new Map(rows.map(({ key, size }) => [key, Number(size)]));
}

type WitnessOf = { epoch: number; key: string; name: string };

/** Notes what a witness has signed; never less than it had. */
export async function putCosigned(
  db: Db,
  { epoch, key, name }: WitnessOf,
  size: number,
): Promise<void> {
  await sql`
    insert into log_witness (epoch, verifier_key, name, size, cosigned_at)
    values (${epoch}, ${key}, ${name}, ${size}, clock_timestamp())
    on conflict (epoch, verifier_key) do update set name = excluded.name,
      size = greatest(log_witness.size, excluded.size), cosigned_at = excluded.cosigned_at,
      fault = null, fault_at = null`.execute(db);
}

/** Notes why a witness did not sign, for the operator. */
export async function putFault(
  db: Db,
  { epoch, key, name }: WitnessOf,
  fault: string,
): Promise<void> {
  await sql`
    insert into log_witness (epoch, verifier_key, name, fault, fault_at)
    values (${epoch}, ${key}, ${name}, ${fault}, clock_timestamp())
    on conflict (epoch, verifier_key) do update set name = excluded.name,
      fault = excluded.fault, fault_at = excluded.fault_at`.execute(db);
}

/** Shows a checkpoint with its cosignatures, unless a later one is shown already. */
export async function publish(db: Db, { epoch, size, checkpoint }: SignedHead): Promise<void> {
  await sql`
    update log_epoch set published = ${checkpoint}, published_size = ${size}
    where epoch = ${epoch} and published_size <= ${size} and checkpoint_size >= ${size}`.execute(
    db,
  );
}
