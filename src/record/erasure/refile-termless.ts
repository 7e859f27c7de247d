import { sql } from "kysely";
import { setTimeout as delay } from "node:timers/promises";
import type { Tx } from "../../platform/db/db.ts";
import { readBatches, type BatchPlace } from "../search/batch-queries.ts";
import { addGaps, lockFiling } from "../search/filing-queries.ts";
import { refile, unfile } from "./clear-copies.ts";
import type { ErasingServices } from "./erase-some.ts";

/** Batches in one transaction: nobody files meanwhile. */
const AT_ONCE = 200;
const BUSY_PAUSE_MS = 50;

/**
 * Files again what a release filed that knew no terms, so that searches find it by index. Here, because the role
 * that files may not change what is filed.
 */
export async function refileTermless(
  services: ErasingServices,
  isStopped: () => boolean,
): Promise<void> {
  while (!isStopped()) {
    const progress = await services.db
      .transaction()
      .execute(async (tx) => ((await lockFiling(tx)) ? await refileSome(tx, services) : "busy"));
    if (progress === "done") return;
    if (progress === "busy") await delay(BUSY_PAUSE_MS);
  }
}

async function refileSome(tx: Tx, services: ErasingServices): Promise<"more" | "done"> {
  const { rows: places } = await sql<BatchPlace>`
    select distinct writer, number::float8 as number from filed_entry where terms is null limit ${AT_ONCE}`.execute(
    tx,
  );
  const batches = await readBatches(tx, places);
  await unfile(tx, places);
  await refile(
    tx,
    services,
    batches.map((batch) => ({ before: batch, after: batch })),
  );
  await addGaps(tx, await notFiled(tx, batches), "bad");
  return places.length < AT_ONCE ? "done" : "more";
}

/** Batches that are not as they were written: the filer looks at them again when there are other keys. */
async function notFiled(tx: Tx, batches: readonly BatchPlace[]): Promise<BatchPlace[]> {
  const { rows } = await sql<BatchPlace>`
    select writer, number::float8 as number
    from unnest(${batches.map(({ writer }) => writer)}::int[], ${batches.map(({ number }) => number)}::bigint[])
      as batch (writer, number)
    where not exists (
      select from filed_entry as entry where entry.writer = batch.writer and entry.number = batch.number)`.execute(
    tx,
  );
  return rows;
}
