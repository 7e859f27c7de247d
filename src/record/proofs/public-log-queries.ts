import { sql } from "kysely";
import type { Db } from "../../platform/db/db.ts";

export type PublishedLog = {
  epoch: number;
  size: number;
  checkpoint: string;
  verifierKey: string;
};

/** What is published of one life of the log, or of the present one; null where nothing is. */
export async function readPublished(db: Db, epoch: number | null): Promise<PublishedLog | null> {
  const { rows } = await sql<Omit<PublishedLog, "size"> & { size: string }>`
    select epoch, published_size as size, published as checkpoint, verifier_key as "verifierKey" from log_epoch
    where published is not null and (${epoch}::int is null or epoch = ${epoch})
    order by epoch desc limit 1`.execute(db);
  const [row] = rows;
  return row === undefined ? null : { ...row, size: Number(row.size) };
}

/** Leaves from one index on, in order. */
export async function readLeaves(
  db: Db,
  { epoch, from, count }: { epoch: number; from: number; count: number },
): Promise<Buffer[]> {
  const { rows } = await sql<{ leaf: Buffer }>`
    select leaf from log_leaf
    where epoch = ${epoch} and index >= ${from} and index < ${from + count} order by index`.execute(
    db,
  );
  return rows.map(({ leaf }) => leaf);
}

/** Who has signed something of one life of the log, with the keys that show it. */
export async function readWitnesses(
  db: Db,
  epoch: number,
): Promise<{ name: string; key: string }[]> {
  const { rows } = await sql<{ name: string; key: string }>`
    select name, verifier_key as key from log_witness
    where epoch = ${epoch} and cosigned_at is not null order by name, verifier_key`.execute(db);
  return rows;
}

/** Of every life of the log that was signed, the oldest first. */
export async function readAllPublished(db: Db): Promise<PublishedLog[]> {
  const { rows } = await sql<Omit<PublishedLog, "size"> & { size: string }>`
    select epoch, checkpoint_size as size, checkpoint, verifier_key as "verifierKey" from log_epoch
    where checkpoint is not null order by epoch`.execute(db);
  return rows.map((row) => ({ ...row, size: Number(row.size) }));
}

/** A process that is killed leaves one or two; whoever inserts made-up numbers must not fill everybody's bundles. */
const MAX_GAPS = 1_000;

/** Numbers that were missing when the log went past them, the newest. */
export async function readGaps(db: Db): Promise<{ writer: number; number: number }[]> {
  const { rows } = await sql<{ writer: number; number: number }>`
    select writer, number::float8 as number from sequence_gap
    order by writer desc, number desc limit ${MAX_GAPS}`.execute(db);
  return rows;
}
