import { sql } from "kysely";
import type { Tx } from "../../platform/db/db.ts";
import type { BatchRow } from "../entries/batch.ts";
import type { BatchPlace } from "../search/batch-queries.ts";
import { fileImportant } from "../search/file-important.ts";
import { writeTally } from "../search/file-tally.ts";
import { openBatch, type OpeningServices } from "../search/open-batch.ts";
import { removeUnused } from "../search/word-queries.ts";
import { Tally } from "../search/tally.ts";
import { uncount } from "./uncount.ts";

/** A batch as it was and as it is now; null where it is gone. */
export type Changed = { before: BatchRow; after: BatchRow | null; isTallied: boolean };

/**
 * Makes the copies that search uses say what the batches say now. What is not filed or counted yet is filed
 * and counted from the batches as they are. Only while nobody files (`lockFiling`).
 */
export async function clearCopies(
  tx: Tx,
  services: OpeningServices,
  changed: readonly Changed[],
): Promise<void> {
  await refile(
    tx,
    services,
    changed.filter(({ before }) => before.class === "important"),
  );
  await unindex(
    tx,
    changed.filter(({ before }) => before.class === "routine"),
  );
  await recount(
    tx,
    services,
    changed.filter(({ isTallied }) => isTallied),
  );
}

const subjectsOf = ({ accounts, apps }: BatchRow): string[] => [...new Set([...accounts, ...apps])];

type Post = BatchPlace & { subject: string; at: Date };

/** Takes the entries of these batches out of what is filed, and files what they hold now. */
export async function refile(
  tx: Tx,
  services: OpeningServices,
  changed: readonly Pick<Changed, "before" | "after">[],
): Promise<void> {
  if (changed.length === 0) return;
  const places = changed.map(({ before }) => before);
  const words = await unfile(tx, places);
  const posts: Post[] = places.flatMap((batch) =>
    subjectsOf(batch).map((subject) => ({ ...batch, subject })),
  );
  await sql`
    delete from filed_subject using ${asRows(posts)} as gone (subject, at, writer, number)
    where filed_subject.subject = gone.subject and filed_subject.at = gone.at
      and filed_subject.writer = gone.writer and filed_subject.number = gone.number`.execute(tx);
  await fileImportant(
    tx,
    changed.flatMap(({ after }) => {
      const entries = after === null ? null : openBatch(services, after);
      return after === null || entries === null ? [] : [{ batch: after, entries }];
    }),
  );
  await removeUnused(tx, words);
}

/** @returns the words that fewer entries have now. */
export async function unfile(tx: Tx, places: readonly BatchPlace[]): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    with unfiled as (
      delete from filed_entry using unnest(${places.map(({ writer }) => writer)}::int[],
        ${places.map(({ number }) => number)}::bigint[]) as gone (writer, number)
      where filed_entry.writer = gone.writer and filed_entry.number = gone.number
      returning filed_entry.terms
    ), counted as (
      select term, count(*) as entries from unfiled cross join unnest(terms) as term where term > 0 group by term
    )
    update log_word as word set entries = word.entries - counted.entries
    from counted where word.id = counted.term returning word.id`.execute(tx);
  return rows.map(({ id }) => id);
}

const asRows = (posts: readonly Post[]) =>
  sql`unnest(${posts.map(({ subject }) => subject)}::uuid[], ${posts.map(({ at }) => at)}::timestamptz[],
    ${posts.map(({ writer }) => writer)}::int[], ${posts.map(({ number }) => number)}::bigint[])`;

/** Numbers that one row of the index spans at most (index-routine.ts). */
const CHUNK_NUMBERS = 2_048;

/** Takes the numbers out of the rows of those whom the batches touch no more. */
async function unindex(tx: Tx, changed: readonly Changed[]): Promise<void> {
  const posts = changed.flatMap(({ before, after }) => {
    const left = new Set(after === null ? [] : subjectsOf(after));
    return subjectsOf(before)
      .filter((subject) => !left.has(subject))
      .map((subject) => ({ ...before, subject }));
  });
  if (posts.length === 0) return;
  await sql`
    with gone as materialized (
      select * from ${asRows(posts)} as gone (subject, at, writer, number)
    ), hit as materialized (
      select distinct chunk.ctid as place, chunk.subject, chunk.writer, chunk.first_number
      from gone join routine_index as chunk on chunk.subject = gone.subject and chunk.writer = gone.writer
        and chunk.last_at >= gone.at and chunk.last_at <= gone.at + interval '1 hour'
        and gone.number between chunk.first_number and chunk.first_number + ${CHUNK_NUMBERS - 1}
    ), rest as (
      select hit.place, coalesce(array_agg(entry.number order by entry.ordinal) filter (where entry.stays), '{}') as numbers,
        coalesce(array_agg(entry.time order by entry.ordinal) filter (where entry.stays), '{}') as times
      from hit join routine_index as chunk on chunk.ctid = hit.place
      cross join lateral (
        select listed.number, listed.time, listed.ordinal, not exists (
          select from gone where gone.subject = hit.subject and gone.writer = hit.writer
            and gone.number = hit.first_number + listed.number) as stays
        from unnest(chunk.numbers, chunk.times) with ordinality as listed (number, time, ordinal)
      ) as entry
      group by hit.place
    ), emptied as (
      delete from routine_index using rest
      where routine_index.ctid = rest.place and rest.numbers = '{}'
    )
    update routine_index set numbers = rest.numbers, times = rest.times from rest
    where routine_index.ctid = rest.place and rest.numbers <> '{}'`.execute(tx);
}

async function recount(
  tx: Tx,
  services: OpeningServices,
  changed: readonly Changed[],
): Promise<void> {
  const [was, is] = [new Tally(), new Tally()];
  for (const { before, after } of changed) {
    was.addBatch(services, before);
    if (after !== null) is.addBatch(services, after);
  }
  await uncount(tx, was.rows);
  await writeTally(tx, is);
}
