import { sql, type RawBuilder } from "kysely";
import type { Db, Tx } from "../../platform/db/db.ts";
import type { BatchPlace } from "../search/batch-queries.ts";
import { DAY_MS, type ErasurePlan, type RetentionPlan } from "./plan.ts";

/** Advisory lock of the one process that erases at this moment. */
const ERASING_LOCK = 770_004;

/** Reading all that is on record takes its time, ms. */
export const LONG_STATEMENT_MS = 3_600_000;

/** False: another process is at it. The lock ends with the transaction, whatever becomes of us. */
export async function lockErasing(tx: Tx): Promise<boolean> {
  const { rows } = await sql<{ locked: boolean }>`
    select pg_try_advisory_xact_lock(${ERASING_LOCK}) as locked`.execute(tx);
  return rows[0]?.locked === true;
}

/** Waits until no other process is at it. */
export async function awaitErasing(tx: Tx): Promise<void> {
  await allowLong(tx);
  await sql`select pg_advisory_xact_lock(${ERASING_LOCK})`.execute(tx);
}

async function allowLong(tx: Tx): Promise<void> {
  await sql`select set_config('statement_timeout', ${String(LONG_STATEMENT_MS)}, true)`.execute(tx);
}

/** An act of erasing. */
export type Act = { number: number; plan: ErasurePlan; isReplay: boolean };

/** The acts that the database knows. */
export async function knownActs(db: Db): Promise<Set<number>> {
  const { rows } = await sql<{ number: string }>`select number from erasure_act`.execute(db);
  return new Set(rows.map(({ number }) => Number(number)));
}

/** The first act that is not ended, those that are carried out again before all others; null when all are. */
export async function openAct(db: Db): Promise<Act | null> {
  const { rows } = await sql<{ number: string; plan: ErasurePlan; isReplay: boolean }>`
    select number, plan, is_replay as "isReplay" from erasure_act
    where ended_at is null order by is_replay desc, number limit 1`.execute(db);
  const [row] = rows;
  return row === undefined ? null : { ...row, number: Number(row.number) };
}

export async function insertAct(tx: Tx, { number, plan, isReplay }: Act, now: Date): Promise<void> {
  await sql`
    insert into erasure_act (number, kind, plan, is_replay, begun_at)
    values (${number}, ${plan.kind}, ${JSON.stringify(plan)}::jsonb, ${isReplay}, ${now})`.execute(
    tx,
  );
}

/**
 * Notes which batches an act has to look at. Reads the whole record for a person, and for an act that is
 * carried out again; that may take longer than a request's statement may. @returns how many.
 */
export async function notePlaces(tx: Tx, { number, plan, isReplay }: Act): Promise<number> {
  await allowLong(tx);
  const places =
    plan.kind === "person"
      ? sql`select writer, number from entry_batch
          where accounts @> array[${plan.account}]::uuid[] and at < ${plan.before}::timestamptz`
      : isReplay
        ? sql`select writer, number from entry_batch where at <= ${firstEnd(plan)}::timestamptz`
        : dueIn(plan);
  const { numAffectedRows } = await sql`
    insert into erasure_place (act, writer, number)
    select ${number}, place.writer, place.number from (${places}) as place`.execute(tx);
  return Number(numAffectedRows ?? 0);
}

/** What has to be looked at by now; of an organisation with shorter periods, all that it has. */
function dueIn({ at, shortened }: RetentionPlan): RawBuilder<unknown> {
  const due = sql`
    select writer, number from log_leaf
    where look_at <= ${at}::timestamptz and look_at is not null and writer is not null`;
  return shortened.length === 0
    ? due
    : sql`${due} union select writer, number from entry_batch where organisations && ${shortened}::uuid[]`;
}

/** What came into the log later than this has not ended by any of the plan's periods. */
function firstEnd({ at, periods, organisations }: RetentionPlan): Date {
  const days = [periods, ...Object.values(organisations)].flatMap((some) => Object.values(some));
  return new Date(Date.parse(at) - Math.min(...days) * DAY_MS);
}

/** The next ones; those that could not be done yet come last. */
export async function nextPlaces(
  tx: Tx,
  { act, limit }: { act: number; limit: number },
): Promise<BatchPlace[]> {
  const { rows } = await sql<{ writer: number; number: string }>`
    select writer, number from erasure_place where act = ${act}
    order by tries, writer, number limit ${limit}`.execute(tx);
  return rows.map(({ writer, number }) => ({ writer, number: Number(number) }));
}

/** Puts them behind all others. */
export async function postponePlaces(
  tx: Tx,
  { act, places }: { act: number; places: readonly BatchPlace[] },
): Promise<void> {
  await sql`
    update erasure_place as place set tries = tries + 1 from unnest(${places.map(({ writer }) => writer)}::int[],
      ${places.map(({ number }) => number)}::bigint[]) as later (writer, number)
    where place.act = ${act} and place.writer = later.writer and place.number = later.number`.execute(
    tx,
  );
}

export async function removePlaces(
  tx: Tx,
  { act, places }: { act: number; places: readonly BatchPlace[] },
): Promise<void> {
  await sql`
    delete from erasure_place as place using unnest(${places.map(({ writer }) => writer)}::int[],
      ${places.map(({ number }) => number)}::bigint[]) as done (writer, number)
    where place.act = ${act} and place.writer = done.writer and place.number = done.number`.execute(
    tx,
  );
}

/** What an act took and left so far. */
export type ActCounts = {
  batches: number;
  entries: number;
  parts: number;
  held: number;
  elsewhere: number;
  altered: number;
};

export type ActTotals = ActCounts & { firstLeaf: number | null; lastLeaf: number | null };

export async function addCounts(tx: Tx, act: number, added: ActTotals): Promise<void> {
  await sql`
    update erasure_act set batches = batches + ${added.batches}, entries = entries + ${added.entries},
      parts = parts + ${added.parts}, held = held + ${added.held}, elsewhere = elsewhere + ${added.elsewhere},
      altered = altered + ${added.altered}, first_leaf = least(first_leaf, ${added.firstLeaf}::bigint),
      last_leaf = greatest(last_leaf, ${added.lastLeaf}::bigint)
    where number = ${act}`.execute(tx);
}

/** Ends an act on which nothing is left to do. @returns what it took in all; null when another process ended it. */
export async function endAct(tx: Tx, act: number, now: Date): Promise<ActTotals | null> {
  const { rows } = await sql<
    { [Name in keyof ActCounts]: string } & {
      first: string | null;
      last: string | null;
    }
  >`
    update erasure_act set ended_at = ${now} where number = ${act} and ended_at is null
    returning batches, entries, parts, held, elsewhere, altered, first_leaf as first, last_leaf as last`.execute(
    tx,
  );
  const [row] = rows;
  if (row === undefined) return null;
  return {
    batches: Number(row.batches),
    entries: Number(row.entries),
    parts: Number(row.parts),
    held: Number(row.held),
    elsewhere: Number(row.elsewhere),
    altered: Number(row.altered),
    firstLeaf: row.first === null ? null : Number(row.first),
    lastLeaf: row.last === null ? null : Number(row.last),
  };
}
