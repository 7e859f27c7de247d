import { sql } from "kysely";
import type { Db, Tx } from "../../platform/db/db.ts";

/**
 * The words by their ids, those that are new listed with their endings. Only while nobody else files.
 */
export async function listWords(
  tx: Tx,
  words: ReadonlySet<string>,
): Promise<ReadonlyMap<string, number>> {
  const ids = await readWords(tx, [...words]);
  const fresh = [...words].filter((word) => !ids.has(word));
  if (fresh.length === 0) return ids;
  // Only what is missing is inserted: a conflict would use up an id too.
  const { rows } = await sql<{ id: number; word: string }>`
    with fresh as (
      insert into log_word (word, entries) select word, 0 from unnest(${fresh}::text[]) as word
      returning id, word
    ), endings as (
      insert into log_word_suffix (suffix, word_id)
      select substr(word, start), id from fresh cross join generate_series(1, length(word)) as start
    )
    select id, word from fresh`.execute(tx);
  return new Map([...ids, ...rows.map(({ id, word }) => [word, id] as const)]);
}

async function readWords(tx: Tx, words: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await sql<{ id: number; word: string }>`
    select id, word from log_word where word = any(${words}::text[])`.execute(tx);
  return new Map(rows.map(({ id, word }) => [word, id]));
}

/** Takes away those of which no entry is left, with their endings. */
export async function removeUnused(tx: Tx, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await sql`
    with gone as (
      delete from log_word where id = any(${ids}::int[]) and entries <= 0 returning id, word
    )
    delete from log_word_suffix using gone cross join generate_series(1, length(gone.word)) as start
    where suffix = substr(gone.word, start) and word_id = gone.id`.execute(tx);
}

/** A part of a text that is looked for: where it begins or ends, the word may go on. */
export type Piece = { text: string; mayBegin: boolean; mayEnd: boolean };

/** More words than this have the piece: it tells too little to look for entries by it. */
export const MAX_WORDS = 100;

/** Ids of the words that have the piece, at most one more than `MAX_WORDS`. */
export async function findWords(db: Db, { text, mayBegin, mayEnd }: Piece): Promise<number[]> {
  const { rows } = await (mayBegin || mayEnd ? findParts : findWhole)(db, {
    text,
    mayBegin,
    mayEnd,
  });
  return rows.map(({ id }) => id);
}

const findWhole = (db: Db, { text }: Piece) =>
  sql<{ id: number }>`select id from log_word where word = ${text}`.execute(db);

/** After every text that begins with the piece: U+10FFFF is no letter. */
const afterAll = (text: string): string => `${text}\u{10FFFF}`;

const findParts = (db: Db, { text, mayBegin, mayEnd }: Piece) =>
  mayBegin
    ? sql<{ id: number }>`
        select distinct word_id as id from log_word_suffix
        where suffix >= ${text} and suffix <= ${mayEnd ? afterAll(text) : text}
        limit ${MAX_WORDS + 1}`.execute(db)
    : sql<{ id: number }>`
        select id from log_word where word >= ${text} and word <= ${afterAll(text)}
        limit ${MAX_WORDS + 1}`.execute(db);
