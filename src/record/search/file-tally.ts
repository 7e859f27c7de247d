import { sql } from "kysely";
import type { Tx } from "../../platform/db/db.ts";
import { readBatches, type BatchPlace } from "./batch-queries.ts";
import { addGaps } from "./filing-queries.ts";
import type { Share } from "../entries/writer-counts.ts";
import type { OpeningServices } from "./open-batch.ts";
import { Tally, type TallyRow } from "./tally.ts";

/** Entries of one writer counted in one round: what is read and sent stays small. */
const ROUND_ENTRIES = 20_000;
const ROUND_NUMBERS = 1_000;
/** Batches read at a time: each may hold 400 entries, and requests wait while they are counted. */
const BATCHES_AT_ONCE = 8;

type Waiting = {
  writer: number;
  filedThrough: number;
  talliedThrough: number;
  /** Its process is alive: it counts its batches itself. */
  isAlive: boolean;
};

/**
 * Counts a writer's next batches, in the transaction that says so: our own from memory, another's by
 * reading them once nobody else does. Numbers in filing_gap are left to `tallyLate`: each batch is
 * counted by one of the two, once.
 *
 * @returns whether there is more to do at once.
 */
export async function tallyWriter(
  tx: Tx,
  services: OpeningServices,
  waiting: Waiting,
): Promise<{ hasMore: boolean }> {
  const { recorder } = services;
  if (waiting.writer === recorder.numbers.writer) return await tallyOwn(tx, services, waiting);
  if (waiting.filedThrough === waiting.talliedThrough) return { hasMore: false };
  if (waiting.isAlive && !(await isOverdue(tx, waiting))) return { hasMore: false };
  return await tallyByReading(tx, services, { ...waiting, limit: waiting.filedThrough });
}

async function tallyOwn(
  tx: Tx,
  services: OpeningServices,
  { writer, filedThrough, talliedThrough }: Waiting,
): Promise<{ hasMore: boolean }> {
  const { counts, numbers } = services.recorder;
  const share = counts.due(talliedThrough, numbers.last);
  // All of its numbers first: what is on record under them, or missing for good, is known by then.
  if (share === null || filedThrough < share.through) return { hasMore: false };
  const place = { writer, talliedThrough, limit: share.through };
  if (!(await isProven(tx, share, place))) return await tallyByReading(tx, services, place);
  const tally = new Tally();
  tally.addShare(share);
  await writeTally(tx, tally);
  await advance(tx, place, share.through);
  return { hasMore: false };
}

type Range = { writer: number; talliedThrough: number; limit: number };

/** Whether the share counted just what is on record under its numbers. */
async function isProven(
  tx: Tx,
  { after, batches, isWhole }: Share,
  { writer, talliedThrough, limit }: Range,
): Promise<boolean> {
  if (!isWhole || after !== talliedThrough) return false;
  const { rows } = await sql<{ batches: string; gaps: boolean }>`
    select
      (select count(*) from entry_batch
        where writer = ${writer} and number > ${after} and number <= ${limit} and class <> 'empty') as batches,
      exists (select 1 from filing_gap
        where writer = ${writer} and number > ${after} and number <= ${limit}) as gaps`.execute(tx);
  return Number(rows[0]?.batches) === batches && rows[0]?.gaps === false;
}

/** A living process counts every few seconds; if it has not for this long, it never will, s. */
const OVERDUE_SECONDS = 60;

async function isOverdue(tx: Tx, { writer, talliedThrough }: Waiting): Promise<boolean> {
  const { rows } = await sql<{ overdue: boolean }>`
    select at < clock_timestamp() - ${OVERDUE_SECONDS} * interval '1 second' as overdue
    from entry_batch where writer = ${writer} and number > ${talliedThrough}
    order by number limit 1`.execute(tx);
  return rows[0]?.overdue === true;
}

async function tallyByReading(
  tx: Tx,
  services: OpeningServices,
  range: Range,
): Promise<{ hasMore: boolean }> {
  const found = await findUncounted(tx, range);
  const taken = takeShare(found);
  const isAll = taken.length === found.length && found.length < ROUND_NUMBERS;
  const through = isAll ? range.limit : (taken.at(-1)?.number ?? range.limit);
  await tallyPlaces(tx, services, taken);
  await advance(tx, range, through);
  return { hasMore: !isAll };
}

async function advance(
  tx: Tx,
  { writer, talliedThrough }: Pick<Range, "writer" | "talliedThrough">,
  through: number,
): Promise<void> {
  await sql`update entry_writer set tallied_through = ${through}
    where id = ${writer} and tallied_through = ${talliedThrough}`.execute(tx);
}

type Found = BatchPlace & { count: number };

async function findUncounted(tx: Tx, { writer, talliedThrough, limit }: Range): Promise<Found[]> {
  const { rows } = await sql<{ number: string; count: number }>`
    select number, count from entry_batch as batch
    where writer = ${writer} and number > ${talliedThrough} and number <= ${limit}
      and not exists (select 1 from filing_gap as gap
        where gap.writer = batch.writer and gap.number = batch.number)
    order by number limit ${ROUND_NUMBERS}`.execute(tx);
  return rows.map(({ number, count }) => ({ writer, number: Number(number), count }));
}

function takeShare(found: readonly Found[]): Found[] {
  let entries = 0;
  return found.filter(({ count }) => {
    const isTaken = entries < ROUND_ENTRIES;
    entries += count;
    return isTaken;
  });
}

/** Counts batches that came late, where counting had gone past them. @returns the places of those that are bad. */
export async function tallyLate(
  tx: Tx,
  services: OpeningServices,
  places: readonly BatchPlace[],
): Promise<BatchPlace[]> {
  if (places.length === 0) return [];
  const { rows } = await sql<{ writer: number; number: string }>`
    select place.writer, place.number
    from unnest(${places.map(({ writer }) => writer)}::int[], ${places.map(({ number }) => number)}::bigint[])
      as place (writer, number)
    join entry_writer on entry_writer.id = place.writer and tallied_through >= place.number`.execute(
    tx,
  );
  return await tallyPlaces(
    tx,
    services,
    rows.map(({ writer, number }) => ({ writer, number: Number(number) })),
  );
}

async function tallyPlaces(
  tx: Tx,
  services: OpeningServices,
  places: readonly BatchPlace[],
): Promise<BatchPlace[]> {
  const tally = new Tally();
  const bad: BatchPlace[] = [];
  for (let index = 0; index < places.length; index += BATCHES_AT_ONCE)
    for (const batch of await readBatches(tx, places.slice(index, index + BATCHES_AT_ONCE)))
      if (!tally.addBatch(services, batch))
        bad.push({ writer: batch.writer, number: batch.number });
  await writeTally(tx, tally);
  await addGaps(tx, bad, "bad");
  return bad;
}

/** Rows in one statement: PostgreSQL's connections for requests go on between two of them. */
const ROWS_AT_ONCE = 500;

/** Adds to what is counted already. */
export async function writeTally(tx: Tx, { rows }: Tally): Promise<void> {
  for (let index = 0; index < rows.length; index += ROWS_AT_ONCE)
    await writeRows(tx, rows.slice(index, index + ROWS_AT_ONCE));
}

async function writeRows(tx: Tx, rows: readonly TallyRow[]): Promise<void> {
  await sql`
    insert into entry_tally
    select * from jsonb_populate_recordset(null::entry_tally, ${JSON.stringify(rows.map(asStored))}::jsonb)
    on conflict (hour, key) do update set count = entry_tally.count + excluded.count,
      last_at = greatest(entry_tally.last_at, excluded.last_at)`.execute(tx);
  const subjects = rows.flatMap(({ hour, key, alike }) =>
    alike.subjects.map((subject) => ({ subject, hour, key })),
  );
  await sql`
    insert into entry_tally_subject
    select * from jsonb_populate_recordset(null::entry_tally_subject, ${JSON.stringify(subjects)}::jsonb)
    on conflict do nothing`.execute(tx);
}

const asStored = ({ alike, hour, key, count, lastAtMs }: TallyRow) => ({
  hour,
  key,
  action: alike.action,
  outcome: alike.outcome,
  class: alike.class,
  actor_kind: alike.actorKind,
  actor_id: alike.actorId,
  credential_id: alike.credentialId,
  address: alike.address,
  app_id: alike.appId,
  apps: alike.apps,
  is_guess: alike.isGuess,
  count,
  last_at: new Date(lastAtMs),
});
